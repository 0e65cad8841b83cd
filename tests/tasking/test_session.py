"""The session: begun, accepted, moved on and ended, and what each screen shows of it."""

import datetime as dt

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.errors import RuleBroken
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Attendance, Meeting
from tasking.services import attendance, session
from tasking.services.endings import CannotEndItem, Ending
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.tasking import AgendaItemFactory, ItemAnswerFactory, MeetingFactory, SeriesFactory
from tests.tasking.session_room import Room, a_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return a_room()


def page(client, user, room, query=""):
    client.force_login(user)
    return client.get(reverse("meetings:session", args=[room.meeting.reference]) + query, follow=True)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_meeting_begins_at_its_first_item_and_begins_once(room):
    meeting = MeetingFactory(series=room.meeting.series, status=MeetingStatus.PAPERS_OUT)
    first = AgendaItemFactory(meeting=meeting, position=1)
    AgendaItemFactory(meeting=meeting, position=2)

    session.begin(meeting=meeting, by=room.officer, at=NOON)
    session.begin(meeting=meeting, by=room.officer, at=NOON + dt.timedelta(hours=1))

    meeting.refresh_from_db()
    assert (meeting.status, meeting.begun_at, meeting.current_item) == ("in_session", NOON, first)
    assert Event.objects.filter(verb="meeting.begun").count() == 1
    assert meeting.changes == 1


@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.MINUTES_DRAFT])
def test_meeting_begins_only_once_its_agenda_is_open(room, status):
    meeting = MeetingFactory(series=room.meeting.series, status=status)
    with pytest.raises(RuleBroken, match="cannot begin"):
        session.begin(meeting=meeting, by=room.officer, at=NOON)


def test_begin_page_asks_to_accept_the_statement_first(client, room):
    meeting = MeetingFactory(series=room.meeting.series, lead=room.meeting.lead)
    client.force_login(room.officer)
    url = reverse("meetings:session_begin", args=[meeting.reference])
    assert "Tick the box to accept the statement" in text_of(client.post(url))
    assert Meeting.objects.get(pk=meeting.pk).status == "agenda_open"

    client.post(url, {"accept": "on"})

    assert Meeting.objects.get(pk=meeting.pk).status == "in_session"
    assert Attendance.objects.get(meeting=meeting).user == room.officer


def test_others_wait_until_it_has_begun_and_cannot_begin_it(client, room):
    meeting = MeetingFactory(series=room.meeting.series, lead=room.meeting.lead, invite=[room.housing])
    client.force_login(room.landlord)
    shown = client.get(reverse("meetings:session", args=[meeting.reference]))
    assert "The meeting has not begun" in text_of(shown)
    assert "Begin the meeting" not in text_of(shown)
    assert client.post(reverse("meetings:session_begin", args=[meeting.reference])).status_code == 403


def test_session_opens_for_nobody_who_has_not_accepted_the_statement(client, room):
    shown = text_of(page(client, room.landlord, room))
    assert "What is said here stays here." in shown
    assert room.item.title not in shown
    state = client.get(reverse("meetings:session_state", args=[room.meeting.reference])).json()
    assert "parts" not in state

    accept = reverse("meetings:session_accept", args=[room.meeting.reference])
    assert "Tick the box" in text_of(client.post(accept))
    client.post(accept, {"accept": "on"})

    assert room.item.title in text_of(page(client, room.landlord, room))
    row = Attendance.objects.get(meeting=room.meeting, user=room.landlord)
    assert (row.partner, row.accepted_at is not None) == (room.housing, True)
    event = Event.objects.get(verb="meeting.confidentiality_accepted", actor=room.landlord)
    assert event.reference == room.meeting.reference


def test_stranger_finds_no_session(client, room):
    stranger = user_at(PartnerFactory(partnership=room.meeting.partnership))
    client.force_login(stranger)
    for name in ("session", "session_state", "session_end", "attendance"):
        assert client.get(reverse(f"meetings:{name}", args=[room.meeting.reference])).status_code == 404


@pytest.mark.parametrize("name", ["session_show", "session_save", "session_action"])
def test_follower_writes_nothing(client, room, name):
    client.force_login(room.landlord)
    url = reverse(f"meetings:{name}", args=[room.meeting.reference, room.item.reference])
    assert client.post(url).status_code == 403


def test_follower_reads_the_item_answers_and_what_is_recorded(client, room):
    room.accept(room.landlord, room.constable)
    seat = room.meeting.invited.get(partner=room.police)
    answer = ItemAnswerFactory(item=room.item, seat=seat, known="known", offer="Two patrols a week")
    room.record(discussion="Bikes again", decision="Patrol until June", status="stays")
    shown = text_of(page(client, room.landlord, room))
    assert "Two patrols a week" not in shown
    for words in (room.item.gist, "Bikes again", "Patrol until June", "Stays on the agenda"):
        assert words in shown
    assert "session-note" not in shown

    seat.sent_at, seat.sent_by = NOON, room.constable
    seat.save()
    assert answer.offer in text_of(page(client, room.landlord, room))


