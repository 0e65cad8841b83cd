"""The agenda: its order and times, what an item says, and taking one off."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Case
from cases.services.prints import ChangedMeanwhile
from csp.audit.models import Event
from tasking.enums import ItemStatus, MeetingStatus
from tasking.models import Meeting
from tasking.services import agenda
from tasking.services.agenda import (
    CannotChangeAgenda,
    arrange,
    arranged,
    edit_item,
    time_words,
    withdraw_item,
)
from tasking.services.tabling import table_for
from tests.factories.cases import CaseFactory
from tests.tasking.scene_agenda import NOW, TERMS, Scene


@pytest.fixture
def scene(db):
    return Scene()


@dataclasses.dataclass(frozen=True)
class Row:
    pk: int
    is_closed_part: bool


ROWS = st.lists(st.booleans(), max_size=9).map(
    lambda parts: [Row(number, closed) for number, closed in enumerate(sorted(parts))]
)


@given(ROWS, st.lists(st.integers(0, 11), max_size=14))
def test_arranging_loses_nothing_mixes_no_parts_and_moves_only_what_is_named(rows, wanted):
    after = arranged(rows, wanted)
    assert sorted(row.pk for row in after) == [row.pk for row in rows]
    assert [row.is_closed_part for row in after] == sorted(row.is_closed_part for row in rows)
    for place, row in enumerate(rows):
        if row.pk not in wanted:
            assert after[place] == row
    first_named = list(dict.fromkeys(wanted))
    for part in (False, True):
        got = [row.pk for row in after if row.is_closed_part is part and row.pk in wanted]
        assert got == sorted(got, key=first_named.index)


@given(ROWS, st.permutations(range(9)))
def test_arranging_twice_is_arranging_once(rows, wanted):
    once = arranged(rows, wanted)
    assert arranged(once, wanted) == once


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        (0, "0 of 120 minutes: 120 minutes left"),
        (119, "119 of 120 minutes: 1 minute left"),
        (120, "120 of 120 minutes: full"),
        (130, "130 of 120 minutes: 10 minutes over"),
    ],
)
def test_times_are_said_in_words(planned, words):
    assert time_words(planned, 120) == words


def order_of(meeting):
    return list(meeting.items.tabled().in_order())


def do_arrange(scene, items, minutes=None, by=None):
    return arrange(
        meeting=scene.meeting, order=[item.pk for item in items], minutes=minutes or {},
        by=by or scene.officer, at=NOW,
    )  # fmt: skip


def test_order_and_times_are_kept_and_screens_told(scene):
    one, two, three = (scene.item() for _ in range(3))
    before = Meeting.objects.get(pk=scene.meeting.pk).changes

    do_arrange(scene, [three, one, two], {one.pk: 25})

    assert order_of(scene.meeting) == [three, one, two]
    assert [item.minutes for item in order_of(scene.meeting)] == [10, 25, 10]
    assert Meeting.objects.get(pk=scene.meeting.pk).changes == before + 1
    assert Event.objects.get(verb="meeting.agenda_arranged").detail["timed"] == 1


def test_what_is_the_same_already_leaves_no_event(scene):
    one, two = scene.item(), scene.item()
    do_arrange(scene, [one, two], {one.pk: 10})
    assert not Event.objects.filter(verb="meeting.agenda_arranged").exists()


def test_restricted_and_closed_items_stay_last(scene):
    restricted = scene.item(case=CaseFactory(lead=scene.team, restricted=True, restricted_because="Staff"))
    closed = scene.item(closed=True)
    plain = scene.item()
    do_arrange(scene, [closed, restricted, plain])
    assert order_of(scene.meeting) == [plain, closed, restricted]
    assert agenda.numbers(scene.meeting) == {plain.pk: 1}


@pytest.mark.parametrize(("minutes", "fits"), [(0, True), (240, True), (241, False), (-1, False)])
def test_times_have_limits(scene, minutes, fits):
    item = scene.item()
    if fits:
        do_arrange(scene, [item], {item.pk: minutes})
        assert order_of(scene.meeting)[0].minutes == minutes
        return
    with pytest.raises(CannotChangeAgenda, match="between 0 and 240"):
        do_arrange(scene, [item], {item.pk: minutes})


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (MeetingStatus.PLANNED, True), (MeetingStatus.AGENDA_OPEN, True), (MeetingStatus.PAPERS_OUT, True),
        (MeetingStatus.IN_SESSION, True), (MeetingStatus.MINUTES_DRAFT, False),
        (MeetingStatus.CANCELLED, False),
    ],
)  # fmt: skip
def test_agenda_changes_until_the_meeting_is_over(scene, status, changes):
    one, two = scene.item(), scene.item()
    begun = scene.meeting.starts_at
    held = status in (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        status=status,
        begun_at=begun if held else None,
        closed_at=begun if status == MeetingStatus.MINUTES_DRAFT else None,
        cancelled_because="Snow" if status == MeetingStatus.CANCELLED else "",
    )
    try:
        do_arrange(scene, [two, one])
    except CannotChangeAgenda:
        assert not changes
    assert order_of(scene.meeting) == ([two, one] if changes else [one, two])


@pytest.mark.django_db(transaction=True)
def test_two_who_arrange_at_once_leave_one_whole_order():
    scene = Scene()
    items = [scene.item() for _ in range(4)]

    def go(order):
        try:
            do_arrange(scene, order)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(go, [items[::-1], [*items[1:], items[0]]]))

    assert order_of(scene.meeting) in (items[::-1], [*items[1:], items[0]])
    assert sorted(item.position for item in order_of(scene.meeting)) == [1, 2, 3, 4]


def details(item, **changed):
    return dataclasses.replace(agenda.details_of(item), **changed)


def test_item_is_edited_with_what_changed_in_the_record(scene):
    item = scene.item()
    seen = agenda.prints_of(agenda.details_of(item))
    edited = edit_item(
        item=item, details=details(item, gist="Bikes", closed=True), seen=seen, by=scene.officer, at=NOW
    )
    assert (edited.gist, edited.closed, edited.version) == ("Bikes", True, 1)
    assert Event.objects.get(verb="agenda_item.edited").detail["fields"] == ["gist", "closed"]


def test_second_editor_is_told_what_the_first_changed(scene):
    item = scene.item()
    seen = agenda.prints_of(agenda.details_of(item))
    edit_item(item=item, details=details(item, gist="Bikes"), seen=seen, by=scene.officer, at=NOW)
    with pytest.raises(ChangedMeanwhile) as clash:
        edit_item(item=item, details=details(item, wanted="A visit"), seen=seen, by=scene.officer, at=NOW)
    assert clash.value.fields == ["gist"]


def test_saving_what_it_says_already_is_no_change(scene):
    item = scene.item()
    seen = agenda.prints_of(agenda.details_of(item))
    assert edit_item(item=item, details=details(item), seen=seen, by=scene.officer, at=NOW).version == 0
    assert not Event.objects.filter(verb="agenda_item.edited").exists()


def test_item_taken_off_closes_what_was_opened_for_it(scene):
    item = scene.item()
    table_for(item=item, partners=[scene.police], terms=TERMS, by=scene.officer, at=NOW)

    withdraw_item(item=item, reason="Solved", by=scene.officer, at=NOW)

    item.refresh_from_db()
    assert (item.status, item.status_because) == (ItemStatus.WITHDRAWN, "Solved")
    assert not item.shares.filter(ended_at=None).exists()
    assert not Case.objects.visible_to(scene.pc).exists()
    assert order_of(scene.meeting) == []


def test_item_is_taken_off_once_for_a_reason_and_not_while_it_is_discussed(scene):
    item = scene.item()
    with pytest.raises(CannotChangeAgenda, match="Enter why"):
        withdraw_item(item=item, reason=" ", by=scene.officer, at=NOW)
    Meeting.objects.filter(pk=scene.meeting.pk).update(current_item=item)
    with pytest.raises(CannotChangeAgenda, match="being discussed now"):
        withdraw_item(item=item, reason="Solved", by=scene.officer, at=NOW)
    Meeting.objects.filter(pk=scene.meeting.pk).update(current_item=None)
    withdraw_item(item=item, reason="Solved", by=scene.officer, at=NOW)
    with pytest.raises(CannotChangeAgenda, match="already"):
        withdraw_item(item=item, reason="Solved", by=scene.officer, at=NOW)
