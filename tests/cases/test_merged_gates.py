"""What was merged into a case keeps its own gate: who sees the one does not see the other through it."""

import pytest
from django.urls import reverse

from cases.enums import LinkRole
from cases.models import ProblemSheet
from cases.services import merging
from cases.services.contact_log import CannotLog, log_contact
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory
from tests.factories.casework import CasePersonFactory, InterventionFactory

TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}
NAME, WORDS = "Hidden Hannah", "Quiet nights behind the mill"


@pytest.fixture
def team(db):
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


@pytest.fixture
def kept(team):
    return CaseFactory(lead=team)


@pytest.fixture
def hannah(team, kept, officer):
    """In the case that went, which is shared with nobody."""
    gone = CaseFactory(lead=team)
    person = PersonFactory(partnership=team.partnership, name=NAME)
    for role in (LinkRole.COMPLAINANT, LinkRole.VICTIM):
        CasePersonFactory(case=gone, person=person, role=role)
    ProblemSheet.objects.create(case=gone, objective=WORDS, changed_by=officer, changed_at=NOON)
    merging.merge(kept=kept, gone=gone, reason="The same noise", by=officer, at=NOON)
    return person


@pytest.fixture
def agency(team, kept):
    partner = PartnerFactory(partnership=team.partnership, name="Soha")
    sharing.share(record=kept, to_partner=partner, level=ShareLevel.CONTRIBUTE, at=NOON, **TERMS)
    return user_at(partner)


PAGES = (
    "detail",
    "people",
    "risk",
    "problem",
    "contact_log",
    "power_new",
    "note_add",
    "timeline",
    "letters",
)


@pytest.mark.parametrize("page", PAGES)
def test_an_agency_that_sees_the_kept_case_learns_nothing_of_the_other(client, kept, hannah, agency, page):
    client.force_login(agency)

    shown = client.get(reverse(f"cases:{page}", args=[kept.reference]))

    assert shown.status_code == 200
    assert NAME not in shown.content.decode()
    assert WORDS not in shown.content.decode()


@pytest.mark.parametrize("page", ["detail", "people", "risk", "contact_log"])
def test_the_team_that_leads_both_goes_on_seeing_them(client, kept, hannah, officer, page):
    client.force_login(officer)

    assert NAME in client.get(reverse(f"cases:{page}", args=[kept.reference])).content.decode()


def test_an_agency_logs_no_contact_with_somebody_it_does_not_see(kept, hannah, agency):
    with pytest.raises(CannotLog, match="is not in this case"):
        log_contact(case=kept, person=hannah, way="phone", result="no_answer", by=agency, at=NOON)


def test_a_power_does_not_name_the_one_before_it_in_a_case_that_is_closed_to_the_reader(
    client, kept, hannah, agency, officer
):
    gone = hannah.case_links.first().case
    before = InterventionFactory(case=gone, person=hannah, made_by=officer)
    after = InterventionFactory(case=kept, body="Mill Ltd", follows=before, made_by=officer)
    page = reverse("cases:power", args=[kept.reference, after.pk])

    for user, told in ((agency, False), (officer, True)):
        client.force_login(user)
        assert (NAME in client.get(page).content.decode()) is told
