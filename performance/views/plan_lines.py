"""A plan as its page shows it: how each action goes in one quarter, and which updates are missing."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.urls import reverse

from csp.agencies.models import User
from csp.core.calendar import Period
from performance.enums import Rating
from performance.forms.plan_updates import plain
from performance.models import Plan, PlanAction, PlanFigure, PlanIndicator, PlanUpdate, Priority
from performance.models.plan_quarters import key_of
from performance.services.plan_updates import counted_measure
from performance.views.plan_shell import shown

NO_AGENCY = "No agency chosen"


def short(rating: str) -> str:
    """Delayed, with a plan to catch up: in a tag the first word is enough."""
    return str(Rating(rating).label).partition(",")[0]


@dataclass(frozen=True)
class Line:
    """One action in one quarter."""

    action: PlanAction
    update: PlanUpdate | None
    before: PlanUpdate | None
    missing: bool
    url: str
    """Where it is written, for those who may."""

    @property
    def tag(self) -> str:
        return short(self.update.rating) if self.update else ""

    @property
    def tag_before(self) -> str:
        return short(self.before.rating) if self.before else ""

    @property
    def number(self) -> str:
        """14 of 30 visits; empty where no number was given."""
        if self.update is None or self.update.value is None:
            return ""
        measure = counted_measure(self.action)
        target = f" of {plain(measure.target)}" if measure and measure.target is not None else ""
        unit = f" {measure.unit}" if measure and measure.unit else ""
        return f"{plain(self.update.value)}{target}{unit}"


@dataclass(frozen=True)
class Block:
    """One priority."""

    priority: Priority
    lines: list[Line]
    figures: list[PlanFigure]
    watched: list[PlanIndicator]


@dataclass(frozen=True)
class Theme:
    name: str
    objective: str
    watched: list[PlanIndicator]
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Missing:
    """What one agency has not told of yet."""

    agency: str
    lines: list[Line]


@dataclass(frozen=True)
class PlanPage:
    themes: list[Theme]
    lines: list[Line]
    figures: list[PlanFigure]

    @property
    def asked(self) -> int:
        return len([line for line in self.lines if line.missing or line.update])

    @property
    def told(self) -> int:
        return len([line for line in self.lines if line.update])

    @property
    def ratings(self) -> list[dict[str, Any]]:
        """How many go how, in the order of the ratings; none of nought."""
        given = [line.update.rating for line in self.lines if line.update]
        return [
            {"status": code, "label": short(code), "number": given.count(code)}
            for code in Rating.values
            if code in given
        ]

    @property
    def missing(self) -> list[Missing]:
        """By agency: an action of two agencies is missing from both."""
        found: dict[str, list[Line]] = {}
        for line in (line for line in self.lines if line.missing):
            names = [each.name for each in line.action.leads.all()] or [NO_AGENCY]
            for name in names:
                found.setdefault(name, []).append(line)
        return [Missing(name, lines) for name, lines in sorted(found.items())]

    def own(self, user: User) -> list[Line]:
        """What waits for the person's own agencies, or for the person."""
        return [
            line
            for line in self.lines
            if line.missing
            and (
                line.action.person_id == user.pk
                or any(each.pk in user.partner_ids for each in line.action.leads.all())
            )
        ]


def plan_page(plan: Plan, quarter: Period | None, user: User) -> PlanPage:
    """The same number of questions to the database however long the plan is."""
    lines = _lines(plan, quarter, user)
    by_priority: dict[int, list[Line]] = {}
    for line in lines:
        by_priority.setdefault(line.action.priority_id, []).append(line)
    figures = list(plan.figures.order_by("pk"))
    watched = list(plan.watched.select_related("indicator").order_by("position", "pk"))
    blocks = [
        Block(
            priority,
            by_priority.get(priority.pk, []),
            [each for each in figures if each.priority_id == priority.pk],
            [each for each in watched if each.priority_id == priority.pk],
        )
        for priority in plan.priorities.order_by("position", "pk")
    ]
    themes = []
    for name, found in groupby(blocks, key=lambda each: each.priority.theme):
        inside = list(found)
        own = [each for each in watched if each.priority_id is None and each.theme == name]
        objectives = {each.priority.objective for each in inside}
        themes.append(Theme(name, objectives.pop() if len(objectives) == 1 else "", own, inside))
    return PlanPage(themes, lines, [each for each in figures if each.priority_id is None])


def _lines(plan: Plan, quarter: Period | None, user: User) -> list[Line]:
    actions = list(shown(plan.actions.all()).order_by("position", "pk"))
    updates = PlanUpdate.objects.filter(action__plan=plan).select_related("partner").order_by("quarter")
    now: dict[int, PlanUpdate] = {}
    before: dict[int, PlanUpdate] = {}
    for update in updates.filter(quarter__lte=quarter.first) if quarter else []:
        (now if quarter and update.quarter == quarter.first else before)[update.action_id] = update
    missing = set(plan.actions.missing_in(quarter).values_list("pk", flat=True)) if quarter else set()
    return [
        Line(
            action,
            now.get(action.pk),
            before.get(action.pk),
            action.pk in missing,
            update_url(action, quarter, user),
        )
        for action in actions
    ]


def update_url(action: PlanAction, quarter: Period | None, user: User) -> str:
    if quarter is None or not user.has_perm("performance.update_action", action):
        return ""
    return reverse("performance:plan_update", args=[action.pk, key_of(quarter)])
