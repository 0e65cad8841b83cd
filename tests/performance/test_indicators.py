"""Indicators: their rules, their values and restatements, and the pages."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from csp.agencies.enums import AreaKind
from csp.agencies.measures import all_measures
from csp.audit.models import Event
from csp.core.calendar import Period
from performance.forms.indicators import IndicatorForm
from performance.models.indicators import number_words
from performance.services import indicators as service
from performance.services.indicator_series import readings, series_of
from performance.services.indicators import CannotKeepIndicator, IndicatorDetails
from performance.services.police_import import load_police_file
from performance.services.spans import before, read_span, span_words, year_before
from tests.counting import queries_of
from tests.factories.agencies import AreaFactory
from tests.factories.cases import ReportFactory
from tests.factories.performance import IndicatorFactory
from tests.factories.police import ASB, police_bytes, police_row
from tests.performance.indicator_scene import MARCH, NOW, TODAY, add, given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "first", "last", "name"),
    [
        ("March 2024", (2024, 3, 1), (2024, 3, 31), "March 2024"),
        ("feb 2024", (2024, 2, 1), (2024, 2, 29), "February 2024"),
        ("2024-04", (2024, 4, 1), (2024, 4, 30), "April 2024"),
        ("04/2024", (2024, 4, 1), (2024, 4, 30), "April 2024"),
        ("2021-22", (2021, 4, 1), (2022, 3, 31), "2021-22"),
        ("2021/22", (2021, 4, 1), (2022, 3, 31), "2021-22"),
        ("2021-22 Q4", (2022, 1, 1), (2022, 3, 31), "2021-22 Q4"),
        ("2021", (2021, 1, 1), (2021, 12, 31), "2021"),
        ("2011-12", (2011, 4, 1), (2012, 3, 31), "2011-12"),
        ("1 April 2021 to 15 May 2021", (2021, 4, 1), (2021, 5, 15), "1 April 2021 to 15 May 2021"),
        ("1/4/2021 - 30/6/2021", (2021, 4, 1), (2021, 6, 30), "2021-22 Q1"),
    ],
)
def test_periods_are_read_as_people_write_them(typed, first, last, name):
    assert read_span(typed, TODAY) == Period(dt.date(*first), dt.date(*last), name)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "lately",
        "13/2024",
        "Marchy 2024",
        "2 May 2024 to 1 May 2024",
        "2000 to 2024",
        "May 2024 to",
        "2021-23",
        "December 9999",
        "12/9999",
        "9999-12",
        "9999",
        "9999 Q4",
        "9998-99",
        "2026",
        "January 2026",
        "December 1899",
        "31 December 9999 to 31 December 9999",
    ],
)
def test_what_is_no_period_is_not_read(typed):
    assert read_span(typed, TODAY) is None


@pytest.mark.parametrize("typed", ["2025", "December 2025", "2025-26", "January 1900"])
def test_periods_up_to_next_year_are_read(typed):
    assert str(read_span(typed, TODAY)) == typed


A_YEAR = st.integers(0, 9999).map(lambda year: f"{year:04}")
TYPED = st.one_of(
    A_YEAR,
    st.builds("{} Q{}".format, A_YEAR, st.integers(0, 5)),
    st.builds("{}-{:02}".format, A_YEAR, st.integers(0, 99)),
    st.builds("{}/{}".format, st.integers(0, 13), A_YEAR),
    st.builds("{} {}".format, st.sampled_from(["January", "dec", "Marchy"]), A_YEAR),
    st.builds("1/{}/{} to 31/12/{}".format, st.integers(0, 13), A_YEAR, A_YEAR),
)


@given_any(TYPED)
def test_whatever_is_typed_is_a_period_to_reckon_with_or_none(typed):
    if (found := read_span(typed, TODAY)) is not None:
        assert found.first.year <= TODAY.year + 1
        for each in (found, before(found, 4), year_before(found, 4)):
            assert each.first <= each.last


def test_the_period_before_is_as_long():
    assert str(before(MARCH, 4)) == "February 2024"
    assert str(before(read_span("2021-22 Q1", TODAY), 4)) == "2020-21 Q4"
    assert str(before(read_span("2021-22", TODAY), 4)) == "2020-21"
    assert str(before(read_span("11 May 2021 to 20 May 2021", TODAY), 4)) == "1 May 2021 to 10 May 2021"
    assert str(year_before(MARCH, 4)) == "March 2023"
    assert span_words(dt.date(2021, 1, 1), dt.date(2021, 3, 31), 1) == "2021 Q1"


def test_nought_and_no_figure_are_told_apart():
    words = [number_words(value) for value in (None, Decimal("0.00"), Decimal("1204.00"), Decimal("12.50"))]

    assert words == ["no figure", "0", "1,204", "12.5"]


def test_a_value_is_kept_with_its_source_and_day(indicator, officer):
    made = service.add_value(indicator=indicator, period=MARCH, given=given(), by=officer, at=NOW)

    assert (made.value, made.source, made.as_of) == (12, "NHS Digital, table 4", dt.date(2024, 5, 20))
    event = Event.objects.get()
    assert (event.verb, event.actor) == ("indicator.value_added", officer)


def test_a_period_has_one_value_that_stands(indicator):
    add(indicator)

    with pytest.raises(service.ValueThereAlready, match="There is a value for March 2024 already"):
        add(indicator, value="13")


@pytest.mark.parametrize(
    ("period", "values", "words"),
    [
        ("July 2024", {}, "July 2024 has not begun yet"),
        ("March 2024", {"as_of": dt.date(2024, 6, 4)}, "must be today or in the past"),
        ("March 2024", {"as_of": dt.date(2024, 2, 29)}, "before the period began, on 1 March 2024"),
        ("March 2024", {"value": "1000000000000"}, "too many figures"),
    ],
)
def test_a_value_must_make_sense(indicator, period, values, words):
    with pytest.raises(CannotKeepIndicator, match=words):
        add(indicator, read_span(period, TODAY), **values)


def test_values_at_the_limits_are_kept(indicator):
    add(indicator, read_span("June 2024", TODAY), as_of=TODAY)
    add(indicator, MARCH, as_of=dt.date(2024, 3, 1), value="999999999999.99")

    assert indicator.values.count() == 2


@pytest.mark.parametrize("counted", [{"crime_type": ASB}, {"measure": "meetings-held"}])
def test_nobody_enters_values_of_what_is_counted(team, counted):
    with pytest.raises(CannotKeepIndicator, match="is counted, so nobody enters its values"):
        add(IndicatorFactory(partnership=team.partnership, **counted))


def test_a_restatement_takes_the_place_and_the_first_stays(indicator, officer):
    first = add(indicator)

    second = service.restate(value=first, given=given("14", note="Late returns"), by=officer, at=NOW)

    assert (second.restates, second.first_on, second.value) == (first, first.first_on, 14)
    assert list(indicator.values.standing()) == [second]
    assert Event.objects.filter(verb="indicator.restated", reason="Late returns").count() == 1
    third = service.restate(value=second, given=given("15", note="Again"), by=officer, at=NOW)
    assert list(indicator.values.standing()) == [third]


def test_a_restatement_says_why_and_something_else(indicator):
    value = add(indicator)

    with pytest.raises(CannotKeepIndicator, match="Enter why"):
        service.restate(value=value, given=given("14"), by=None, at=NOW)
    with pytest.raises(CannotKeepIndicator, match="This is the value that stands"):
        service.restate(value=value, given=given("12", note="x"), by=None, at=NOW)


def test_of_two_who_restate_the_second_is_told(indicator):
    value = add(indicator)
    service.restate(value=value, given=given("14", note="Mine"), by=None, at=NOW)

    with pytest.raises(CannotKeepIndicator, match="Somebody restated this value meanwhile"):
        service.restate(value=value, given=given("15", note="Yours"), by=None, at=NOW)


def test_a_name_is_taken_once(team, indicator):
    details = IndicatorDetails(name=indicator.name, unit="x")

    with pytest.raises(CannotKeepIndicator, match="already"):
        service.add_indicator(partnership=team.partnership, details=details, by=None, at=NOW)


def load_police(partnership, *rows):
    load_police_file(
        partnership=partnership, file=BytesIO(police_bytes(*rows)), name="x.csv", by=None, at=NOW
    )


def test_values_of_a_crime_type_are_counted_from_the_files(team):
    AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT, name="South Oxfordshire")
    drugs = IndicatorFactory(partnership=team.partnership, crime_type="Drugs")
    load_police(team.partnership, police_row("Drugs", month="2024-01"), police_row("Drugs", month="2024-01"))
    load_police(team.partnership, police_row(month="2024-03"))

    points = series_of([drugs], team.partnership, TODAY, small=True)[drugs.pk]

    assert [(str(each.period), each.value, each.words) for each in points] == [
        ("January 2024", 2, "2"),
        ("February 2024", None, "no file loaded"),
        ("March 2024", 0, "0"),
    ]


def test_values_of_a_measure_are_counted_by_quarter_from_the_first_record_on(team):
    ReportFactory(lead=team, received_at=dt.datetime(2023, 7, 5, 9, tzinfo=dt.UTC))
    measured = IndicatorFactory(partnership=team.partnership, measure="reports-received")

    points = series_of([measured], team.partnership, TODAY, small=True)[measured.pk]

    assert [str(each.period) for each in points][-2:] == ["2023-24 Q3", "2023-24 Q4"]
    assert [(each.value, each.words) for each in points[-3:]] == [(1, "1"), (0, "0"), (0, "0")]
    assert {(each.value, each.words, each.measure) for each in points[:-3]} == {(None, "not recorded", "")}
    assert points[-1].key == "2023-24-Q4"
    (found,) = readings([measured], team.partnership, TODAY, small=True)
    assert (found.since_previous, found.since_year) == ("the same as in 2023-24 Q3", "")


AS_IT_STANDS = sorted(each.name for each in all_measures() if each.as_it_stands)


@pytest.mark.parametrize("name", [*AS_IT_STANDS, "no-such-measure"])
def test_what_stands_as_of_now_is_no_indicator(team, officer, indicator, name):
    details = IndicatorDetails(name="x", unit="y", measure=name)
    with pytest.raises(CannotKeepIndicator, match="Choose a measure that counts a period"):
        service.add_indicator(partnership=team.partnership, details=details, by=officer, at=NOW)
    seen = service.prints_of(service.details_of(indicator))
    with pytest.raises(CannotKeepIndicator, match="Choose a measure that counts a period"):
        service.change_indicator(indicator=indicator, details=details, seen=seen, by=officer, at=NOW)
    offered = dict(IndicatorForm(partnership=team.partnership).fields["measure"].choices)
    assert name not in offered
    assert "reports-received" in offered
    kept = IndicatorFactory(partnership=team.partnership, measure=name)
    assert series_of([kept], team.partnership, TODAY, small=True)[kept.pk] == []


def test_a_reading_compares_with_the_period_before_and_the_year_before(team, indicator):
    for month, value in (("March 2023", "20"), ("February 2024", "12"), ("March 2024", "14")):
        add(indicator, read_span(month, TODAY), value)

    found = readings([indicator], team.partnership, TODAY, small=True)[0]

    assert (found.newest.words, found.since_previous) == ("14", "up from 12 in February 2024")
    assert found.since_year == "down from 20 in March 2023"


def test_a_reading_of_many_costs_no_more_queries(team):
    AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT, name="South Oxfordshire")
    load_police(team.partnership, police_row("Drugs"))
    kinds = [{}, {"crime_type": "Drugs"}, {"measure": all_measures()[0].name}]
    few = [IndicatorFactory(partnership=team.partnership, **kind) for kind in kinds]
    many = few + [IndicatorFactory(partnership=team.partnership, **kind) for kind in kinds]

    def ask(indicators):
        return queries_of(lambda: readings(indicators, team.partnership, TODAY, small=True))

    assert len(ask(many)) == len(ask(few))


def test_entered_values_are_not_thrown_away_for_counted_ones(officer, indicator):
    add(indicator)
    details = IndicatorDetails(name="x", unit="y", crime_type=ASB)
    seen = service.prints_of(service.details_of(indicator))

    with pytest.raises(CannotKeepIndicator, match="has values that were entered"):
        service.change_indicator(indicator=indicator, details=details, seen=seen, by=officer, at=NOW)
