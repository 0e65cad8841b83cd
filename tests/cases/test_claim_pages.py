import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import ReportFactory

pytestmark = pytest.mark.django_db
QUEUE = "/reports/"
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def test_claim_takes_the_report_and_comes_back_to_the_list(signed_in, team, ann):
    report = ReportFactory(lead=team)

    answer = signed_in.post(reverse("reports:claim", args=[report.reference]), {"next": "/reports/?risk=3"})

    report.refresh_from_db()
    assert (report.officer, answer["Location"]) == (ann, "/reports/?risk=3")
    assert Event.objects.filter(verb="report.claimed").count() == 1


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", ""])
def test_claim_never_leads_to_another_site(signed_in, team, away):
    report = ReportFactory(lead=team)

    answer = signed_in.post(reverse("reports:claim", args=[report.reference]), {"next": away})

    assert answer["Location"] == f"/reports/{report.reference}/"


@pytest.mark.parametrize("verb", ["claim", "release", "assign"])
def test_who_comes_second_is_told(client, team, ann, bob, verb, now):
    report = ReportFactory(
        lead=team, status="advice" if verb != "claim" else "new", officer=bob, claimed_at=now
    )
    client.force_login(ann)

    answer = client.post(
        reverse(f"reports:{verb}", args=[report.reference]), {"next": QUEUE, "officer": ann.pk}, follow=True
    )

    words = "Bob Baker has" if verb == "claim" else "has been decided"
    assert words in answer.content.decode()


def test_release_and_assign_change_who_has_it(signed_in, team, ann, bob, now):
    report = ReportFactory(lead=team, officer=ann, claimed_at=now)

    signed_in.post(reverse("reports:release", args=[report.reference]))
    report.refresh_from_db()
    assert report.officer is None

    signed_in.post(reverse("reports:assign", args=[report.reference]), {"officer": bob.pk})
    report.refresh_from_db()
    assert report.officer == bob


@pytest.mark.parametrize("officer", ["", "999999", "x"])
def test_assign_wants_a_colleague(signed_in, team, officer):
    report = ReportFactory(lead=team)

    answer = signed_in.post(
        reverse("reports:assign", args=[report.reference]), {"officer": officer, "next": QUEUE}, follow=True
    )

    assert "Choose a colleague" in answer.content.decode()


@pytest.mark.parametrize("verb", ["claim", "release", "assign"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("partner", 403), ("board", 404)])
def test_only_the_team_claims_releases_and_assigns(client, team, now, verb, who, status):
    report = ReportFactory(lead=team)
    soha = PartnerFactory(partnership=team.partnership)
    sharing.share(record=report, to_partner=soha, level=4, at=now, **TERMS)
    user = {
        "stranger": lambda: user_at(PartnerFactory(receiving=True), Role.OFFICER),
        "partner": lambda: user_at(soha, Role.OFFICER),
        "board": lambda: user_at(team, Role.BOARD),
    }[who]()
    client.force_login(user)

    assert client.post(reverse(f"reports:{verb}", args=[report.reference])).status_code == status
    assert client.get(reverse(f"reports:{verb}", args=[report.reference])).status_code == 405
