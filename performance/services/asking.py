"""Many figures of a page, each asked for once, in as few queries as there can be."""

from collections.abc import Iterable

from csp.agencies.measures import Answer, Breakdown, Figure, Measure, Question, answers
from csp.agencies.models import Partnership
from csp.core.calendar import Period

Key = tuple[str, Period, str]


class Figures:
    """Say first all that is wanted, then ask, then read."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self._questions: dict[Key, Question] = {}
        self._answers: dict[Key, Answer] = {}

    def want(self, measure: Measure, *periods: Period) -> None:
        for period in periods:
            self._questions[_key(measure, period)] = Question(measure, period)

    def want_by(self, measure: Measure, breakdown: Breakdown, period: Period) -> None:
        self._questions[_key(measure, period, breakdown)] = Question(measure, period, breakdown)

    def ask(self) -> None:
        found: Iterable[Answer] = answers(self.partnership, list(self._questions.values()))
        self._answers = dict(zip(self._questions, found, strict=True))

    def whole(self, measure: Measure, period: Period) -> Figure:
        return self._answers[_key(measure, period)].whole

    def by(self, measure: Measure, breakdown: Breakdown, period: Period) -> list[Figure]:
        return self._answers[_key(measure, period, breakdown)].figures


def _key(measure: Measure, period: Period, breakdown: Breakdown | None = None) -> Key:
    return measure.name, period, breakdown.name if breakdown else ""
