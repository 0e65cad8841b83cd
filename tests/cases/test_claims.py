import datetime as dt

import pytest

from cases.enums import ReportStatus
from cases.services import claims
from cases.services.claims import CannotClaim
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def bob(team):
    return user_at(team, Role.OFFICER, name="Bob Baker")


@pytest.mark.django_db
def test_claim_gives_the_report_to_who_claims_it(team, ann):
    report = ReportFactory(lead=team)

    claims.claim(report=report, by=ann, at=NOON)

    report.refresh_from_db()
    assert (report.officer, report.claimed_at) == (ann, NOON)
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("report.claimed", ann, report.pk)


@pytest.mark.django_db
def test_claim_tells_the_second_who_has_it(team, ann, bob):
    report = ReportFactory(lead=team)
    claims.claim(report=report, by=ann, at=NOON)

    with pytest.raises(CannotClaim, match=r"Ann Archer has SV-R-26-\d+, since 4 March 2026 at midday"):
        claims.claim(report=report, by=bob, at=NOON)

    report.refresh_from_db()
    assert report.officer == ann


@pytest.mark.django_db
def test_claim_twice_by_the_same_officer_changes_nothing(team, ann):
    report = ReportFactory(lead=team)
    claims.claim(report=report, by=ann, at=NOON)
    claims.claim(report=report, by=ann, at=NOON + dt.timedelta(hours=1))

    report.refresh_from_db()
    assert report.claimed_at == NOON
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_release_lets_anybody_claim_it(team, ann, bob):
    report = ReportFactory(lead=team, officer=ann, claimed_at=NOON)

    claims.release(report=report, by=ann, at=NOON)
    claims.release(report=report, by=ann, at=NOON)
    claims.claim(report=report, by=bob, at=NOON)

    report.refresh_from_db()
    assert report.officer == bob
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "report.released",
        "report.claimed",
    ]


@pytest.mark.django_db
def test_assign_gives_it_to_a_colleague(team, ann, bob):
    report = ReportFactory(lead=team, officer=ann, claimed_at=NOON)

    claims.assign(report=report, to=bob, by=ann, at=NOON)
    claims.assign(report=report, to=bob, by=ann, at=NOON)

    report.refresh_from_db()
    assert report.officer == bob
    event = Event.objects.get()
    assert (event.verb, event.detail) == ("report.assigned", {"officer": bob.pk, "was": ann.pk})


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["another partner's", "a board member", "disabled"])
def test_assign_refuses_who_does_no_casework_for_the_lead(team, ann, who):
    other = {
        "another partner's": lambda: user_at(PartnerFactory(partnership=team.partnership), Role.OFFICER),
        "a board member": lambda: user_at(team, Role.BOARD),
        "disabled": lambda: user_at(team, Role.OFFICER, is_active=False),
    }[who]()
    report = ReportFactory(lead=team)

    with pytest.raises(CannotClaim, match="does not do casework for"):
        claims.assign(report=report, to=other, by=ann, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [s for s in ReportStatus if s not in ("new", "case_opened", "joined")])
def test_a_decided_report_is_not_claimed_released_or_assigned(team, ann, status):
    report = ReportFactory(lead=team, status=status)

    for change in (
        lambda: claims.claim(report=report, by=ann, at=NOON),
        lambda: claims.release(report=report, by=ann, at=NOON),
        lambda: claims.assign(report=report, to=ann, by=ann, at=NOON),
    ):
        with pytest.raises(CannotClaim, match="has been decided"):
            change()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_is_told_who_was_first(team, ann, bob):
    report = ReportFactory(lead=team)

    done, refused = together(
        lambda: claims.claim(report=report, by=ann, at=NOON),
        lambda: claims.claim(report=report, by=bob, at=NOON),
    )

    report.refresh_from_db()
    assert len(done) == len(refused) == 1
    assert str(refused[0]).startswith(f"{report.officer} has ")
