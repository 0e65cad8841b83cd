import datetime as dt
from typing import Any

from django.utils import timezone

from cases.enums import ConditionKind, InterventionKind, InterventionStatus, LinkRole, ServiceMethod
from cases.models import Case, CasePerson, Intervention, InterventionCondition

STEPS = ("edit", "serve", "extend", "appeal", "result", "review", "breach", "end", "withdraw")
WHO = {
    "cases:powers": "officer",
    "cases:power": "officer",
    "cases:power_new": "officer",
    "cases:power_add": "officer",
    **{f"cases:power_{step}": "officer" for step in STEPS},
}
NO_PAGE = {"cases:power_sheet"}


def _link() -> CasePerson:
    """Somebody who causes harm in an open case of the team."""
    links = CasePerson.objects.select_related("case").filter(
        role=LinkRole.SUBJECT, case__ended_at=None, case__lead__name="Community Safety"
    )
    link = links.order_by("case__reference", "pk").first()
    assert link is not None
    return link


def _power() -> Intervention:
    """A notice that runs, with a condition; made once, as the demo may have none."""
    link, notice = _link(), InterventionKind.CPN
    made = Intervention.objects.filter(case=link.case, kind=notice).first()
    if made is not None:
        return made
    now = timezone.now()
    case: Case = link.case
    given: dict[str, Any] = {
        "issuer": case.lead,
        "issued_by": "A. Officer, community safety officer",
        "person": link.person,
        "grounds": "Loud music on nine nights",
        "made_by": case.officer or case.lead.memberships.first().user,
        "made_at": now,
    }
    power = Intervention.objects.create(
        case=case,
        kind=notice,
        status=InterventionStatus.IN_FORCE,
        served_at=now - dt.timedelta(days=2),
        starts_at=now - dt.timedelta(days=2),
        ends_at=now + dt.timedelta(days=200),
        appeal_by=(now + dt.timedelta(days=18)).date(),
        service_method=ServiceMethod.HAND,
        **given,
    )
    InterventionCondition.objects.create(
        intervention=power, position=1, kind=ConditionKind.PROHIBITION, text="Play music after 11pm"
    )
    return power


def _reference() -> str:
    return _link().case.reference


def _pk() -> int:
    return _power().pk


ARGUMENTS = {
    "cases:powers": (_reference,),
    "cases:power": (_reference, _pk),
    "cases:power_new": (_reference,),
    "cases:power_add": (_reference, lambda: "cpw"),
    **{f"cases:power_{step}": (_reference, _pk) for step in STEPS},
}
