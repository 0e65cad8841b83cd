import datetime as dt

import pytest

from cases.models import RoutingRule
from cases.services import assessment
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CategoryFactory, ReportFactory

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 3, 6)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def nights(team):
    """Officer of the rule 'Didcot nights'."""
    return user_at(team, Role.OFFICER, name="Noor Night")


def rule(team, **says):
    made = {"name": "Didcot nights", "position": 1, "starts_on": dt.date(2020, 1, 1)}
    return RoutingRule.objects.create(partnership=team.partnership, **made | says)


def routed(team, at=dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC), categories=(), **fields):
    report = ReportFactory(lead=team, received_at=at, **fields)
    report.categories.add(*categories)
    assessment.assess(report=report, at=at)
    report.refresh_from_db()
    return report


def local(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)  # March: London is at UTC


def test_a_rule_gives_the_report_to_its_officer_and_says_so(team, nights):
    rule(team, officer=nights)

    report = routed(team)

    assert (report.officer, report.claimed_at, report.routed_because) == (
        nights,
        report.received_at,
        "Routed by 'Didcot nights'",
    )
    event = Event.objects.get(verb="report.routed")
    assert (event.target_id, event.reason) == (report.pk, "Routed by 'Didcot nights'")


def test_the_first_rule_by_position_wins(team, nights):
    rule(team, position=2, name="Later", officer=user_at(team, Role.OFFICER))
    rule(team, position=1, officer=nights)

    assert routed(team).officer == nights


def test_no_rule_leaves_the_report_to_whoever_claims_it(team):
    report = routed(team)

    assert (report.officer, report.routed_because) == (None, "")


def test_a_rule_for_a_category_wants_that_category(team, nights):
    noise, litter = CategoryFactory(lead=team), CategoryFactory(lead=team)
    rule(team, category=noise, officer=nights)

    assert routed(team, categories=[litter]).officer is None
    assert routed(team, categories=[litter, noise]).officer == nights


def test_a_rule_for_an_area_holds_in_everything_below_it(team, nights):
    district = AreaFactory(partnership=team.partnership)
    town = AreaFactory(partnership=team.partnership, parent=district)
    ward = AreaFactory(partnership=team.partnership, parent=town)
    beside = AreaFactory(partnership=team.partnership, parent=district)
    rule(team, area=town, officer=nights)

    assert routed(team, ward=ward, local_area=town).officer == nights
    assert routed(team, ward=ward).officer == nights
    assert routed(team, local_area=town).officer == nights
    assert routed(team, ward=beside, local_area=district).officer is None
    assert routed(team).officer is None


@pytest.mark.parametrize(
    ("hour", "minute", "fits"),
    [(8, 59, False), (9, 0, True), (16, 59, True), (17, 0, False)],
)
def test_a_rule_for_the_day_holds_from_its_first_minute_until_its_end(team, nights, hour, minute, fits):
    rule(team, officer=nights, from_time=dt.time(9), until_time=dt.time(17))

    assert (routed(team, local(FRIDAY, hour, minute)).officer == nights) is fits


@pytest.mark.parametrize(
    ("day", "hour", "minute", "fits"),
    [
        (0, 21, 59, False),
        (0, 22, 0, True),
        (0, 23, 59, True),
        (1, 0, 0, True),  # Saturday by the calendar, still Friday night
        (1, 5, 59, True),
        (1, 6, 0, False),
        (0, 3, 0, False),  # Friday morning belongs to Thursday night
        (1, 22, 30, False),
    ],
)
def test_a_rule_for_friday_nights_holds_over_midnight(team, nights, day, hour, minute, fits):
    rule(team, officer=nights, weekdays=[4], from_time=dt.time(22), until_time=dt.time(6))

    at = local(FRIDAY + dt.timedelta(days=day), hour, minute)

    assert (routed(team, at).officer == nights) is fits


def test_times_are_those_of_london(team, nights):
    rule(team, officer=nights, from_time=dt.time(22), until_time=dt.time(23))

    assert routed(team, dt.datetime(2026, 7, 3, 21, 30, tzinfo=dt.UTC)).officer == nights


@pytest.mark.parametrize(("offset", "fits"), [(-1, False), (0, True), (1, False)])
def test_a_rule_for_weekdays_holds_on_them_alone(team, nights, offset, fits):
    rule(team, officer=nights, weekdays=[4])

    at = local(FRIDAY + dt.timedelta(days=offset), 12)

    assert (routed(team, at).officer == nights) is fits


def test_equal_times_mean_the_whole_day(team, nights):
    rule(team, officer=nights, from_time=dt.time(9), until_time=dt.time(9))

    assert routed(team, local(FRIDAY, 3)).officer == nights


@pytest.mark.parametrize(("offset", "fits"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_rule_holds_from_its_first_day_until_the_day_before_its_end(team, nights, offset, fits):
    rule(team, officer=nights, starts_on=FRIDAY, ends_on=FRIDAY + dt.timedelta(days=2))

    at = local(FRIDAY + dt.timedelta(days=offset), 12)

    assert (routed(team, at).officer == nights) is fits


def test_a_rule_to_a_disabled_user_is_skipped_with_the_reason(team, nights):
    rule(team, officer=nights)
    other = user_at(team, Role.OFFICER)
    rule(team, position=2, name="Else", officer=other)
    nights.is_active = False
    nights.save()

    report = routed(team)

    assert report.officer == other
    assert report.routed_because == (
        "Routed by 'Else'. 'Didcot nights' skipped: the account of Noor Night is disabled"
    )


def test_a_skipped_rule_says_why_even_where_no_other_matches(team, nights):
    rule(team, officer=nights)
    nights.memberships.update(ends_on=FRIDAY)

    report = routed(team)

    assert report.officer is None
    assert report.routed_because == f"'Didcot nights' skipped: Noor Night does not do casework for {team}"


def test_a_rule_to_a_partner_hands_the_report_over_and_the_team_keeps_sight(team):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    rule(team, partner=soha)

    report = routed(team)

    share = report.shares.get()
    assert (report.lead, report.officer) == (soha, None)
    assert (share.from_partner, share.to_partner, share.ended_at) == (soha, team, None)
    assert "Routed by 'Didcot nights'" in share.purpose
    for person in (user_at(team), user_at(soha)):
        assert type(report).objects.readable_by(person).get() == report
        assert person.has_perm("reports.triage", report) is (person.partner_ids == {soha.pk})


def test_a_rule_to_the_partner_it_came_from_ends_their_share(team):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    rule(team, partner=soha)
    report = ReportFactory(lead=team, received_at=local(FRIDAY, 12))
    sharing.share(
        record=report,
        to_partner=soha,
        level=3,
        gateway="cda_115",
        purpose="They referred it",
        necessity="They follow it",
        consent="not_needed",
        by=None,
        at=report.received_at,
    )

    assessment.assess(report=report, at=report.received_at)

    assert [share.to_partner for share in report.shares.filter(ended_at=None)] == [team]
    assert user_at(soha).has_perm("reports.triage", report)


@pytest.mark.parametrize("gone", ["left", "elsewhere"])
def test_a_rule_to_a_partner_that_is_not_a_member_is_skipped(team, gone):
    soha = PartnerFactory(
        **({"partnership": team.partnership, "left_on": FRIDAY} if gone == "left" else {}), name="Soha"
    )
    rule(team, partner=soha)

    report = routed(team)

    assert report.lead == team
    assert report.routed_because.startswith("'Didcot nights' skipped: Soha ")
