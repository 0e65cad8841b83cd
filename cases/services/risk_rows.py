"""The risk of each person in a case as a page shows it: now, over time, and what is due."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models.functions import Coalesce

from cases.models import Case, DashAssessment, Person, RiskAssessment
from cases.services.cases import children
from cases.services.risk import REVIEW, people_at_risk, scored_since_asked
from csp.agencies.models import User
from csp.core.calendar import local_day

WIDTH, HEIGHT, EDGE = 240, 64, 6
"""Of the trend line, in its own units. The page scales it."""


@dataclass(frozen=True)
class Trend:
    """A line through the scores, oldest first, drawn from 0 to `most`."""

    scores: list[int]
    high_from: int

    @property
    def most(self) -> int:
        return max([*self.scores, self.high_from])

    def _y(self, score: int) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * score / self.most, 1)

    @property
    def dots(self) -> list[tuple[float, float]]:
        step = (WIDTH - 2 * EDGE) / max(len(self.scores) - 1, 1)
        return [(round(EDGE + step * place, 1), self._y(score)) for place, score in enumerate(self.scores)]

    @property
    def points(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.dots)

    @property
    def high_y(self) -> float:
        return self._y(self.high_from)

    @property
    def words(self) -> str:
        return (
            f"Scores, oldest first: {', '.join(map(str, self.scores))}. High risk begins at {self.high_from}"
        )


@dataclass(frozen=True)
class RiskRow:
    """One person of the case. `history` is newest first."""

    person: Person
    history: list[RiskAssessment] = field(default_factory=list)
    dash: list[DashAssessment] = field(default_factory=list)
    due_on: dt.date | None = None
    late: bool = False
    pressing: bool = False
    """Due today, or late."""

    @property
    def latest(self) -> RiskAssessment | None:
        return self.history[0] if self.history else None

    @property
    def before(self) -> RiskAssessment | None:
        return self.history[1] if len(self.history) > 1 else None

    @property
    def overridden(self) -> bool:
        return self.latest is not None and self.latest.risk != self.latest.scored

    @cached_property
    def trend(self) -> Trend | None:
        """From two scores on there is something to draw."""
        if len(self.history) < 2:
            return None
        return Trend([each.score for each in reversed(self.history)], self.history[0].template.high_from)


def risk_rows(case: Case, user: User, at: dt.datetime) -> list[RiskRow]:
    """Everybody affected, cut to what the user may read, in a constant number of queries."""
    history: dict[int, list[RiskAssessment]] = defaultdict(list)
    whose = Coalesce("person__merged_into", "person")
    scored = children(RiskAssessment, case, user).annotate(whose=whose)
    for each in scored.select_related("template", "by", "case").order_by("-at", "-pk"):
        history[each.whose].append(each)
    dash: dict[int, list[DashAssessment]] = defaultdict(list)
    done = children(DashAssessment, case, user).annotate(whose=whose)
    for result in done.select_related("by").order_by("-done_on", "-pk"):
        dash[result.whose].append(result)
    answered = scored_since_asked(case)
    return [
        RiskRow(
            person=person,
            history=history[person.pk],
            dash=dash[person.pk],
            **_due(case, answered(history[person.pk][0] if history[person.pk] else None), at),
        )
        for person in people_at_risk(case, user)
    ]


def _due(case: Case, answered: bool, at: dt.datetime) -> dict[str, Any]:
    """A review waits for everybody, any other reason for those who were not scored since."""
    if not case.is_open or case.risk_due_on is None:
        return {}
    waits = not answered or case.risk_due_because == REVIEW
    due, today = case.risk_due_on, local_day(at)
    return {"due_on": due, "late": due < today, "pressing": due <= today} if waits else {}
