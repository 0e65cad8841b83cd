"""People: what is known of them, and who is in a case."""

from typing import Any

from cases.enums import LinkRole
from cases.models import Alias, CasePerson, Person, RiskTemplate
from cases.services.person_merging import merge_people
from tests.access.roles import FULL
from tests.factories.cases import PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import (
    InterventionFactory,
    RiskAssessmentFactory,
    RiskTemplateFactory,
)

TABLE = """
== People: putting right, merging, and who is in a case
people:duplicates                    GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
people:edit                          GET  ok  ok  --  no  --  no  --  --  --  --  --  in
people:edit                          POST ok  ok  --  no  --  no  --  --  --  --  --  in
people:merge                         GET  ok  ok  --  no  --  no  --  --  --  --  --  in
people:merge                         POST ok  ok  --  no  --  no  --  --  --  --  --  in
people:unmerge                       GET  ok  ok  --  no  --  no  --  --  --  --  --  in
people:unmerge                       POST ok  ok  --  no  --  no  --  --  --  --  --  in
cases:people                         GET  ok  ok  no  ok  --  ok  --  --  --  --  --  in
cases:person_add                     GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:person_add                     POST ok  ok  no  no  --  no  --  --  --  --  --  in
cases:person_role                    GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:person_role                    POST >>  >>  no  no  --  no  --  --  --  --  --  in
cases:person_remove                  GET  ok  ok  no  no  --  no  --  --  --  --  --  in
cases:person_remove                  POST ok  ok  no  no  --  no  --  --  --  --  --  in
"""

ARGUMENTS = {
    "people:edit": lambda w: [w.person.pk],
    "people:merge": lambda w: [w.person.pk, w.subject.pk],
    "people:unmerge": lambda w: [w.person_merge.pk],
    "cases:person_role": lambda w: [w.case.reference, w.case_person.pk],
    "cases:person_remove": lambda w: [w.case.reference, w.case_person.pk],
}

POSTED = {"cases:person_role": lambda _: {"role": LinkRole.COMPLAINANT}}

READING = {"person.searched"}

ALIAS = "Mina of the Lane"
MAY_READ = {ALIAS: FULL}

LISTS = """
    officer   people:duplicates
    officer   people:search      q=Wilhelmina+3.4.1990
"""

PAGES = """
    officer   cases:people
    housing   cases:people
    officer   people:edit
    officer   people:merge
    officer   people:unmerge
"""


def records(world: Any) -> dict[str, Any]:
    """The caller is in the case, goes by another name, and was known twice."""
    case_person = in_case(world, LinkRole.COMPLAINANT, world.person)
    in_case(world, LinkRole.SUBJECT, world.subject)
    Alias.objects.create(person=world.person, name=ALIAS, added_at=world.now)
    twice = PersonFactory(lead=world.team, name="Mina Quarrington")
    ReportPersonFactory(report=ReportFactory(lead=world.team), person=twice)
    merge = merge_people(
        kept=world.person, gone=twice, reason="Same phone", by=world.users["officer"], at=world.now
    )
    return {"case_person": case_person, "person_merge": merge}


def in_case(world: Any, role: str, person: Person) -> CasePerson:
    link, _ = CasePerson.objects.get_or_create(
        case=world.case, person=person, role=role, defaults={"added_at": world.now}
    )
    return link


def grow(world: Any, number: int) -> None:
    for role in (LinkRole.VICTIM, LinkRole.SUBJECT):
        in_case(world, role, PersonFactory(lead=world.team, name=f"Grown {role} {number}"))
    template = RiskTemplate.objects.filter(partnership=world.team.partnership).first()
    RiskAssessmentFactory(
        case=world.case, person=world.person, template=template or RiskTemplateFactory(lead=world.team)
    )
    InterventionFactory(case=world.case, person=world.subject, place=world.place)
    twice = PersonFactory(lead=world.team, name="Known Twice", phone="01235 555555", phone_key="01235555555")
    ReportPersonFactory(report=ReportFactory(lead=world.team), person=twice)
    Alias.objects.create(person=world.person, name=f"Alias {number}", added_at=world.now)
