"""The calendar of meetings, and the address at which other calendars ask for it."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.calendar import local_day
from csp.core.typed import at_local_time
from tasking.enums import ItemKind
from tasking.models import CalendarFeed, Meeting
from tasking.services.calendar_feed import make_feed, print_of
from tasking.services.meetings import cancel_meeting
from tests.counting import queries_of
from tests.factories.agencies import user_at
from tests.factories.cases import PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.tasking.series_scene import Scene, page

pytestmark = pytest.mark.django_db
MONTH, FEED = "meetings:calendar", "meetings:feed"


@pytest.fixture
def scene():
    cache.clear()
    return Scene()


def at(day, series, **fields):
    return MeetingFactory(series=series, starts_at=at_local_time(day, dt.time(14, 30)), **fields)


def ics(secret):
    return reverse("meetings:feed_ics", args=[secret])


def entries(client, secret):
    response = client.get(ics(secret))
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_a_month_shows_ones_own_meetings_and_names_bank_holidays(client, scene):
    own = at(dt.date(2026, 12, 8), scene.series, invite=[scene.police])
    at(dt.date(2026, 12, 9), SeriesFactory(lead=scene.team, name="Not for them"))

    shown = page(client, scene.pc, f"{reverse(MONTH)}?month=2026-12")

    assert ("2:30pm" in shown, own.get_absolute_url() in shown, "Not for them" in shown) == (
        True,
        True,
        False,
    )
    assert ("Christmas Day" in shown, "Boxing Day (substitute day)" in shown) == (True, True)
    assert ("?month=2026-11" in shown, "?month=2027-01" in shown) == (True, True)


@pytest.mark.parametrize("typed", ["", "nonsense", "2026-13", "0000-01", "2026-1"])
def test_this_month_is_shown_where_nothing_sensible_is_asked(client, scene, typed):
    shown = page(client, scene.officer, f"{reverse(MONTH)}?month={typed}")

    assert f"Meetings in {timezone.localdate():%B %Y}" in shown


def test_a_cancelled_meeting_says_so(client, scene):
    meeting = scene.planned()
    cancel_meeting(meeting=meeting, reason="Flood", by=scene.officer, at=timezone.now())

    shown = page(client, scene.pc, f"{reverse(MONTH)}?month={meeting.day:%Y-%m}")

    assert "<strong>Cancelled</strong>" in shown


def test_the_calendar_is_for_those_who_do_casework(client, scene):
    board = user_at(scene.team, Role.BOARD)

    for name in (MONTH, FEED):
        page(client, board, reverse(name), 403)


def test_an_address_is_shown_once_and_only_its_print_is_kept(client, scene):
    client.force_login(scene.pc)
    shown = client.post(reverse(FEED), {"do": "make"}).context["address"]
    secret = shown.rpartition("/")[2].removesuffix(".ics")

    kept = CalendarFeed.objects.get()

    assert (kept.user, kept.token_hash) == (scene.pc, print_of(secret))
    assert secret not in str(vars(kept))
    assert secret not in client.get(reverse(FEED)).content.decode()
    assert shown.endswith(ics(secret))
    assert not Event.objects.filter(detail__icontains=secret).exists()


def test_the_feed_holds_name_time_place_and_reference_and_nothing_else(client, scene, settings):
    series = SeriesFactory(lead=scene.team, name="Tasking, north", invite=[scene.police])
    meeting = at(local_day(timezone.now()) + dt.timedelta(days=5), series, invite=[scene.police])
    AgendaItemFactory(
        meeting=meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=scene.team), title="Garages",
        open_to=[scene.police],
    )  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(chair=scene.manager)
    at(local_day(timezone.now()), SeriesFactory(lead=scene.team, name="Not for them"))

    response = client.get(ics(make_feed(user=scene.pc, at=timezone.now())))
    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    said = {name: str(entry[name]) for name in ("summary", "location", "status", "uid")}
    assert said == {
        "summary": "Tasking, north",
        "location": "Abbey House, Abingdon",
        "status": "CONFIRMED",
        "uid": f"{meeting.reference}@{settings.PUBLIC_URL.partition('://')[2].partition(':')[0]}",
    }
    assert entry.decoded("dtstart") == meeting.starts_at
    assert entry.decoded("dtend") == meeting.ends_at
    assert meeting.get_absolute_url() in entry["url"]
    text = response.content.decode()
    for secret in ("Garages", "Morgan", "Police", "Not for them", "Pat"):
        assert secret not in text


def test_a_cancelled_meeting_stays_in_the_feed_as_cancelled(client, scene):
    meeting = scene.planned()
    secret = make_feed(user=scene.pc, at=timezone.now())
    cancel_meeting(meeting=meeting, reason="Flood in Ann's house", by=scene.officer, at=timezone.now())

    (entry,) = entries(client, secret)

    assert entry["status"] == "CANCELLED"
    assert "Ann" not in client.get(ics(secret)).content.decode()


def test_what_is_old_is_left_out(client, scene):
    today = local_day(timezone.now())
    at(today - dt.timedelta(days=120), scene.series, invite=[scene.police])
    kept = at(today - dt.timedelta(days=60), scene.series, invite=[scene.police])

    (entry,) = entries(client, make_feed(user=scene.pc, at=timezone.now()))

    assert kept.reference in entry["uid"]


def test_the_gate_is_asked_anew_each_time(client, scene):
    meeting = scene.planned()
    secret = make_feed(user=scene.pc, at=timezone.now())
    assert len(entries(client, secret)) == 1

    meeting.permission_rows.filter(group=scene.police.group_id).delete()

    assert entries(client, secret) == []


def test_a_new_address_ends_the_old_one_and_withdrawing_ends_all(client, scene):
    first = make_feed(user=scene.pc, at=timezone.now())
    client.force_login(scene.pc)
    client.post(reverse(FEED), {"do": "make"})
    assert client.get(ics(first)).status_code == 404

    second = make_feed(user=scene.pc, at=timezone.now())
    for _ in range(2):
        client.post(reverse(FEED), {"do": "withdraw"})

    assert client.get(ics(second)).status_code == 404
    assert Event.objects.filter(verb="calendar_feed.withdrawn").count() == 1
    assert "Make an address" in client.get(reverse(FEED)).content.decode()


def test_a_disabled_account_and_a_wrong_address_are_not_found(client, scene):
    secret = make_feed(user=scene.pc, at=timezone.now())
    assert client.get(ics("wrong")).status_code == 404

    scene.pc.is_active = False
    scene.pc.save()

    assert client.get(ics(secret)).status_code == 404


def test_guessing_is_stopped_and_those_with_an_address_of_elsewhere_go_on(client, scene):
    secret = make_feed(user=scene.pc, at=timezone.now())
    for n in range(61):
        client.get(ics(f"guess{n}"))

    assert client.get(ics(secret)).status_code == 404
    assert client.get(ics(secret), REMOTE_ADDR="10.9.8.7").status_code == 200


def test_one_address_is_not_asked_without_end(client, scene):
    secret = make_feed(user=scene.pc, at=timezone.now())

    codes = [client.get(ics(secret)).status_code for _ in range(121)]

    assert (codes[0], codes[-1]) == (200, 429)


def test_the_feed_costs_the_same_however_many_meetings(client, scene):
    secret = make_feed(user=scene.pc, at=timezone.now())
    scene.planned(3)
    one = queries_of(lambda: client.get(ics(secret)))
    scene.planned(4)
    scene.planned(5)

    assert len(queries_of(lambda: client.get(ics(secret)))) == len(one) <= 4
