from performance.models import Plan, PlanAction
from performance.models.plan_quarters import asked_quarter, key_of

OF_PLAN = ("plan_edit", "priority_new", "plan_action_new")
OF_ACTION = ("plan_action", "plan_action_edit", "plan_update")
WHO = {
    "performance:plans": "lead",
    "performance:plan": "lead",
    "performance:plan_new": "officer",
    "performance:priority_edit": "officer",
    **{f"performance:{name}": "officer" for name in (*OF_PLAN, *OF_ACTION)},
}
NO_PAGE = {"performance:plan_action_download", "performance:plan_update_file"}


def plan() -> Plan:
    found: Plan = Plan.objects.filter(partnership__slug="south-and-vale").latest("starts_on")
    return found


def action() -> PlanAction:
    found: PlanAction = plan().actions.get(ref="2")
    return found


def quarter() -> str:
    found = action().updates.latest("quarter")
    return key_of(asked_quarter(plan().partnership, found.at.date()))


ARGUMENTS = {
    **{f"performance:{name}": (lambda: plan().pk,) for name in ("plan", *OF_PLAN)},
    **{f"performance:{name}": (lambda: action().pk,) for name in ("plan_action", "plan_action_edit")},
    "performance:priority_edit": (lambda: action().priority_id,),
    "performance:plan_update": (lambda: action().pk, quarter),
}
