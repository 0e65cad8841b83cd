"""What an agency can bring to a meeting, and when the meeting takes it."""

import datetime as dt
import re
from dataclasses import dataclass

from cases.models import Case, CaseNamed, Person, Place
from cases.services.keys import split_postcode
from cases.services.people import kept_of, place_of
from cases.services.search import open_places
from cases.services.titles import street_of
from csp.agencies.models import Area, Partner, Partnership, User
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words
from tasking.enums import ItemKind, ReferralStatus
from tasking.models import AgendaItem, Meeting, MeetingPartner, Referral
from tasking.services.tabling import sees

UNTITLED = "Anti-social behaviour"
NO_SUCH_CASE = "There is no case with this reference that you can see. Check it and try again"
NO_SUCH_PERSON = "There is nobody here whom you can see. Find the person again"
NO_SUCH_PLACE = "There is no place here that you can see. Find it again, or enter its address"


class CannotRefer(RuleBroken):
    """`there`: the referral or the item that is there already, for those who may see it."""

    def __init__(self, message: str, there: Referral | AgendaItem | None = None) -> None:
        super().__init__(message)
        self.there = there


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One case, person or place."""

    case: Case | None = None
    person: Person | None = None
    place: Place | None = None

    @property
    def kind(self) -> ItemKind:
        if self.case is not None:
            return ItemKind.CASE
        return ItemKind.PERSON if self.person is not None else ItemKind.PLACE

    @property
    def columns(self) -> dict[str, Case | Person | Place | None]:
        return {"case": self.case, "person": self.person, "place": self.place}

    @property
    def area(self) -> Area | None:
        record = self.case or self.place
        return record.local_area if record is not None else None

    def suggested_title(self) -> str:
        """Without names or house numbers. Of a person nothing is suggested: nothing but a name is known."""
        if self.case is not None:
            return self.case.title
        if self.place is None:
            return ""
        kept_safe = Person.objects.filter(do_not_disclose=True, place=self.place).exists()
        street = "" if kept_safe else street_of(self.place.address)
        return ", ".join(filter(None, [UNTITLED, street or str(self.place.local_area or "")]))[:160]


def case_for(user: User, partnership: Partnership, reference: str) -> Subject:
    cases = Case.objects.visible_to(user).select_related("lead", "local_area", "merged_into")
    case = cases.filter(partnership=partnership, reference=reference.strip().upper()).first()
    if case is None:
        raise CannotRefer(NO_SUCH_CASE)
    return Subject(case=case)


def person_for(user: User, partnership: Partnership, pk: int) -> Subject:
    """The person themselves, or the one they were found to be."""
    people = Person.objects.visible_to(user).filter(partnership=partnership)
    person = Person.objects.filter(partnership=partnership, pk=pk).first()
    kept = people.filter(pk=kept_of(person).pk).first() if person else None
    if kept is None:
        raise CannotRefer(NO_SUCH_PERSON)
    return Subject(person=kept)


def place_for(user: User, partnership: Partnership, pk: int) -> Subject:
    places = open_places(user, Place.objects.filter(partnership=partnership, pk=pk))
    place = places.select_related("local_area").first()
    if place is None:
        raise CannotRefer(NO_SUCH_PLACE)
    return Subject(place=place)


def typed_place(partnership: Partnership, typed: str) -> Subject:
    """The place with this address, added where it is new."""
    address, postcode = split_postcode(typed)
    place = place_of(partnership=partnership, address=address, postcode=postcode)
    if place is None:
        raise CannotRefer("Enter the postcode or address of the place")
    return Subject(place=place)


def names_somebody(title: str, person: Person) -> bool:
    """Does the title hold the name of the person it is about?"""
    names = re.findall(r"[^\W\d_]{3,}", f"{person.name} {person.known_as}".casefold())
    return bool(set(names) & set(re.findall(r"[^\W\d_]+", title.casefold())))


def is_late(meeting: Meeting, at: dt.datetime) -> bool:
    """Referrals are closed: one more comes only as urgent."""
    return meeting.is_in_session or local_day(at) > meeting.referrals_due_on


def must_take(meeting: Meeting) -> None:
    """The meeting takes referrals, if only urgent ones."""
    if meeting.is_prepared or meeting.is_in_session:
        return
    if meeting.is_before:
        raise CannotRefer(
            f"The agenda of {meeting} is not open yet. Ask {meeting.lead} to open it, or choose another one"
        )
    raise CannotRefer(
        f"{meeting} is {meeting.get_status_display().lower()} and takes no referrals. Choose a later meeting"
    )


def must_sit(meeting: Meeting, partner: Partner) -> None:
    if not MeetingPartner.objects.sitting().filter(meeting=meeting, partner=partner).exists():
        raise CannotRefer(f"{partner} is not invited to {meeting}. Ask {meeting.lead} to invite it")


def must_be_in_time(meeting: Meeting, urgent_because: str, at: dt.datetime) -> None:
    if is_late(meeting, at) and not urgent_because.strip():
        raise CannotRefer(
            f"Referrals to {meeting} closed on {date_words(meeting.referrals_due_on)}. "
            "Say why it cannot wait for the next meeting, or refer it to that one"
        )


def must_bring(subject: Subject, meeting: Meeting, partner: Partner) -> None:
    """Of this partnership; a case is at work, and led by who refers it or by who runs the meeting."""
    record = subject.case or subject.person or subject.place
    if record is None or record.partnership_id != meeting.partnership_id:
        raise CannotRefer(f"This belongs to another partnership than {meeting}")
    case = subject.case
    if case is None:
        return
    if case.merged_into_id is not None:
        raise CannotRefer(f"{case} is part of another case now. Refer that one")
    if not case.is_open:
        raise CannotRefer(f"{case} is {case.get_status_display().lower()}. Only an open case can be referred")
    if case.lead_id not in (partner.pk, meeting.lead_id):
        raise CannotRefer(f"{case.lead} leads {case}. Ask them to refer it, or to hand it over to you")
    if case.restricted and not _somebody_is_named(case, meeting.lead):
        raise CannotRefer(
            f"{case} is restricted and nobody of {meeting.lead} is named on it, so nobody could decide. "
            "Share it with them and name somebody first"
        )


def _somebody_is_named(case: Case, partner: Partner) -> bool:
    named = CaseNamed.objects.current().filter(case=case)
    return named.filter(user__groups=partner.group_id, user__is_active=True).exists()


def must_not_be_there(subject: Subject, meeting: Meeting, partner: Partner, user: User) -> None:
    """Not twice in one meeting. What is on the agenda without their knowing is for the chair to notice."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting, **subject.columns).tabled()
    item = items.first()
    if item is not None:
        raise CannotRefer(f"This is on the agenda of {meeting} already, as {item}", item)
    waiting = Referral.objects.undecided().filter(meeting=meeting, **subject.columns)
    if subject.case is None:
        waiting = waiting.filter(from_partner=partner)
    first = waiting.first()
    if first is None:
        return
    seen = Referral.objects.visible_to(user).filter(pk=first.pk).first()
    words = "put off to" if first.status == ReferralStatus.DEFERRED else "referred to"
    raise CannotRefer(f"This was {words} {meeting} already and waits for the chair", seen)


def shares_on_sending(subject: Subject, meeting: Meeting) -> bool:
    """Does referring it show the case to the team that runs the meeting?"""
    case = subject.case
    return case is not None and case.lead_id != meeting.lead_id and not sees(case, meeting.lead)
