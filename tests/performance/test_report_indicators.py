"""Indicators as a report prints them: which value stands beside which, at what cost."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csp.agencies.enums import AreaKind
from csp.core.calendar import Period
from performance.models import IndicatorValue, PoliceIncident
from performance.services import report_parts, report_states
from performance.services.police_import import load_police_file
from performance.services.report_parts import Asked
from performance.services.spans import read_span, year_before
from tests.counting import queries_of
from tests.factories.agencies import AreaFactory
from tests.factories.performance import IndicatorFactory
from tests.factories.police import police_bytes, police_row

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
TODAY = dt.date(2022, 5, 3)
QUARTER = Period.named("2021-22-Q4")
MONTHS = ("2021-01", "2021-02", "2021-03", "2022-01", "2022-02", "2022-03")


def give(indicator, span, value):
    found = read_span(span, TODAY)
    IndicatorValue.objects.create(
        indicator=indicator, first_on=found.first, last_on=found.last, value=Decimal(value),
        source="NHS", as_of=TODAY, by=None, at=NOW,
    )  # fmt: skip


def rows(partnership, period=QUARTER):
    (block,) = report_parts.indicators(Asked(partnership, period))
    return block["rows"]


@pytest.mark.parametrize("other", ["January 2021", "2021", "1 January 2021 to 15 March 2021"])
@pytest.mark.parametrize("first", [True, False])
def test_a_quarter_stands_beside_the_same_quarter_a_year_before(team, indicator, other, first):
    if first:
        give(indicator, other, "390")
    give(indicator, "2020-21 Q4", "1100")
    if not first:
        give(indicator, other, "390")
    give(indicator, "2021-22 Q4", "1200")

    (row,) = rows(team.partnership)
    assert (row["of"], row["words"], row["year_ago"]) == ("2021-22 Q4", "1,200", "1,100")


def test_a_month_is_not_set_beside_a_quarter(team, indicator):
    give(indicator, "2020-21 Q4", "1100")
    give(indicator, "March 2022", "390")

    (row,) = rows(team.partnership)
    assert (row["of"], row["words"], row["year_ago"]) == ("March 2022", "390", "not recorded")


def test_the_figure_of_the_whole_period_comes_before_that_of_its_last_month(team, indicator):
    give(indicator, "2021-22 Q4", "1200")
    give(indicator, "March 2022", "390")

    assert rows(team.partnership)[0]["words"] == "1,200"


def test_february_of_a_leap_year_stands_beside_february(team, indicator):
    give(indicator, "February 2020", "29")
    give(indicator, "February 2021", "28")

    (row,) = rows(team.partnership, Period.named("2020-21-Q4"))
    assert (row["words"], row["year_ago"]) == ("28", "29")


SPANS = st.sets(
    st.sampled_from(
        [f"{month} {year}" for year in (2021, 2022) for month in ("January", "February", "March")]
        + ["2020-21 Q4", "2021-22 Q4", "2021", "2020-21", "2021-22", "1 January 2022 to 9 March 2022"]
    )
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS)
def test_a_figure_stands_only_beside_that_of_the_same_months(team, spans):
    watched = IndicatorFactory(partnership=team.partnership, name="Watched")
    values = {read_span(span, TODAY): str(place) for place, span in enumerate(sorted(spans), start=1)}
    for span in spans:
        give(watched, span, values[read_span(span, TODAY)])

    (row,) = rows(team.partnership)
    by_name = {span.name: span for span in values}
    if row["of"]:
        span = by_name[row["of"]]
        ends = [each.last for each in values if QUARTER.first <= each.first and each.last <= QUARTER.last]
        assert (row["words"], span.last) == (values[span], max(ends))
        earlier = year_before(span, team.partnership.year_start)
        assert row["year_ago"] == values.get(earlier, "not recorded")
    else:
        assert not any(QUARTER.first <= each.first and each.last <= QUARTER.last for each in values)
    IndicatorValue.objects.all().delete()
    watched.delete()


def test_thirty_indicators_cost_as_much_as_one(team, indicator):
    def asks():
        return len(queries_of(lambda: rows(team.partnership)))

    give(indicator, "2021-22 Q4", "12")
    one = asks()
    for _ in range(29):
        give(IndicatorFactory(partnership=team.partnership), "2021-22 Q4", "12")

    assert asks() == one


def load(partnership, month, *found):
    file = BytesIO(police_bytes(*found))
    return load_police_file(partnership=partnership, file=file, name=f"{month}.csv", by=None, at=NOW)


@pytest.fixture
def district(team):
    return AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT, name="South Oxfordshire")


def test_files_in_which_nothing_lies_here_do_not_break_the_report(client, team, officer, district):
    IndicatorFactory(partnership=team.partnership, name="Drugs", crime_type="Drugs")
    for month in MONTHS:
        load(team.partnership, month, police_row("Drugs", month=month, lsoa="E01000001", name="London 001A"))
    assert not PoliceIncident.objects.exists()

    (row,) = rows(team.partnership)
    assert (row["number"], row["words"], row["year_ago"]) == (0, "0", "0")
    report = report_states.begin(partnership=team.partnership, period=QUARTER, by=officer, at=NOW)
    client.force_login(officer)
    assert client.get(report.get_absolute_url()).status_code == 200
    assert client.get(reverse("performance:report_data", args=[report.pk, "ods"])).status_code == 200


def test_a_file_in_which_nothing_lies_here_says_so_when_it_is_loaded(team, district):
    elsewhere = police_row(month="2022-01", lsoa="E01000001", name="London 001A")

    assert "1 row read, none of them here. Check" in load(team.partnership, "2022-01", elsewhere).words()
    words = load(team.partnership, "2022-02", police_row(month="2022-02")).words()
    assert words.endswith("1 row read, 1 of them here")
