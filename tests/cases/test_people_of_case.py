"""Who is in a case: with its reports, and by themselves."""

import pytest

from cases.enums import LinkRole, ReportStatus
from cases.models import CasePerson
from cases.services import edits
from cases.services.case_people import (
    InCaseAlready,
    NotInCase,
    PersonNeeded,
    add_person_to_case,
    bring_people,
    change_role_in_case,
    drop_people,
    main_complainant,
    remove_person_from_case,
    victims_of,
)
from cases.services.people import PersonEntry
from cases.services.search import contact_open_to
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import (
    CaseContactFactory,
    CasePersonFactory,
    InterventionFactory,
    RiskAssessmentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return CaseFactory(lead=PartnerFactory(receiving=True))


@pytest.fixture
def officer(case):
    return user_at(case.lead, Role.OFFICER)


@pytest.fixture
def ann(case):
    return PersonFactory(partnership=case.partnership, name="Ann Brown")


def report_in(case, *people, role=LinkRole.COMPLAINANT):
    report = ReportFactory(lead=case.lead, case=case, status=ReportStatus.CASE_OPENED, clock_stopped_at=NOON)
    for person in people:
        ReportPersonFactory(report=report, person=person, role=role, is_caller=False)
    return report


def test_to_name_somebody_whom_another_team_keeps_safe_does_not_open_where_they_live(case):
    safe = PersonFactory(lead=case.lead, name="Ann Brown", do_not_disclose=True, phone="01235 555 0101")
    CasePersonFactory(case=case, person=safe)
    soha = PartnerFactory(partnership=case.partnership)
    worker, own = user_at(soha, Role.OFFICER), CaseFactory(lead=soha)
    entry = PersonEntry(role=LinkRole.VICTIM, person_id=safe.pk, name="Ann Brown", phone="0700 900 0000")

    link = add_person_to_case(case=own, entry=entry, by=worker, at=NOON)

    assert link.person != safe
    assert contact_open_to(worker, [safe]) == set()
    safe.refresh_from_db()
    assert safe.phone == "01235 555 0101"


def who(case):
    return {(link.person, link.role, link.report) for link in case.links.all()}


def out_of(case, report):
    report.case, report.status = None, ReportStatus.NEW
    report.save()
    drop_people(case=case, report=report)


def test_people_come_with_a_report_and_go_with_it(case, ann, officer):
    report = report_in(case, ann)

    bring_people(case=case, report=report, by=officer, at=NOON)
    assert who(case) == {(ann, LinkRole.COMPLAINANT, report)}

    out_of(case, report)
    assert who(case) == set()


def test_person_named_by_two_reports_stays_for_the_second(case, ann, officer):
    first, second = report_in(case, ann), report_in(case, ann)
    for report in (first, second):
        bring_people(case=case, report=report, by=officer, at=NOON)

    out_of(case, first)
    assert who(case) == {(ann, LinkRole.COMPLAINANT, second)}

    out_of(case, second)
    assert who(case) == set()


def test_person_added_to_the_case_itself_stays_when_a_report_goes(case, ann, officer):
    CasePersonFactory(case=case, person=ann)
    report = report_in(case, ann)
    bring_people(case=case, report=report, by=officer, at=NOON)

    out_of(case, report)

    assert who(case) == {(ann, LinkRole.COMPLAINANT, None)}


@pytest.mark.parametrize("rests", [RiskAssessmentFactory, CaseContactFactory, InterventionFactory])
def test_person_on_whom_something_rests_stays(case, ann, officer, rests):
    report = report_in(case, ann)
    bring_people(case=case, report=report, by=officer, at=NOON)
    rests(case=case, person=ann)

    out_of(case, report)

    assert who(case) == {(ann, LinkRole.COMPLAINANT, None)}


def test_person_added_to_a_report_of_the_case_comes_in_and_goes_again(case, ann, officer):
    report = report_in(case)
    entry = PersonEntry(role=LinkRole.VICTIM, person_id=ann.pk)

    link = edits.add_person_to(report=report, entry=entry, by=officer, at=NOON)
    assert who(case) == {(ann, LinkRole.VICTIM, report)}

    edits.remove_person_from(report=report, link=link, reason="Wrong Ann", by=officer, at=NOON)
    assert who(case) == set()


def test_person_is_added_once_in_a_role_and_recorded_without_a_name(case, ann, officer):
    entry = PersonEntry(role=LinkRole.VICTIM, person_id=ann.pk, name="Ann Brown", phone="07700 900123")
    link = add_person_to_case(case=case, entry=entry, by=officer, at=NOON)

    with pytest.raises(InCaseAlready, match="Ann Brown is in this case as victim already"):
        add_person_to_case(case=case, entry=entry, by=officer, at=NOON)

    ann.refresh_from_db()
    assert (link.person, link.report, ann.phone) == (ann, None, "07700 900123")
    event = Event.objects.get(verb="case.person_added")
    assert event.detail == {"person": ann.pk, "role": "victim"}


def test_role_changes_and_a_taken_one_does_not(case, ann, officer):
    link = CasePersonFactory(case=case, person=ann, role=LinkRole.COMPLAINANT)

    changed = change_role_in_case(link=link, role=LinkRole.VICTIM, by=officer, at=NOON)

    assert (changed.pk, changed.role) == (link.pk, LinkRole.VICTIM)
    CasePersonFactory(case=case, person=ann, role=LinkRole.CHILD)
    with pytest.raises(InCaseAlready):
        change_role_in_case(link=changed, role=LinkRole.CHILD, by=officer, at=NOON)


def test_victim_with_an_assessment_does_not_become_the_subject_nor_leave(case, ann, officer):
    link = CasePersonFactory(case=case, person=ann, role=LinkRole.VICTIM)
    RiskAssessmentFactory(case=case, person=ann)

    with pytest.raises(PersonNeeded, match="holds risk assessments about them"):
        change_role_in_case(link=link, role=LinkRole.SUBJECT, by=officer, at=NOON)
    with pytest.raises(PersonNeeded):
        remove_person_from_case(link=link, reason="Wrong", by=officer, at=NOON)

    change_role_in_case(link=link, role=LinkRole.COMPLAINANT, by=officer, at=NOON)
    other = CasePersonFactory(case=case, person=ann, role=LinkRole.CHILD)
    remove_person_from_case(link=other, reason="Wrong", by=officer, at=NOON)
    assert who(case) == {(ann, LinkRole.COMPLAINANT, None)}


def test_person_taken_out_twice_is_told(case, ann, officer):
    link = CasePersonFactory(case=case, person=ann)
    remove_person_from_case(link=link, reason="Wrong Ann", by=officer, at=NOON)

    with pytest.raises(NotInCase):
        remove_person_from_case(link=link, reason="Wrong Ann", by=officer, at=NOON)

    assert not CasePerson.objects.exists()
    assert Event.objects.get(verb="case.person_removed").reason == "Wrong Ann"


def test_victims_and_main_complainant_of_a_case_and_those_merged_into_it(case, ann):
    gone = CaseFactory(
        lead=case.lead, partnership=case.partnership, merged_into=case, status="cancelled", ended_at=NOON
    )
    bob = CasePersonFactory(case=gone, role=LinkRole.VICTIM, person__name="Bob").person
    CasePersonFactory(case=case, person=ann)
    CasePersonFactory(case=case, role=LinkRole.SUBJECT)
    CasePersonFactory(case=case, role=LinkRole.VICTIM, person__merged_into=ann)

    assert victims_of(case) == [ann, bob]
    assert main_complainant(case) == ann
    assert main_complainant(gone) is None
