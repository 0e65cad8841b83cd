"""What is done to a whole account. Each verb has a page that says what follows, and asks why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from csp.agencies.access import get_permitted
from csp.agencies.forms.users import ReasonForm
from csp.agencies.models import User
from csp.agencies.services import accounts
from csp.core.errors import RuleBroken


@dataclass(frozen=True)
class Verb:
    title: str
    what_follows: str
    button: str
    done: str
    service: Callable[..., Any]


VERBS = {
    "disable": Verb(
        "Disable the account",
        "They are signed out everywhere at once and cannot sign in. What they did stays as it is.",
        "Disable it",
        "The account of {} is disabled",
        accounts.disable,
    ),
    "enable": Verb(
        "Enable the account",
        "They can sign in again, with the password and second step they had, to the roles they still have.",
        "Enable it",
        "The account of {} is enabled",
        accounts.enable,
    ),
    "new-password": Verb(
        "Ask for a new password",
        "They are signed out everywhere, their password stops working, and they get a link to set another.",
        "Ask for a new password",
        "{} gets a link to set a new password",
        accounts.require_new_password,
    ),
    "remove-second-steps": Verb(
        "Remove the second steps",
        "For a lost phone or key. Be sure that it is really them who asks: call the number you have of them. "
        "They sign in with their password alone and set up a new second step.",
        "Remove them",
        "{} sets up a new second step when they next sign in",
        accounts.remove_second_steps,
    ),
}
TIMED = {"new-password"}


@require_http_methods(["GET", "HEAD", "POST"])
def account_verb(request, pk, verb):
    if verb not in VERBS:
        raise Http404
    person = get_permitted(User.objects.all(), request.user, "agencies.manage_account", pk=pk)
    chosen = VERBS[verb]
    form = ReasonForm(request.POST or None, submit_text=chosen.button)
    if form.is_valid():
        when = {"at": timezone.now()} if verb in TIMED else {}
        try:
            chosen.service(user=person, by=request.user, **when, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, chosen.done.format(person))
            return redirect("agencies:user", pk=person.pk)
    return render(request, "agencies/user_verb.html", {"form": form, "person": person, "verb": chosen})


@require_POST
def invite_again(request, pk):
    person = get_permitted(User.objects.all(), request.user, "agencies.manage_account", pk=pk)
    try:
        accounts.invite_again(user=person, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"A new invitation is on its way to {person}. The old link stops working")
    return redirect("agencies:user", pk=person.pk)
