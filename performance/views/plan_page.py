"""One plan, in one of its quarters."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from csp.agencies.access import StaffRequest
from csp.core.calendar import Period
from performance.models import Plan
from performance.models.plan_quarters import asked_quarter, due_on, key_of, quarters_of, shown_quarter
from performance.views.plan_lines import plan_page
from performance.views.plan_shell import read_plan

MOST_ASKED = 5
"""Of one's own actions are listed by themselves. The others say so in the table."""


@require_safe
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    found = read_plan(request, pk)
    today = timezone.localdate()
    begun = quarters_of(found, today)
    chosen = next((each for each in begun if key_of(each) == request.GET.get("quarter")), None)
    quarter = chosen or shown_quarter(found, today)
    page = plan_page(found, quarter, request.user)
    makes = request.user.has_perm("performance.make", found.partnership)
    asked = quarter == asked_quarter(found.partnership, today)
    own = page.own(request.user) if asked else []
    context = {
        "plan": found,
        "quarter": quarter,
        "page": page,
        "own": own[:MOST_ASKED],
        "own_count": len(own),
        "due": due_on(quarter) if quarter else None,
        "late": bool(quarter and due_on(quarter) < today),
        "running": bool(quarter and quarter.last >= today),
        "makes": makes,
        "verbs": verbs_of(found) if makes else [],
        **neighbours(found, begun, quarter),
    }
    return render(request, "performance/plan.html", context)


def verbs_of(plan: Plan) -> list[dict[str, str]]:
    names = [
        ("Add an action", "plan_action_new"),
        ("Add a priority", "priority_new"),
        ("Change the plan", "plan_edit"),
    ]
    return [{"label": label, "url": reverse(f"performance:{name}", args=[plan.pk])} for label, name in names]


def neighbours(plan: Plan, begun: list[Period], quarter: Period | None) -> dict[str, Any]:
    """The quarters before and after the one that is shown."""
    if quarter is None:
        return {"earlier": None, "later": None}
    place = begun.index(quarter)
    earlier = begun[place - 1] if place else None
    later = begun[place + 1] if place + 1 < len(begun) else None
    return {"earlier": link(plan, earlier), "later": link(plan, later)}


def link(plan: Plan, quarter: Period | None) -> dict[str, str] | None:
    if quarter is None:
        return None
    url = f"{plan.get_absolute_url()}?{urlencode({'quarter': key_of(quarter)})}"
    return {"url": url, "label": str(quarter)}
