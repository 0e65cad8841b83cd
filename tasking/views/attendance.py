"""Who is in the room, as the team that runs the meeting notes it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from tasking.forms.attendance import AttendeeForm, expected, invited_seats
from tasking.models import Attendance
from tasking.services import attendance as services
from tasking.views.meeting_shell import open_meeting

ACTIVE = "meetings:session"


@require_http_methods(["GET", "POST"])
def attendance(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    meeting = shell.meeting
    seats = invited_seats(meeting)
    form = AttendeeForm(request.POST if request.method == "POST" else None, meeting=meeting, seats=seats)
    if form.is_valid():
        try:
            row = services.note_attendance(
                meeting=meeting, by=request.user, at=timezone.now(), **form.attendee()
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"{row.name}: {row.get_status_display().lower()}")
            return redirect("meetings:attendance", reference=reference)
    rows = list(meeting.attendance.select_related("partner").order_by("partner__name", "name", "pk"))
    context = {
        "shell": shell,
        "meeting": meeting,
        "form": form,
        "rows": rows,
        "expected": expected(meeting, seats, rows),
    }
    return render(request, "tasking/attendance.html", context)


@require_POST
def accepted(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Somebody without a screen accepted the statement when it was read out."""
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    row = get_object_or_404(shell.meeting.attendance.select_related("partner", "user"), pk=pk)
    try:
        services.note_attendance(
            meeting=shell.meeting,
            name=row.name,
            user=row.user,
            partner=row.partner,
            status=row.status,
            deputy_for=row.deputy_for,
            accepted=True,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect("meetings:attendance", reference=reference)


@require_POST
def remove(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Noted by mistake. A second click finds nothing more to take off."""
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    row: Attendance | None = shell.meeting.attendance.filter(pk=pk).first()
    if row is not None:
        try:
            services.take_off(row=row, by=request.user, at=timezone.now())
        except RuleBroken as broken:
            messages.error(request, str(broken))
    return redirect("meetings:attendance", reference=reference)
