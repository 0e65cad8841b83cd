"""All that is counted, with the figures of one period."""

from dataclasses import dataclass

from csp.agencies.measures import Measure, Question, all_measures, answers
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.dashboard import address
from performance.services.small_numbers import Shown, shown


@dataclass(frozen=True)
class Listed:
    measure: Measure
    shown: Shown
    url: str

    @property
    def by(self) -> str:
        return ", ".join(each.label.lower() for each in self.measure.breakdowns)


def listed(partnership: Partnership, period: Period, *, small: bool, opens: bool) -> list[Listed]:
    """In the order of their rooms. `opens` gives each the way to its records."""
    measures = sorted(all_measures(), key=lambda each: each.room)
    found = answers(partnership, [Question(each, period) for each in measures])
    return [
        Listed(each, shown([answer.whole], small=small).rows[0], address(each, period) if opens else "")
        for each, answer in zip(measures, found, strict=True)
    ]