def test_follower_reads_no_title_of_an_item_that_is_not_for_them(client, room):
    room.accept(room.landlord)
    other = room.add(title="Towpath raves", open_to=[room.police])
    room.now(other)
    shown = text_of(page(client, room.landlord, room))
    assert "An item that is not for your agency" in shown
    assert "Item 2" in shown
    assert "Towpath raves" not in shown
    assert other.reference not in shown


@pytest.mark.parametrize("how", ["closed", "restricted"])
def test_follower_reads_not_even_the_number_of_a_closed_item(client, room, how):
    room.accept(room.landlord)
    hidden = room.hidden_item(how)
    room.now(hidden)
    shown = text_of(page(client, room.landlord, room))
    assert "No item is open to you now" in shown
    assert "Item 2" not in shown
    assert hidden.title not in shown
    assert hidden.reference not in shown
    state = client.get(reverse("meetings:session_state", args=[room.meeting.reference])).content.decode()
    assert hidden.title not in state
    assert hidden.reference not in state


def test_restricted_item_stays_hidden_from_a_colleague_who_is_not_named(client, room):
    hidden = room.hidden_item("restricted")
    room.now(hidden)
    colleague = user_at(room.meeting.lead, Role.OFFICER)
    room.accept(colleague)
    shown = text_of(page(client, colleague, room))
    assert "not open to you" not in shown
    assert hidden.title not in shown


def test_details_of_a_closed_item_are_folded_on_every_screen(client, room):
    closed = room.hidden_item("closed", open_to=[room.housing])
    room.now(closed)
    room.accept(room.officer, room.landlord)
    for user, query in ((room.officer, ""), (room.officer, "?room=1"), (room.landlord, "")):
        content = text_of(page(client, user, room, query))
        folded = content.index(f'id="session-details-{closed.reference}"')
        assert content.index(closed.title) > content.index('id="session-item"')
        assert "Closed item" in content[:folded]
        assert closed.title not in content[content.index("Closed item") : folded]


def test_screen_of_the_room_has_nothing_to_type_in(client, room):
    room.accept(room.officer)
    shown = text_of(page(client, room.officer, room, "?room=1"))
    assert "session-note" not in shown
    assert "New action" not in shown
    assert room.item.title in shown


def test_decisions_of_earlier_meetings_show_where_they_are_open(client, room):
    room.accept(room.officer, room.landlord)
    past = MeetingFactory(series=room.meeting.series, status=MeetingStatus.APPROVED)
    oldest = AgendaItemFactory(meeting=past, decision="Write to all tenants")
    older = AgendaItemFactory(
        meeting=MeetingFactory(series=room.meeting.series, status=MeetingStatus.APPROVED),
        decision="Visit both homes", previous=oldest, open_to=[room.housing],
    )  # fmt: skip
    room.item.previous = older
    room.item.save(update_fields=["previous"])
    officer = text_of(page(client, room.officer, room))
    assert officer.index("Visit both homes") < officer.index("Write to all tenants")
    landlord = text_of(page(client, room.landlord, room))
    assert "Visit both homes" in landlord
    assert "Write to all tenants" not in landlord


def test_taking_up_an_item_moves_every_screen(client, room):
    second = room.add(title="Second item", open_to=[room.housing])
    room.accept(room.officer, room.landlord)
    before = text_of(page(client, room.landlord, room))
    assert f'<h2 class="govuk-heading-l">{room.item.title}' in before
    client.force_login(room.officer)
    url = reverse("meetings:session_show", args=[room.meeting.reference, second.reference])
    assert client.get(url).status_code == 405
    client.post(url)
    assert '<h2 class="govuk-heading-l">Second item' in text_of(page(client, room.landlord, room))
    assert Event.objects.filter(verb="agenda_item.taken_up", reference=second.reference).exists()


def test_item_of_another_meeting_is_not_taken_up(client, room):
    other = AgendaItemFactory(meeting=MeetingFactory(series=room.meeting.series, lead=room.meeting.lead))
    client.force_login(room.officer)
    url = reverse("meetings:session_show", args=[room.meeting.reference, other.reference])
    assert client.post(url).status_code == 404


def test_withdrawn_item_is_not_taken_up(room):
    gone = room.add(title="Gone", status=ItemStatus.WITHDRAWN, status_because="Moved away")
    with pytest.raises(RuleBroken, match="taken off the agenda"):
        session.take_up(item=gone, by=room.officer, at=NOON)


def test_state_is_tiny_and_cheap_while_nothing_changes(client, room, django_assert_max_num_queries):
    room.accept(room.landlord)
    client.force_login(room.landlord)
    url = reverse("meetings:session_state", args=[room.meeting.reference])
    seen = client.get(url).json()["changes"]
    with django_assert_max_num_queries(5):  # four of them find out who asks
        answer = client.get(url, {"seen": seen})
    assert answer.json() == {"changes": seen, "status": "in_session"}


