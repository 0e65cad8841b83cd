from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.enums import AssessmentKind, CaseStatus, ClosureReason, Risk
from cases.measures.breakdowns import by_agency, by_area, by_category, by_risk, by_ward
from cases.models import Case, Closure, RiskAssessment
from csp.agencies.measures import Breakdown, Measure, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "cases"


def opened(partnership: Partnership, period: Period) -> QuerySet[Case]:
    return Case.objects.filter(within("opened_at", period), partnership=partnership, merged_into=None)


def high_risk(partnership: Partnership, period: Period) -> QuerySet[Case]:
    return opened(partnership, period).filter(risk=Risk.HIGH)


def open_at_the_end(partnership: Partnership, period: Period) -> QuerySet[Case]:
    still = Q(ended_at=None) | Q(ended_at__gte=period.ends_at)
    cases = Case.objects.filter(still, partnership=partnership, merged_into=None)
    return cases.filter(opened_at__lt=period.ends_at)


def closed(partnership: Partnership, period: Period) -> QuerySet[Closure]:
    closings = Closure.objects.filter(within("approved_at", period), reopened_at=None)
    return closings.filter(case__partnership=partnership)


def reopened(partnership: Partnership, period: Period) -> QuerySet[Closure]:
    return Closure.objects.filter(within("reopened_at", period), case__partnership=partnership)


def assessed(partnership: Partnership, period: Period) -> QuerySet[RiskAssessment]:
    return RiskAssessment.objects.filter(within("at", period), case__partnership=partnership)


def update_late(partnership: Partnership, period: Period) -> QuerySet[Case]:
    return _open_now(partnership).filter(update_due_on__lt=timezone.localdate())


def risk_late(partnership: Partnership, period: Period) -> QuerySet[Case]:
    return _open_now(partnership).filter(risk_due_on__lt=timezone.localdate())


def _open_now(partnership: Partnership) -> QuerySet[Case]:
    return Case.objects.open().filter(partnership=partnership).exclude(status=CaseStatus.ON_HOLD)


OF_A_CASE = (by_area(), by_category(), by_agency("lead"), by_risk())
OF_A_CLOSING = (by_area("case__"), by_category("case__"), by_agency("case__lead"), by_risk("case__risk"))
BY_KIND = Breakdown("kind", "Occasion", "kind", "kind", tuple(AssessmentKind.choices))
BY_REASON = Breakdown("reason", "Reason", "reason", "reason", tuple(ClosureReason.choices))
BY_OUTCOME = Breakdown("outcome", "Outcome", "outcomes", "outcomes__label", without="No outcome noted")
BY_STATUS = Breakdown("status", "Stage", "status", "status", tuple(CaseStatus.choices))
BY_REFERRER = Breakdown(
    "referred", "Agency it came from", "referring_partner", "referring_partner__name", without="The public"
)

MEASURES = (
    Measure(
        name="cases-opened",
        label="Cases opened",
        unit="cases",
        one="case",
        rule="Cases opened in the period. One that became part of another does not count. One with several "
        "categories counts once for each of them. Area, agency and risk are those of the case as it is now. "
        "One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=opened,
        date_field="opened_at",
        breakdowns=(*OF_A_CASE, by_ward(), BY_REFERRER),
        kept=True,
    ),
    Measure(
        name="high-risk-cases",
        label="High-risk cases opened",
        unit="cases",
        one="case",
        rule="Cases opened in the period whose risk is high now. One that became part of another does not "
        "count. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=high_risk,
        date_field="opened_at",
        breakdowns=OF_A_CASE[:3],
        kept=True,
    ),
    Measure(
        name="cases-open",
        label="Cases open at the end",
        unit="cases",
        one="case",
        rule="Cases that were open when the period ended, or are open now where it has not ended. One that "
        "was closed and reopened counts as open all the time. One destroyed under the retention schedule "
        "still counts.",
        room=ROOM,
        records=open_at_the_end,
        date_field="opened_at",
        breakdowns=(*OF_A_CASE, BY_STATUS),
        adds_up=False,
        kept=True,
        stands_until="ended_at",
    ),
    Measure(
        name="cases-closed",
        label="Cases closed",
        unit="cases",
        one="case",
        rule="Cases closed in the period that have not been reopened since. One with several outcomes counts "
        "once for each, so outcomes add up to more than cases. One that became part of another does not "
        "count as closed. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=closed,
        date_field="approved_at",
        breakdowns=(BY_OUTCOME, BY_REASON, *OF_A_CLOSING),
        kept=True,
    ),
    Measure(
        name="cases-reopened",
        label="Cases reopened",
        unit="reopenings",
        one="reopening",
        rule="Closed cases that were reopened in the period. A case that was reopened twice counts twice. "
        "One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=reopened,
        date_field="reopened_at",
        breakdowns=(BY_REASON, *OF_A_CLOSING[:3]),
        kept=True,
    ),
    Measure(
        name="risk-assessments",
        label="Risk assessments",
        unit="assessments",
        one="assessment",
        rule="Assessments of a victim's risk made in the period. One victim may be assessed several times. "
        "One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=assessed,
        date_field="at",
        breakdowns=(by_risk(), BY_KIND, by_area("case__")),
        kept=True,
    ),
    Measure(
        name="updates-late",
        label="Updates to complainants late",
        unit="cases",
        one="case",
        rule="Open cases in which the complainant should have heard from us before today, as it stands now. "
        "Cases on hold do not count.",
        room=ROOM,
        records=update_late,
        date_field="update_due_on",
        breakdowns=(by_area(), by_agency("lead")),
        as_it_stands=True,
        tells_the_lead=True,
    ),
    Measure(
        name="risk-late",
        label="Risk reviews late",
        unit="cases",
        one="case",
        rule="Open cases whose risk should have been scored again before today, as it stands now. Cases on "
        "hold do not count.",
        room=ROOM,
        records=risk_late,
        date_field="risk_due_on",
        breakdowns=(by_area(), by_agency("lead")),
        as_it_stands=True,
        tells_the_lead=True,
    ),
)
