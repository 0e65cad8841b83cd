"""Bringing a plan in from YAML. Twice changes nothing: what is there already stays as people left it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import local_day
from performance.models import Indicator, Plan, PlanAction, PlanIndicator, Priority
from performance.services.lead_words import Leads
from performance.services.plan_actions import ActionDetails, write_action
from performance.services.plan_reading import ReadAction, ReadIndicator, ReadPlan, ReadPriority
from performance.services.plans import PlanDetails, next_position, start_plan, write_figures


@dataclass
class Imported:
    """What came of it. Counts are of what is new, apart from `already`."""

    plan: Plan
    made: bool
    priorities: int = 0
    actions: int = 0
    measures: int = 0
    indicators: int = 0
    links: int = 0
    already: int = 0
    """Actions that the plan had. They stay as they are."""
    refs_of_no_action: list[dict[str, str]] = field(default_factory=list)
    leads_as_words: list[str] = field(default_factory=list)
    """Who leads, where no agency here is clearly meant."""

    def as_dict(self) -> dict[str, Any]:
        facts = {name: value for name, value in vars(self).items() if name != "plan"}
        return {"plan": self.plan.name, "id": self.plan.pk, **facts}


@transaction.atomic
def import_plan(*, partnership: Partnership, read: ReadPlan, by: User | None, at: dt.datetime) -> Imported:
    """Into the plan of that name, which is made where there is none. Raises `CannotKeepPlan`."""
    return _Import(partnership, read, at).run(by, at)


class _Import:
    def __init__(self, partnership: Partnership, read: ReadPlan, at: dt.datetime) -> None:
        self.partnership, self.read = partnership, read
        here = partnership.partners.select_related("agency")
        self.leads = Leads(here.current(local_day(at)), read.aliases)
        self.new: set[int] = set()

    def run(self, by: User | None, at: dt.datetime) -> Imported:
        done = self._plan(by, at)
        for priority in self.read.priorities:
            self._priority(done, priority)
        self._links(done)
        done.leads_as_words = sorted(set(done.leads_as_words))
        facts = ("priorities", "actions", "indicators", "links")
        if any(getattr(done, name) for name in facts):
            counts = {name: getattr(done, name) for name in facts}
            record("plan.imported", by=by, target=done.plan, **counts)
        return done

    def _plan(self, by: User | None, at: dt.datetime) -> Imported:
        read = self.read
        there = Plan.objects.select_for_update(of=("self",)).select_related("partnership")
        if plan := there.filter(partnership=self.partnership, name__iexact=read.name).first():
            return Imported(plan, made=False)
        details = PlanDetails(read.name, read.starts_on, read.ends_on, read.about, read.figures)
        return Imported(start_plan(partnership=self.partnership, details=details, by=by, at=at), made=True)

    def _priority(self, done: Imported, read: ReadPriority) -> None:
        fields = {"plan": done.plan, "theme": read.theme, "name": read.name}
        priority = Priority.objects.filter(**fields).first()
        if priority is None:
            position = next_position(done.plan.priorities)
            priority = Priority.objects.create(**fields, objective=read.objective, position=position)
            write_figures(done.plan, priority, read.figures)
            done.priorities += 1
        for indicator in read.indicators:
            self._watch(done, priority, read, indicator)
        for action in read.actions:
            self._action(done, priority, action)

    def _watch(
        self, done: Imported, priority: Priority, read: ReadPriority, indicator: ReadIndicator
    ) -> None:
        fields = {name: value for name, value in vars(indicator).items() if name != "name"}
        found, _ = Indicator.objects.get_or_create(
            partnership=self.partnership, name=indicator.name, defaults=fields
        )
        scope: dict[str, Any] = {"priority": None, "theme": read.theme}
        if not read.for_theme:
            scope = {"priority": priority, "theme": ""}
        position = next_position(done.plan.watched)
        _, made = PlanIndicator.objects.get_or_create(
            plan=done.plan, indicator=found, **scope, defaults={"position": position}
        )
        done.indicators += made

    def _action(self, done: Imported, priority: Priority, read: ReadAction) -> None:
        if done.plan.actions.filter(ref__iexact=read.ref).exists():
            done.already += 1
            return
        found = {words: self.leads.find(words) for words in read.leads}
        done.leads_as_words += [words for words, partner in found.items() if partner is None]
        details = ActionDetails(
            priority=priority.pk,
            ref=read.ref,
            what=read.what,
            how=read.how,
            why=read.why,
            youth=read.youth,
            youth_note=read.youth_note,
            lead_words="\n".join(read.leads),
            leads=tuple(sorted({partner for partner in found.values() if partner is not None})),
            due_on=read.due_on,
            frequency=read.frequency,
            measures=read.measures,
        )
        action = PlanAction(plan=done.plan, position=next_position(done.plan.actions))
        write_action(action, details)
        self.new.add(action.pk)
        done.actions += 1
        done.measures += len(read.measures)

    def _links(self, done: Imported) -> None:
        """Once all actions are there. What names none of them, or itself, is reported."""
        by_ref = {each.ref.casefold(): each for each in done.plan.actions.all()}
        for read in self.read.actions:
            action = by_ref[read.ref.casefold()]
            for ref in read.see_also:
                other = by_ref.get(ref.casefold())
                if other is None or other == action:
                    done.refs_of_no_action.append({"action": action.ref, "ref": ref})
                elif action.pk in self.new:
                    action.see_also.add(other)
                    done.links += 1