def test_state_brings_what_changed_cut_to_the_reader(client, room):
    room.accept(room.landlord, room.officer)
    client.force_login(room.landlord)
    url = reverse("meetings:session_state", args=[room.meeting.reference])
    seen = client.get(url).json()["changes"]
    room.now(room.add(title="Towpath raves", open_to=[room.police]))
    attendance.note_attendance(
        meeting=room.meeting, name="Gita Guest", status="present", by=room.officer, at=NOON
    )
    answer = client.get(url, {"seen": seen}).json()
    assert answer["changes"] > seen
    assert set(answer["parts"]) == {"session-agenda", "session-item", "session-given", "session-people"}
    assert "not for your agency" in answer["parts"]["session-item"]
    assert "Gita Guest" in answer["parts"]["session-people"]
    assert "Towpath raves" not in str(answer)


def test_state_gives_the_form_to_the_desk_alone(client, room):
    room.accept(room.landlord, room.officer)
    url = reverse("meetings:session_state", args=[room.meeting.reference])
    client.force_login(room.officer)
    assert "session-note" in client.get(url, {"desk": 1}).json()["parts"]
    client.force_login(room.landlord)
    assert "session-note" not in client.get(url, {"desk": 1}).json()["parts"]


def test_undecided_items_are_listed_at_the_end_and_stay_on(client, room):
    standing = room.add(title="Modern slavery", kind=ItemKind.STANDING)
    decided = room.add(title="Decided one", status=ItemStatus.STAYS)
    client.force_login(room.officer)
    url = reverse("meetings:session_end", args=[room.meeting.reference])
    shown = text_of(client.get(url))
    assert room.item.title in shown
    assert "Not discussed" in shown
    assert standing.title not in shown
    assert decided.title not in shown

    client.post(url, {f"ending_{room.item.pk}": "stays"})

    meeting = Meeting.objects.get(pk=room.meeting.pk)
    assert (meeting.status, meeting.current_item, meeting.closed_at is not None) == ("minutes", None, True)
    item = AgendaItem.objects.get(pk=room.item.pk)
    assert (item.status, item.status_because) == ("stays", "There was no time to discuss it")
    assert AgendaItem.objects.get(pk=standing.pk).status == "tabled"


def test_item_that_comes_off_at_the_end_says_why(client, room):
    client.force_login(room.officer)
    url = reverse("meetings:session_end", args=[room.meeting.reference])
    shown = client.post(url, {f"ending_{room.item.pk}": "off"})
    assert "comes off the agenda" in text_of(shown)
    assert Meeting.objects.get(pk=room.meeting.pk).status == "in_session"
    client.post(url, {f"ending_{room.item.pk}": "off", f"because_{room.item.pk}": "Solved"})
    assert AgendaItem.objects.get(pk=room.item.pk).status_because == "Solved"


def test_meeting_ends_once(room):
    session.end(meeting=room.meeting, endings={}, by=room.officer, at=NOON)
    session.end(meeting=room.meeting, endings={}, by=room.officer, at=NOON)
    assert Event.objects.filter(verb="meeting.ended").count() == 1


def test_ending_that_does_not_fit_ends_nothing(room):
    with pytest.raises(CannotEndItem, match="Enter why"):
        session.end(
            meeting=room.meeting, endings={room.item.pk: Ending(status="off")}, by=room.officer, at=NOON
        )
    assert Meeting.objects.get(pk=room.meeting.pk).status == "in_session"


def test_after_the_end_the_desk_stays_open_and_the_others_are_led_away(client, room):
    room.accept(room.officer, room.landlord)
    session.end(meeting=room.meeting, endings={}, by=room.officer, at=NOON)
    assert "session-note" in text_of(page(client, room.officer, room))
    shown = page(client, room.landlord, room)
    assert shown.redirect_chain[-1][0] == room.meeting.get_absolute_url()


def test_series_of_another_partnership_is_not_followed(client, room):
    west = user_at(SeriesFactory().lead, Role.OFFICER)
    client.force_login(west)
    assert client.get(reverse("meetings:session", args=[room.meeting.reference])).status_code == 404


def test_case_item_is_gone_with_the_share_of_its_case(client, room):
    case = CaseFactory(lead=room.meeting.lead)
    item = room.add(title="Neighbours", kind=ItemKind.CASE, case=case, open_to=[room.housing])
    room.now(item)
    room.accept(room.landlord)
    shown = text_of(page(client, room.landlord, room))
    assert "Neighbours" not in shown


def test_button_to_begin_pressed_again_leads_into_the_meeting(client, room):
    client.force_login(room.officer)
    url = reverse("meetings:session_begin", args=[room.meeting.reference])

    answer = client.post(url)

    assert answer.url == reverse("meetings:session", args=[room.meeting.reference])
