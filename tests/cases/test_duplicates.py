import datetime as dt

import pytest

from cases.enums import LinkRole, ReportStatus
from cases.services.duplicates import likely_duplicate_of
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import (
    NOON,
    CategoryFactory,
    PersonFactory,
    PlaceFactory,
    ReportFactory,
    ReportPersonFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def noise(team):
    return CategoryFactory(lead=team)


def report_of(category, team, **fields):
    report = ReportFactory(lead=team, **fields)
    report.categories.add(category)
    return report


@pytest.mark.parametrize(("days", "found"), [(0, True), (2, True), (3, True), (4, False)])
def test_reports_at_one_place_within_three_days_are_alike(team, noise, days, found):
    place = PlaceFactory(lead=team)
    first = report_of(noise, team, place=place)
    second = report_of(noise, team, place=place, received_at=NOON + days * DAY)

    assert likely_duplicate_of(second) == (first if found else None)
    assert likely_duplicate_of(first) is None


@pytest.mark.parametrize(("days", "found"), [(2, True), (3, True), (4, False)])
def test_the_days_on_which_it_happened_count_where_both_are_known(team, noise, days, found):
    place = PlaceFactory(lead=team)
    happened = dt.date(2026, 2, 1)
    first = report_of(noise, team, place=place, occurred_on=happened)
    second = report_of(
        noise, team, place=place, received_at=NOON + 20 * DAY, occurred_on=happened + days * DAY
    )

    assert likely_duplicate_of(second) == (first if found else None)


def test_reports_with_one_postcode_are_alike(team, noise):
    first = report_of(noise, team, postcode="OX11 7AA")
    report_of(noise, team, postcode="OX11 7AB")

    assert likely_duplicate_of(report_of(noise, team, postcode="OX11 7AA")) == first


def test_reports_without_any_place_are_not_alike(team, noise):
    report_of(noise, team)

    assert likely_duplicate_of(report_of(noise, team)) is None


@pytest.mark.parametrize(("role", "found"), [(LinkRole.COMPLAINANT, True), (LinkRole.SUBJECT, False)])
def test_reports_by_one_caller_are_alike(team, noise, role, found):
    ann = PersonFactory(lead=team)
    first, second = report_of(noise, team), report_of(noise, team)
    for report in (first, second):
        ReportPersonFactory(report=report, person=ann, role=role, is_caller=role != LinkRole.SUBJECT)

    assert likely_duplicate_of(second) == (first if found else None)


def test_reports_of_different_kinds_are_not_alike(team, noise):
    place = PlaceFactory(lead=team)
    report_of(CategoryFactory(lead=team), team, place=place)

    assert likely_duplicate_of(report_of(noise, team, place=place)) is None


def test_one_kind_in_common_is_enough(team, noise):
    place = PlaceFactory(lead=team)
    first = report_of(noise, team, place=place)
    second = report_of(CategoryFactory(lead=team), team, place=place)
    second.categories.add(noise)

    assert likely_duplicate_of(second) == first


def test_a_decided_duplicate_is_passed_over_for_its_original(team, noise):
    place = PlaceFactory(lead=team)
    first = report_of(noise, team, place=place)
    report_of(noise, team, place=place, status=ReportStatus.DUPLICATE)

    assert likely_duplicate_of(report_of(noise, team, place=place)) == first


def test_the_nearest_in_time_wins(team, noise):
    place = PlaceFactory(lead=team)
    report_of(noise, team, place=place)
    near = report_of(noise, team, place=place, received_at=NOON + 2 * DAY)

    assert likely_duplicate_of(report_of(noise, team, place=place, received_at=NOON + 3 * DAY)) == near


def test_another_partnerships_report_is_never_alike(noise, team):
    elsewhere = ReportFactory(postcode="OX11 7AA")
    elsewhere.categories.add(noise)

    assert likely_duplicate_of(report_of(noise, team, postcode="OX11 7AA")) is None
