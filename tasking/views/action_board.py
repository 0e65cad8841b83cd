"""How far each agency is with what meetings asked of it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.filters.chips import chips_of
from csp.actions.models import ActionQuerySet
from csp.actions.navigation import seats_here
from csp.agencies.access import StaffRequest
from csp.agencies.enums import Role
from csp.core.keyset import page_of
from tasking.forms.actions import BoardFilterForm
from tasking.services import action_board as services
from tasking.services.escalation import for_the_board
from tasking.views.action_rows import rows_of

MOST_FOR_BOARD = 50
DUE_FIRST, LAST_DONE_FIRST = ("due_on", "pk"), ("-ended_at", "-pk")


@require_safe
@permission_required("meetings.list", raise_exception=True)
def board(request: StaffRequest) -> HttpResponse:
    """Agencies read their own row: the others' actions are not theirs to see."""
    user, at = request.user, timezone.now()
    actions = services.given_at_meetings(user, request.partnership)
    days = services.days_of(request.partnership, at)
    agencies = services.by_agency(actions, days)
    form = BoardFilterForm(request.GET, agencies=agencies)
    chosen, state = form.agency_chosen, form.state_chosen
    mine = actions.filter(owner=chosen) if chosen else actions
    months = services.trend(mine, days)
    order = LAST_DONE_FIRST if state == "done" else DUE_FIRST
    listed = mine.filter(days.state(state)).select_related("owner", "person").prefetch_related("escalations")
    page = page_of(listed, request, *order)
    context = {
        "agencies": agencies,
        "agency": next((each for each in agencies if each.pk == chosen), None),
        "form": form,
        "chips": chips_of(form, request.GET, without=frozenset()),
        "state": services.STATES[state],
        "months": months,
        "most": max(1, *(month.most for month in months)),
        "page": page,
        "rows": rows_of(page.rows, user, days.today),
        **told_to_the_board(request, actions, days),
    }
    return render(request, "tasking/action_board.html", context)


def told_to_the_board(request: StaffRequest, actions: ActionQuerySet, days: services.Days) -> dict[str, Any]:
    """For the managers of the team that asked, who report to the board."""
    managed = seats_here(request.user, request.partnership, Role.MANAGER)
    if not managed:
        return {"reports_to_board": False}
    found = for_the_board(actions, managed, days.today).order_by("due_on", "pk")
    return {"reports_to_board": True, "for_board": found[:MOST_FOR_BOARD]}
