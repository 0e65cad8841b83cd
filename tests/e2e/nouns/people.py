from django.utils import timezone

from cases.enums import LinkRole
from cases.models import Case, CasePerson, Person, PersonMerge, ReportPerson
from cases.services.person_merging import merge_people
from csp.agencies.models import User

WHO = {
    "people:duplicates": "officer",
    "people:edit": "officer",
    "people:merge": "officer",
    "people:unmerge": "officer",
    "cases:people": "officer",
    "cases:person_add": "officer",
    "cases:person_role": "officer",
    "cases:person_remove": "officer",
}
NO_PAGE: set[str] = set()
TEAM = "Community Safety"


def _ann() -> Person:
    return Person.objects.get(name="Ann Brown", merged_into=None)


def _known_twice() -> Person:
    """A second record of Ann Brown, in a report that the team leads."""
    ann = _ann()
    name = "Anne Braun"
    found = Person.objects.filter(name=name, partnership=ann.partnership).first()
    if found is None:
        link = ann.links.filter(report__lead__name__startswith=TEAM)[0]
        found = Person.objects.create(
            partnership=ann.partnership, name=name, search_key=name.lower(), created_at=timezone.now()
        )
        ReportPerson.objects.create(report=link.report, person=found, role=LinkRole.WITNESS)
    return found


def _merge() -> PersonMerge:
    """Of somebody else, so that the pair above stays two."""
    standing = PersonMerge.objects.filter(undone_at=None).first()
    if standing:
        return standing
    ann, name = _ann(), "A. Brown"
    gone = Person.objects.create(
        partnership=ann.partnership, name=name, search_key=name.lower(), created_at=timezone.now()
    )
    officer = User.objects.get(
        email__startswith="officer@", memberships__partner__partnership=ann.partnership
    )
    return merge_people(kept=ann, gone=gone, reason="Same phone", by=officer, at=timezone.now())


def _in_case() -> CasePerson:
    """Somebody in an open case that the team leads."""
    case = Case.objects.filter(
        lead__name__startswith=TEAM, lead__partnership=_ann().partnership, ended_at=None
    )[0]
    link = case.links.order_by("pk").first()
    return link or CasePerson.objects.create(
        case=case, person=_ann(), role=LinkRole.COMPLAINANT, added_at=timezone.now()
    )


CASE = (lambda: _in_case().case.reference,)
LINK = (*CASE, lambda: _in_case().pk)
ARGUMENTS = {
    "people:edit": (lambda: _ann().pk,),
    "people:merge": (lambda: _ann().pk, lambda: _known_twice().pk),
    "people:unmerge": (lambda: _merge().pk,),
    "cases:people": CASE,
    "cases:person_add": CASE,
    "cases:person_role": LINK,
    "cases:person_remove": LINK,
}
