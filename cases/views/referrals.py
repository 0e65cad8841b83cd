"""An agency refers somebody to the partnership, and follows what it referred."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import Channel, ReportStatus
from cases.forms.entry import ReferralEntry
from cases.models import Report, ReportDraft, ReportGroupPermission
from cases.services.reports import log_report
from cases.views.known import FIELDS, known_panel
from cases.views.log import SHOWN_AGAIN, map_centre, resumed, save
from cases.views.report_words import PLAIN_STATUS
from csp.agencies.access import StaffRequest, held_by
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of


@dataclasses.dataclass(frozen=True)
class ReferralRow:
    """A report in the list of an agency that follows it."""

    report: Any
    ours: bool

    @property
    def told(self) -> str:
        """How it was told, where the report is open to them in full."""
        words: str = self.report.what_happened if self.report.in_full else ""
        return words

    @property
    def status_words(self) -> str:
        return PLAIN_STATUS[ReportStatus(self.report.status)]

    @property
    def where(self) -> str:
        """The area alone: an address may be kept from them."""
        area = self.report.local_area or self.report.ward
        return area.name if area else ""


def referral_rows(reports: list[Report], user: User) -> list[ReferralRow]:
    return [ReferralRow(report, report.source_partner_id in user.partner_ids) for report in reports]


def check_may_refer(request: StaffRequest) -> None:
    """An agency with a seat in this partnership may; the team that receives reports logs them instead."""
    if request.partner is None or request.partner.pk not in request.user.partner_ids:
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def refer(request: StaffRequest) -> HttpResponse:
    check_may_refer(request)
    if request.user.has_perm("reports.log", request.partnership):
        return redirect("reports:new")
    given: dict[str, Any] = {
        "user": request.user,
        "partnership": request.partnership,
        "now": timezone.localtime(),
    }
    if request.method == "GET":
        return show(request, ReferralEntry(typed=resumed(request), **given))
    if "keep" in request.POST:
        save(request, referral=True)
        messages.info(request, "Your draft is saved. Nobody else sees it")
        return redirect("reports:refer")
    if any(name in request.POST for name in SHOWN_AGAIN):
        more = request.POST.get("add", "")
        return show(request, ReferralEntry(typed=request.POST, more=more, **given), request.POST)
    entry = ReferralEntry(sent=request.POST, files=request.FILES, **given)
    if entry.is_valid():
        try:
            return referred(request, entry)
        except RuleBroken as problem:
            entry.refuse(str(problem))
    return show(request, entry, request.POST)


def referred(request: StaffRequest, entry: ReferralEntry) -> HttpResponse:
    report = log_report(
        partnership=request.partnership,
        details=entry.details(),
        channel=Channel.PARTNER,
        source_partner=request.partner,
        files=entry.files,
        token=entry.token,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"Referral {report} sent to {report.lead}. Follow it here")
    return redirect("reports:detail", reference=report.reference)


def show(request: StaffRequest, entry: ReferralEntry, data: QueryDict | None = None) -> HttpResponse:
    own = ReportDraft.objects.visible_to(request.user).filter(partnership=request.partnership, referral=True)
    fresh = request.method == "GET" and "draft" not in request.GET
    panel = known_panel(
        user=request.user, partnership=request.partnership, data=data or QueryDict(), at=entry.now
    )
    context = {"entry": entry, "form": entry.form, "panel": panel, "logging": False}
    context |= {
        "lookup_fields": " ".join(FIELDS),
        "drafts": own.newest_first()[:10] if fresh else [],
        "map_centre": map_centre(request),
        "team": request.partnership.receiving_partner,
    }
    return render(request, "cases/report_refer.html", context)


@require_safe
def referrals(request: StaffRequest) -> HttpResponse:
    """What the user's agency referred, and what was shared with it."""
    check_may_refer(request)
    reports = (
        Report.objects.visible_to(request.user)
        .filter(partnership=request.partnership)
        .exclude(lead__in=request.user.partner_ids)
        .annotate(in_full=held_by(request.user, ReportGroupPermission, Report, ShareLevel.FULL))
        .select_related("lead", "ward", "local_area")
    )
    page = page_of(reports, request, "-received_at", "-pk")
    rows = referral_rows(page.rows, request.user)
    return render(request, "cases/referral_list.html", {"page": page, "rows": rows})
