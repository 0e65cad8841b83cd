"""The way that is safe for a caller, as they chose it, or why nobody is told."""

from dataclasses import dataclass

from cases.enums import CallerKind, ContactMethod, LinkRole, PersonConsent
from cases.models import Contact, Person, Report
from cases.services.people import UNNAMED

MISSING: dict[str, str] = {
    ContactMethod.PHONE: "phone number",
    ContactMethod.EMAIL: "e-mail address",
    ContactMethod.LETTER: "postal address",
}


@dataclass(frozen=True)
class SafeWay:
    """How the caller wants to be told, or why nobody is told. `nobody` is written for the officer."""

    method: ContactMethod = ContactMethod.NONE
    name: str = ""
    address: str = ""
    when: str = ""
    avoid: str = ""
    nobody: str = ""


def safe_way(report: Report) -> SafeWay:
    if report.caller_kind == CallerKind.ANONYMOUS:
        return SafeWay(nobody="The caller is anonymous, so nobody is told")
    if report.caller_kind == CallerKind.AGENCY:
        return SafeWay(nobody="An agency made this report and follows it here, so no message is sent")
    link = report.links.select_related("person__place").filter(is_caller=True).first()
    if link is None:
        return SafeWay(nobody="Nobody is named as the caller, so nobody is told")
    not_agreed = (PersonConsent.NOT_ASKED, "")
    if link.role == LinkRole.REPRESENTATIVE and report.consent in not_agreed:
        return SafeWay(nobody="The person affected has not agreed yet that the caller is told")
    person = link.person
    return _way(
        person,
        report.contact_method or person.contact_method,
        report.contact_when or person.contact_when,
        report.contact_avoid or person.contact_avoid,
        "The caller",
    )


def safe_way_to(person: Person) -> SafeWay:
    """How somebody in a case wants to be told, or why they are not."""
    return _way(person, person.contact_method, person.contact_when, person.contact_avoid, person.name)


def way_again(contact: Contact) -> SafeWay:
    """The way that is safe now for whom the message goes to."""
    if contact.report is not None:
        return safe_way(contact.report)
    return safe_way_to(contact.person) if contact.person else SafeWay(nobody="Nobody is named")


def _way(person: Person, chosen: str, when: str, avoid: str, who: str) -> SafeWay:
    method = chosen or _first_way(person)
    if method == ContactMethod.NONE:
        return SafeWay(nobody=f"{who} asked not to be contacted")
    address = addresses(person).get(method, "")
    if not address:
        return SafeWay(nobody=f"No {MISSING.get(method, 'way to reach them')} is known, so nobody is told")
    return SafeWay(
        ContactMethod(method),
        "" if person.name == UNNAMED else person.name,
        address,
        when,
        avoid,
    )


def addresses(person: Person) -> dict[str, str]:
    """Where each way leads to. Empty where we do not know."""
    place = person.place
    lines = [person.name, *place.address.split(", "), place.postcode] if place else []
    postal = "\n".join(dict.fromkeys(line.strip() for line in lines if line.strip()))
    return {
        ContactMethod.PHONE: person.phone,
        ContactMethod.EMAIL: person.email,
        ContactMethod.LETTER: postal if place and place.address else "",
    }


def _first_way(person: Person) -> str:
    """The caller did not choose: a call first, where somebody can hear whether it is safe to talk."""
    return next((method for method, address in addresses(person).items() if address), "")
