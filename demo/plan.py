"""The plan that runs now, with what agencies said of its last two quarters: of the last, some are missing."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from csp.agencies.models import Partnership, User
from csp.core.calendar import Period, add_months, local_day, start_of_day
from performance.models import Plan, PlanAction
from performance.models.plan_quarters import asked_quarter, quarters_of
from performance.services.plan_import import import_plan
from performance.services.plan_reading import ReadPlan, read_plan
from performance.services.plan_updates import UpdateDetails, write_update
from performance.services.plans import prints_of

FILE = Path(__file__).with_name("plan.yaml")
UPDATES = Path(__file__).with_name("plan_updates.yaml")
YEARS, MONTHS = 3, 12
MANAGER = "manager@demo.example"


def load(partnership: Partnership, now: dt.datetime) -> Plan:
    """Begun in the financial year before this one, so that some quarters are over whatever the day."""
    today = local_day(now)
    year = Period.year_of(today, partnership.year_start)
    read = _from(read_plan(FILE.read_text(encoding="utf-8")), year.back().first)
    plan = import_plan(partnership=partnership, read=read, by=None, at=start_of_day(read.starts_on)).plan
    asked = asked_quarter(partnership, today)
    told = yaml.safe_load(UPDATES.read_text(encoding="utf-8"))
    over = [each for each in quarters_of(plan, today) if each.last <= asked.last][-len(told) :]
    for quarter, said in zip(over, told, strict=True):
        _say(plan, quarter, said, now)
    return plan


def _from(read: ReadPlan, first: dt.date) -> ReadPlan:
    """The same plan begun on that day: its due dates move along."""
    months = (first.year - read.starts_on.year) * MONTHS + first.month - read.starts_on.month
    last = add_months(first, MONTHS * YEARS) - dt.timedelta(days=1)
    priorities = tuple(
        dataclasses.replace(
            each,
            actions=tuple(
                dataclasses.replace(action, due_on=action.due_on and add_months(action.due_on, months))
                for action in each.actions
            ),
        )
        for each in read.priorities
    )
    name = f"{read.name} {first.year}-{last.year % 100:02}"
    return dataclasses.replace(read, name=name, starts_on=first, ends_on=last, priorities=priorities)


def _say(plan: Plan, quarter: Period, said: dict[str, Any], now: dt.datetime) -> None:
    at = min(now, start_of_day(quarter.last) + dt.timedelta(days=8, hours=11))
    for ref, (rating, number, words) in said.items():
        action = plan.actions.get(ref=ref)
        write_update(
            action=action,
            quarter=quarter,
            details=UpdateDetails(rating, words, None if number is None else Decimal(number)),
            seen=prints_of(UpdateDetails()),
            by=_writer(action),
            at=at,
        )


def _writer(action: PlanAction) -> User:
    """Somebody of an agency that leads it, else the manager, who was told."""
    seats = User.objects.filter(memberships__partner__in=action.leads.all(), is_active=True)
    found: User | None = seats.exclude(memberships__role="board").order_by("pk").first()
    return found or User.objects.get(email=MANAGER)
