"""A case's shares open its reports: their permission rows follow those of the case, and its lead follows too.

What opens a report to a partner is that it leads it, a share of the report, or a share of its case: the
highest of these, and never one in place of another.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import Case, CaseNamed, CaseShare, Report, ReportShare
from cases.services.restricting import keep_actions_in_step, keep_report_actions_in_step
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

KEEPS_SIGHT = "The team that led the case keeps sight of it, and may add what it knows"


class CannotChangeLead(RuleBroken): ...


def named_on_case(case: Case) -> QuerySet[User]:
    """Who is named on the restricted case, those who opened it in an emergency included."""
    return User.objects.filter(pk__in=CaseNamed.objects.current().filter(case=case).values("user"))


@transaction.atomic
def restore_report_access(report: Report) -> None:
    """Set the report's permission rows to what it and its case give every partner now."""
    current = _hold_report(report)
    held = current.permission_rows.values("group")
    shared = ReportShare.objects.filter(record=current, ended_at=None).values("to_partner")
    from_case = CaseShare.objects.filter(record=current.case_id, ended_at=None).values("to_partner")
    touched = Q(group__in=held) | Q(pk__in=shared) | Q(pk__in=from_case) | Q(pk=current.lead_id)
    for partner in Partner.objects.filter(touched):
        _restore([current], partner)
    keep_report_actions_in_step(current)


def follow_case(case: Case, partner: Partner) -> None:
    """A share of the case began, changed or ended, or another partner leads it: so for its reports."""
    sharing.hold(case)
    _restore(list(Report.objects.filter(case=case)), partner)


def follow_report(report: Report, partner: Partner) -> None:
    """A share of the report began or ended. What its case gives stays."""
    current = _hold_report(report)
    if current.case_id is not None:
        _restore([current], partner)


def _hold_report(report: Report) -> Report:
    """Held with its case, so that a share of one that ends meets a share of the other that ends."""
    current: Report = sharing.hold(report)
    if current.case is not None:
        sharing.hold(current.case)
    return current


def _restore(reports: Sequence[Report], partner: Partner) -> None:
    """For reports that are held, or whose case is."""
    given = {"to_partner": partner, "ended_at": None}
    own = dict(ReportShare.objects.filter(record__in=reports, **given).values_list("record", "level"))
    cases = {report.case_id for report in reports}
    through = CaseShare.objects.filter(record__in=cases, **given)
    from_case: dict[int | None, int] = dict(through.values_list("record", "level"))
    by_level: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        leads = ShareLevel.CONTRIBUTE if report.lead_id == partner.pk else 0
        by_level[max(leads, own.get(report.pk, 0), from_case.get(report.case_id, 0))].append(report)
    for level, those in by_level.items():
        sharing.set_rows(those, partner, ShareLevel(level) if level else None)


@transaction.atomic
def change_lead(*, case: Case, to_partner: Partner, by: User, at: dt.datetime, reason: str) -> Case:
    """Another partner leads the case, what was merged into it, and their reports from now on.

    The old lead keeps a share, which says why. Raises `CannotChangeLead` or `CannotShare`.
    """
    current: Case = sharing.hold(case)
    old = current.lead
    if to_partner.pk == old.pk:
        raise CannotChangeLead(f"{to_partner} leads {current} already")
    if to_partner.partnership_id != current.partnership_id:
        raise CannotChangeLead(f"{to_partner} is not in this partnership")
    if to_partner.left_on is not None and to_partner.left_on <= local_day(at):
        raise CannotChangeLead(f"{to_partner} left the partnership. Choose another partner")
    for each in current.family.filter(lead=old).select_related("lead").order_by("pk"):
        _pass_on(each, to_partner, by, at, reason)
    record("case.lead_changed", by=by, target=current, partner=to_partner, reason=reason)
    return Case.objects.select_related("lead").get(pk=current.pk)


def _pass_on(case: Case, to_partner: Partner, by: User, at: dt.datetime, reason: str) -> None:
    old = case.lead
    reports = list(case.reports.filter(lead=old))
    case.lead = to_partner
    case.save(update_fields=["lead"])
    for report in reports:
        report.lead = to_partner
        report.save(update_fields=["lead"])
    for each in (case, *reports):
        _end_own_share(each, to_partner, by, at)
        sharing.grant(record=each, partner=to_partner, level=ShareLevel.CONTRIBUTE)
    sharing.share(
        record=case,
        to_partner=old,
        level=ShareLevel.CONTRIBUTE,
        gateway=Gateway.CDA_115,
        purpose=f"{old} led the case before {to_partner}",
        necessity=f"{KEEPS_SIGHT}. {reason}".strip(),
        consent=Consent.NOT_NEEDED,
        by=by,
        at=at,
    )
    for report in reports:
        restore_report_access(report)
    if case.restricted and to_partner.pk in by.partner_ids:
        _name(case, by, at)


def _end_own_share(shared: Any, partner: Partner, by: User, at: dt.datetime) -> None:
    for share in shared.shares.filter(to_partner=partner, ended_at=None):
        sharing.end_share(share=share, reason=f"{partner} leads it now", by=by, at=at)


def _name(case: Case, user: User, at: dt.datetime) -> None:
    """Who takes a restricted case over is named on it: else nobody of the new lead could open it."""
    CaseNamed.objects.get_or_create(
        case=case,
        user=user,
        ended_at=None,
        defaults={"reason": "Took the case over", "added_by": user, "added_at": at},
    )
    keep_actions_in_step(case)
