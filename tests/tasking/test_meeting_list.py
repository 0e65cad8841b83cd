"""The list of meetings, and what each wants of the reader."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.core.calendar import local_day
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import Meeting
from tasking.services.meetings import cancel_meeting, open_agenda
from tasking.views.meeting_rows import due_words
from tests.factories.agencies import AreaFactory
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.tasking.series_scene import Scene, page, to

pytestmark = pytest.mark.django_db
LIST = "meetings:list"
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def meeting(scene):
    """Its agenda is open, and one item on it asks both agencies."""
    meeting = open_agenda(meeting=scene.planned(), by=scene.officer, at=timezone.now())
    AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=scene.team),
        open_to=[scene.police, scene.soha],
    )  # fmt: skip
    return meeting


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "was due 1 March 2026"),
        (0, "due today"),
        (1, "due tomorrow"),
        (3, "due Thursday"),
        (6, "due Sunday"),
        (7, "due 9 March 2026"),
    ],
)
def test_a_deadline_in_words(days, words):
    assert due_words(TODAY + dt.timedelta(days=days), TODAY) == words


def test_the_team_reads_how_many_returns_are_in_and_an_agency_how_its_own_stands(client, scene, meeting):
    meeting.invited.filter(partner=scene.soha).update(sent_at=timezone.now(), sent_by=scene.worker)
    url = reverse(LIST)

    assert "1 of 2 returns in, due" in page(client, scene.officer, url)
    assert "Your return: due" in page(client, scene.pc, url)
    assert "Your return is sent" in page(client, scene.worker, url)
    assert "returns in" not in page(client, scene.pc, url)


def test_who_is_asked_nothing_owes_nothing(client, scene):
    meeting = open_agenda(meeting=scene.planned(), by=scene.officer, at=timezone.now())
    url = reverse(LIST)

    assert "No agency is asked anything yet" in page(client, scene.officer, url)
    assert "Your return" not in page(client, scene.pc, url)

    AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=scene.team), open_to=[scene.police]
    )

    assert "0 of 1 return in, due" in page(client, scene.officer, url)


def test_what_was_asked_after_the_return_was_sent_is_said(client, scene, meeting):
    meeting.invited.filter(partner=scene.police).update(sent_at=timezone.now(), sent_by=scene.pc)

    assert "Your return is sent. 1 more answer asked of you since" in page(client, scene.pc, reverse(LIST))


def test_a_late_return_says_so(client, scene, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(
        returns_due_on=local_day(timezone.now()) - dt.timedelta(days=1)
    )

    shown = page(client, scene.pc, reverse(LIST))

    assert ("Your return: was due" in shown, ">Late<" in shown) == (True, True)


def test_meetings_are_told_apart_by_what_became_of_them(client, scene, meeting):
    past = timezone.now() - dt.timedelta(days=20)
    given = {"series": scene.series, "starts_at": past, "invite": [scene.police]}
    held = MeetingFactory(**given, status=MeetingStatus.MINUTES_DRAFT)
    unheld = MeetingFactory(**given, status=MeetingStatus.PLANNED)
    approved = MeetingFactory(**given, status=MeetingStatus.APPROVED)
    cancelled = MeetingFactory(**given, status=MeetingStatus.CANCELLED, cancelled_because="Flood")

    now = page(client, scene.officer, reverse(LIST))
    over = page(client, scene.officer, f"{reverse(LIST)}?tab=past")

    shown = {each: (each.reference in now, each.reference in over) for each in Meeting.objects.all()}
    assert shown == {
        meeting: (True, False),
        held: (True, False),
        unheld: (True, False),
        approved: (False, True),
        cancelled: (False, True),
    }
    assert "Not begun, and their day has passed" in now
    assert "Minutes: was due" in now


def test_filters_narrow_the_list_and_are_taken_away_one_by_one(client, scene, meeting):
    area = AreaFactory(partnership=scene.team.partnership, name="Didcot")
    other = MeetingFactory(
        series=SeriesFactory(lead=scene.team, name="Neighbours", area=area, invite=[scene.police]),
        invite=[scene.police],
    )

    def found(query):
        shown = page(client, scene.pc, f"{reverse(LIST)}?{query}")
        return [each for each in (meeting, other) if each.reference in shown]

    assert found("") == [meeting, other]
    assert found(f"series={scene.series.pk}") == [meeting]
    assert found(f"area={area.pk}") == [other]
    assert found(f"area={area.pk}&series={scene.series.pk}") == []
    assert found("series=nonsense") == [meeting, other]
    chips = page(client, scene.pc, f"{reverse(LIST)}?area={area.pk}")
    assert "Area: Didcot" in chips


def test_an_empty_list_says_what_would_be_there(client, scene):
    assert "No meeting is planned" in page(client, scene.nurse, reverse(LIST))
    assert "No meeting is over yet" in page(client, scene.nurse, f"{reverse(LIST)}?tab=past")
    assert "matches these filters" in page(client, scene.pc, f"{reverse(LIST)}?series={scene.series.pk}")


def test_each_reader_is_led_to_the_next_step(client, scene, meeting):
    assert to(meeting, "return") in page(client, scene.pc, to(meeting))
    meeting.invited.filter(partner=scene.police).update(sent_at=timezone.now(), sent_by=scene.pc)

    shown = {
        "sent": page(client, scene.pc, to(meeting)),
        "team": page(client, scene.officer, to(meeting)),
    }
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=timezone.now() + dt.timedelta(minutes=30))
    shown["soon"] = page(client, scene.officer, to(meeting))
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.PAPERS_OUT)
    shown["papers"] = page(client, scene.pc, to(meeting))
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.IN_SESSION, begun_at=timezone.now())
    shown["session"] = page(client, scene.pc, to(meeting))

    words = {
        "sent": "Read the agenda",
        "team": "Prepare the agenda",
        "soon": "Begin the meeting",
        "papers": "Read the papers",
        "session": "Follow the meeting",
    }
    assert {when: words[when] in text for when, text in shown.items()} == dict.fromkeys(words, True)
    assert "Go on with the meeting" in page(client, scene.manager, to(meeting))


def test_a_cancelled_meeting_wants_nothing(client, scene, meeting):
    cancel_meeting(meeting=meeting, reason="Flood", by=scene.officer, at=timezone.now())

    shown = page(client, scene.officer, to(meeting))

    assert "Flood" in shown
    assert ("Prepare the agenda" in shown, "Take off" in shown) == (False, False)


def test_only_the_team_sees_the_ways_to_change_it(client, scene, meeting):
    assert "Take off" in page(client, scene.officer, to(meeting))
    assert "Take off" not in page(client, scene.pc, to(meeting))
    assert "its series and dates" not in page(client, scene.pc, to(meeting))
