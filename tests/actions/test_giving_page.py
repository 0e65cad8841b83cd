import pytest
import time_machine
from django.template import Context, Template
from django.urls import reverse

from csp.actions.models import Action
from csp.agencies.enums import Role
from tests.factories.actions import ActionFactory
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory

pytestmark = pytest.mark.django_db
ASKED = {"text": "Visit the tenant", "due_on": "27 mar", "person": ""}
URL = "/actions/new/"


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


def seat(user):
    return user.memberships.get().pk


def test_an_action_is_given_to_an_agency_and_a_person(client, asker, soha, officer, tenancy):
    client.force_login(officer)

    page = client.post(URL, {**ASKED, "owner": soha.pk, "person": seat(tenancy)}, follow=True)

    action = Action.objects.get()
    assert (action.lead, action.owner, action.person, action.asked_by) == (asker, soha, tenancy, officer)
    assert action.due_on.isoformat() == "2026-03-27"
    assert page.redirect_chain == [(action.get_absolute_url(), 302)]
    assert f"{action} is given to Soha" in page.content.decode()


def test_an_action_about_a_report_hangs_on_it_and_leads_back_there(client, asker, soha, officer):
    report = ReportFactory(lead=asker)
    client.force_login(officer)

    assert report.reference in client.get(f"{URL}?on={report.reference}").content.decode()
    response = client.post(f"{URL}?on={report.reference}", {**ASKED, "owner": soha.pk})

    assert Action.objects.get().target == report
    assert response.url == report.get_absolute_url()


@pytest.mark.parametrize("reference", ["SV-R-26-999999", "nonsense", "SV-Z-26-000001"])
def test_a_record_that_is_not_there_is_404(client, officer, reference):
    client.force_login(officer)

    assert client.get(URL, {"on": reference}).status_code == 404


def test_a_record_that_the_giver_cannot_see_is_404(client, soha, officer):
    hidden = ReportFactory(lead=soha)
    client.force_login(officer)

    assert client.get(URL, {"on": hidden.reference}).status_code == 404
    assert client.post(f"{URL}?on={hidden.reference}", {**ASKED, "owner": soha.pk}).status_code == 404


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": ""}, "Enter what needs to be done"),
        ({"owner": ""}, "Select the agency that should do it"),
        ({"owner": "0"}, "Select agency from the list"),
        ({"due_on": ""}, "Enter the due date"),
        ({"due_on": "yesterday"}, "Due date must be today or in the future"),
        ({"due_on": "soon"}, "Due date must be a real date"),
        ({"person": "x"}, "Select a person from the list"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, soha, officer, data, message):
    client.force_login(officer)

    page = client.post(URL, {**ASKED, "owner": soha.pk, **data}).content.decode()

    assert message in page
    assert "text" in data or "Visit the tenant" in page
    assert not Action.objects.exists()


def test_a_person_of_another_agency_is_refused(client, police, officer, tenancy):
    client.force_login(officer)

    page = client.post(URL, {**ASKED, "owner": police.pk, "person": seat(tenancy)}).content.decode()

    assert "T. Tenancy does not work for Police. Choose somebody who does" in page


def test_choices_are_those_who_work_here_now(client, asker, soha, officer, tenancy):
    PartnerFactory(name="Elsewhere")
    PartnerFactory(name="Left", partnership=asker.partnership, left_on=NOON.date())
    user_at(soha, Role.BOARD, name="B. Board")
    MembershipFactory(user=tenancy, partner=soha, role=Role.AGENCY_LEAD)
    client.force_login(officer)

    form = client.get(URL).context["form"]

    assert [partner.name for partner in form.fields["owner"].queryset] == ["Community Safety", "Soha"]
    groups = dict(form.fields["person"].choices[1:])
    assert {name: [label for _, label in people] for name, people in groups.items()} == {
        "Community Safety": ["A. Officer"],
        "Soha": ["T. Tenancy"],
    }


def test_a_record_of_the_other_partnership_one_works_in_is_refused_in_words(client, soha, officer):
    west = PartnerFactory()
    MembershipFactory(user=officer, partner=west)
    report = ReportFactory(lead=west)
    client.force_login(officer)

    page = client.post(f"{URL}?on={report.reference}", {**ASKED, "owner": soha.pk}).content.decode()

    assert f"{report} belongs to another partnership" in page
    assert "Visit the tenant" in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD, Role.PROVIDER, Role.ADMINISTRATOR])
def test_giving_is_not_for_roles_without_casework(client, soha, role):
    client.force_login(user_at(soha, role))

    assert client.get(URL).status_code == 403


def test_giving_from_a_seat_without_casework_is_refused(client, soha, tenancy):
    audited = PartnerFactory()
    MembershipFactory(user=tenancy, partner=audited, role=Role.AUDITOR)
    client.force_login(tenancy)
    client.post(reverse("agencies:switch"), {"partnership": audited.partnership_id})

    assert client.get(URL).status_code == 403


def panel(rf, user, record):
    request = rf.get("/")
    request.user = user
    return Template("{% load actions %}{% actions_for record %}").render(
        Context({"request": request, "record": record})
    )


def test_the_panel_lists_actions_of_the_record_that_the_reader_may_see(
    rf, asker, soha, police, officer, tenancy
):
    case = CaseFactory(lead=asker)
    shown = ActionFactory(lead=asker, owner=soha, target=case)
    hidden = ActionFactory(lead=asker, owner=police, target=case, complete=True)
    other = ActionFactory(lead=asker, owner=soha, target=ReportFactory(lead=asker))

    html = panel(rf, tenancy, case)

    assert shown.reference in html
    assert hidden.reference not in html
    assert other.reference not in html
    assert panel(rf, officer, case).index(shown.reference) < panel(rf, officer, case).index(hidden.reference)


def test_the_panel_leads_to_giving_an_action_those_who_may(rf, soha, officer, asker):
    case = CaseFactory(lead=asker)

    assert f"/actions/new/?on={case.reference}" in panel(rf, officer, case)
    assert "No actions that you can see" in panel(rf, officer, case)
    assert "/actions/new/" not in panel(rf, user_at(soha, Role.AUDITOR), case)


def test_the_panel_of_a_record_without_reference_only_lists(rf, officer, asker):
    assert "/actions/new/" not in panel(rf, officer, asker)
