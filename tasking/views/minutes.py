"""The minutes of a meeting: read, worded, and approved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.services.prints import ChangedMeanwhile
from csp.actions.models import Action
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken
from tasking.enums import MeetingStatus
from tasking.forms.minutes import MinuteForm, OpeningForm, WordsForm
from tasking.models import AgendaItem, ItemAction
from tasking.services import minutes as services
from tasking.services.pack_content import ending_words
from tasking.views.meeting_shell import SHOWN_WITH, MeetingShell, open_meeting

ACTIVE = "meetings:minutes"


@require_safe
def minutes(request: StaffRequest, reference: str) -> HttpResponse:
    """The draft for the team that writes it; for the agencies their part, once it is approved."""
    shell = open_meeting(request, reference, active=ACTIVE)
    meeting = shell.meeting
    writes = shell.runs and meeting.status == MeetingStatus.MINUTES_DRAFT
    readable = meeting.is_approved or writes
    context = {
        "shell": shell,
        "meeting": meeting,
        "readable": readable,
        "writes": writes,
        "approves": writes and shell.may("meetings.chair"),
        "lines": lines_of(shell) if readable else [],
        "attendance": meeting.attendance.select_related("partner").order_by("status", "name", "pk"),
    }
    return render(request, "tasking/minutes.html", context)


def lines_of(shell: MeetingShell) -> list[dict[str, Any]]:
    """What the reader may see of each item and of the actions given for it."""
    seen = AgendaItem.objects.visible_to(shell.user).filter(meeting=shell.meeting).tabled()
    items = list(seen.select_related("case", "meeting").prefetch_related("outcomes").in_order())
    given: dict[int, list[Action]] = {}
    rows = ItemAction.objects.visible_to(shell.user).filter(item__in=items)
    for row in rows.select_related("action__owner", "action__person").order_by("action__due_on", "pk"):
        given.setdefault(row.item_id, []).append(row.action)
    return [{"item": item, "actions": given.get(item.pk, []), "ending": ending_words(item)} for item in items]


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str) -> HttpResponse:
    items = AgendaItem.objects.select_related("case", *(f"meeting__{name}" for name in SHOWN_WITH))
    item = get_permitted(items, request.user, "meetings.change_item", reference=reference)
    shell = MeetingShell(item.meeting, request.user, timezone.now(), ACTIVE)

    def save(**words: Any) -> None:
        services.write_minute(item=item, by=request.user, at=shell.at, **words)

    return _write(request, shell, MinuteForm, item.minute_words, save, "The minute is saved", item)


@require_http_methods(["GET", "POST"])
def opening(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)

    def save(**words: Any) -> None:
        services.write_opening(meeting=shell.meeting, by=request.user, at=shell.at, **words)

    return _write(request, shell, OpeningForm, shell.meeting.opening, save, "The opening is saved")


def _write(
    request: StaffRequest,
    shell: MeetingShell,
    form_class: type[WordsForm],
    words: str,
    save: Callable[..., None],
    saved: str,
    item: AgendaItem | None = None,
) -> HttpResponse:
    """One box of words. Where somebody else saved first, theirs stand beside what was typed."""
    form, now = form_class(request.POST or None, words=words), ""
    if form.is_valid():
        try:
            save(text=form.cleaned_data["text"], seen=form.seen_prints())
        except ChangedMeanwhile as clash:
            now = clash.details
            form = form_class(words=form.cleaned_data["text"], now=now)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, saved)
            return redirect("meetings:minutes", reference=shell.meeting.reference)
    context = {"shell": shell, "meeting": shell.meeting, "item": item, "form": form, "now": now}
    return render(request, "tasking/minutes_edit.html", context)


@require_POST
def approve(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.chair", active=ACTIVE)
    try:
        services.approve_minutes(meeting=shell.meeting, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The minutes are approved. Each agency is told and reads its part")
    return redirect("meetings:minutes", reference=reference)
