"""The dashboard: what it shows to whom, and its charts."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from csp.agencies.enums import AreaKind, Role
from csp.agencies.models import Area, Partner, User
from csp.core.calendar import Period
from performance.services.dashboard import sheets
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, CategoryFactory, ReportFactory
from tests.performance.dashboard_scene import (
    A_YEAR,
    JUNE,
    YEAR,
    built,
    done,
    reported,
    said,
    show,
    table_of,
    tile,
    words_of,
)

pytestmark = pytest.mark.django_db


def test_a_figure_is_compared_with_the_period_before_and_a_year_before(team: Partner) -> None:
    (
        reported(team, at=JUNE - 2 * A_YEAR),
        reported(team, 10, JUNE - A_YEAR),
        reported(team, 4, JUNE - dt.timedelta(days=91)),
        reported(team, 12),
    )

    quarter = tile(built(team, Period.named("2021-22-Q1")), "reports-received")
    assert quarter.headline == "12"
    assert said(quarter) == [
        ("up from 4", "", "in 2020-21 Q4"), ("up from 10", "20% more", "in 2020-21 Q1"),
    ]  # fmt: skip
    assert said(tile(built(team), "reports-received")) == [("down from 14", "14% less", "in 2020-21")]


def test_a_quarter_that_runs_is_compared_with_the_same_days(team: Partner) -> None:
    (
        reported(team, at=JUNE - 2 * A_YEAR),
        reported(team, 2),
        reported(team, 3, JUNE - A_YEAR),
        reported(team, 5, JUNE - A_YEAR + dt.timedelta(days=9)),
    )

    found = built(team, Period.named("2021-22-Q1"), JUNE.date())
    assert found.so_far
    assert said(tile(found, "reports-received"))[-1] == ("down from 3", "", "by the same day of 2020-21 Q1")


@pytest.mark.parametrize(
    ("first", "words"),
    [(dt.date(2020, 4, 8), "not recorded for the whole period"), (dt.date(2020, 4, 7), "up from 10")],
)
def test_nothing_is_compared_with_a_period_recorded_in_part(
    team: Partner, first: dt.date, words: str
) -> None:
    reported(team, 10, dt.datetime.combine(first, dt.time(9), dt.UTC)), reported(team, 12)

    assert said(tile(built(team), "reports-received"))[0][0] == words


def due(team: Partner, day: dt.date, *, late: bool = False) -> None:
    ended = dt.datetime.combine(day, dt.time(9), dt.UTC) + dt.timedelta(days=late)
    ActionFactory(lead=team, owner=team, complete=True, due_on=day, ended_at=ended, asked_at=JUNE - A_YEAR)


def test_what_is_counted_up_to_yesterday_is_compared_with_as_many_days(
    team: Partner, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(JUNE, tick=False)
    due(team, dt.date(2019, 6, 7))
    for year in (2020, 2021):
        due(team, dt.date(year, 6, 7)), due(team, dt.date(year, 6, 8), late=True)

    found = tile(built(team, Period.named("2021-22-Q1"), JUNE.date()), "actions-due")
    assert (found.headline, found.detail) == ("100%", "1 of 1 actions")
    assert said(found)[-1] == ("the same as 100%", "", "by the same day of 2020-21 Q1")


def test_on_the_first_day_there_is_nothing_to_compare_what_counts_to_yesterday(
    team: Partner, time_machine: TimeMachineFixture
) -> None:
    first = dt.datetime(2021, 7, 1, 9, tzinfo=dt.UTC)
    time_machine.move_to(first, tick=False)
    due(team, dt.date(2020, 7, 1)), due(team, dt.date(2021, 7, 1))

    found = tile(built(team, Period.named("2021-22-Q2"), first.date()), "actions-due")
    assert [words for words, _, _ in said(found)] == ["nothing to compare yet"] * 2


def test_nought_is_told_from_what_was_not_recorded(team: Partner) -> None:
    empty = tile(built(team), "reports-received")
    assert (empty.headline, said(empty)[0][0]) == ("Not recorded", "nothing recorded yet")

    reported(team, at=dt.datetime(2020, 4, 2, 9, tzinfo=dt.UTC))
    none = tile(built(team), "reports-received")
    assert (none.headline, said(none)[0][0]) == ("0", "down from 1")
    assert said(tile(built(team, YEAR.back()), "reports-received"))[0][0] == "nothing recorded then"
    assert table_of(built(team, YEAR.back()), "reports-over-time")[1:3] == [
        ["Q1 19-20", "not recorded"], ["Q2 19-20", "not recorded"],
    ]  # fmt: skip


def test_a_measure_with_a_part_shows_its_share(team: Partner) -> None:
    done(team, team, late=False), done(team, team, late=True), done(team, team, late=False)

    found = tile(built(team, Period.named("2025-26")), "actions-due")
    assert (found.headline, found.label, found.detail) == (
        "67%", "Actions due: done on time", "2 of 3 actions",
    )  # fmt: skip


def test_areas_and_agencies_have_each_their_line(team: Partner, area: Area) -> None:
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    reported(team, 2, local_area=area), reported(team)
    CaseFactory(lead=team, local_area=area, opened_at=JUNE)
    assert table_of(built(team), "areas") == [
        ["", "Reports received", "Cases opened", "Cases closed", "Cases open at the end"],
        ["Abingdon", "2", "1", "0", "1"],
        ["Place not known", "1", "0", "0", "0"],
    ]

    done(team, soha, late=True), done(team, soha, late=False)
    lines = table_of(built(team, Period.named("2025-26")), "agencies")
    assert lines[1:] == [
        ["Soha", "0", "50% of 2", "0", "none", "none"], ["Team", "1", "none", "0", "none", "none"],
    ]  # fmt: skip


def test_without_local_areas_wards_are_shown(team: Partner) -> None:
    ward = AreaFactory(partnership=team.partnership, name="Abbey Ward")
    reported(team, ward=ward)

    assert table_of(built(team), "areas")[1][:2] == ["Abbey Ward", "1"]


def test_the_most_frequent_are_drawn_and_all_are_in_the_file(team: Partner) -> None:
    for number in range(10):
        report = ReportFactory(lead=team, received_at=JUNE)
        report.categories.add(CategoryFactory(lead=team, label=f"Kind {number}"))

    picture = next(each for each in built(team).pictures if each.name == "categories")
    assert picture.chart.title == "Reports by category, the 8 most frequent"
    assert len(picture.chart.labels) == 8
    assert len(picture.rows) == 11


def test_trends_by_month_end_with_the_period(team: Partner) -> None:
    reported(team, 2, dt.datetime(2022, 3, 31, 22, 59, tzinfo=dt.UTC))

    rows = table_of(built(team, monthly=True), "reports-over-time")
    assert (rows[1][0], rows[-1]) == ("Mar 21", ["Mar 22", "2"])


def test_small_numbers_are_held_back_everywhere(team: Partner, area: Area) -> None:
    other = AreaFactory(partnership=team.partnership, name="Wantage", kind=AreaKind.LOCAL_AREA)
    reported(team, 3, local_area=area), reported(team, 9, local_area=other)
    reported(team, 20, JUNE + dt.timedelta(days=91), local_area=other)
    reported(team, 2, JUNE + dt.timedelta(days=182), local_area=area)

    found = built(team, small=False)
    assert tile(found, "reports-received").headline == "not shown"
    assert tile(found, "reports-received").spark == ""
    assert tile(found, "reports-received").url == ""
    quarters = [row[1] for row in table_of(found, "reports-over-time")[-4:]]
    assert quarters == ["not shown", "20", "fewer than 5", "0"]
    assert [row[:2] for row in table_of(found, "areas")[1:]] == [
        ["Abingdon", "not shown"], ["Wantage", "not shown"],
    ]  # fmt: skip
    assert not any("3" in cell.split() for sheet in sheets(found) for row in sheet.rows for cell in row)


def test_a_year_does_not_tell_what_its_quarters_hold_back(team: Partner, area: Area) -> None:
    other = AreaFactory(partnership=team.partnership, name="Wantage", kind=AreaKind.LOCAL_AREA)
    for quarter, number in enumerate((5, 6, 6, 3)):
        reported(team, number, JUNE + quarter * dt.timedelta(days=91), local_area=area)
        reported(team, 10, JUNE + quarter * dt.timedelta(days=91), local_area=other)

    def numbers(period: str) -> list[str]:
        found = built(team, Period.named(period), small=False)
        return [tile(found, "reports-received").headline, *(row[1] for row in table_of(found, "areas")[1:])]

    assert numbers("2021-22-Q1") == ["15", "5", "10"]
    assert numbers("2021-22-Q4") == ["13", "fewer than 5", "not shown"]
    assert numbers("2021-22") == ["60", "not shown", "not shown"]
    assert [row[1] for row in table_of(built(team), "areas")[1:]] == ["20", "40"]


def test_a_month_is_not_told_by_its_quarter(team: Partner) -> None:
    for month, number in ((4, 5), (5, 6), (6, 3), (1, 6), (2, 5), (3, 3)):
        reported(team, number, dt.datetime(2021 if month > 3 else 2022, month, 8, 9, tzinfo=dt.UTC))
    reported(team, 5, dt.datetime(2021, 1, 8, 9, tzinfo=dt.UTC))
    reported(team, 6, dt.datetime(2021, 2, 8, 9, tzinfo=dt.UTC))
    reported(team, 7, dt.datetime(2021, 3, 8, 9, tzinfo=dt.UTC))

    for period in ("2021-22", "2021-22-Q4"):
        found = built(team, Period.named(period), small=False, monthly=True)
        rows = table_of(found, "reports-over-time")[1:]
        assert [row[1] for row in rows[:4]] == ["7", "not shown", "6", "fewer than 5"]
        assert [row[1] for row in rows[-3:]] == ["6", "not shown", "fewer than 5"]


def test_months_of_a_quarter_that_says_too_much_say_nothing(team: Partner) -> None:
    for month in (4, 5):
        reported(team, 4, dt.datetime(2021, month, 8, 9, tzinfo=dt.UTC))

    rows = table_of(built(team, small=False, monthly=True), "reports-over-time")[1:]
    assert [row[1] for row in rows[1:4]] == ["not shown", "not shown", "0"]


def test_it_costs_others_the_same_however_much_there_is(team: Partner, area: Area) -> None:
    reported(team, local_area=area)
    few = len(queries_of(lambda: built(team, small=False)))
    for number in range(5):
        more = AreaFactory(partnership=team.partnership, name=f"Area {number}", kind=AreaKind.LOCAL_AREA)
        reported(team, 2, local_area=more)
        CaseFactory(lead=team, local_area=more, opened_at=JUNE)

    assert len(queries_of(lambda: built(team, small=False))) == few
    assert few <= 6


def test_it_costs_the_same_however_much_there_is(team: Partner, area: Area) -> None:
    reported(team, local_area=area)
    few = len(queries_of(lambda: built(team)))
    for number in range(5):
        more = AreaFactory(partnership=team.partnership, name=f"Area {number}", kind=AreaKind.LOCAL_AREA)
        reported(team, 2, local_area=more)
        CaseFactory(lead=team, local_area=more, opened_at=JUNE)
        done(team, PartnerFactory(partnership=team.partnership), late=True)

    assert len(queries_of(lambda: built(team))) == few
    assert few <= 6


def test_each_figure_opens_its_list_but_not_for_the_board(
    client: Client, team: Partner, officer: User
) -> None:
    reported(team, 6)
    way = reverse("performance:records", args=["reports-received"]) + "?period=2021-22"

    page = words_of(show(client, officer))
    assert way in page
    assert "1 April 2021 to 31 March 2022" in page
    assert 'alt="Reports received, in reports' in page
    assert "Show as table" in page
    assert "fewer than 5" not in page
    board = words_of(show(client, user_at(team, Role.BOARD)))
    assert way not in board
    assert "/performance/measures/reports" not in board
    assert "so that nobody can be recognised" in board


def test_late_clocks_stand_whatever_the_period(client: Client, team: Partner, officer: User) -> None:
    today = timezone.localdate()
    CaseFactory(lead=team, update_due_on=today - dt.timedelta(days=1))

    page = words_of(show(client, officer))
    assert reverse("performance:records", args=["updates-late"]) in page


def test_who_does_not_read_performance_is_refused(client: Client, team: Partner) -> None:
    for role in (Role.PROVIDER, Role.ADMINISTRATOR):
        user = user_at(team, role)
        assert show(client, user).status_code == 403
        assert show(client, user, "download").status_code == 403


@pytest.mark.parametrize("query", [{"period": "soon"}, {"by": "minute"}, {"period": "2021-22-Q9"}])
def test_what_cannot_be_read_is_left_out(client: Client, officer: User, query: dict[str, str]) -> None:
    assert show(client, officer, **query).status_code == 200


def test_calendar_years_where_the_partnership_has_them(client: Client, team: Partner, officer: User) -> None:
    team.partnership.year_start = 1
    team.partnership.save()
    reported(team, 1)

    page = words_of(show(client, officer, period="2021-Q2"))
    assert "2021 Q2, April to June" in page
    assert "1 April 2021 to 30 June 2021" in page
