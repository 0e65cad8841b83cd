"""The rarer verbs, each a page with one small form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.actions import services
from csp.actions.forms import ChangeForm, NoteForm, PersonForm, ReasonForm, SeenForm, TimeForm
from csp.actions.models import Action
from csp.actions.views.record import actions_with_parties
from csp.agencies.access import get_permitted
from csp.core.errors import RuleBroken


def permitted(request, reference: str, perm: str) -> Action:
    return get_permitted(actions_with_parties(), request.user, perm, reference=reference)


def verb_page(request, form: SeenForm, *, title: str, does: Callable[..., Action], done: str) -> HttpResponse:
    action = form.action
    if form.is_valid():
        try:
            does(action=action, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done.format(action))
            return redirect(action)
    return render(request, "actions/action_verb.html", {"action": action, "form": form, "title": title})


@require_http_methods(["GET", "POST"])
def note(request, reference):
    action = permitted(request, reference, "actions.note")
    form = NoteForm(request.POST or None, action=action)
    return verb_page(request, form, title="Add a note", does=services.add_note, done="Note added to {}")


@require_http_methods(["GET", "POST"])
def person(request, reference):
    action = permitted(request, reference, "actions.reassign")
    form = PersonForm(request.POST or None, action=action)
    return verb_page(
        request, form, title="Change the person", does=services.reassign, done="{} has another person"
    )


@require_http_methods(["GET", "POST"])
def change(request, reference):
    action = permitted(request, reference, "actions.change")
    form = ChangeForm(request.POST or None, action=action)
    return verb_page(
        request, form, title="Change what is asked", does=services.change_action, done="{} is changed"
    )


@require_http_methods(["GET", "POST"])
def time(request, reference):
    action = permitted(request, reference, "actions.change")
    form = TimeForm(request.POST or None, action=action)
    return verb_page(
        request, form, title="More time", does=services.decide_time, done="The agency is told about {}"
    )


def reason_form(request, action: Action, **words: Any) -> ReasonForm:
    return ReasonForm(request.POST or None, action=action, **words)


@require_http_methods(["GET", "POST"])
def cancel(request, reference):
    form = reason_form(
        request,
        permitted(request, reference, "actions.change"),
        label="Why is it no longer needed?",
        missing="Enter why it is no longer needed",
        submit_text="Cancel action",
    )
    return verb_page(
        request,
        form,
        title="Cancel this action",
        does=services.cancel_action,
        done="{} is no longer required",
    )


@require_http_methods(["GET", "POST"])
def reopen(request, reference):
    form = reason_form(
        request,
        permitted(request, reference, "actions.reopen"),
        label="What is there still to do?",
        missing="Enter what there is still to do",
        submit_text="Reopen action",
    )
    return verb_page(request, form, title="Reopen this action", does=services.reopen, done="{} is open again")
