"""What is written of an item: two who write in different boxes both keep it, two in one box are asked."""

import datetime as dt

import pytest
from django.urls import reverse

from csp.audit.models import Event
from csp.core.calendar import local_day
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.forms.session import initial_of
from tasking.models import AgendaItem
from tasking.services import session
from tasking.services.endings import CannotEndItem, Ending
from tasking.services.item_notes import BothWrote, CannotNote, Notes, notes_of, prints_of, save_notes
from tests.factories.cases import NOON
from tests.factories.tasking import MeetingOutcomeFactory
from tests.tasking.session_room import Room, a_room

pytestmark = pytest.mark.django_db
FETCH = {"headers": {"X-Requested-With": "fetch"}}
BLANK = prints_of(Notes())
TODAY = local_day(NOON)


@pytest.fixture
def room() -> Room:
    room = a_room()
    room.accept(room.officer)
    return room


@pytest.fixture
def desk(client, room):
    client.force_login(room.officer)
    return client


def url(room, item=None):
    return reverse("meetings:session_save", args=[room.meeting.reference, (item or room.item).reference])


def typed(room, **fields):
    """What the form holds when its page has just been opened, with `fields` typed over it."""
    now = notes_of(AgendaItem.objects.get(pk=room.item.pk))
    initial = {name: value for name, value in initial_of(now, now).items() if value is not None}
    return initial | fields


def text_of(answer):
    return " ".join(answer.content.decode().split())


def saved(room):
    return AgendaItem.objects.get(pk=room.item.pk)


def test_notes_outcomes_and_ending_are_saved_and_the_item_is_ticked(desk, room):
    outcomes = MeetingOutcomeFactory.create_batch(2, partnership=room.meeting.partnership)
    fields = {"discussion": "Bikes", "decision": "Patrol", "outcomes": [str(each.pk) for each in outcomes]}
    shown = desk.post(url(room), typed(room, ending="stays", **fields), follow=True)
    item = saved(room)
    assert (item.discussion, item.decision, item.status) == ("Bikes", "Patrol", "stays")
    assert set(item.outcomes.all()) == set(outcomes)
    assert item.discussed_at is not None
    assert "(discussed)" in text_of(shown)
    assert Event.objects.filter(verb="agenda_item.noted").count() == 1


def test_saving_nothing_new_changes_nothing(desk, room):
    desk.post(url(room), typed(room))
    assert (saved(room).version, saved(room).discussed_at) == (0, None)


def test_outcome_of_another_partnership_is_refused(desk, room):
    other = MeetingOutcomeFactory()
    MeetingOutcomeFactory(partnership=room.meeting.partnership)
    shown = desk.post(url(room), typed(room, outcomes=[str(other.pk)], discussion="Bikes"))
    assert "Select outcomes from the list" in text_of(shown)
    assert "Bikes" in text_of(shown)
    assert not saved(room).outcomes.exists()


def test_outcome_taken_off_the_list_shows_where_it_was_ticked(desk, room):
    gone = MeetingOutcomeFactory(
        partnership=room.meeting.partnership, label="Gone", retired_on=dt.date(2020, 1, 1)
    )
    page = reverse("meetings:session", args=[room.meeting.reference])
    assert "Gone" not in text_of(desk.get(page))
    room.item.outcomes.add(gone)
    assert "Gone" in text_of(desk.get(page))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ending": "off"}, "Enter why it comes off the agenda"),
        ({"ending": "returns"}, "Enter the date when it comes back"),
        ({"ending": "returns", "returns_on": "soon"}, "must be a real date"),
    ],
)
def test_half_an_ending_is_refused_and_the_words_are_kept(desk, room, fields, problem):
    shown = text_of(desk.post(url(room), typed(room, discussion="Bikes at night", **fields)))
    assert problem in shown
    assert "Bikes at night" in shown
    assert saved(room).status == "tabled"


def test_half_an_ending_does_not_hold_up_the_words_that_are_saved_as_typed(desk, room):
    answer = desk.post(url(room), typed(room, discussion="Bikes", ending="off"), **FETCH).json()
    assert answer["problems"] == ["Enter why it comes off the agenda"]
    assert answer["version"] == 1
    assert (saved(room).discussion, saved(room).status) == ("Bikes", "tabled")


@pytest.mark.parametrize(
    ("ending", "problem"),
    [
        (Ending(status="off"), "Enter why"),
        (Ending(status="returns"), "Enter the date"),
        (Ending(status="returns", returns_on=TODAY), "after today"),
    ],
)
def test_ending_must_fit(room, ending, problem):
    with pytest.raises(CannotEndItem, match=problem):
        save_notes(item=room.item, notes=Notes(ending=ending), seen=BLANK, by=room.officer, at=NOON)


def test_item_comes_back_tomorrow_at_the_earliest_and_can_be_thought_of_again(room):
    tomorrow = TODAY + dt.timedelta(days=1)
    back = Ending(status="returns", returns_on=tomorrow)
    save_notes(item=room.item, notes=Notes(ending=back), seen=BLANK, by=room.officer, at=NOON)
    assert saved(room).returns_on == tomorrow
    seen = prints_of(notes_of(saved(room)))
    save_notes(item=room.item, notes=Notes(), seen=seen, by=room.officer, at=NOON)
    assert (saved(room).status, saved(room).returns_on) == ("tabled", None)


