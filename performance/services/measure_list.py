"""All that is counted, with the figures of one period."""

from dataclasses import dataclass

from csp.agencies.measures import Measure, all_measures
from csp.agencies.models import Partnership
from csp.core.calendar import Period
from performance.services.asking import Figures
from performance.services.dashboard import address
from performance.services.longer_periods import one_of_year, parts_of
from performance.services.small_numbers import Shown


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
    figures = Figures(partnership)
    quarters = {each.name: parts_of(each, period, partnership.year_start, small=small) for each in measures}
    for each in measures:
        figures.want(each, period, *quarters[each.name])
    figures.ask()
    return [
        Listed(
            each,
            one_of_year(
                figures.whole(each, period),
                [figures.whole(each, quarter) for quarter in quarters[each.name]],
                small=small,
            ),
            address(each, period) if opens else "",
        )
        for each in measures
    ]
