from typing import Any

from django.utils import timezone

from cases.models import Case, LegalHold, Person, SubjectAccess
from cases.services.subject_access import open_access
from csp.agencies.models import User

WHO = {
    "records:retention": "manager",
    "records:hold": "manager",
    "records:lift": "manager",
    "records:access_list": "manager",
    "records:access_new": "manager",
    "records:access": "manager",
    "records:access_item": "manager",
    "records:access_verb": "manager",
}
NO_PAGE = {"records:access_answer"}


def _access() -> Any:

    found = SubjectAccess.objects.first()
    if found:
        return found
    person = Person.objects.get(name="Danny Pryce")
    manager = User.objects.get(email="manager@demo.example")
    team = person.partnership.receiving_partner
    at = timezone.now()
    return open_access(person=person, partner=team, received_on=at.date(), identity="Seen", by=manager, at=at)


def _hold() -> int:

    held = LegalHold.objects.filter(ended_at=None, case__isnull=False).first()
    if held is None:
        manager = User.objects.get(email="manager@demo.example")
        case = Case.objects.filter(lead__partnership__code="SV").first()
        held = LegalHold.objects.create(case=case, reason="Inquiry", by=manager, at=timezone.now())
    return held.pk


ACCESS = (lambda: _access().pk,)
ARGUMENTS = {
    "records:lift": (_hold,),
    "records:access": ACCESS,
    "records:access_item": (*ACCESS, lambda: 1),
    "records:access_verb": (*ACCESS, lambda: "extend"),
}
