import pytest
import time_machine

from cases.enums import CallerKind, Channel, LinkRole, PersonConsent, ReportStatus
from cases.models import Report
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.cases.log_form import filled
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

pytestmark = pytest.mark.django_db
REFER = "/reports/refer/"
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "They visit", "consent": "given"}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha")


@pytest.fixture
def worker(soha, client):
    user = user_at(soha)
    client.force_login(user)
    return user


def referral(**answers):
    return filled(**{"consent": "given", "source_reference": "T/99", "behalf-name": "Ann", **answers})


def test_refer_makes_a_report_that_the_agency_follows(client, worker, soha, team):
    answer = client.post(REFER, referral())

    report = Report.objects.get()
    assert answer.url == f"/reports/{report.reference}/"
    assert (report.channel, report.caller_kind) == (Channel.PARTNER, CallerKind.AGENCY)
    assert (report.lead, report.source_partner, report.source_reference) == (team, soha, "T/99")
    assert (report.consent, report.links.get().role) == (PersonConsent.GIVEN, LinkRole.VICTIM)
    assert Event.objects.get(verb="report.logged").partner == soha
    assert "Ann" in client.get(answer.url).content.decode()


def test_referrals_list_shows_where_they_stand_in_plain_words(client, worker, soha, team):
    client.post(REFER, referral())
    shared = ReportFactory(lead=team, status=ReportStatus.ADVICE)
    sharing.share(record=shared, to_partner=soha, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)
    hidden = ReportFactory(lead=team)

    page = client.get("/reports/referrals/").content.decode()

    assert "Waiting to be looked at" in page
    assert "Your reference T/99" in page
    assert "Advice was given" in page
    assert "Shared by Community Safety" in page
    assert hidden.reference not in page


def test_referrals_list_says_what_would_be_here(client, worker):
    assert "Nothing here yet" in client.get("/reports/referrals/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_referrals_list_query_count(client, worker, soha, team, count, django_assert_max_num_queries):
    for _ in range(count):
        report = ReportFactory(lead=team)
        sharing.share(record=report, to_partner=soha, level=ShareLevel.FULL, by=None, at=NOON, **TERMS)

    with django_assert_max_num_queries(8):
        client.get("/reports/referrals/")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"consent": ""}, "Select whether the person affected has agreed to this referral"),
        ({"consent": "not_asked"}, "Enter why you refer without their agreement"),
        ({"what_happened": ""}, "Enter what happened"),
    ],
)
def test_refer_says_what_is_wrong_and_keeps_what_was_typed(client, worker, answers, message):
    page = client.post(REFER, referral(why_you="They are new here", **answers)).content.decode()

    assert message in page
    assert "They are new here" in page
    assert not Report.objects.exists()


def test_refer_without_agreement_keeps_why(client, worker):
    client.post(REFER, referral(consent="cannot", consent_note="She is in hospital"))

    report = Report.objects.get()
    assert (report.consent, report.consent_note) == ("cannot", "She is in hospital")
    assert report.shares.get().consent_note == "She is in hospital"


def test_refer_keeps_a_draft_and_brings_it_back(client, worker):
    client.post(REFER, referral(why_you="Half a thought", keep=""))
    draft = worker.report_drafts.get()

    assert draft.referral
    assert "Your drafts (1)" in client.get(REFER).content.decode()
    assert "Half a thought" in client.get(f"{REFER}?draft={draft.pk}").content.decode()
    assert client.post(f"/reports/drafts/{draft.pk}/discard/").url == REFER


def test_refer_adds_a_row_without_scripts(client, worker):
    assert 'name="told-0-agency"' in client.post(REFER, referral(add="told")).content.decode()


def test_the_team_logs_instead_of_referring(client, team):
    client.force_login(user_at(team, Role.OFFICER))

    assert client.get(REFER).url == "/reports/new/"


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("page", [REFER, "/reports/referrals/"])
def test_referrals_are_not_for_roles_without_casework(client, soha, role, page):
    client.force_login(user_at(soha, role))

    assert client.get(page).status_code == 403


def test_another_agency_sees_nothing_of_a_referral(client, worker, team):
    client.post(REFER, referral(), follow=True)
    report = Report.objects.get()
    client.force_login(user_at(PartnerFactory(partnership=team.partnership)))

    assert client.get(f"/reports/{report.reference}/").status_code == 404
    assert report.reference not in client.get("/reports/referrals/").content.decode()
