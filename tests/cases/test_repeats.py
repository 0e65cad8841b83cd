"""Each limit from both sides: the day before, the day, the day after; one report fewer, enough, one more."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import ContactKind, ContactMethod, ContactStatus, LinkRole, RepeatEffect, RepeatScope
from cases.models import Contact, RepeatRule
from cases.services import assessment, repeats
from cases.services.rules import install_default_rules
from csp.core.clocks import Unit
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import PersonFactory, PlaceFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECOND = dt.datetime(2026, 7, 14, 15, tzinfo=dt.UTC)
DAYS_BASED = st.sampled_from([Unit.MONTHS, Unit.WEEKS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS])


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


def rule(team, **says):
    given_ = {
        "name": "Local rule",
        "scope": RepeatScope.PERSON,
        "count": 3,
        "window_amount": 3,
        "window_unit": Unit.MONTHS,
        "effect": RepeatEffect.FLAG,
        "starts_on": dt.date(2020, 1, 1),
    }
    return RepeatRule.objects.create(partnership=team.partnership, **given_ | says)


def report_by(person, team, at, role=LinkRole.COMPLAINANT, **fields):
    report = ReportFactory(lead=team, received_at=at, **fields)
    ReportPersonFactory(report=report, person=person, role=role)
    return assessment.weigh(report=report)


@pytest.mark.parametrize(
    ("first", "due"),
    [
        ((2026, 1, 13), False),  # six months beginning with 13 January end with 12 July
        ((2026, 1, 14), False),  # … end with 13 July, the day before the second report
        ((2026, 1, 15), True),  # … end with 14 July, the day of the second report
        ((2026, 1, 16), True),
        ((2026, 7, 14), True),
    ],
)
def test_second_report_in_six_months_beginning_with_the_first_makes_the_notice_due(team, first, due):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    ann = PersonFactory(lead=team)
    report_by(ann, team, dt.datetime(*first, 9, tzinfo=dt.UTC))

    assert report_by(ann, team, SECOND).case_review_notice_due is due


@pytest.mark.parametrize(
    ("hour", "counts"),
    [(22, False), (23, True)],  # in July 23:00 UTC is midnight in London: the next day there
)
def test_the_window_is_of_london_days(team, hour, counts):
    rule(team, count=2, window_amount=1, window_unit=Unit.CALENDAR_DAYS)
    ann = PersonFactory(lead=team)
    report_by(ann, team, dt.datetime(2026, 7, 13, hour, 30, tzinfo=dt.UTC))

    assert report_by(ann, team, SECOND).repeat_victim is counts


@pytest.mark.parametrize(("reports", "repeat"), [(2, False), (3, True), (4, True)])
def test_three_in_three_months_counts_reports(team, reports, repeat):
    rule(team)
    ann = PersonFactory(lead=team)
    made = [report_by(ann, team, SECOND - n * DAY) for n in reversed(range(reports))]

    assert made[-1].repeat_victim is repeat
    assert made[0].repeat_victim is False


def test_a_repeat_raises_the_risk_and_says_how_many(team):
    rule(team)
    ann = PersonFactory(lead=team)
    report = [report_by(ann, team, SECOND - n * DAY) for n in (2, 1, 0)][-1]

    assert report.risk_reasons == ["Repeat: 3 reports by or about the same person affected in 3 months"]


def test_duplicates_do_not_count_twice(team):
    rule(team)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - 2 * DAY)
    report_by(ann, team, SECOND - DAY, status="duplicate")

    assert report_by(ann, team, SECOND).repeat_victim is False


def test_no_notice_is_due_for_a_duplicate(team):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - DAY)

    assert report_by(ann, team, SECOND, status="duplicate").case_review_notice_due is False


def test_what_was_found_not_to_be_anti_social_behaviour_counts(team):
    rule(team, count=2)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - DAY, status="not_asb")

    assert report_by(ann, team, SECOND).repeat_victim is True


def test_later_reports_do_not_count(team):
    rule(team, count=2)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND + DAY)

    assert report_by(ann, team, SECOND).repeat_victim is False


def test_of_two_reports_of_one_moment_one_is_the_second(team):
    rule(team, count=2)
    ann = PersonFactory(lead=team)
    both = [report_by(ann, team, SECOND), report_by(ann, team, SECOND)]

    assert [assessment.weigh(report=each).repeat_victim for each in both] == [False, True]


def test_each_person_is_counted_alone(team):
    rule(team)
    ann, bob = PersonFactory(lead=team), PersonFactory(lead=team)
    report_by(ann, team, SECOND - 2 * DAY)
    report_by(bob, team, SECOND - DAY)
    report = report_by(ann, team, SECOND)
    ReportPersonFactory(report=report, person=bob, role=LinkRole.VICTIM, is_caller=False)

    assert assessment.weigh(report=report).repeat_victim is False


@pytest.mark.parametrize(
    ("role", "repeat"),
    [
        (LinkRole.COMPLAINANT, True),
        (LinkRole.VICTIM, True),
        (LinkRole.CHILD, True),
        (LinkRole.WITNESS, True),  # calls for themselves
        (LinkRole.REPRESENTATIVE, False),  # a support worker calls for many people
        (LinkRole.PROFESSIONAL, False),
        (LinkRole.SUBJECT, False),
    ],
)
def test_who_calls_for_others_is_not_the_one_who_suffers(team, role, repeat):
    rule(team, count=2)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - DAY, role)

    assert report_by(ann, team, SECOND, role).repeat_victim is repeat


def test_a_rule_about_subjects_counts_reports_of_one_subject_by_several_people(team):
    rule(team, scope=RepeatScope.SUBJECT, count=2)
    sam = PersonFactory(lead=team)
    for at in (SECOND - DAY, SECOND):
        report = ReportFactory(lead=team, received_at=at)
        ReportPersonFactory(report=report, person=sam, role=LinkRole.SUBJECT, is_caller=False)
        ReportPersonFactory(report=report, person=PersonFactory(lead=team))

    assert assessment.weigh(report=report).repeat_victim is True


@pytest.mark.parametrize(("same", "repeat"), [(True, True), (False, False)])
def test_a_rule_about_places_counts_reports_at_one_place(team, same, repeat):
    rule(team, scope=RepeatScope.PLACE, count=2)
    here, there = PlaceFactory(lead=team), PlaceFactory(lead=team)
    ReportFactory(lead=team, place=here, received_at=SECOND - DAY)

    report = ReportFactory(lead=team, place=here if same else there, received_at=SECOND)

    assert assessment.weigh(report=report).repeat_victim is repeat


def test_a_rule_about_places_says_nothing_of_a_report_without_one(team):
    rule(team, scope=RepeatScope.PLACE, count=2)
    ReportFactory(lead=team, received_at=SECOND - DAY)

    assert assessment.weigh(report=ReportFactory(lead=team, received_at=SECOND)).repeat_victim is False


@pytest.mark.parametrize(
    ("received", "met"),
    [((2026, 3, 31), False), ((2026, 4, 1), True), ((2026, 6, 30), True), ((2026, 7, 1), False)],
)
def test_a_rule_holds_from_its_first_day_until_the_day_before_its_end(team, received, met):
    rule(team, count=2, starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 7, 1))
    ann = PersonFactory(lead=team)
    at = dt.datetime(*received, 12, tzinfo=dt.UTC)
    report_by(ann, team, at - DAY)

    assert report_by(ann, team, at).repeat_victim is met


def test_a_rule_of_another_partnership_says_nothing(team):
    rule(PartnerFactory(receiving=True), count=2)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - DAY)

    assert report_by(ann, team, SECOND).repeat_victim is False


@pytest.mark.parametrize(("minutes", "counts"), [(24 * 60 - 1, True), (24 * 60, True), (24 * 60 + 1, False)])
def test_a_window_in_hours_is_counted_to_the_moment(team, minutes, counts):
    rule(team, count=2, window_amount=24, window_unit=Unit.HOURS)
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - dt.timedelta(minutes=minutes))

    assert report_by(ann, team, SECOND).repeat_victim is counts


@pytest.mark.parametrize(
    ("status", "due"),
    [
        (ContactStatus.DONE, False),
        (ContactStatus.SENT, False),
        (ContactStatus.QUEUED, False),
        (ContactStatus.TO_DO, False),
        (ContactStatus.WITHDRAWN, True),
        (ContactStatus.FAILED, True),
    ],
)
def test_the_notice_is_not_due_again_to_whom_it_was_given_in_the_window(team, status, due):
    install_default_rules(team.partnership, dt.date(2020, 1, 1))
    ann = PersonFactory(lead=team)
    report_by(ann, team, SECOND - 60 * DAY)
    told = report_by(ann, team, SECOND - 30 * DAY)
    Contact.objects.create(
        partnership=team.partnership,
        report=told,
        kind=ContactKind.CASE_REVIEW,
        method=ContactMethod.LETTER,
        status=status,
        subject="Your right",
        body="…",
        made_at=SECOND - 30 * DAY,
    )

    assert report_by(ann, team, SECOND).case_review_notice_due is due


@given(
    last=st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)),
    amount=st.integers(1, 24),
    unit=DAYS_BASED,
)
def test_window_first_is_the_earliest_day_whose_window_holds_the_last(last, amount, unit):
    first = repeats.window_first(last, amount, unit)

    assert repeats.window_last(first, amount, unit) >= last
    assert repeats.window_last(first - DAY, amount, unit) < last


@given(
    first=st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)),
    amount=st.integers(1, 24),
    unit=DAYS_BASED,
)
def test_windows_that_begin_later_never_end_earlier(first, amount, unit):
    assert repeats.window_last(first + DAY, amount, unit) >= repeats.window_last(first, amount, unit)
