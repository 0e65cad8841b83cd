import dataclasses

from cases.enums import ContactMethod, Vulnerability
from cases.models import Person
from csp.core.words import date_words


@dataclasses.dataclass(frozen=True)
class PersonShown:
    """A person as one reader sees them."""

    person: Person
    contact_shown: bool

    @property
    def contact_line(self) -> str:
        """Where they can be reached, on one line."""
        person = self.person
        place = person.place.full_address if person.place else ""
        return " · ".join(filter(None, [person.phone, person.email, place]))

    @property
    def about_line(self) -> str:
        """What else to bear in mind about them."""
        person = self.person
        born = f"Born {date_words(person.born_on)}" if person.born_on else ""
        needs = f"Needs {person.language}" if person.language else ""
        return " · ".join(filter(None, [born, needs, *self.harm]))

    @property
    def harm(self) -> list[str]:
        """What makes harm worse for them."""
        return [str(Vulnerability(each).label) for each in self.person.vulnerability]

    @property
    def safe_line(self) -> str:
        """How to reach them without putting them at risk."""
        person = self.person
        way = str(ContactMethod(person.contact_method).label) if person.contact_method else ""
        return " · ".join(filter(None, [way, person.contact_when, person.contact_avoid]))
