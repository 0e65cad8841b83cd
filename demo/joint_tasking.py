"""The last Joint Tasking Meeting, with what it asked of the agencies, and the next, in five working days."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.models import Case, Category, Person
from cases.services.people import place_of
from csp.actions.models import Action
from csp.actions.services import complete
from csp.agencies.models import Area, Partner, User
from csp.core.calendar import LONDON, add_working_days, end_of_day, local_day
from demo import joint_tasking_words as words
from tasking.enums import AttendanceStatus, ItemKind, ItemStatus, Known, MeetingStatus
from tasking.models import (
    AgendaItem,
    ItemAnswer,
    Meeting,
    MeetingOutcome,
    MeetingPartner,
    ReferralGroup,
    Series,
)
from tasking.services.accepting import Placing, accept
from tasking.services.attendance import note_attendance
from tasking.services.endings import Ending
from tasking.services.item_notes import Notes, notes_of, prints_of, save_notes
from tasking.services.meeting_actions import give_at_meeting
from tasking.services.meetings import open_agenda, plan_meeting
from tasking.services.referral_subjects import Subject
from tasking.services.referrals import ReferralDetails, refer
from tasking.services.session import begin, end
from tasking.services.tabling import TablingTerms, add_item, table_for

LAST, NEXT, NEARBY = -15, 5, -3
"""Working days from today."""
TERMS = TablingTerms(
    gateway="cda_115",
    purpose="Problem solving at the meeting",
    necessity="Each agency it is tabled for holds a part of what is known, and of what can be done",
    consent="not_needed",
)


@dataclass
class Room:
    """Who prepares a meeting and who sits in it, and when it is."""

    series: Series
    people: dict[str, User]
    partners: dict[str, Partner]
    now: dt.datetime

    @property
    def officer(self) -> User:
        return self.people["officer"]

    def day(self, working_days: int) -> dt.date:
        return add_working_days(local_day(self.now), working_days)

    def moment(self, working_days: int) -> dt.datetime:
        return dt.datetime.combine(self.day(working_days), self.series.begins_at, tzinfo=LONDON)

    def named(self, names: tuple[str, ...]) -> list[Partner]:
        return [self.partners[name] for name in names]


def _room(series: Series, people: dict[str, User], now: dt.datetime) -> Room:
    partners = {each.name: each for each in Partner.objects.filter(partnership=series.partnership)}
    return Room(series, people, partners, now)


def load(series: Series, people: dict[str, User], now: dt.datetime) -> None:
    room = _room(series, people, now)
    last = _prepared(room, LAST, words.LAST_ITEMS)
    _hold(room, last)
    _actions(room, last)
    _close(room, last)
    _approve(room, last)
    _do_some(room, last)
    coming = _prepared(room, NEXT, words.NEXT_ITEMS)
    _refer(room, coming)
    _returns(room, coming)


def hold_nearby(series: Series, people: dict[str, User], now: dt.datetime) -> None:
    """A neighbourhood meeting three working days ago, of which the minutes are still to be written."""
    room = _room(series, people, now)
    meeting = _prepared(room, NEARBY, words.NEARBY_ITEMS)
    _hold(room, meeting)
    _close(room, meeting)


def _prepared(room: Room, working_days: int, items: tuple[words.Item, ...]) -> Meeting:
    """Its agenda open. What the meeting before left to it and what stands on each agenda is on it."""
    starts_at = room.moment(working_days)
    at = min(room.now, starts_at - dt.timedelta(days=8))
    meeting = plan_meeting(series=room.series, starts_at=starts_at, by=room.officer, at=at)
    meeting = open_agenda(meeting=meeting, by=room.officer, at=at)
    for each in items:
        _table(room, meeting, each, at)
    return meeting


def _table(room: Room, meeting: Meeting, told: words.Item, at: dt.datetime) -> AgendaItem:
    subject = _subject(room, told)
    item = add_item(
        meeting=meeting,
        kind=subject.kind,
        title=subject.case.title if subject.case else told.title,
        gist=told.gist,
        wanted=told.wanted,
        minutes=told.minutes,
        area=subject.area or _area(room, told.area),
        issue=_issue(room, told, subject),
        group=_group(room, told.group),
        by=room.officer,
        at=at,
        **subject.columns,
    )
    table_for(item=item, partners=room.named(told.partners), terms=TERMS, by=room.officer, at=at)
    return item


def _subject(room: Room, told: words.Item) -> Subject:
    partnership = room.series.partnership
    if told.case:
        return Subject(case=Case.objects.get(reports__what_happened__startswith=told.case))
    if told.person:
        return Subject(person=Person.objects.get(partnership=partnership, name=told.person))
    return Subject(place=place_of(partnership=partnership, address=told.place, postcode=told.postcode))


def _area(room: Room, name: str) -> Area | None:
    return Area.objects.filter(partnership=room.series.partnership, name=name).first()


def _issue(room: Room, told: words.Item, subject: Subject) -> Category | None:
    if subject.case is not None:
        return subject.case.categories.first()
    return Category.objects.filter(partnership=room.series.partnership, code=told.issue).first()


def _group(room: Room, code: str) -> ReferralGroup | None:
    return ReferralGroup.objects.filter(partnership=room.series.partnership, code=code).first()


def _hold(room: Room, meeting: Meeting) -> None:
    at, chair = meeting.starts_at, room.people["manager"]
    begin(meeting=meeting, by=chair, at=at)
    seats = MeetingPartner.objects.filter(meeting=meeting).select_related("partner", "person")
    for seat in seats:
        _note_who_came(room, meeting, seat)
    MeetingPartner.objects.filter(meeting=meeting).exclude(partner=meeting.lead).update(
        sent_at=at - dt.timedelta(days=2)
    )
    codes = {each.code: each.pk for each in MeetingOutcome.objects.filter(partnership=meeting.partnership)}
    for item in meeting.items.select_related("meeting"):
        said = words.SAID.get(item.title if item.case is None else words.THE_CASE, words.NOTHING_NEW)
        returns_on = room.day(NEXT) if said.ending == ItemStatus.RETURNS else None
        notes = Notes(
            discussion=said.discussion,
            decision=said.decision,
            outcomes=tuple(sorted(codes[code] for code in said.outcomes)),
            ending=Ending(status=said.ending, because=said.because, returns_on=returns_on),
        )
        save_notes(item=item, notes=notes, seen=prints_of(notes_of(item)), by=room.officer, at=at)


def _note_who_came(room: Room, meeting: Meeting, seat: MeetingPartner) -> None:
    """One from each agency. Probation sends apologies; a colleague comes for Health."""
    name = seat.person.name if seat.person else f"{seat.partner.name} representative"
    status, deputy_for, user = AttendanceStatus.PRESENT, "", seat.person
    if seat.partner == meeting.lead:
        name, user = room.people["manager"].name, room.people["manager"]
    elif seat.partner.name == "Probation":
        status = AttendanceStatus.APOLOGIES
    elif seat.partner.name == "Health":
        name, status, deputy_for, user = "Health colleague", AttendanceStatus.DEPUTY, name, None
    note_attendance(
        meeting=meeting, name=name, status=status, partner=seat.partner, user=user, deputy_for=deputy_for,
        accepted=status != AttendanceStatus.APOLOGIES, by=room.officer, at=meeting.starts_at,
    )  # fmt: skip


def _actions(room: Room, meeting: Meeting) -> None:
    items = {item.title if item.case is None else words.THE_CASE: item for item in meeting.items.all()}
    for told in words.ACTIONS:
        give_at_meeting(
            item=items[told.item],
            owner=room.partners[told.owner],
            person=None,
            text=told.text,
            due_on=room.day(told.due),
            by=room.officer,
            at=meeting.starts_at,
            words_alone=True,
        )


def _close(room: Room, meeting: Meeting) -> None:
    at = meeting.starts_at + dt.timedelta(minutes=meeting.minutes_long)
    end(meeting=meeting, endings={}, by=room.people["manager"], at=at)


def _approve(room: Room, meeting: Meeting) -> None:
    for item in meeting.items.all():
        item.minute = f"{item.discussion} {item.decision}".strip()
        item.save(update_fields=["minute"])
    current = Meeting.objects.get(pk=meeting.pk)
    current.move_to(MeetingStatus.APPROVED)
    current.opening = "The chair welcomed everybody. The minutes of the meeting before were agreed."
    current.approved_by = room.people["manager"]
    current.approved_at = current.starts_at + dt.timedelta(days=2)
    current.save(update_fields=["status", "opening", "approved_by", "approved_at"])


def _do_some(room: Room, meeting: Meeting) -> None:
    """What agencies have done since."""
    done = {told.text: told for told in words.ACTIONS if told.done}
    for action in Action.objects.filter(given_at__item__meeting=meeting, text__in=done):
        told = done[action.text]
        by = room.people[told.done_by]
        complete(action=action, text=told.done, by=by, at=room.now - dt.timedelta(days=4))


def _refer(room: Room, meeting: Meeting) -> None:
    """One was accepted; two wait for the chair."""
    for told in words.REFERRALS:
        details = ReferralDetails(
            title=told.title,
            group=_group(room, told.group),
            issue=Category.objects.filter(partnership=meeting.partnership, code=told.issue).first(),
            why=told.why,
            wanted=told.wanted,
            tried=told.tried,
            gateway=TERMS.gateway,
            necessity=told.necessity,
            consent=TERMS.consent,
            needed_by=tuple(room.named(told.needed_by)),
            urgent_because=told.urgent_because,
        )
        place = place_of(partnership=meeting.partnership, address=told.place, postcode=told.postcode)
        referral = refer(
            meeting=meeting, subject=Subject(place=place), details=details,
            partner=room.partners[told.partner], by=room.people[told.by], at=referred_at(meeting, room.now),
        )  # fmt: skip
        if told.accepted:
            placing = Placing(
                title=told.title, gist=told.why, wanted=told.wanted,
                partners=tuple(room.named(told.needed_by)),
            )  # fmt: skip
            accept(referral=referral, placing=placing, by=room.officer, at=room.now)


def referred_at(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """Yesterday, or before: on a Sunday referrals to a meeting in five working days have closed on Friday."""
    return min(now - dt.timedelta(days=1), end_of_day(meeting.referrals_due_on))


def _returns(room: Room, meeting: Meeting) -> None:
    """Three agencies have sent theirs. The police and Soha have not begun."""
    at = room.now - dt.timedelta(hours=3)
    for name, said in words.RETURNS.items():
        seat = MeetingPartner.objects.get(meeting=meeting, partner=room.partners[name])
        items = AgendaItem.objects.filter(meeting=meeting).open_to_partner(seat.partner)
        ItemAnswer.objects.bulk_create(
            ItemAnswer(seat=seat, item=item, saved_by=seat.person, saved_at=at, **_answer(item, said))
            for item in items
        )
        seat.saved_at = seat.sent_at = at
        seat.sent_by = seat.person
        seat.save(update_fields=["saved_at", "sent_at", "sent_by"])


def _answer(item: AgendaItem, said: dict[str, str]) -> dict[str, Any]:
    if item.kind == ItemKind.STANDING:
        return {"known": Known.NOTHING_TO_ADD}
    offer = said.get(item.title)
    if offer is None:
        return {"known": Known.NOT_KNOWN}
    return {"known": Known.KNOWN, "last_contact": "This month", "offer": offer}