def test_standing_item_comes_off_without_a_reason(desk, room):
    standing = room.add(title="Modern slavery", kind=ItemKind.STANDING)
    desk.post(url(room, standing), typed(room, discussion="One referral", ending="off"))
    standing.refresh_from_db()
    assert (standing.discussion, standing.status) == ("One referral", "off")


def test_two_who_write_in_different_boxes_both_keep_their_words(room):
    save_notes(item=room.item, notes=Notes(discussion="Bikes"), seen=BLANK, by=room.officer, at=NOON)
    save_notes(item=room.item, notes=Notes(decision="Patrol"), seen=BLANK, by=room.officer, at=NOON)
    assert (saved(room).discussion, saved(room).decision, saved(room).version) == ("Bikes", "Patrol", 2)


def test_second_writer_of_a_box_overwrites_nothing_and_is_told(room):
    save_notes(item=room.item, notes=Notes(discussion="Theirs"), seen=BLANK, by=room.officer, at=NOON)
    with pytest.raises(BothWrote) as told:
        save_notes(item=room.item, notes=Notes(discussion="Mine"), seen=BLANK, by=room.officer, at=NOON)
    assert (told.value.fields, told.value.now.discussion) == (["discussion"], "Theirs")
    assert saved(room).discussion == "Theirs"


def test_answer_that_was_lost_on_its_way_is_no_clash(room):
    for _ in range(2):
        save_notes(item=room.item, notes=Notes(discussion="Mine"), seen=BLANK, by=room.officer, at=NOON)
    assert (saved(room).discussion, saved(room).version) == ("Mine", 1)


def test_second_writer_sees_both_texts_and_chooses(desk, room):
    mine = typed(room, discussion="Mine, at length", decision="Patrol")
    save_notes(item=room.item, notes=Notes(discussion="Theirs"), seen=BLANK, by=room.officer, at=NOON)
    shown = desk.post(url(room), mine)
    assert "Somebody else wrote here" in text_of(shown)
    assert "Theirs" in text_of(shown)
    form = shown.context["form"]
    assert (form["discussion"].value(), form["decision"].value()) == ("Mine, at length", "Patrol")
    assert saved(room).discussion == "Theirs"

    desk.post(url(room), mine | {"seen": form["seen"].value()})
    assert (saved(room).discussion, saved(room).decision) == ("Mine, at length", "Patrol")


def test_script_is_told_of_both_texts(desk, room):
    mine = typed(room, discussion="Mine", ending="stays")
    theirs = Notes(discussion="Theirs", ending=Ending(status=ItemStatus.OFF, because="Solved"))
    save_notes(item=room.item, notes=theirs, seen=BLANK, by=room.officer, at=NOON)
    answer = desk.post(url(room), mine, **FETCH).json()
    assert [(each["label"], each["theirs"], each["mine"]) for each in answer["clash"]] == [
        ("Discussion", "Theirs", "Mine"),
        ("What happens to the item", "Comes off the agenda", "Stays on the agenda"),
    ]
    again = desk.post(url(room), mine | {"seen": answer["seen"]}, **FETCH).json()
    assert again["fields"] == {"discussion": "Mine", "decision": ""}


def test_words_that_come_just_after_the_end_are_saved(desk, room):
    session.end(meeting=room.meeting, endings={}, by=room.officer, at=NOON)
    desk.post(url(room), typed(room, discussion="Late words"))
    assert saved(room).discussion == "Late words"


def test_nothing_is_written_once_the_minutes_are_approved(room):
    type(room.meeting).objects.filter(pk=room.meeting.pk).update(
        status=MeetingStatus.APPROVED, closed_at=NOON, approved_at=NOON
    )
    with pytest.raises(CannotNote, match="minutes approved"):
        save_notes(item=room.item, notes=Notes(discussion="Late"), seen=BLANK, by=room.officer, at=NOON)


def test_saving_and_going_on_takes_everybody_to_the_next_item(desk, room):
    second = room.add(title="Second item")
    shown = desk.post(url(room), typed(room, decision="Patrol", go="next"), follow=True)
    assert saved(room).decision == "Patrol"
    room.meeting.refresh_from_db()
    assert room.meeting.current_item == second
    assert '<h2 class="govuk-heading-l">Second item' in text_of(shown)
    assert "Save and next item" not in text_of(shown)


def test_after_the_last_item_the_page_says_so(desk, room):
    shown = desk.post(url(room), typed(room, go="next"), follow=True)
    assert "That was the last item" in text_of(shown)


def test_words_too_long_are_refused_by_the_script_too(desk, room):
    answer = desk.post(url(room), typed(room, discussion="x" * 20_001), **FETCH).json()
    assert answer["problems"] == ["Discussion must be 20000 characters or fewer"]
