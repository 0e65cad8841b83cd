"""Who may be one and the same person, with the reasons. An officer decides."""

import dataclasses

import jellyfish
from django.db.models import Q, QuerySet

from cases.models import Person
from cases.services.keys import fold, sounds_of
from cases.services.search import contact_open_to, inside
from csp.agencies.models import Partnership, User

ALIKE = 0.87
"""From this Jaro-Winkler likeness on, two names are spelt alike: Ann Brown and Anne Braun are."""
FEWEST_WORDS = 2
"""One word that sounds alike, such as Sean and Shaun, says too little."""
MOST_COMPARED = 60
MOST_NEW, MOST_POOL = 200, 1000
MOST_PAIRS = 50


@dataclasses.dataclass(frozen=True)
class Candidate:
    person: Person
    other: Person
    reasons: tuple[str, ...]


def candidates_for(person: Person, user: User) -> list[Candidate]:
    """People the user sees who may be this one, those with most reasons first."""
    reached = _sharing([person]) | _sounding_like(person)
    rows = _seen_by(user, person.partnership).filter(reached).exclude(pk=person.pk)
    others = list(rows.order_by("-pk")[:MOST_COMPARED])
    pairs = _pairs([(person, other) for other in others], user)
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), pair.other.name, pair.other.pk))


def likely_duplicates(user: User, partnership: Partnership) -> list[Candidate]:
    """Those of the people who were added last that may have been known already, newest first."""
    seen = _seen_by(user, partnership)
    new = list(seen.order_by("-pk")[:MOST_NEW])
    pool = list(seen.filter(_sharing(new)).order_by("-pk")[:MOST_POOL]) if new else []
    both = {person.pk: person for person in [*new, *pool]}
    compared = [(person, other) for person in new for other in both.values() if other.pk < person.pk]
    pairs = [(person, other) for person, other in compared if _share_something(person, other)]
    return _pairs(pairs, user)[:MOST_PAIRS]


def _seen_by(user: User, partnership: Partnership) -> QuerySet[Person]:
    people = Person.objects.filter(inside(partnership), merged_into=None).visible_to(user)
    return people.select_related("place")


def _sharing(people: list[Person]) -> Q:
    """Others with the phone, the e-mail, the date of birth or the address of any of these."""
    return (
        Q(phone_key__in={person.phone_key for person in people} - {""})
        | Q(email__in={person.email for person in people} - {""})
        | Q(born_on__in={person.born_on for person in people} - {None})
        | Q(place__in={person.place_id for person in people} - {None})
    )


def _sounding_like(person: Person) -> Q:
    sounds = [keys for word in fold(person.name).split() if (keys := sounds_of(word))]
    if len(sounds) < FEWEST_WORDS:
        return Q(pk=None)
    every = Q()
    for keys in sounds:
        every &= Q(sound_keys__overlap=sorted(keys))
    return every


def _share_something(one: Person, other: Person) -> bool:
    """A quick look, before names are compared letter by letter."""
    return (
        (bool(one.phone_key) and one.phone_key == other.phone_key)
        or (bool(one.email) and one.email == other.email)
        or (one.born_on is not None and one.born_on == other.born_on)
        or (one.place_id is not None and one.place_id == other.place_id)
        or sound_alike(one.name, other.name)
    )


def _pairs(pairs: list[tuple[Person, Person]], user: User) -> list[Candidate]:
    """With their reasons. Contact and address count where both are open to the user."""
    contact = contact_open_to(user, list({each.pk: each for pair in pairs for each in pair}.values()))
    found = [
        Candidate(one, other, reasons_for(one, other, contact={one.pk, other.pk} <= contact))
        for one, other in pairs
    ]
    return [candidate for candidate in found if candidate.reasons]


def reasons_for(one: Person, other: Person, *, contact: bool) -> tuple[str, ...]:
    spelt, heard = spelt_alike(one.name, other.name), sound_alike(one.name, other.name)
    alike = spelt or heard
    reasons = []
    if one.born_on and one.born_on == other.born_on and alike:
        reasons.append("same date of birth and a like name")
    if contact and one.phone_key and one.phone_key == other.phone_key:
        reasons.append("same phone")
    if contact and one.email and one.email == other.email:
        reasons.append("same e-mail")
    if contact and one.place_id and one.place_id == other.place_id and alike:
        reasons.append("same address and a like name")
    if heard and not (one.born_on and other.born_on and one.born_on != other.born_on):
        reasons.append("name sounds alike")
    return tuple(reasons)


def spelt_alike(one: str, other: str) -> bool:
    return jellyfish.jaro_winkler_similarity(fold(one), fold(other)) >= ALIKE


def sound_alike(one: str, other: str) -> bool:
    """Each word of the one sounds like a word of the other, and the other way round."""
    ours, theirs = _heard(one), _heard(other)
    if len(ours) < FEWEST_WORDS or len(theirs) < FEWEST_WORDS:
        return False
    return _covers(ours, theirs) and _covers(theirs, ours)


def _heard(name: str) -> list[set[str]]:
    return [keys for word in fold(name).split() if (keys := sounds_of(word))]


def _covers(ours: list[set[str]], theirs: list[set[str]]) -> bool:
    return all(any(keys & others for others in theirs) for keys in ours)
