"""Plans, their priorities and actions, and how they go. A board reads of them in reports."""

from django.core.files.base import ContentFile

from csp.core.calendar import Period
from performance.models import PlanUpdate
from performance.models.plan_quarters import asked_quarter, key_of
from performance.services.plan_updates import UpdateDetails, write_update
from performance.services.plans import prints_of
from tests.access.roles import TEAM
from tests.factories.performance import IndicatorFactory, PlanActionFactory, PlanFactory, PriorityFactory

TABLE = """
== Plans
performance:plans                    GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
performance:plan_new                 GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:plan_new                 POST ok  ok  no  no  no  no  no  no  no  no  ok  in
performance:plan                     GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  --  in
performance:plan_edit                GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_edit                POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:priority_new             GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:priority_new             POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:priority_edit            GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:priority_edit            POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_action              GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  --  in
performance:plan_action_download     GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  --  in
performance:plan_action_new          GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_action_new          POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_action_edit         GET  ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_action_edit         POST ok  ok  no  no  no  no  no  no  no  no  --  in
performance:plan_update              GET  ok  ok  no  ok  no  ok  no  no  no  no  --  in
performance:plan_update              POST ok  ok  no  ok  no  ok  no  no  no  no  --  in
performance:plan_update_file         GET  ok  ok  --  ok  --  ok  no  no  --  no  --  in
"""
FILE = "visits-to-tenants.txt"
MAY_READ = {FILE: frozenset(TEAM | {"housing", "lead"})}
READING = {"plan_action.exported", "plan_update.evidence_downloaded"}


def of_plan(world):
    return [world.plan.pk]


def of_action(world):
    return [world.plan_action.pk]


ARGUMENTS = {
    **{f"performance:{name}": of_plan for name in ("plan", "plan_edit", "priority_new", "plan_action_new")},
    **{
        f"performance:{name}": of_action
        for name in ("plan_action", "plan_action_download", "plan_action_edit")
    },
    "performance:priority_edit": lambda world: [world.plan_action.priority_id],
    "performance:plan_update": lambda world: [world.plan_action.pk, key_of(quarter(world))],
    "performance:plan_update_file": lambda world: [world.plan_file.pk],
}


def quarter(world):
    return asked_quarter(world.team.partnership, world.now.date())


def records(world):
    here = world.partners["team"].partnership
    asked = asked_quarter(here, world.now.date())
    year = Period.year_of(asked.first, here.year_start)
    plan = PlanFactory(partnership=here, name="Access plan", starts_on=year.first, ends_on=year.last)
    action = _action(world, plan, asked)
    file = PlanUpdate.objects.get(action=action).files.get()
    return {"plan": plan, "plan_action": action, "plan_file": file}


def _action(world, plan, asked):
    priority = PriorityFactory(plan=plan)
    indicator = IndicatorFactory(partnership=plan.partnership)
    plan.watched.create(priority=priority, indicator=indicator, position=1)
    plan.figures.create(priority=priority, label="Residents", value=12)
    action = PlanActionFactory(priority=priority)
    action.leads.set([world.partners["housing"]])
    action.measures.create(position=1, text="Visits", kind="count", target=3, measure="meetings-held")
    action.see_also.set(plan.actions.exclude(pk=action.pk))
    write_update(
        action=action,
        quarter=asked,
        details=UpdateDetails("on_track", "It goes."),
        files=[ContentFile(f"Visits of action {action.pk}".encode(), name=FILE)],
        seen=prints_of(UpdateDetails()),
        by=world.users["housing"],
        at=world.now,
    )
    return action


def grow(world, number):
    _action(world, world.plan, quarter(world))
    waiting = PlanActionFactory(priority=world.plan_action.priority, person=world.users["police"])
    waiting.leads.set([world.partners["housing"]])
    PlanFactory(partnership=world.plan.partnership)


LISTS = """
officer performance:plans
"""
PAGES = """
officer performance:plan
lead    performance:plan
officer performance:plan_action
officer performance:plan_action_edit
lead    performance:plan_update
officer performance:priority_edit
"""
