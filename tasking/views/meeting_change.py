"""Changing one meeting before it begins: its date and place, the agencies, and whether it takes place."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.cases import ReasonForm
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken
from csp.core.words import moment_words
from tasking.forms.meetings import InviteForm, MeetingForm
from tasking.services import meeting_changes, meetings
from tasking.services.meeting_changes import MeetingDetails
from tasking.views.meeting_shell import MeetingShell, open_meeting

FOUND = "meetings.run"


@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, FOUND)
    meeting, at = shell.meeting, shell.at
    form = MeetingForm(
        request.POST or None, meeting=meeting, at=at, details=meeting_changes.details_of(meeting)
    )
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            meeting_changes.change_meeting(meeting=meeting, details=typed, seen=seen, by=request.user, at=at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, meeting_changes.prints_of(typed), seen)
            form = MeetingForm(meeting=meeting, at=at, details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{meeting} is saved")
            return redirect(meeting)
    return verb_page(request, shell, form, "tasking/meeting_change.html", changes=changes)


def changes_of(clash: ChangedMeanwhile, form: MeetingForm) -> list[dict[str, str]]:
    details: MeetingDetails = clash.details
    said: dict[str, Any] = {name: getattr(details, name) for name in clash.fields}
    if "starts_at" in said:
        said["starts_at"] = moment_words(details.starts_at)
    return [
        {"what": str(form.fields[name].label), "now": str(value or "Nothing")} for name, value in said.items()
    ]


@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, FOUND)
    form = ReasonForm(
        request.POST or None,
        label="Why is it cancelled?",
        missing="Enter why the meeting is cancelled",
        submit="Cancel the meeting",
    )
    if form.is_valid():
        try:
            meetings.cancel_meeting(meeting=shell.meeting, by=request.user, at=shell.at, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{shell.meeting} is cancelled. The agencies are told")
            return redirect(shell.meeting)
    return verb_page(request, shell, form, "tasking/meeting_cancel.html", items=len(shell.items))


@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, FOUND)
    form = InviteForm(request.POST or None, meeting=shell.meeting, at=shell.at)
    if form.is_valid():
        try:
            meetings.invite(meeting=shell.meeting, by=request.user, at=shell.at, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{form.cleaned_data['partner']} is invited")
            return redirect(shell.meeting)
    return verb_page(request, shell, form, "tasking/meeting_invite.html")


@require_http_methods(["GET", "POST"])
def uninvite(request: StaffRequest, reference: str, partner: int) -> HttpResponse:
    shell = open_meeting(request, reference, FOUND)
    here = Partner.objects.visible_to(request.user).filter(partnership=shell.meeting.partnership_id)
    found = get_object_or_404(here, pk=partner, invited_to__meeting=shell.meeting)
    form = ReasonForm(
        request.POST or None,
        label="Why are they no longer invited?",
        missing="Enter why they are no longer invited",
        submit="Take them off",
    )
    if form.is_valid():
        try:
            meeting_changes.uninvite(
                meeting=shell.meeting, partner=found, by=request.user, at=shell.at, **form.cleaned_data
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{found} is no longer invited")
            return redirect(shell.meeting)
    return verb_page(request, shell, form, "tasking/meeting_uninvite.html", partner=found)


@require_POST
def open_agenda(request: StaffRequest, reference: str) -> HttpResponse:
    """Pressed twice it is opened once."""
    shell = open_meeting(request, reference, FOUND)
    try:
        if not shell.meeting.is_prepared:
            meetings.open_agenda(meeting=shell.meeting, by=request.user, at=shell.at)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"The agenda of {shell.meeting} is open. Agencies can refer and answer")
    return redirect(shell.meeting)


def verb_page(
    request: StaffRequest, shell: MeetingShell, form: Any, template: str, **more: Any
) -> HttpResponse:
    context = {"shell": shell, "meeting": shell.meeting, "form": form, **more}
    return render(request, template, context)
