"""For the team that runs a meeting: who has returned what, what is missing, and one button to chase."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from tasking.services.return_chasing import chase_missing
from tasking.services.returns_in import returns_of
from tasking.views.meeting_shell import open_meeting

ACTIVE = "meetings:returns"


@require_safe
def overview(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    returns = returns_of(shell.meeting, request.user, timezone.now())
    context = {"shell": shell, "meeting": shell.meeting, "returns": returns}
    return render(request, "tasking/returns.html", context)


@require_POST
def chase(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    try:
        chased = chase_missing(meeting=shell.meeting, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        named = ", ".join(str(partner) for partner in chased)
        messages.success(request, f"Reminded: {named}")
    return redirect("meetings:returns", reference=shell.meeting.reference)
