"""The list of cases: filters, columns, order, and what is done with many at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.filters import CaseList
from cases.forms.queue import SaveFilterForm
from cases.models import Case
from cases.models.cases import NEXT_DUE
from cases.services.case_list import ENDED, NEWEST, NEXT_CLOCK, OPEN, PRIORITY
from csp.agencies.access import StaffRequest
from csp.agencies.services.filters import filters_for
from csp.core.keyset import page_of
from csp.core.pagination import capped_count

ROOM = "cases"
SORTED_BY = {"priority": PRIORITY, "opened": NEWEST, "due": NEXT_CLOCK}
"""Columns whose head sorts the list."""


def check_may_list(request: StaffRequest) -> None:
    if request.partner is None or not request.user.has_perm("cases.list"):
        raise PermissionDenied


@require_safe
def case_list(request: StaffRequest) -> HttpResponse:
    """Cases that the user's partners lead or are shared: open ones by risk, ended ones by age."""
    check_may_list(request)
    seen = CaseList.read(request.user, request.partnership, request.partner, request.GET)
    places = Case.objects.annotate(next_due=NEXT_DUE)
    page = page_of(seen.cases, request, *seen.wanted.order, places=places)
    context = {
        "seen": seen,
        "page": page,
        "rows": seen.rows_of(page.rows),
        "heads": heads(seen),
        "count": capped_count(seen.cases),
        "tabs": tabs(request, seen),
        "save_form": SaveFilterForm(initial={"query": seen.filters_only}),
        "clear_url": f"?tab={seen.tab}",
        "may_assign": leads_cases(request),
    }
    return render(request, "cases/case_list.html", context)


def leads_cases(request: StaffRequest) -> bool:
    """Whether there may be cases in the list with which the user can do something."""
    return request.user.has_perm("cases.list_work", request.partner)


def heads(seen: CaseList) -> list[dict[str, Any]]:
    """The heads of the columns; some sort."""
    sorts = SORTED_BY if seen.tab == OPEN and seen.of_team else {}
    return [
        {
            "name": name,
            "label": label,
            "url": seen.sorted_by(sorts[name]) if name in sorts else "",
            "sorts": sorts.get(name, "-") == seen.wanted.sort,
        }
        for name, label in seen.columns.items()
    ]


def tabs(request: StaffRequest, seen: CaseList) -> list[dict[str, Any]]:
    """The lists, then saved filters: the user's own and what colleagues share."""
    saved = request.GET.get("saved", "")
    lists = [
        {"label": label, "url": f"?tab={tab}", "active": seen.tab == tab and not saved}
        for tab, label in ((OPEN, "Open"), (ENDED, "Closed"))
    ]
    mine = {"label": "My cases", "url": reverse("cases:mine"), "active": False}
    own = filters_for(request.user, ROOM, request.partner)
    return [mine, *lists] + [
        {"label": each.name, "url": f"?{each.query}&saved={each.pk}", "active": saved == str(each.pk)}
        for each in own
    ]
