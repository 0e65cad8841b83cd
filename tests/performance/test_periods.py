"""Which periods can be asked for, what each is compared with, and which way a figure goes."""

import datetime as dt

import pytest

from csp.agencies.measures import Figure, find_measure
from csp.core.calendar import Period
from performance.services.comparing import Change, change, percent_change
from performance.services.periods import (
    before,
    choices,
    comparable,
    first_day,
    month_of,
    points_up_to,
    short_name,
)
from performance.services.report_periods import recorded_since
from performance.services.small_numbers import Shown, shown
from tasking.models import ItemAction
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import NOON, ReportFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory

TODAY = dt.date(2022, 5, 20)


def names(periods: list[Period]) -> list[str]:
    return [each.name for each in periods]


def test_years_and_quarters_from_the_first_record_to_now() -> None:
    assert names(choices(dt.date(2021, 12, 31), TODAY, 4)) == [
        "2022-23", "2022-23 Q1",
        "2021-22", "2021-22 Q4", "2021-22 Q3", "2021-22 Q2", "2021-22 Q1",
    ]  # fmt: skip
    assert names(choices(dt.date(2022, 1, 1), TODAY, 1)) == ["2022", "2022 Q2", "2022 Q1"]
    assert names(choices(TODAY, TODAY, 4)) == ["2022-23", "2022-23 Q1"]


@pytest.mark.parametrize(
    ("name", "earlier"),
    [("2021-22", "2020-21"), ("2021-22 Q1", "2020-21 Q4"), ("2021-22 Q4", "2021-22 Q3")],
)
def test_what_came_before(name: str, earlier: str) -> None:
    assert before(Period.named(name), 4).name == earlier


def test_what_runs_still_is_compared_with_as_much_of_what_came_before() -> None:
    quarter = Period.named("2022-23 Q1")
    cut = comparable(before(quarter, 4), quarter, TODAY)
    assert (cut.first, cut.last) == (dt.date(2022, 1, 1), dt.date(2022, 2, 19))
    over = Period.named("2021-22 Q4")
    assert comparable(before(over, 4), over, TODAY) == before(over, 4)
    longer = Period.named("2021-22 Q4")
    assert comparable(longer, quarter, dt.date(2022, 6, 29)).last == dt.date(2022, 3, 31)


def test_a_trend_ends_with_its_day() -> None:
    quarters = points_up_to(dt.date(2022, 3, 31), 4, monthly=False)
    assert names(quarters)[0] == "2020-21 Q1"
    assert names(quarters)[-1] == "2021-22 Q4"
    assert short_name(quarters[-1]) == "Q4 21-22"
    months = points_up_to(dt.date(2021, 12, 1), 4, monthly=True)
    assert (months[0].first, months[-1].last) == (dt.date(2020, 12, 1), dt.date(2021, 12, 31))
    assert short_name(months[0]) == "Dec 20"


@pytest.mark.parametrize(
    ("key", "first"),
    [("January-2022", None), ("February-2022", 2), ("March-2022", 3), ("April-2022", 4), ("May-2022", None),
     ("2021-22", None), ("", None)],
)  # fmt: skip
def test_a_month_is_asked_for_from_the_first_record_to_now(key: str, first: int | None) -> None:
    found = month_of(key, dt.date(2022, 2, 28), dt.date(2022, 4, 1))

    assert (found and found.first) == (first and dt.date(2022, first, 1))


@pytest.mark.django_db
def test_records_begin_with_the_first_of_any_measure() -> None:
    team = PartnerFactory(receiving=True)
    measures = [find_measure("cases-opened"), find_measure("reports-received")]
    assert first_day(team.partnership, measures, TODAY) == TODAY
    ReportFactory(lead=team)
    assert first_day(team.partnership, measures, TODAY) == NOON.date()


@pytest.mark.parametrize(
    ("now", "earlier", "percent"),
    [(12, 10, 20), (8, 10, -20), (0, 4, -100), (4, 0, None), (0, 0, None), (None, 4, None), (3, None, None),
     (1005, 1000, 1), (995, 1000, -1), (1, 3, -67)],
)  # fmt: skip
def test_percent_changes_are_computed(now: int | None, earlier: int | None, percent: int | None) -> None:
    assert percent_change(now, earlier) == percent


def read(number: int | None, part: int | None = None, *, small: bool = True) -> Shown | None:
    if number is None:
        return None
    return shown([Figure("", "", number, part)], small=small).rows[0]


@pytest.mark.parametrize(
    ("now", "earlier", "words"),
    [
        (12, 24, Change("down", "down from 24", -50)),
        (24, 12, Change("up", "up from 12", 100)),
        (15, 10, Change("up", "up from 10", 50)),
        (15, 9, Change("up", "up from 9")),
        (7, 7, Change("same", "no change")),
        (7, 0, Change("up", "up from 0")),
        (0, 0, Change("same", "no change")),
        (7, None, Change("", "nothing recorded then")),
        (None, 7, Change("", "nothing recorded yet")),
    ],
)
def test_which_way_a_figure_goes(now: int | None, earlier: int | None, words: Change) -> None:
    assert change(read(now), read(earlier)) == words


@pytest.mark.parametrize(
    ("now", "earlier", "words"),
    [
        (12, 3, Change("up", "up from fewer than 5")),
        (2, 3, Change("", "was fewer than 5")),
        (2, 12, Change("", "was 12")),
        (0, 3, Change("", "was fewer than 5")),
    ],
)
def test_a_small_number_is_not_told_by_how_it_changed(now: int, earlier: int, words: Change) -> None:
    assert change(read(now, small=False), read(earlier, small=False)) == words


def test_shares_are_compared_in_points() -> None:
    assert change(read(10, 9), read(20, 10), share=True) == Change("up", "up from 50%")
    assert change(read(10, 5), read(20, 10), share=True) == Change("same", "the same as 50%")
    assert change(read(10, 5), read(0, 0), share=True).direction == ""
    assert change(read(20, 10, small=False), read(20, 2, small=False), share=True).direction == ""


def test_percent_words() -> None:
    assert Change("down", "", -50).percent_words == "50% less"
    assert Change("up", "", 7).percent_words == "7% more"
    assert Change("same", "", 0).percent_words == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "first"),
    [
        (dt.datetime(2021, 6, 30, 23, 30, tzinfo=dt.UTC), dt.date(2021, 7, 1)),  # 00:30 in London
        (dt.datetime(2021, 6, 30, 22, 59, tzinfo=dt.UTC), dt.date(2021, 6, 30)),
        (dt.datetime(2021, 12, 31, 23, 59, tzinfo=dt.UTC), dt.date(2021, 12, 31)),
    ],
)
def test_the_first_record_is_of_its_day_here(received: dt.datetime, first: dt.date) -> None:
    report = ReportFactory(lead=PartnerFactory(receiving=True), received_at=received)
    measures = [each for name in ("reports-received", "cases-opened") if (each := find_measure(name))]
    assert recorded_since(report.partnership, measures) == {measures[0].room: first}


@pytest.mark.django_db
@pytest.mark.parametrize("day", [dt.date(2021, 7, 1), dt.date(2021, 1, 1)])
def test_the_first_day_is_that_day_itself(day: dt.date) -> None:
    team = PartnerFactory(receiving=True)
    item = AgendaItemFactory(meeting=MeetingFactory(series=SeriesFactory(lead=team)))
    action = ActionFactory(lead=team, owner=team, due_on=day)
    ItemAction.objects.create(item=item, action=action)
    due = find_measure("meeting-actions-due")
    assert due is not None
    assert recorded_since(team.partnership, [due]) == {due.room: day}
