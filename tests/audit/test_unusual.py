import datetime as dt

import pytest

from csp.agencies import navigation
from csp.agencies.enums import Role
from csp.audit.unusual import unusual_access
from csp.core.calendar import start_of_day
from tests.audit.days import days_ago
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.audit import EventFactory, event_at

pytestmark = pytest.mark.django_db

FRIDAY = dt.date(2026, 3, 6)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def partner():
    return PartnerFactory(receiving=True)


@pytest.fixture
def officer(partner):
    return user_at(partner, name="A. Officer")


@pytest.fixture
def opens(partner, officer):
    """So many different records opened on a day, at an hour."""

    def run(count, day=FRIDAY, hour=10, who=officer, first=1):
        for number in range(first, first + count):
            event_at(
                start_of_day(day) + hour * HOUR,
                partnership=partner.partnership,
                actor=who,
                target_type="cases.report",
                target_id=number,
            )

    return run


def found(partner, day=FRIDAY):
    return [
        (each.person.name, each.reasons) for each in unusual_access(partnership=partner.partnership, day=day)
    ]


def test_many_more_than_usual_is_unusual(partner, opens):
    for ago, count in [(1, 4), (2, 8), (3, 6)]:
        opens(count, FRIDAY - ago * DAY)
    opens(25)

    assert found(partner) == [("A. Officer", ["Opened 25 records, usually 6 a day"])]


@pytest.mark.parametrize(("before", "today"), [(10, 30), (1, 19), (9, 20)])
def test_somewhat_more_or_few_is_not(partner, opens, before, today):
    opens(before, FRIDAY - DAY)
    opens(today)

    assert found(partner) == []


@pytest.mark.parametrize(
    ("count", "reasons"), [(49, []), (50, ["Opened 50 records, none in the four weeks before"])]
)
def test_a_newcomer_has_more_room(partner, opens, count, reasons):
    opens(9, FRIDAY - 29 * DAY)
    opens(count)

    assert [each for _, each in found(partner)] == ([reasons] if reasons else [])


def test_the_same_record_opened_again_counts_once(partner, opens):
    opens(5, FRIDAY - DAY)
    for _ in range(3):
        opens(10)

    assert found(partner) == []


@pytest.mark.parametrize(
    ("hour", "reasons"),
    [
        (6, ["Opened 2 records out of hours, 6am"]),
        (7, []),
        (19, []),
        (20, ["Opened 2 records out of hours, 8pm"]),
    ],
)
def test_early_and_late_are_out_of_hours(partner, opens, hour, reasons):
    opens(2, hour=hour)

    assert [each for _, each in found(partner)] == ([reasons] if reasons else [])


def test_days_off_are_out_of_hours(partner, opens):
    opens(1, FRIDAY + DAY, hour=9)
    opens(1, FRIDAY + DAY, hour=15, first=2)

    assert found(partner, FRIDAY + DAY) == [("A. Officer", ["Opened 2 records out of hours, 9am to 3pm"])]


def test_only_people_of_this_partnership_who_opened_records_count(partner, opens, officer):
    night = start_of_day(FRIDAY) + 3 * HOUR
    event_at(night, actor=officer, target_id=1, partnership=PartnerFactory().partnership)
    event_at(night, actor=None, target_id=1, partnership=partner.partnership)
    event_at(night, actor=officer, target_id=None, partnership=partner.partnership)
    event_at(night, actor=officer, target_id=1, partnership=partner.partnership, kind="alteration")

    assert found(partner) == []


def test_who_opened_most_comes_first(partner, opens):
    opens(1, hour=3)
    opens(2, hour=3, who=user_at(partner, name="B. Busy"))

    assert [name for name, _ in found(partner)] == ["B. Busy", "A. Officer"]


def test_the_page_shows_the_day_and_leads_to_the_events(client, partner, opens, officer):
    opens(1, hour=3)
    client.force_login(user_at(partner, Role.AUDITOR))

    page = client.get("/audit/unusual/", {"day": "2026-03-06"}).content.decode()

    assert "Unusual access on 6 March 2026" in page
    assert "Opened 1 record out of hours, 3am" in page
    assert f"?person={officer.pk}&amp;since=6+3+2026&amp;until=6+3+2026" in page
    assert "?day=2026-03-05" in page
    assert "?day=2026-03-07" in page


@pytest.mark.parametrize("day", ["", "soon", "2999-01-01"])
def test_the_page_is_about_today_unless_told(client, partner, day):
    client.force_login(user_at(partner, Role.AUDITOR))

    response = client.get("/audit/unusual/", {"day": day})

    assert response.context["day"] == days_ago(0)
    assert "Nothing unusual" in response.content.decode()
    assert "Day after" not in response.content.decode()


def test_home_tells_auditors_alone(partner, opens):
    opens(1, hour=3)
    at = start_of_day(FRIDAY) + 12 * HOUR
    auditor, officer = user_at(partner, Role.AUDITOR), user_at(partner)

    (need,) = navigation.unusual_access_needs(auditor, partner.partnership, at)

    assert (need.title, need.url) == ("A. Officer: Opened 1 record out of hours, 3am", "/audit/unusual/")
    assert list(navigation.unusual_access_needs(officer, partner.partnership, at)) == []
    assert list(navigation.unusual_access_needs(auditor, PartnerFactory().partnership, at)) == []
    assert EventFactory().pk
