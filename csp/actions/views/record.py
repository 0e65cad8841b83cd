from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.actions import services
from csp.actions.enums import ActionStatus, Answer
from csp.actions.forms import AnswerForm
from csp.actions.models import Action, ActionQuerySet
from csp.agencies.access import get_permitted
from csp.agencies.models import User
from csp.audit.services import looked_at
from csp.core.errors import RuleBroken
from csp.core.keeping import SHOWN_IN_THE_PAGE

SAID = {
    Answer.PROGRESS: "{} is in progress",
    Answer.COMPLETE: "{} is done",
    Answer.MORE_TIME: "{} asked for more time. The due date stays until the asker agrees",
    Answer.NOT_NEEDED: "{} is no longer required",
    Answer.CANNOT: "{} went back to who asked",
    Answer.TRANSFER: "{} was transferred",
}
CAN_REOPEN = (ActionStatus.COMPLETE, ActionStatus.NOT_NEEDED)


def actions_with_parties() -> ActionQuerySet:
    return Action.objects.select_related(
        "lead", "owner", "person", "asked_by", "transferred_from", "transferred_to", "partnership"
    )


@require_http_methods(["GET", "POST"])
def detail(request, reference):
    """What is asked, what was said of it, and the answer of the agency. `?from=record`: opened from there."""
    action = get_permitted(actions_with_parties(), request.user, "actions.view", reference=reference)
    may_answer = request.user.has_perm("actions.answer", action)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    asks = may_answer and (action.is_outstanding or request.method == "POST")
    form = AnswerForm(request.POST or None, request.FILES or None, action=action) if asks else None
    if form and form.is_valid():
        try:
            files = form.cleaned_data.pop("evidence")
            services.answer(
                action=action, by=request.user, at=timezone.now(), files=files, **form.cleaned_data
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, SAID[form.cleaned_data["answer"]].format(action))
            return redirect(request.get_full_path())
    looked_at(request.user, action)
    around = surroundings(request.user, action)
    back = around["target"] if "from" in request.GET else None
    context = {"action": action, "form": form, "opened_from": back, **around}
    return render(request, "actions/action_detail.html", context)


def surroundings(user: User, action: Action) -> dict[str, object]:
    """Everything around the answer that the page shows."""
    before, after = action.transferred_from, getattr(action, "transferred_to", None)
    linked = [each.pk for each in (before, after) if each]
    visible = Action.objects.visible_to(user).in_bulk(linked)
    return {
        "target": services.show_targets([action], user).get(action.pk),
        "came_from": before and visible.get(before.pk),
        "goes_on_as": after and visible.get(after.pk),
        "files": action.files.select_related("added_by").order_by("pk"),
        "pictures": SHOWN_IN_THE_PAGE,
        "updates": action.updates.select_related("by").order_by("-pk"),
        "verbs": list(verbs_for(user, action)),
        "may_change": user.has_perm("actions.change", action),
    }


def verbs_for(user: User, action: Action) -> Iterator[dict[str, str]]:
    """The rarer verbs that the reader may use, and that make sense now."""
    open_now, again = action.is_outstanding, action.status in CAN_REOPEN
    for verb, label, perm, makes_sense in (
        ("note", "Add a note", "actions.note", True),
        ("evidence", "Add evidence", "actions.note", open_now or again),
        ("person", "Change the person", "actions.reassign", open_now),
        ("time", "Answer about more time", "actions.change", bool(action.wanted_due_on)),
        ("change", "Change what is asked or when", "actions.change", open_now),
        ("cancel", "Cancel this action", "actions.change", open_now),
        ("reopen", "Reopen this action", "actions.reopen", again),
    ):
        if makes_sense and user.has_perm(perm, action):
            yield {"label": label, "url": reverse(f"actions:{verb}", args=[action.reference])}
