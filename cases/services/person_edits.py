"""Putting right what is known about a person. Of two people at once, the second is told what changed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases.models import Person, Report
from cases.services.keys import email_key, fold, phone_key, split_postcode
from cases.services.names import NAME_KEYS, put_name_keys
from cases.services.people import place_of
from cases.services.prints import Prints, prints, refuse_unseen
from cases.services.texts import refuse_unstorable_in
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

EARLIEST_BIRTHDAY = dt.date(1900, 1, 1)
MOST_ALIASES = 10
COPIED = (
    "name",
    "known_as",
    "born_on",
    "phone",
    "contact_method",
    "contact_when",
    "contact_avoid",
    "contact_warning",
    "language",
    "gender",
    "do_not_disclose",
)


class CannotBeBornThen(RuleBroken): ...


class TooManyNames(RuleBroken): ...


class MergedAway(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """What is known about a person, in the shape in which it is typed."""

    name: str
    known_as: str = ""
    aliases: tuple[str, ...] = ()
    born_on: dt.date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    """Address and postcode."""
    contact_method: str = ""
    contact_when: str = ""
    contact_avoid: str = ""
    contact_warning: str = ""
    vulnerability: tuple[str, ...] = ()
    language: str = ""
    gender: str = ""
    do_not_disclose: bool = False


def details_of(person: Person) -> PersonDetails:
    return PersonDetails(
        **{name: getattr(person, name) for name in COPIED},
        aliases=tuple(person.aliases.order_by("pk").values_list("name", flat=True)),
        email=person.email,
        address=person.place.full_address if person.place else "",
        vulnerability=tuple(sorted(person.vulnerability)),
    )


def prints_of(details: PersonDetails) -> Prints:
    values = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    return prints(values | {"vulnerability": sorted(details.vulnerability)})


@transaction.atomic
def edit_person(
    *, person: Person, details: PersonDetails, seen: Mapping[str, str], by: User, at: dt.datetime
) -> Person:
    """Change what is known. `seen` are the prints of what the editor had before them.

    Raises `ChangedMeanwhile` where something else is known now.
    """
    refuse_unstorable_in(details)
    _refuse(details, at)
    current = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if current.merged_into is not None:
        raise MergedAway(f"{current} was found to be {current.merged_into} meanwhile. Change that record")
    before = details_of(current)
    was, becomes = prints_of(before), prints_of(details)
    refuse_unseen(was, seen, before, "person")
    changed = [name for name in was if becomes[name] != was[name]]
    if not changed:
        return current
    _put(current, details, changed, by, at)
    record("person.changed", by=by, target=current, fields=changed)
    return current


def _refuse(details: PersonDetails, at: dt.datetime) -> None:
    born = details.born_on
    if born is not None and not EARLIEST_BIRTHDAY <= born <= local_day(at):
        raise CannotBeBornThen("Date of birth must be after 1899 and not in the future")
    if len(details.aliases) > MOST_ALIASES:
        raise TooManyNames(f"Keep no more than {MOST_ALIASES} other names")


def _put(person: Person, details: PersonDetails, changed: list[str], by: User, at: dt.datetime) -> None:
    for name in COPIED:
        setattr(person, name, getattr(details, name))
    person.email, person.phone_key = email_key(details.email), phone_key(details.phone)
    person.vulnerability = sorted(details.vulnerability)
    if "address" in changed:
        address, postcode = split_postcode(details.address)
        person.place = place_of(partnership=person.partnership, address=address, postcode=postcode)
    if "aliases" in changed:
        person.aliases.exclude(name__in=details.aliases).delete()
        for name in details.aliases:
            person.aliases.get_or_create(name=name, defaults={"added_by": by, "added_at": at})
    put_name_keys(person)
    person.save(update_fields=[*COPIED, "email", "phone_key", "vulnerability", "place", *NAME_KEYS])


def names_in(text: str, *, but: str = "") -> tuple[str, ...]:
    """One name on each line, each once."""
    lines = {fold(line): line for line in (" ".join(line.split()) for line in text.splitlines()) if line}
    return tuple(line for key, line in lines.items() if key != fold(but))


def incident_before_birth(person: Person, user: User) -> Report | None:
    """A report the user reads in which the person is named, of something that happened before their birth."""
    if person.born_on is None:
        return None
    reports = Report.objects.readable_by(user).filter(links__person=person, occurred_on__lt=person.born_on)
    return reports.order_by("occurred_on", "pk").first()
