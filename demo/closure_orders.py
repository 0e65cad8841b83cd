"""The closure orders of three years: as many as were published, each on a closed case of its own.

The numbers are facts; the cases are made up. Written in bulk, as an import would.
"""

import datetime as dt
from typing import Any

from cases.enums import CaseStatus, ClosureReason, InterventionKind, InterventionStatus, Risk, ServiceMethod
from cases.models import Case, CaseOutcome, Category, Closure, Intervention
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, Partner, Partnership, User
from csp.agencies.services.sharing import set_rows
from csp.core.calendar import LONDON, Period, add_months
from csp.core.references import CASE, next_references

ORDERS = {"2019-20": 35, "2020-21": 20, "2021-22": 10}
AREAS = ("Abingdon", "Didcot and Wallingford", "Wantage and Faringdon", "Thame and Henley")
WORKED_BEFORE = dt.timedelta(days=40)
MONTHS_IN_FORCE, MONTHS_TO_CLOSING = 3, 30
"""Watched for so long after the order that the retention rules of today do not reach them."""
SUMMARY = "Drugs were sold from a flat by people who had moved in on the tenant."
GROUNDS = "Drugs were dealt from the flat day and night, and the tenant could not make them leave."
CLOSED = "The flat stayed shut for three months, the tenant was rehoused, and nobody has reported it since."


def load(partnership: Partnership) -> None:
    team = Partner.objects.get(partnership=partnership, name="Community Safety")
    police = Partner.objects.get(partnership=partnership, name="Police")
    by = User.objects.get(email="manager@demo.example")
    areas = {each.name: each for each in Area.objects.filter(partnership=team.partnership)}
    made = [
        _case(team, police, by, areas[AREAS[number % len(AREAS)]], day)
        for name, orders in ORDERS.items()
        for number, day in enumerate(_days(Period.named(name), orders))
    ]
    _number(team.partnership.code, made)
    Case.objects.bulk_create(made)
    set_rows(made, team, ShareLevel.CONTRIBUTE)
    set_rows(made, police, ShareLevel.FULL)
    drugs = Category.objects.get(partnership=team.partnership, code="drugs")
    rows = Case.categories.through
    rows.objects.bulk_create(rows(case=case, category=drugs) for case in made)
    Intervention.objects.bulk_create(_order(case, police, by) for case in made)
    _close(made, by)


def _days(year: Period, orders: int) -> list[dt.date]:
    """Spread over the year, none on its last day."""
    return [year.first + dt.timedelta(days=place * year.days // orders) for place in range(orders)]


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(11), tzinfo=LONDON)


def _case(team: Partner, police: Partner, by: User, area: Area, ordered_on: dt.date) -> Case:
    return Case(
        partnership=team.partnership,
        lead=team,
        officer=by,
        referring_partner=police,
        title=f"Drug dealing from a flat, {area}",
        summary=SUMMARY,
        local_area=area,
        status=CaseStatus.CLOSED,
        risk=Risk.HIGH,
        opened_at=_at(ordered_on) - WORKED_BEFORE,
        ended_at=_at(add_months(ordered_on, MONTHS_TO_CLOSING)),
    )


def _number(code: str, cases: list[Case]) -> None:
    """References of the year in which each was opened, in that order."""
    for year in sorted({case.opened_at.year for case in cases}):
        of_year = sorted(
            (each for each in cases if each.opened_at.year == year), key=lambda each: each.opened_at
        )
        for case, reference in zip(of_year, next_references(code, CASE, year, len(of_year)), strict=True):
            case.reference = reference


def _order(case: Case, police: Partner, by: User) -> Intervention:
    made_at = case.opened_at + WORKED_BEFORE
    ends_on = add_months(made_at.date(), MONTHS_IN_FORCE)
    return Intervention(
        case=case,
        kind=InterventionKind.CLOSURE_ORDER,
        status=InterventionStatus.ENDED,
        issuer=police,
        issued_by="Magistrates' court, asked for by a police inspector",
        area="The flat, and the stairs that lead to it",
        grounds=GROUNDS,
        consulted="The council and the landlord, before the notice was served",
        served_at=made_at,
        served_to="Fixed to the door",
        service_method=ServiceMethod.FIXED,
        starts_at=made_at,
        ends_at=_at(ends_on),
        ended_on=ends_on,
        outcome="Ran its time. Nobody went back in.",
        made_by=by,
        made_at=made_at,
    )


def _close(cases: list[Case], by: User) -> None:
    outcome = CaseOutcome.objects.get(partnership=cases[0].partnership, code="order")
    closures: list[Any] = Closure.objects.bulk_create(
        Closure(
            case=case, reason=ClosureReason.FORMAL, note=CLOSED, told_how="By telephone, the same week",
            proposed_by=by, proposed_at=case.ended_at or case.opened_at, approved_by=by,
            approved_at=case.ended_at,
        )
        for case in cases
    )  # fmt: skip
    noted = Closure.outcomes.through
    noted.objects.bulk_create(noted(closure=closure, caseoutcome=outcome) for closure in closures)
