"""Cases: opened from a report, joined by another, cancelled when that is undone."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from cases.enums import CaseStatus, LinkRole
from cases.models import Case, Report, ReportPerson
from cases.services.repeats import SUFFERS
from csp.actions.models import Action
from csp.agencies.enums import ShareLevel
from csp.agencies.models import User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.references import CASE, next_reference

SUGGESTED = 5


class CannotJoin(RuleBroken): ...


def open_case_from(*, report: Report, title: str, officer: User | None, by: User, at: dt.datetime) -> Case:
    """A new case led by the partner that triages the report, at the report's risk."""
    case = Case(
        reference=next_reference(report.partnership.code, CASE, local_day(at).year),
        partnership=report.partnership,
        lead=report.lead,
        officer=officer,
        referring_partner=report.source_partner,
        title=title,
        place=report.place,
        ward=report.ward,
        local_area=report.local_area,
        status=CaseStatus.OPEN if officer else CaseStatus.NEW,
        risk=report.risk,
        opened_at=at,
    )
    case.save(force_insert=True)
    take_categories(case=case, report=report)
    sharing.grant(record=case, partner=case.lead, level=ShareLevel.CONTRIBUTE)
    record("case.opened", by=by, target=case, report=report.reference)
    return case


def take_categories(*, case: Case, report: Report) -> None:
    """A case is of every kind that a report in it is of."""
    case.categories.add(*report.categories.all())


def lock_case(case: Case) -> Case:
    """The case as it is now, held until the end of the transaction."""
    return Case.objects.select_related("lead", "officer").select_for_update(of=("self",)).get(pk=case.pk)


def children(model: Any, case: Case, user: User) -> QuerySet[Any]:
    """What hangs on the case and on those merged into it, each row through its own gate."""
    return model.objects.visible_to(user).filter(case__in=case.family)


def hung_on(case: Case) -> Q:
    """Actions on the case and on those merged into it."""
    kind = ContentType.objects.get_for_model(Case)
    return Q(target_type=kind, target_id__in=case.family.values("pk"))


def outstanding_actions(case: Case) -> QuerySet[Action]:
    """Whoever gave them. For rules, never for pages."""
    return Action.objects.outstanding().filter(hung_on(case))


def lock_to_join(*, case: Case, report: Report) -> Case:
    """The case, held until the report is in it. Raises `CannotJoin`."""
    current = lock_case(case)
    if current.merged_into:
        raise CannotJoin(f"{current} was merged into {current.merged_into}. Choose that case")
    if current.status == CaseStatus.CLOSED:
        raise CannotJoin(f"{current} is closed. Reopen it first on its own page, or choose an open case")
    if not current.is_open:
        raise CannotJoin(f"{current} is {current.get_status_display().lower()}. Choose an open case")
    if current.partnership_id != report.partnership_id or current.lead_id != report.lead_id:
        raise CannotJoin(f"{current} is led by {current.lead}. Refer the report to them instead")
    return current


@transaction.atomic
def cancel_if_bare(*, case: Case, reason: str, by: User, at: dt.datetime) -> bool:
    """Cancel a case on which nothing hangs any more. Says whether it did."""
    current = lock_case(case)
    if not current.is_open or something_hangs_on(current):
        return False
    current.held_from, current.hold_reason, current.hold_until = "", "", None
    current.move_to(CaseStatus.CANCELLED)
    current.ended_at = at
    current.save(update_fields=["status", "held_from", "hold_reason", "hold_until", "ended_at"])
    record("case.cancelled", by=by, target=current, reason=reason)
    return True


HANGING = (
    "reports",
    "actions",
    "shares",
    "note_set",
    "evidence_set",
    "casecontact_set",
    "interventions",
    "assessments",
    "dash_assessments",
    "merged",
    "hand_overs",
)
"""Work that somebody would miss if the case went. Links to people come and go with the reports."""


def something_hangs_on(case: Case) -> bool:
    return any(getattr(case, name).exists() for name in HANGING)


def cases_like(report: Report, user: User) -> QuerySet[Case]:
    """Open cases of the same lead with a person or the place of this report: the likely ones to join."""
    counts = SUFFERS | Q(role=LinkRole.SUBJECT)
    people = report.links.filter(counts).values("person")
    alike = Q(pk__in=ReportPerson.objects.filter(counts, person__in=people).values("report"))
    if report.place_id:
        alike |= Q(place=report.place_id)
    if report.likely_duplicate_of_id:
        alike |= Q(pk=report.likely_duplicate_of_id)
    reports = Report.objects.filter(alike, partnership=report.partnership_id, case__isnull=False)
    cases = Case.objects.visible_to(user).open().filter(lead=report.lead_id, pk__in=reports.values("case"))
    return cases.order_by("-risk", "-opened_at", "-pk")[:SUGGESTED]
