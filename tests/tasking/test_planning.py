"""Dates are planned once, whatever became of them, and only while the series runs."""

import dataclasses
import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.core.calendar import add_months, is_working_day, local_day
from csp.core.typed import at_local_time
from tasking import tasks
from tasking.enums import Cadence, MeetingStatus
from tasking.models import Meeting
from tasking.services import planning
from tasking.services.meeting_changes import change_meeting, details_of, prints_of
from tasking.services.meetings import cancel_meeting
from tasking.services.planning import CannotPlan, plan_ahead, plan_all_ahead, plan_one
from tests.cases.together import together
from tests.tasking.series_scene import NOW, Scene, page

pytestmark = pytest.mark.django_db
UNTIL = dt.date(2026, 5, 31)
SECOND_TUESDAYS = [dt.date(2026, 3, 10), dt.date(2026, 4, 14), dt.date(2026, 5, 12)]


@pytest.fixture
def scene():
    return Scene()


def days(series):
    return [each.day for each in series.meetings.order_by("starts_at")]


def planned(scene):
    return plan_ahead(series=scene.series, until=UNTIL, by=scene.officer, at=NOW)


def moved(scene, meeting, starts_at):
    details = details_of(meeting)
    return change_meeting(
        meeting=meeting, details=dataclasses.replace(details, starts_at=starts_at), seen=prints_of(details),
        by=scene.officer, at=NOW,
    )  # fmt: skip


def test_planning_twice_plans_each_date_once_with_the_agencies_of_the_series(scene):
    first, second = planned(scene), planned(scene)

    assert ([each.day for each in first], second) == (SECOND_TUESDAYS, [])
    seats = first[0].invited.values_list("partner", flat=True)
    assert set(seats) == {scene.team.pk, scene.police.pk, scene.soha.pk}
    assert first[0].starts_at == at_local_time(SECOND_TUESDAYS[0], dt.time(10))
    assert first[0].referrals_due_on == dt.date(2026, 3, 3)


def test_a_date_that_was_moved_or_cancelled_is_not_planned_again(scene):
    march, april, _ = planned(scene)
    moved(scene, march, at_local_time(dt.date(2026, 3, 26), dt.time(10)))
    cancel_meeting(meeting=april, reason="Election", by=scene.officer, at=NOW)

    assert planned(scene) == []


def test_another_rhythm_leaves_alone_the_weeks_that_have_a_meeting(scene):
    planned(scene)
    scene.series.weekday = 3
    scene.series.save()

    found = planning.proposals(scene.series, add_months(UNTIL, 1), NOW)

    assert [(each.planned.day, each.is_new) for each in found] == [
        (dt.date(2026, 3, 12), False),
        (dt.date(2026, 4, 9), False),
        (dt.date(2026, 5, 14), False),
        (dt.date(2026, 6, 11), True),
    ]


def test_a_bank_holiday_is_named_where_it_moves_a_date(scene):
    scene.series.weekday, scene.series.week_of_month = 0, 1

    (_, _, may) = planning.proposals(scene.series, UNTIL, dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))

    assert (may.planned.day, may.moved_off) == (dt.date(2026, 5, 5), "May Day")


def test_every_night_dates_are_planned_three_months_ahead_for_series_that_run(scene):
    later = {"first_on": NOW.date(), "partnership": scene.team.partnership}
    ad_hoc = type(scene.series).objects.create(
        lead=scene.team, name="Professionals", kind="professionals", cadence=Cadence.AD_HOC,
        confidentiality="x", **later,
    )  # fmt: skip
    ended = type(scene.series).objects.create(
        lead=scene.team, name="Old", kind="board", confidentiality="x", ended_on=NOW.date(), **later
    )

    assert (plan_all_ahead(at=NOW), plan_all_ahead(at=NOW)) == (3, 0)

    assert days(scene.series) == SECOND_TUESDAYS
    assert (days(ad_hoc), days(ended)) == ([], [])
    tasks.plan_ahead()
    assert local_day(timezone.now()) + dt.timedelta(days=60) < max(days(scene.series))


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        (dt.date(2026, 3, 2), dt.time(11), "in the future"),
        (dt.date(2026, 4, 3), dt.time(10), "3 April 2026 is Good Friday"),
        (dt.date(2026, 3, 14), dt.time(10), "is a Saturday"),
        (dt.date(2026, 3, 10), dt.time(15), "meets on 10 March 2026 already"),
        (dt.date(2026, 6, 1), dt.time(10), "ends on 1 June 2026"),
    ],
)
def test_a_day_of_ones_choice_is_refused(scene, day, time, words):
    planned(scene)
    scene.series.ended_on = dt.date(2026, 6, 1)
    scene.series.save()

    with pytest.raises(CannotPlan, match=words):
        plan_one(series=scene.series, starts_at=at_local_time(day, time), by=scene.officer, at=NOW)


def test_the_page_shows_the_dates_first_and_then_plans_them(client, scene):
    url = reverse("meetings:series_plan", args=[scene.series.pk])
    shown = page(client, scene.officer, f"{url}?months=6")
    assert shown.count("Will be planned") >= 5
    assert not scene.series.meetings.exists()

    sent = client.post(url, {"months": "6"}, follow=True)
    again = client.post(url, {"months": "6"}, follow=True)

    assert "meetings planned" in sent.content.decode()
    assert "No new date to plan" in again.content.decode()
    assert all(is_working_day(day) for day in days(scene.series))
    assert "Planned already" in page(client, scene.officer, f"{url}?months=nonsense")


def test_the_page_plans_a_day_of_ones_choice_and_keeps_what_was_refused(client, scene):
    url = reverse("meetings:series_plan", args=[scene.series.pk])
    client.force_login(scene.manager)

    refused = client.post(url, {"one": "1", "starts_at_0": "25 December 2028", "starts_at_1": "10am"})
    made = client.post(url, {"one": "1", "starts_at_0": "18 December 2028", "starts_at_1": "10am"})

    assert "25 December 2028 is Christmas Day: choose a working day" in refused.content.decode()
    assert 'value="25 December 2028"' in refused.content.decode()
    assert made.url == Meeting.objects.get().get_absolute_url()
    assert Meeting.objects.get().status == MeetingStatus.PLANNED


def test_only_the_team_plans(client, scene):
    url = reverse("meetings:series_plan", args=[scene.series.pk])

    page(client, scene.pc, url, 403)
    page(client, scene.nurse, url, 404)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_plan_each_date_once():
    scene = Scene()

    together(lambda: planned(scene), lambda: planned(scene))

    assert days(scene.series) == SECOND_TUESDAYS
