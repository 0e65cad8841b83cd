"""Reports and closed cases of past quarters, so that figures have something to stand beside.

Made up, and written in bulk, as an import would. They name nobody and no place. Every report is part of a
case, since reports by themselves are deleted after two years.
"""

import datetime as dt
from typing import Any

from cases.enums import CallerKind, CaseStatus, Channel, ClosureReason, ReportStatus, Risk
from cases.models import Case, CaseOutcome, Category, Closure, Report
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, Partner, Partnership, User
from csp.agencies.services.sharing import set_rows
from csp.core.calendar import LONDON, Period, local_day
from csp.core.clocks import Unit
from csp.core.references import CASE, REPORT, next_references

AREAS = ("Abingdon", "Didcot and Wallingford", "Wantage and Faringdon", "Thame and Henley")
SHARE = (0, 1, 1, 0, 2, 3, 1, 0, 2, 1)
"""Which area each of ten cases is in."""
CATEGORIES = (
    "neighbour",
    "noise",
    "vehicle",
    "rowdy",
    "noise",
    "damage",
    "neighbour",
    "litter",
    "drugs",
    "rowdy",
)
CHANNELS = (Channel.PHONE, Channel.ONLINE, Channel.ONLINE, Channel.EMAIL, Channel.PHONE, Channel.PARTNER)
OUTCOMES = ("warning", "quiet", "abc", "mediation", "quiet", "notice", "tenancy", "warning", "support-victim")
REPORTS_EACH = (2, 1, 3, 2, 4, 1, 2)
CASES = {
    "2020-21-Q4": 25, "2021-22-Q1": 33, "2021-22-Q2": 41, "2021-22-Q3": 36, "2021-22-Q4": 29,
}  # fmt: skip
LATELY = (27, 31, 28, 34, 39)
"""Cases of the last quarters that are over, the newest last."""
QUIET = dt.timedelta(days=60)
"""Nothing here is newer than that: the lists of today belong to today's stories."""
LATE_EVERY = 9
DAYS_TO_DECIDE, DAYS_LATE = 2, 12
LATE_BECAUSE = "The officer was away and nobody took it over"
WHAT = {
    "neighbour": "Shouting and banging from next door, most evenings.",
    "noise": "Music until two in the morning, with the windows open.",
    "vehicle": "Mopeds up and down the footpath behind the shops.",
    "rowdy": "A group by the bus shelter that shouts at whoever goes past.",
    "damage": "Fence panels kicked in again over the weekend.",
    "litter": "Mattresses and bags left by the garages.",
    "drugs": "People call at a flat at all hours and stay for a minute.",
}
CLOSED = "What was agreed was done, and it has been quiet since."


def load(partnership: Partnership, now: dt.datetime) -> None:
    team = Partner.objects.get(partnership=partnership, name="Community Safety")
    by = User.objects.get(email="second.officer@demo.example")
    areas = {each.name: each for each in Area.objects.filter(partnership=partnership)}
    days = [day for name, number in CASES.items() for day in _days(Period.named(name), number)]
    days += [
        day
        for period, number in zip(_lately(partnership, now), LATELY, strict=True)
        for day in _days(period, number)
        if day < local_day(now - QUIET)
    ]
    cases = [_case(team, by, areas[AREAS[SHARE[n % 10]]], n, day, now) for n, day in enumerate(days)]
    _number(partnership.code, CASE, cases, "opened_at")
    Case.objects.bulk_create(cases)
    set_rows(cases, team, ShareLevel.CONTRIBUTE)
    _close([each for each in cases if each.ended_at], by)
    reports = [report for n, case in enumerate(cases) for report in _reports(case, n)]
    _number(partnership.code, REPORT, reports, "received_at")
    Report.objects.bulk_create(reports)
    set_rows(reports, team, ShareLevel.CONTRIBUTE)
    _sort(partnership, cases, reports)


def _lately(partnership: Partnership, now: dt.datetime) -> list[Period]:
    """The quarters that ended last, the newest last."""
    first = Period.quarter_of(local_day(now), partnership.year_start).first
    found: list[Period] = []
    while len(found) < len(LATELY):
        found.insert(0, Period.quarter_of(first - dt.timedelta(days=1), partnership.year_start))
        first = found[0].first
    return found


