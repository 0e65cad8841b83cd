import pytest
from django.urls import reverse

from cases.enums import CASE_TRANSITIONS, CaseStatus, Risk
from cases.models import Case
from csp.actions.services import give_action
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.core.calendar import add_working_days, local_day
from csp.core.errors import InvalidTransition
from tests.counting import queries_of
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory

pytestmark = pytest.mark.django_db
TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "Tenancy",
    "consent": "given",
    "by": None,
}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def page_of(client, case):
    return client.get(reverse("cases:detail", args=[case.reference]))


def act(team, owner, case, by):
    return give_action(
        lead=team,
        owner=owner,
        text="Fit a camera",
        due_on=add_working_days(local_day(NOON), 9),
        by=by,
        at=NOON,
        target=case,
    )


def test_list_shows_open_cases_by_risk(signed_in, team):
    low, high = CaseFactory(lead=team), CaseFactory(lead=team, risk=Risk.HIGH, title="Arson")
    CaseFactory(lead=team, status=CaseStatus.CANCELLED, ended_at=NOON, title="Called off")

    page = signed_in.get("/cases/").content.decode()

    assert page.index(high.reference) < page.index(low.reference)
    assert "Called off" not in page
    assert "Called off" in signed_in.get("/cases/?tab=ended").content.decode()


def test_empty_lists_say_what_would_be_there(signed_in):
    assert "No open cases" in signed_in.get("/cases/").content.decode()
    assert "No closed cases" in signed_in.get("/cases/?tab=ended").content.decode()


def test_list_leaves_out_what_others_lead(signed_in, team):
    soha = PartnerFactory(partnership=team.partnership)
    hidden, shared, elsewhere = CaseFactory(lead=soha), CaseFactory(lead=soha), CaseFactory()
    sharing.share(record=shared, to_partner=team, level=2, at=NOON, **TERMS)

    page = signed_in.get("/cases/").content.decode()

    assert shared.reference in page
    assert hidden.reference not in page
    assert elsewhere.reference not in page


def test_case_shows_its_reports_actions_and_who_sees_it(signed_in, team, ann):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    case = CaseFactory(lead=team, title="Noise, Mill Road", officer=ann)
    report = ReportFactory(lead=team, status="case_opened", case=case)
    action = act(team, soha, case, ann)
    sharing.share(record=case, to_partner=soha, level=3, at=NOON, **TERMS)

    page = page_of(signed_in, case).content.decode()

    for words in (
        "Noise, Mill Road",
        report.reference,
        action.reference,
        "Fit a camera",
        "Soha",
        "Joint visit",
    ):
        assert words in page
    assert Event.objects.filter(verb="case.viewed", actor=ann).exists()


def test_an_agency_sees_of_a_case_only_what_is_shared_with_it(client, team, ann):
    soha, police = (PartnerFactory(partnership=team.partnership, name=name) for name in ("Soha", "Police"))
    case = CaseFactory(lead=team)
    report = ReportFactory(lead=team, status="case_opened", case=case)
    theirs, others = act(team, soha, case, ann), act(team, police, case, ann)
    for partner in (soha, police):
        sharing.share(record=case, to_partner=partner, level=2, at=NOON, **TERMS)
    client.force_login(user_at(soha))

    page = page_of(client, case).content.decode()

    assert theirs.reference in page
    assert report.reference in page
    for hidden in (report.what_happened, others.reference, "Police"):
        assert hidden not in page


@pytest.mark.parametrize("role", [Role.BOARD, Role.ADMINISTRATOR, Role.AUDITOR, Role.PROVIDER])
def test_cases_are_closed_to_roles_without_casework(client, team, role):
    client.force_login(user_at(team, role))

    assert client.get("/cases/").status_code == 403
    assert page_of(client, CaseFactory(lead=team)).status_code == 404


def test_a_stranger_finds_no_case(signed_in):
    assert page_of(signed_in, CaseFactory()).status_code == 404


def test_list_and_case_cost_the_same_for_one_row_and_for_three(signed_in, team, ann):
    soha = PartnerFactory(partnership=team.partnership)
    case = CaseFactory(lead=team, officer=ann)
    address = reverse("cases:detail", args=[case.reference])

    def fill():
        ReportFactory(lead=team, status="joined", case=case)
        act(team, soha, case, ann)
        CaseFactory(lead=team, officer=ann)

    fill()
    one = [len(queries_of(lambda at=at: signed_in.get(at))) for at in ("/cases/", address)]
    fill()
    fill()
    three = [len(queries_of(lambda at=at: signed_in.get(at))) for at in ("/cases/", address)]

    assert one == three


@pytest.mark.parametrize("start", CaseStatus)
@pytest.mark.parametrize("goal", CaseStatus)
def test_a_case_moves_only_along_its_arrows(start, goal):
    case = Case(reference="SV-C-26-000001", status=start)

    if goal in CASE_TRANSITIONS[start]:
        case.move_to(goal)
        assert case.status == goal
    else:
        with pytest.raises(InvalidTransition):
            case.move_to(goal)
