from django.utils import timezone

from cases.enums import LinkRole
from cases.models import Case, CasePerson, Person

WHO = {
    "cases:letters": "officer",
    "cases:contact_log": "officer",
    "cases:letter_write": "officer",
    "cases:close": "officer",
    "cases:reopen": "officer",
}
NO_PAGE = {
    "cases:letter",
    "cases:contact_done",
    "cases:contact_no_answer",
    "cases:contact_write",
    "cases:contact_again",
    "cases:contact_withdraw",
    "cases:close_approve",
    "cases:close_refuse",
}


def _case() -> Case:
    """An open case that the team leads, with a complainant."""
    team = "Community Safety"
    return Case.objects.filter(
        lead__name__startswith=team, lead__partnership__code="SV", ended_at=None
    ).first()


def _reference() -> str:
    return _case().reference


def _reader() -> int:
    case = _case()
    link = case.links.filter(role=LinkRole.COMPLAINANT).first()
    if link is None:
        person = Person.objects.filter(partnership=case.partnership, merged_into=None).order_by("pk").first()
        link = CasePerson.objects.create(
            case=case, person=person, role=LinkRole.COMPLAINANT, added_at=timezone.now()
        )
    return link.person_id


ARGUMENTS = {
    "cases:letters": (_reference,),
    "cases:contact_log": (_reference,),
    "cases:letter_write": (_reference, _reader, lambda: "update"),
    "cases:close": (_reference,),
    "cases:reopen": (_reference,),
}