def _days(period: Period, number: int) -> list[dt.date]:
    return [period.first + dt.timedelta(days=place * period.days // number) for place in range(number)]


def _at(day: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=LONDON)


def _case(team: Partner, by: User, area: Area, number: int, day: dt.date, now: dt.datetime) -> Case:
    """Those of the past years are closed, each after some weeks."""
    ends = _at(day + dt.timedelta(days=30 + number * 7 % 50), 15)
    code = CATEGORIES[number % len(CATEGORIES)]
    return Case(
        partnership=team.partnership,
        lead=team,
        officer=by,
        title=f"{WHAT[code].split(',')[0].rstrip('.')[:60]}, {area}",
        summary=WHAT[code],
        local_area=area,
        status=CaseStatus.CLOSED,
        risk=Risk.HIGH if number % 8 == 0 else Risk.STANDARD,
        opened_at=_at(day, 14),
        ended_at=min(ends, now - dt.timedelta(days=1)),
    )


def _reports(case: Case, number: int) -> list[Report]:
    """The first opened the case, the others were joined to it."""
    made = []
    for place in range(REPORTS_EACH[number % len(REPORTS_EACH)]):
        received = case.opened_at - dt.timedelta(hours=4) + dt.timedelta(days=3 * place)
        report = Report(
            partnership=case.partnership,
            lead=case.lead,
            case=case,
            status=ReportStatus.JOINED if place else ReportStatus.CASE_OPENED,
            channel=CHANNELS[(number + place) % len(CHANNELS)],
            caller_kind=CallerKind.ANONYMOUS,
            received_at=received,
            logged_at=received,
            what_happened=case.summary,
            occurred_on=local_day(received),
            local_area=case.local_area,
            risk=case.risk,
            hate=number % 17 == 0,
            repeat_victim=place > 1,
        )
        _decide(report, late=(number + place) % LATE_EVERY == 0)
        made.append(report)
    return made


def _decide(report: Report, *, late: bool) -> None:
    report.start_clock(report.received_at, 5, Unit.WORKING_DAYS)
    days = DAYS_LATE if late else DAYS_TO_DECIDE
    report.stop_clock(report.received_at + dt.timedelta(days=days), LATE_BECAUSE)


def _number(code: str, kind: str, records: list[Any], moment: str) -> None:
    """References of the year each belongs to, in that order."""
    for year in sorted({getattr(each, moment).year for each in records}):
        of_year = [each for each in records if getattr(each, moment).year == year]
        of_year.sort(key=lambda each: getattr(each, moment))
        for each, reference in zip(of_year, next_references(code, kind, year, len(of_year)), strict=True):
            each.reference = reference


def _close(cases: list[Case], by: User) -> None:
    outcomes = {each.code: each for each in CaseOutcome.objects.filter(partnership=cases[0].partnership)}
    closures: list[Any] = Closure.objects.bulk_create(
        Closure(
            case=case, reason=ClosureReason.EARLY, note=CLOSED, told_how="By telephone, the same week",
            proposed_by=by, proposed_at=case.ended_at or case.opened_at, approved_by=by,
            approved_at=case.ended_at,
        )
        for case in cases
    )  # fmt: skip
    noted = Closure.outcomes.through
    noted.objects.bulk_create(
        noted(closure=closure, caseoutcome=outcomes[OUTCOMES[n % len(OUTCOMES)]])
        for n, closure in enumerate(closures)
    )


def _sort(partnership: Partnership, cases: list[Case], reports: list[Report]) -> None:
    """Each by its category."""
    known = {each.code: each for each in Category.objects.filter(partnership=partnership)}
    of_case = {case.pk: known[CATEGORIES[n % len(CATEGORIES)]] for n, case in enumerate(cases)}
    case_rows, report_rows = Case.categories.through, Report.categories.through
    case_rows.objects.bulk_create(case_rows(case=case, category=of_case[case.pk]) for case in cases)
    report_rows.objects.bulk_create(
        report_rows(report=report, category=of_case[report.case_id or 0]) for report in reports
    )
