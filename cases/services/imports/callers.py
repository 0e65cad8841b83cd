"""The people who called, found again or added."""

from collections.abc import Sequence

from django.db.models import Q

from cases.enums import LinkRole
from cases.models import ImportRun, Person
from cases.services.imports.rows import Caller
from cases.services.keys import email_key, name_key, phone_key
from cases.services.people import UNNAMED, PersonEntry, add_person, kept_of


class CallerBook:
    """Finds somebody known by name together with phone or e-mail.

    A name alone makes a new person: there is more than one John Smith, and the team can merge two, but hardly
    take one apart.
    """

    def __init__(self, run: ImportRun) -> None:
        self.run = run

    def people_for(self, callers: Sequence[Caller]) -> list[int | None]:
        known = self._known(callers)
        found: list[int | None] = []
        for caller in callers:
            person = next((known[key] for key in keys_of(caller) if key in known), None)
            if caller and person is None:
                person = self._add(caller)
                known |= dict.fromkeys(keys_of(caller), person)
            found.append(person)
        return found

    def _known(self, callers: Sequence[Caller]) -> dict[tuple[str, str], int]:
        phones = {phone_key(caller.phone) for caller in callers} - {""}
        emails = {email_key(caller.email) for caller in callers} - {""}
        if not phones and not emails:
            return {}
        reached = Q(phone_key__in=phones) | Q(email__in=emails)
        people = Person.objects.filter(reached, partnership=self.run.partnership_id)
        return {
            (name_key(person.name), key): kept_of(person).pk
            for person in people.order_by("-pk")
            for key in (person.phone_key, email_key(person.email))
            if key
        }

    def _add(self, caller: Caller) -> int:
        entry = PersonEntry(
            role=LinkRole.COMPLAINANT,
            name=caller.name,
            phone=caller.phone,
            email=caller.email,
            is_caller=True,
        )
        return add_person(partnership=self.run.partnership, entry=entry, by=self.run.by, at=self.run.at).pk


def keys_of(caller: Caller) -> list[tuple[str, str]]:
    name = name_key(caller.name or UNNAMED)
    return [(name, key) for key in (phone_key(caller.phone), email_key(caller.email)) if key]
