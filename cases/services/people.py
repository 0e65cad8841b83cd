"""People and what is known of them, and the helpers whoever adds people needs."""

import dataclasses
import datetime as dt
from typing import Any

from cases.enums import LinkRole
from cases.models import Person, Place, Report, ReportPerson
from cases.services.keys import address_key, email_key, fold, phone_key
from cases.services.names import NAME_KEYS, put_name_keys
from cases.services.places import find_or_add_place
from cases.services.search import contact_open_to
from cases.services.texts import refuse_unstorable_in
from csp.agencies.models import Partnership, User
from csp.agencies.services import geography
from csp.audit.services import record
from csp.core.errors import RuleBroken

__all__ = [
    "PersonEntry",
    "add_person",
    "address_key",
    "find_or_add_place",
    "fold",
    "link_person",
    "phone_key",
    "place_of",
]

UNNAMED = "Name not given"


class UnknownPerson(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonEntry:
    """A person as typed into a report: known (`person_id`) or new, and what they are in it."""

    role: LinkRole
    person_id: int | None = None
    name: str = ""
    known_as: str = ""
    born_on: dt.date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    contact_method: str = ""
    contact_when: str = ""
    contact_avoid: str = ""
    contact_warning: str = ""
    vulnerability: tuple[str, ...] = ()
    language: str = ""
    do_not_disclose: bool = False
    is_caller: bool = False

    @property
    def says_something(self) -> bool:
        return any(
            [self.person_id, self.name, self.known_as, self.phone, self.email, self.address, self.postcode]
        )


PLAIN_FIELDS = (
    "name",
    "known_as",
    "born_on",
    "phone",
    "contact_method",
    "contact_when",
    "contact_avoid",
    "contact_warning",
    "language",
)
"""Fields of a person that an entry fills as they are."""


def place_of(*, partnership: Partnership, address: str, postcode: str) -> Place | None:
    """Where an address or a postcode says somebody lives, on the map where the postcode is known."""
    if not (address.strip() or postcode):
        return None
    located = geography.locate(partnership=partnership, postcode=postcode)
    return find_or_add_place(
        partnership=partnership,
        address=address,
        postcode=postcode,
        latitude=located.latitude,
        longitude=located.longitude,
        ward=located.ward,
        local_area=located.local_area,
    )


def add_person(*, partnership: Partnership, entry: PersonEntry, by: User | None, at: dt.datetime) -> Person:
    refuse_unstorable_in(entry)
    person = Person(partnership=partnership, created_at=at)
    _write(person, entry)
    person.name = person.name or person.known_as or UNNAMED
    put_name_keys(person)
    person.save(force_insert=True)
    record("person.added", by=by, target=person)
    return person


def update_person(*, person: Person, entry: PersonEntry, by: User | None, at: dt.datetime) -> Person:
    """Bring a known person up to date with what was just typed. A field left empty takes nothing away."""
    refuse_unstorable_in(entry)
    current = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    changed = _write(current, entry)
    if changed:
        put_name_keys(current)
        current.save(update_fields=[*changed, *NAME_KEYS, "phone_key"])
        record("person.changed", by=by, target=current, fields=changed)
    return current


def link_person(
    *, report: Report, entry: PersonEntry, may_change: bool, by: User | None, at: dt.datetime
) -> ReportPerson:
    """Put a person, known or new, into a report in one role."""
    person = known_or_new(partnership=report.partnership, entry=entry, may_change=may_change, by=by, at=at)
    link, _ = ReportPerson.objects.get_or_create(
        report=report, person=person, role=entry.role, defaults={"is_caller": entry.is_caller}
    )
    return link


def known_or_new(
    *, partnership: Partnership, entry: PersonEntry, may_change: bool, by: User | None, at: dt.datetime
) -> Person:
    """Who was typed, brought up to date or added.

    Where the writer may not change what the team knows about a known person (an agency that refers), details
    that differ become a new person: nothing typed is lost, nothing known is overwritten, and the team merges.
    So does somebody whom another team keeps safe: to name them in a record of one's own must not open where
    they live.
    """
    known = _known(partnership, entry)
    if known is not None and may_change and by is not None and not contact_open_to(by, [known]):
        known = None
    if known is not None and not may_change and _differs(known, entry):
        known = None
    if known is None:
        return add_person(partnership=partnership, entry=entry, by=by, at=at)
    return update_person(person=known, entry=entry, by=by, at=at) if may_change else known


def _known(partnership: Partnership, entry: PersonEntry) -> Person | None:
    if entry.person_id is None:
        return None
    person = Person.objects.filter(partnership=partnership, pk=entry.person_id).first()
    if person is None:
        raise UnknownPerson(f"Choose {entry.name or 'the person'} again, or enter them as somebody new")
    return kept_of(person)


def kept_of(person: Person) -> Person:
    """The person themselves, or the one they were found to be."""
    while person.merged_into is not None:
        person = person.merged_into
    return person


def _typed(partnership: Partnership, entry: PersonEntry) -> dict[str, Any]:
    """What the entry says, as values of a person. Empty fields say nothing."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in PLAIN_FIELDS}
    values["email"] = email_key(entry.email)
    values["place"] = place_of(partnership=partnership, address=entry.address, postcode=entry.postcode)
    values["vulnerability"] = list(entry.vulnerability)
    values["do_not_disclose"] = entry.do_not_disclose
    return {name: value for name, value in values.items() if value}


def _write(person: Person, entry: PersonEntry) -> list[str]:
    typed = _typed(person.partnership, entry)
    if "vulnerability" in typed:
        typed["vulnerability"] = sorted({*person.vulnerability, *typed["vulnerability"]})
    changed = [name for name, value in typed.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, typed[name])
    person.phone_key = phone_key(person.phone)
    return changed


def _differs(person: Person, entry: PersonEntry) -> bool:
    return any(getattr(person, name) != value for name, value in _typed(person.partnership, entry).items())
