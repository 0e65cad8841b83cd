"""Series of meetings: set up, read, changed by two at once, and ended."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.agencies.models import SharingAgreement
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.calendar import local_day
from tasking.enums import Cadence, MeetingStatus
from tasking.forms.series import read_standing
from tasking.models import Series
from tasking.services.series import CONFIDENTIALITY
from tasking.views.series_words import cadence_words
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.tasking import SeriesFactory
from tests.tasking.series_scene import Scene, page

pytestmark = pytest.mark.django_db
NEW = "meetings:series_new"


@pytest.fixture
def scene():
    return Scene()


def address(series, name="series"):
    return reverse(f"meetings:{name}", args=[series.pk])


def test_a_series_is_set_up_with_its_agencies_and_standing_items(client, scene):
    client.force_login(scene.officer)
    assert CONFIDENTIALITY[:40] in client.get(reverse(NEW)).content.decode()

    sent = client.post(reverse(NEW), scene.typed(chair=scene.manager.pk))

    made = Series.objects.get(name=scene.typed()["name"])
    assert sent.url == address(made, "series_plan")
    assert (made.lead, made.chair, made.begins_at) == (scene.team, scene.manager, dt.time(10))
    assert list(made.invited.values_list("partner", "person")) == [(scene.police.pk, scene.pc.pk)]
    assert list(made.standing_items.order_by("position").values_list("title", "minutes")) == [
        ("Modern slavery", 10),
        ("Prevent", 5),
    ]
    assert Event.objects.filter(verb="series.started", target_id=made.pk).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "tasking", "There is a series called tasking already"),
        ("kind", "", "Select the kind of meeting"),
        ("first_on", "31 February", "must be a real date"),
        ("minutes_long", "5", "15 or more"),
        ("standing", "Prevent, 300", "Enter 1 to 240 minutes for “Prevent”"),
        ("standing", "Prevent\nPrevent, 9", "Enter each standing item once"),
        ("join_link", "nowhere", "Link to join online"),
        ("confidentiality", "", "Enter the statement that people accept"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, scene, field, value, words):
    client.force_login(scene.officer)

    shown = client.post(reverse(NEW), scene.typed(**{field: value}))

    text = shown.content.decode()
    assert words in text
    form = shown.context["form"]
    assert form[f"who_{scene.police.pk}"].value() == str(scene.pc.pk)
    assert form["venue"].value() == "Civic Hall"
    assert Series.objects.count() == 1


def test_chair_and_deputy_are_two_people_of_the_team(client, scene):
    client.force_login(scene.officer)
    both = scene.typed(chair=scene.manager.pk, deputy=scene.manager.pk)

    assert "somebody else than the chair" in client.post(reverse(NEW), both).content.decode()
    assert (
        "Choose somebody from the list"
        in client.post(reverse(NEW), scene.typed(chair=scene.pc.pk)).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Modern slavery, 10", ("Modern slavery", 10)),
        ("Prevent", ("Prevent", 5)),
        ("Drugs, alcohol", ("Drugs, alcohol", 5)),
        ("Drugs, alcohol, 240", ("Drugs, alcohol", 240)),
    ],
)
def test_a_standing_item_is_read_as_people_type_it(typed, read):
    assert read_standing(typed) == read


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (Cadence.WEEKLY, "Every Tuesday"),
        (Cadence.FORTNIGHTLY, "Every second Tuesday"),
        (Cadence.MONTHLY, "The second Tuesday of the month, every month"),
        (Cadence.QUARTERLY, "The second Tuesday of the month, every three months"),
        (Cadence.AD_HOC, "When it is needed"),
    ],
)
def test_when_it_meets_in_words(scene, cadence, words):
    scene.series.cadence = cadence

    assert cadence_words(scene.series) == words


def agreement(scene, **dates):
    return SharingAgreement.objects.create(
        partnership=scene.team.partnership, title="Sharing <b>agreement</b>", **dates
    )


def test_an_agreement_that_lapsed_can_be_chosen_and_is_warned_of(client, scene):
    long_ago = local_day(timezone.now()) - dt.timedelta(days=800)
    lapsed = agreement(scene, signed_on=long_ago, review_on=long_ago + dt.timedelta(days=365))
    gone = SharingAgreement.objects.create(
        partnership=scene.team.partnership, title="Old one", signed_on=long_ago,
        review_on=long_ago + dt.timedelta(days=365), ended_on=long_ago + dt.timedelta(days=9),
    )  # fmt: skip
    shown = page(client, scene.officer, reverse(NEW))
    assert ("lapsed: its review was due" in shown, "Old one" in shown) == (True, False)

    client.post(reverse(NEW), scene.typed(agreement=lapsed.pk))
    refused = client.post(reverse(NEW), scene.typed(name="Other", agreement=gone.pk))

    made = Series.objects.get(name=scene.typed()["name"])
    assert "has lapsed: it was to be reviewed by" in page(client, scene.pc, address(made))
    assert refused.status_code == 200


def test_a_name_with_markup_stays_words(client, scene):
    PartnerFactory(name="<b>Bold</b>", partnership=scene.team.partnership)

    assert "<b>Bold</b>" not in page(client, scene.officer, reverse(NEW))


def test_a_change_leaves_planned_meetings_as_they_are(client, scene):
    meeting = scene.planned()
    client.force_login(scene.officer)
    url = address(scene.series, "series_edit")
    seen = client.get(url).context["form"]["seen"].value()

    client.post(url, scene.typed(name="Tasking", seen=seen))

    scene.series.refresh_from_db()
    meeting.refresh_from_db()
    assert (scene.series.venue, meeting.venue) == ("Civic Hall", "")
    assert set(scene.series.invited.values_list("partner", flat=True)) == {scene.police.pk}
    assert meeting.invited.filter(partner=scene.soha).exists()
    changed = Event.objects.get(verb="series.changed").detail["fields"]
    assert {"venue", "invited", "standing"} <= set(changed)


def test_the_second_of_two_editors_is_told_and_keeps_what_they_typed(client, scene):
    client.force_login(scene.officer)
    url = address(scene.series, "series_edit")
    seen = client.get(url).context["form"]["seen"].value()
    same = scene.typed(name="Tasking", seen=seen)
    client.post(url, same)

    shown = client.post(url, same | {"venue": "Abbey House", "standing": ""})

    text, form = shown.content.decode(), shown.context["form"]
    assert "Somebody else changed this series" in text
    assert "Modern slavery (10), Prevent (5)" in text
    assert form["venue"].value() == "Abbey House"
    client.post(url, same | {"venue": "Abbey House", "seen": form["seen"].value()})
    scene.series.refresh_from_db()
    assert scene.series.venue == "Abbey House"


def test_ending_cancels_what_was_planned_from_that_day_and_tells_agencies(
    client, scene, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    before, after = scene.planned(5), scene.planned(20)
    url = address(scene.series, "series_end")
    assert after.reference in page(client, scene.manager, url)
    on = after.day.strftime("%-d %B %Y")

    assert "Enter why it ends" in client.post(url, {"on": on, "reason": ""}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"on": on, "reason": "Merged with another"})

    statuses = {each.pk: each.status for each in scene.series.meetings.all()}
    assert statuses == {before.pk: MeetingStatus.PLANNED, after.pk: MeetingStatus.CANCELLED}
    assert {to for message in mail.outbox for to in message.to} == {"pat@police.example", "sam@soha.example"}
    assert "Merged" not in mail.outbox[0].body
    assert "the first day without its meetings" in page(client, scene.pc, address(scene.series))


def test_an_ended_series_changes_no_more(client, scene):
    Series.objects.filter(pk=scene.series.pk).update(ended_on=dt.date(2026, 1, 9))
    client.force_login(scene.officer)

    url = address(scene.series, "series_edit")
    seen = client.get(url).context["form"]["seen"].value()
    shown = client.post(url, scene.typed(seen=seen)).content.decode()

    assert "ended on 9 January 2026" in shown
    assert "Change the series" not in page(client, scene.officer, address(scene.series))


def test_agencies_invited_read_it_and_the_team_alone_changes_it(client, scene):
    shown = page(client, scene.pc, address(scene.series))
    assert ("Police" in shown, "Change the series" in shown) == (True, False)
    for name in ("series_edit", "series_end"):
        page(client, scene.pc, address(scene.series, name), 403)
        page(client, scene.nurse, address(scene.series, name), 404)
    page(client, scene.nurse, address(scene.series), 404)
    page(client, scene.pc, reverse(NEW), 403)
    page(client, user_at(scene.team, Role.BOARD), reverse("meetings:series_list"), 403)


def test_the_list_shows_ones_own_series_with_their_next_meeting(client, scene):
    meeting = scene.planned()
    SeriesFactory(lead=scene.team, name="Closed to them", invite=[scene.health])
    url = reverse("meetings:series_list")

    shown = page(client, scene.pc, url)

    assert ("Tasking" in shown, "Closed to them" in shown) == (True, False)
    assert meeting.day.strftime("%-d %B %Y") in shown
    assert "Set up a series" not in shown
    assert "Set up a series" in page(client, scene.officer, url)
