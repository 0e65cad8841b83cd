"""The people of a case: those who come with its reports, and those somebody adds to the case itself."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.enums import AFFECTED_ROLES, LinkRole
from cases.models import (
    Case,
    CaseContact,
    CasePerson,
    DashAssessment,
    Intervention,
    Person,
    Report,
    ReportPerson,
    RiskAssessment,
)
from cases.services import people
from cases.services.people import PersonEntry
from cases.services.risk import risk_after_people
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken

RESTS = {
    "risk assessments": RiskAssessment,
    "DASH results": DashAssessment,
    "entries in the contact log": CaseContact,
    "interventions": Intervention,
}
"""What is written about a person in a case, and would hang in the air without them."""


class NotInCase(RuleBroken): ...


class InCaseAlready(RuleBroken): ...


class PersonNeeded(RuleBroken): ...


def bring_people(*, case: Case, report: Report, by: User | None, at: dt.datetime) -> list[CasePerson]:
    """The people of a report come into its case in their roles. Part of the transaction that brings it."""
    links = report.links.select_related("person").order_by("-is_caller", "pk")
    return [
        CasePerson.objects.get_or_create(
            case=case,
            person=link.person,
            role=link.role,
            defaults={"report": report, "added_by": by, "added_at": at},
        )[0]
        for link in links
    ]


def drop_people(*, case: Case, report: Report) -> None:
    """Those who came with the report go, where no other report names them and nothing rests on them."""
    for link in case.links.filter(report=report).select_related("person"):
        _let_go(link)


def drop_person(*, case: Case, report: Report, person: Person, role: str) -> None:
    """The person was taken out of one role in a report of the case."""
    for link in case.links.filter(report=report, person=person, role=role):
        _let_go(link)


def _let_go(link: CasePerson) -> None:
    """Take it out, or say what keeps it: another report, or the case itself."""
    named = ReportPerson.objects.filter(report__case=link.case_id, person=link.person_id, role=link.role)
    other = named.exclude(report=link.report_id).order_by("report__received_at", "report_id").first()
    if other is None and not rests_on(link):
        link.delete()
        return
    link.report_id = other.report_id if other else None
    link.save(update_fields=["report"])


def rests_on(link: CasePerson) -> list[str]:
    """What in the case needs the person in this role, in words. Nothing does while another role holds it."""
    same_side = Q(role__in=AFFECTED_ROLES) if link.role in AFFECTED_ROLES else ~Q(role__in=AFFECTED_ROLES)
    if link.case.links.filter(same_side, person=link.person_id).exclude(pk=link.pk).exists():
        return []
    about = {"case": link.case_id, "person": link.person_id}
    return [words for words, model in RESTS.items() if model._default_manager.filter(**about).exists()]


@transaction.atomic
def add_person_to_case(*, case: Case, entry: PersonEntry, by: User, at: dt.datetime) -> CasePerson:
    """Put a person, known or new, into the case itself. What was typed about somebody known is kept."""
    current = Case.objects.select_related("partnership").select_for_update(of=("self",)).get(pk=case.pk)
    person = people.known_or_new(partnership=current.partnership, entry=entry, may_change=True, by=by, at=at)
    link, added = CasePerson.objects.get_or_create(
        case=current, person=person, role=entry.role, defaults={"added_by": by, "added_at": at}
    )
    if not added:
        raise InCaseAlready(f"{person} is in this case as {link.get_role_display().lower()} already")
    risk_after_people(case=current, at=at)
    record("case.person_added", by=by, target=current, person=person.pk, role=entry.role)
    return link


@transaction.atomic
def change_role_in_case(*, link: CasePerson, role: LinkRole, by: User, at: dt.datetime) -> CasePerson:
    """What they are in the case. The report they came with still says what it said."""
    current = _locked(link)
    if role == current.role:
        return current
    if current.case.links.filter(person=current.person_id, role=role).exists():
        raise InCaseAlready(f"{current.person} is in this case as {role.label.lower()} already")
    if (role in AFFECTED_ROLES) != (current.role in AFFECTED_ROLES):
        _refuse_if_needed(current)
    was, current.role, current.report = current.role, role, None
    current.save(update_fields=["role", "report"])
    risk_after_people(case=current.case, at=at)
    record(
        "case.person_changed",
        by=by,
        target=current.case,
        person=current.person_id,
        role=role,
        role_before=was,
    )
    return current


@transaction.atomic
def remove_person_from_case(*, link: CasePerson, reason: str, by: User, at: dt.datetime) -> Case:
    """Take a person out of one role in the case. What is known about them, and their reports, stay."""
    current = _locked(link)
    _refuse_if_needed(current)
    case, person, role = current.case, current.person_id, current.role
    current.delete()
    risk_after_people(case=case, at=at)
    record("case.person_removed", by=by, target=case, reason=reason, person=person, role=role)
    return case


def _locked(link: CasePerson) -> CasePerson:
    Case.objects.select_for_update(of=("self",)).get(pk=link.case_id)
    current = CasePerson.objects.select_related("case", "person").filter(pk=link.pk).first()
    if current is None:
        raise NotInCase("This person is not in the case any more. Somebody else took them out")
    return current


def _refuse_if_needed(link: CasePerson) -> None:
    if resting := rests_on(link):
        raise PersonNeeded(
            f"{link.person} cannot be taken out of this role, because this case holds "
            f"{' and '.join(resting)} about them"
        )


def people_of(case: Case, user: User) -> QuerySet[CasePerson]:
    """Who is in the case and in those merged into it, as far as the user reads each in full."""
    return CasePerson.objects.visible_to(user).filter(case__in=case.family)


def victims_of(case: Case) -> list[Person]:
    """Those who suffer, in the case and in those merged into it."""
    return list(_in_roles(case, AFFECTED_ROLES).order_by("name", "pk"))


def main_complainant(case: Case) -> Person | None:
    """Who complained first."""
    first = (
        CasePerson.objects.filter(case__in=case.family, role=LinkRole.COMPLAINANT, person__merged_into=None)
        .select_related("person__place")
        .order_by("added_at", "pk")
        .first()
    )
    return first.person if first else None


def _in_roles(case: Case, roles: tuple[LinkRole, ...]) -> QuerySet[Person]:
    links = CasePerson.objects.filter(case__in=case.family, role__in=roles)
    return Person.objects.filter(pk__in=links.values("person"), merged_into=None).select_related("place")
