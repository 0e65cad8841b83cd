"""Finding people and places again, cut to what the searcher may see."""

import dataclasses
import datetime as dt
import re
from typing import Any

from django.contrib.postgres.search import TrigramWordDistance, TrigramWordSimilarity
from django.db.models import BigIntegerField, Exists, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from cases.models import Case, CasePerson, Intervention, Person, Place, Report, ReportPerson
from cases.rules.people import led_by
from cases.services.keys import (
    address_key,
    email_key,
    fold,
    name_key,
    phone_key,
    sounds_of,
    split_birthday,
    split_postcode,
)
from csp.agencies.models import Partnership, User

SHORTEST_NAME = 2
SHORTEST_PHONE = 6
SHORTEST_ADDRESS = 5
LONGEST_PHONE = 20
NEAR_NAMES = 60
HEARD = 0.4
"""What a name that sounds alike weighs, against 1 for one that is spelt the same."""
NEAR_ADDRESSES = 20
PHONE_SHAPED = re.compile(r"[\d\s()+.\-]+")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonQuery:
    """What is known about somebody while it is still being typed. Any part may be empty or half done."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    born_on: dt.date | None = None

    @classmethod
    def from_text(cls, text: str) -> "PersonQuery":
        """One box for everything: the shape of the words says what they are."""
        if "@" in text:
            return cls(email=text)
        text, born_on = split_birthday(text)
        if PHONE_SHAPED.fullmatch(text):
            return cls(phone=text, born_on=born_on)
        rest, postcode = split_postcode(text)
        is_address = bool(postcode) or any(c.isdigit() for c in rest)
        return cls(name="" if is_address else rest, address=rest, postcode=postcode, born_on=born_on)


@dataclasses.dataclass
class PersonFound:
    person: Person
    reasons: list[str]
    score: float = 0.0
    asked: int = 0
    """Which of several queries found them."""


def search_people(
    *, user: User, partnership: Partnership, text: str = "", query: PersonQuery | None = None, limit: int = 8
) -> list[PersonFound]:
    """People the user may know about, best match first, with the reasons: name, phone, date of birth…

    Somebody whose address and contact are not to be disclosed is found by them only by the team that leads.
    """
    query = query or PersonQuery.from_text(text)
    people = Person.objects.filter(inside(partnership), merged_into=None).visible_to(user)
    people = people.select_related("place")
    open_contact = people.filter(Q(do_not_disclose=False) | led_by(user))
    found: dict[int, PersonFound] = {}
    for person in by_name_or_sound(people, query):
        match = found.setdefault(person.pk, PersonFound(person, []))
        if not match.reasons:
            match.reasons.append("name sounds alike" if person.heard else "name")
            match.score += person.likeness
    for reason, weight, matches in (
        ("date of birth", 1.0, by_birthday(people, query)),
        ("phone", 2.0, by_phone(open_contact, query)),
        ("e-mail", 2.0, by_email(open_contact, query)),
        ("address", 0.5, by_address(open_contact, partnership, query)),
    ):
        for person in matches:
            match = found.setdefault(person.pk, PersonFound(person, []))
            match.reasons.append(reason)
            match.score += weight
    return sorted(found.values(), key=lambda each: (-each.score, each.person.name, each.person.pk))[:limit]


def contact_open_to(user: User, people: list[Person]) -> set[int]:
    """Ids of those whose address and contact the user may see."""
    asked = Person.objects.filter(pk__in=[person.pk for person in people]).filter(led_by(user))
    led = set(asked.values_list("pk", flat=True)) if people else set()
    return {person.pk for person in people if not person.do_not_disclose or person.pk in led}


def inside(partnership: Partnership) -> Q:
    """The partnership as the type of its column: only so does the index that holds both take part."""
    return Q(partnership=Cast(Value(partnership.pk), BigIntegerField()))


def by_name(people: QuerySet[Person], query: PersonQuery) -> QuerySet[Person]:
    key = name_key(query.name)
    if len(key) < SHORTEST_NAME:
        return people.none()
    near = people.filter(search_key__trigram_word_similar=key)
    near = near.annotate(likeness=TrigramWordSimilarity(key, "search_key"))
    return near.order_by(TrigramWordDistance(key, "search_key"), "name", "pk")[:NEAR_NAMES]


def by_name_or_sound(people: QuerySet[Person], query: PersonQuery) -> list[Any]:
    """Those whose name is spelt alike, then those whose name sounds alike, asked for at once."""
    spelt = by_name(people, query).annotate(heard=Value(value=False))
    alike = {"likeness": Value(HEARD, FloatField()), "heard": Value(value=True)}
    sounding = by_sound(people.annotate(**alike), query)
    return sorted(spelt.union(sounding, all=True), key=lambda person: person.heard)


def by_sound(people: QuerySet[Person], query: PersonQuery) -> QuerySet[Person]:
    """Each word that was typed sounds like a word of their names."""
    sounds = [keys for word in fold(query.name).split() if (keys := sounds_of(word))]
    if not sounds:
        return people.none()
    for keys in sounds:
        people = people.filter(sound_keys__overlap=sorted(keys))
    return people[:NEAR_NAMES]


def by_birthday(people: QuerySet[Person], query: PersonQuery) -> QuerySet[Person]:
    if query.born_on is None:
        return people.none()
    return people.filter(born_on=query.born_on).order_by("name", "pk")[:NEAR_NAMES]


def by_phone(people: QuerySet[Person], query: PersonQuery) -> QuerySet[Person]:
    """The number or its beginning. A range, so that the index serves in every collation."""
    key = phone_key(query.phone)
    if len(key) < SHORTEST_PHONE:
        return people.none()
    return people.filter(phone_key__gte=key, phone_key__lte=key.ljust(LONGEST_PHONE, "9"))[:NEAR_NAMES]


def by_email(people: QuerySet[Person], query: PersonQuery) -> QuerySet[Person]:
    key = email_key(query.email)
    return people.filter(email=key)[:NEAR_NAMES] if "@" in key else people.none()


def by_address(people: QuerySet[Person], partnership: Partnership, query: PersonQuery) -> QuerySet[Person]:
    places = find_places(partnership=partnership, address=query.address, postcode=query.postcode)
    return people.filter(place__in=places)[:NEAR_NAMES] if places else people.none()


def find_places(
    *, partnership: Partnership, address: str, postcode: str, limit: int = NEAR_ADDRESSES
) -> list[Place]:
    """Places with this postcode, or an address spelt much like this. A house number must be the same."""
    places = Place.objects.filter(inside(partnership))
    if not address.strip():
        return list(places.filter(postcode=postcode).order_by("address")[:limit]) if postcode else []
    key = address_key(address, postcode)
    if len(key) < SHORTEST_ADDRESS:
        return []
    alike = places.filter(address_key__trigram_word_similar=key)
    near = alike.order_by(TrigramWordDistance(key, "address_key"), "address")[:NEAR_NAMES]
    found: list[Place] = [place for place in near if same_numbers(key, place.address_key)]
    return found[:limit]


def open_places(user: User, places: QuerySet[Place] | list[Place]) -> QuerySet[Place]:
    """Those of reports, cases and interventions the user may read in full, without those where somebody is
    kept safe from being found.

    The team that leads a report or a case there sees the place all the same.
    """
    here = {"place": OuterRef("pk")}
    reports, cases = Report.objects.filter(**here), Case.objects.filter(**here)
    steps = Intervention.objects.visible_to(user).filter(**here)
    ours = {"lead__in": user.partner_ids}
    led = Exists(reports.filter(**ours).readable_by(user)) | Exists(cases.filter(**ours).readable_by(user))
    seen = Exists(reports.readable_by(user)) | Exists(cases.readable_by(user)) | Exists(steps)
    kept_safe = Exists(Person.objects.filter(do_not_disclose=True, **here))
    return Place.objects.filter(led | seen & ~kept_safe, pk__in=[place.pk for place in places])


def opens_place(user: User, place: Place | None) -> bool:
    """Does the page of the place open for them?"""
    if place is None or not user.has_perm("people.search"):
        return False
    return open_places(user, [place]).exists()


def same_numbers(one: str, other: str) -> bool:
    """Do all the house and flat numbers of the first address stand in the second?"""
    return {word for word in one.split() if word[0].isdecimal()} <= set(other.split())


def reports_of(people: list[Person], user: User) -> QuerySet[ReportPerson]:
    """The links that say what these people are in reports the user may read in full, newest report first."""
    readable = Report.objects.readable_by(user).values("pk")
    return (
        ReportPerson.objects.filter(person__in=people, report__in=readable)
        .select_related("report__case", "report__place")
        .order_by("-report__received_at", "-report_id")
    )


def cases_of(people: list[Person], user: User) -> QuerySet[CasePerson]:
    """The links that say what these people are in cases the user may read in full, newest case first."""
    return (
        CasePerson.objects.visible_to(user)
        .filter(person__in=people)
        .select_related("case__lead")
        .order_by("-case__opened_at", "-case_id", "pk")
    )
