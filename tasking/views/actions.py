"""What one meeting asks of the agencies, and how far they are with what those before it asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.core.calendar import local_day
from csp.core.words import date_words
from tasking.services.action_board import of_meeting
from tasking.views.action_rows import rows_of
from tasking.views.meeting_shell import open_meeting


@require_safe
def actions(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, active="meetings:actions")
    found, today = of_meeting(shell.meeting, request.user, shell.at), local_day(shell.at)
    titles = {
        "late": "Late",
        "due": f"Due by the next meeting, {date_words(found.next_on)}" if found.next_on else "",
        "open": "Open, due later" if found.next_on else "Open",
        "done": "Done since last time",
    }
    groups = [
        {"title": titles[name], "rows": rows_of(each, request.user, today)}
        for name, each in found.groups.items()
        if each
    ]
    context = {"shell": shell, "meeting": shell.meeting, "groups": groups, "total": found.total}
    return render(request, "tasking/actions.html", context)
