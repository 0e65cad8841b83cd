"""Cases as far as triage needs them."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Case, Report
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import User
from csp.audit.services import looked_at

MOST_REPORTS = 100


@dataclasses.dataclass(frozen=True)
class CasePage:
    """A case as one reader sees it. Reports pass their own gate."""

    case: Case
    user: User
    at: dt.datetime

    @property
    def leads(self) -> bool:
        return self.case.lead_id in self.user.partner_ids

    def reports(self) -> list[Report]:
        reports = Report.objects.visible_to(self.user).filter(case=self.case)
        return list(reports.select_related("local_area", "ward").order_by("received_at", "pk")[:MOST_REPORTS])

    def shares(self) -> list[Any]:
        """Everybody for the team that leads; an agency sees its own share."""
        shares = self.case.shares.filter(ended_at=None).select_related("to_partner", "from_partner")
        own = shares if self.leads else shares.filter(to_partner__in=self.user.partner_ids)
        return list(own.order_by("to_partner__name"))


@require_safe
def detail(request: StaffRequest, reference: str) -> HttpResponse:
    """What the case is, its reports and actions, and who may see it."""
    cases = Case.objects.select_related("lead", "officer", "partnership")
    case = get_permitted(cases, request.user, "cases.view", reference=reference)
    looked_at(request.user, case)
    page = CasePage(case, request.user, timezone.now())
    return render(request, "cases/case_detail.html", {"case": case, "page": page})
