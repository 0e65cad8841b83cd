"""Powers: one that runs, with a condition and a breach, and a draft."""

import datetime as dt
from typing import Any

from cases.enums import BreachResponse, ConditionKind, InterventionKind, InterventionStatus, ServiceMethod
from cases.models import InterventionBreach, InterventionCondition
from tests.access.roles import FULL
from tests.factories.casework import EvidenceFactory, InterventionFactory

GROUNDS = "a drum kit played under the stairs"
CONDITION = "keep the drum kit at the garage"
BREACHED = "drummed from dusk until the landlord knocked"
OUTCOME = "the drums were sold in spring"

TABLE = """
#                                         off man pol hou hea lea pro boa aud adm wes anonymous
cases:powers                         GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:power                          GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:power_sheet                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_new                      GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_add                      GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_add                      POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_edit                     GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_edit                     POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_serve                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_serve                    POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_extend                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_extend                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_appeal                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_appeal                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_result                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_result                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_review                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_review                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_breach                   GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_breach                   POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_end                      GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_end                      POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_withdraw                 GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:power_withdraw                 POST ok  ok  no  no  --  no  --  --  --  --  --  in
"""

STEPS = ("extend", "appeal", "result", "review", "breach", "end", "withdraw", "sheet")


def running(world: Any) -> list[Any]:
    return [world.case.reference, world.power.pk]


def drafted(world: Any) -> list[Any]:
    return [world.case.reference, world.power_draft.pk]


ARGUMENTS = {
    "cases:power": running,
    "cases:power_add": lambda w: [w.case.reference, "cpw"],
    "cases:power_edit": drafted,
    "cases:power_serve": drafted,
    **{f"cases:power_{step}": running for step in STEPS},
}
MAY_READ = {GROUNDS: FULL, CONDITION: FULL, BREACHED: FULL, OUTCOME: FULL}
READING = {"case.printed"}
PAGES = """
    officer   cases:powers
    officer   cases:power
    housing   cases:power
    officer   cases:power_add
    officer   cases:power_edit
    officer   cases:power_breach
"""


def records(world: Any) -> dict[str, Any]:
    power = run(world)
    draft = InterventionFactory(
        case=world.case, kind=InterventionKind.CPW, person=world.subject, made_by=world.users["officer"]
    )
    return {"power": power, "power_draft": draft}


def run(world: Any) -> Any:
    given = {"case": world.case, "person": world.subject, "made_by": world.users["officer"]}
    power = InterventionFactory(
        **given,
        kind=InterventionKind.CPW,
        status=InterventionStatus.IN_FORCE,
        grounds=f"He {GROUNDS}",
        outcome=OUTCOME,
        served_at=world.now - dt.timedelta(days=3) if hasattr(world, "now") else given["case"].opened_at,
        starts_at=given["case"].opened_at,
        service_method=ServiceMethod.HAND,
        ends_at=given["case"].opened_at + dt.timedelta(days=9000),
    )
    condition = InterventionCondition.objects.create(
        intervention=power, position=1, kind=ConditionKind.REQUIREMENT, text=CONDITION
    )
    InterventionBreach.objects.create(
        intervention=power,
        condition=condition,
        happened_on=dt.date(2026, 3, 9),
        what=BREACHED,
        response=BreachResponse.WARNING,
        by=world.users["officer"],
        at=given["case"].opened_at,
    )
    return power


def grow(world: Any, number: int) -> None:
    run(world)
    EvidenceFactory(case=world.case, description=f"Recording {number}", by=world.users["officer"])
    InterventionCondition.objects.create(
        intervention=world.power, position=number + 1, kind=ConditionKind.PROHIBITION, text=f"Thing {number}"
    )
    InterventionBreach.objects.create(
        intervention=world.power,
        happened_on=dt.date(2026, 3, 9),
        what="Again",
        response=BreachResponse.NONE,
        by=world.users["officer"],
        at=world.case.opened_at,
    )
