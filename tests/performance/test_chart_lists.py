"""The numbers under a chart open the records behind them: a quarter's, a month's, a kind's."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from csp.agencies.enums import Role
from csp.agencies.models import Area, Partner, User
from csp.core.calendar import Period
from csp.core.charts import Cell
from performance.services.dashboard_parts import Dashboard
from tests.factories.agencies import user_at
from tests.factories.cases import NOON, CategoryFactory, ReportFactory
from tests.performance.dashboard_scene import JUNE, built, done, reported, show, words_of

pytestmark = pytest.mark.django_db


def cells(found: Dashboard, name: str) -> dict[str, list[Cell]]:
    picture = next(each for each in found.pictures if each.name == name)
    return dict(picture.chart.table)


def way(name: str, query: str) -> str:
    return f"{reverse('performance:records', args=[name])}?{query}"


def counted_at(client: Client, user: User, address: str) -> tuple[str, int]:
    """The figure on the page, and how many records it lists."""
    client.force_login(user)
    page = words_of(client.get(address))
    number = re.search(r'class="app-figure__number[^"]*"> ([\d,]+|not shown)', page)
    assert number is not None
    return number[1], page.count("data-row-link")


@pytest.mark.parametrize(
    ("monthly", "label", "key"), [(False, "Q1 21-22", "2021-22-Q1"), (True, "Jun 21", "June-2021")]
)
def test_a_number_over_time_opens_its_list(
    client: Client, team: Partner, officer: User, monthly: bool, label: str, key: str
) -> None:
    reported(team, 2)
    reported(team, 3, JUNE + dt.timedelta(days=91))

    (cell,) = cells(built(team, monthly=monthly), "reports-over-time")[label]

    assert (cell.words, cell.url) == ("2", way("reports-received", f"period={key}"))
    assert counted_at(client, officer, cell.url) == ("2", 2)


def test_each_line_of_a_chart_opens_its_own(
    client: Client, team: Partner, soha: Partner, officer: User
) -> None:
    done(team, soha, late=True)
    done(team, soha, late=False)

    year = Period.year_of(NOON.date(), 4)
    found = cells(built(team, year, today=year.last), "on-time")
    addresses = {cell.url.partition("?")[0] for line in found.values() for cell in line if cell.url}

    assert addresses == {reverse("performance:records", args=["actions-due"])}
    reported(team, 1, NOON)
    found = cells(built(team, year, today=year.last), "on-time")
    both = [[cell.url.partition("?")[0] for cell in line] for line in found.values()][-1]
    assert both == [
        reverse("performance:records", args=[name]) for name in ("reports-triaged", "actions-due")
    ]


def test_a_bar_opens_what_it_counts(client: Client, team: Partner, officer: User) -> None:
    for label, number in (("Noise", 3), ("Litter", 1)):
        category = CategoryFactory(lead=team, label=label)
        for _ in range(number):
            ReportFactory(lead=team, received_at=JUNE).categories.add(category)

    found = cells(built(team), "categories")

    assert [(label, line[0].words) for label, line in found.items()] == [("Noise", "3"), ("Litter", "1")]
    assert counted_at(client, officer, found["Noise"][0].url) == ("3", 3)
    assert counted_at(client, officer, found["Litter"][0].url) == ("1", 1)


def test_what_was_not_recorded_opens_nothing(team: Partner) -> None:
    reported(team, 2)

    found = cells(built(team), "reports-over-time")

    assert (found["Q4 20-21"][0].words, found["Q4 20-21"][0].url) == ("not recorded", "")
    assert found["Q2 21-22"][0].words == "0"
    assert found["Q2 21-22"][0].url


def test_the_page_links_them_but_not_for_the_board(
    client: Client, team: Partner, officer: User, board: User
) -> None:
    reported(team, 2)
    link = f'href="{way("reports-received", "period=2021-22-Q1")}"'

    assert f'{link}>2<span class="govuk-visually-hidden"> Reports received, Q1 21-22</span>' in words_of(
        show(client, officer)
    )
    assert link not in words_of(show(client, board))


def test_a_month_does_not_tell_others_what_its_quarter_holds_back(
    client: Client, team: Partner, soha: Partner, area: Area
) -> None:
    """7 and 6 would tell the 3 of the month between them, by what their quarter counts."""
    for month, number in ((4, 7), (5, 3), (6, 6)):
        reported(team, number, dt.datetime(2021, month, 8, 9, tzinfo=dt.UTC), local_area=area)
    worker = user_at(soha, Role.PRACTITIONER)
    client.force_login(worker)

    pages = {
        month: words_of(client.get(way("reports-received", f"period={month}-2021")))
        for month in ("April", "May", "June")
    }

    for page in pages.values():
        assert "app-figure__number--words" in page
        assert "How many there are is not shown here" in page
        assert "Abingdon" not in page
    assert counted_at(client, worker, way("reports-received", "period=2021-22-Q1")) == ("16", 0)


def test_the_page_of_a_month_says_which_and_leads_back_to_the_months(
    client: Client, team: Partner, officer: User
) -> None:
    reported(team, 2)
    client.force_login(officer)

    page = words_of(client.get(way("reports-received", "period=June-2021")))

    assert "June 2021: 1 June 2021 to 30 June 2021" in page
    assert re.search(r'<option value="June-2021" selected> ?June 2021 ?</option>', page)
    back = f"{reverse('performance:dashboard')}?period=2021-22&by=month"
    assert f'class="govuk-back-link" href="{back}"' in page
    assert "Reports received" in words_of(client.get(back))


@pytest.mark.parametrize("key", ["May-2021", "January-2090", "June-21", "Soon-2021"])
def test_a_month_without_records_or_to_come_is_no_choice(
    client: Client, team: Partner, officer: User, key: str
) -> None:
    reported(team, 2)
    client.force_login(officer)

    assert key not in words_of(client.get(way("reports-received", f"period={key}")))
