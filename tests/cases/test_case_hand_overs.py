import pytest
from django.core import mail

from cases.enums import CaseStatus, RequestStatus
from cases.models import HandOver
from cases.navigation.cases import hand_over_needs
from cases.services import hand_overs
from cases.services.hand_over_news import tell
from cases.services.hand_overs import CannotHandOver
from cases.services.merging import merge
from csp.agencies.enums import Role
from csp.agencies.models import Partner
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def soha(team):
    return PartnerFactory(partnership=team.partnership, name="Soha", email="asb@soha.example")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, email="ann@council.example")


@pytest.fixture
def sam(soha):
    return user_at(soha)


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann, title="Damage, Hidden Street")


def ask(case, to, by):
    return hand_overs.ask_to_take_over(
        case=case, to_partner=to, reason="They hold the tenancy", by=by, at=NOON
    )


@pytest.mark.parametrize("takes_it", [True, False])
def test_who_accepts_leads_the_case_and_what_is_in_it(case, team, soha, ann, sam, takes_it):
    report = ReportFactory(lead=team, status="joined", case=case)
    asked = ask(case, soha, ann)
    assert not type(case).objects.visible_to(sam).exists()

    hand_overs.accept(hand_over=asked, answer="We hold the tenancy", takes_it=takes_it, by=sam, at=NOON)

    case.refresh_from_db()
    report.refresh_from_db()
    assert (case.lead, report.lead, case.officer) == (soha, soha, sam if takes_it else None)
    assert type(case).objects.open_to_add(ann).get() == case
    assert case.shares.current(NOON).get().to_partner == team


def test_parts_of_the_case_go_with_it(case, team, soha, ann, sam):
    part = CaseFactory(lead=team)
    merge(kept=case, gone=part, reason="One house", by=ann, at=NOON)

    hand_overs.accept(hand_over=ask(case, soha, ann), answer="Yes", takes_it=True, by=sam, at=NOON)

    part.refresh_from_db()
    assert part.lead == soha


@pytest.mark.parametrize(
    ("act", "status"), [("decline", RequestStatus.DECLINED), ("withdraw", RequestStatus.WITHDRAWN)]
)
def test_declined_or_withdrawn_it_stays_where_it_is(case, team, soha, ann, sam, act, status):
    asked = ask(case, soha, ann)
    if act == "decline":
        hand_overs.decline(hand_over=asked, answer="Not our tenant", by=sam, at=NOON)
    else:
        hand_overs.withdraw(hand_over=asked, reason="We keep it", by=ann, at=NOON)

    asked.refresh_from_db()
    case.refresh_from_db()
    assert (asked.status, case.lead, case.officer) == (status, team, ann)
    with pytest.raises(CannotHandOver, match="answered already"):
        hand_overs.accept(hand_over=asked, answer="Yes", takes_it=True, by=sam, at=NOON)
    ask(case, soha, ann)


def refused(case, to, by):
    with pytest.raises(CannotHandOver) as caught:
        ask(case, to, by)
    return str(caught.value)


def test_whom_nobody_can_ask(case, team, soha, ann, sam):
    assert "leads" in refused(case, team, ann)
    assert "not in this partnership" in refused(case, PartnerFactory(), ann)
    assert "Nobody at" in refused(case, PartnerFactory(partnership=team.partnership), ann)
    left = PartnerFactory(partnership=team.partnership)
    Partner.objects.filter(pk=left.pk).update(left_on=NOON.date())
    assert "not in this partnership" in refused(case, left, ann)
    ask(case, soha, ann)
    assert "Soha has been asked already" in refused(case, soha, ann)
    for status in (CaseStatus.CLOSED, CaseStatus.CANCELLED):
        ended = CaseFactory(lead=team, status=status, ended_at=NOON)
        assert "Only an open case" in refused(ended, soha, ann)
    assert "Decide that first" in refused(CaseFactory(lead=team, status="pending"), soha, ann)


def test_a_restricted_case_goes_to_those_named_on_it(team, soha, ann, sam):
    case = CaseFactory(lead=team, restricted=True, restricted_because="A colleague is in it")
    CaseNamedFactory(case=case, user=ann)
    assert "nobody of Soha is named" in refused(case, soha, ann)
    CaseNamedFactory(case=case, user=sam)
    other = user_at(soha)

    asked = ask(case, soha, ann)

    assert HandOver.objects.visible_to(sam).get() == asked
    assert not HandOver.objects.visible_to(other).exists()


def test_it_cannot_be_accepted_once_the_case_has_ended(case, soha, ann, sam):
    asked = ask(case, soha, ann)
    type(case).objects.filter(pk=case.pk).update(status=CaseStatus.CLOSED, ended_at=NOON)

    with pytest.raises(CannotHandOver, match="has ended since"):
        hand_overs.accept(hand_over=asked, answer="Yes", takes_it=True, by=sam, at=NOON)


def test_who_must_answer_finds_it_on_the_home_page(case, team, soha, ann, sam):
    asked = ask(case, soha, ann)

    (need,) = hand_over_needs(sam, team.partnership, NOON)
    assert (need.tag, str(asked.pk) in need.url) == ("Hand-over", True)
    assert not list(hand_over_needs(ann, team.partnership, NOON))
    hand_overs.decline(hand_over=asked, answer="No", by=sam, at=NOON)
    assert not list(hand_over_needs(sam, team.partnership, NOON))


def test_letters_hold_the_reference_and_nothing_else(case, soha, ann, sam):
    asked = ask(case, soha, ann)
    for news in (RequestStatus.WAITING, RequestStatus.ACCEPTED):
        tell(hand_over_id=asked.pk, news=news)

    told = {(message.to[0], message.subject) for message in mail.outbox}
    assert told == {
        ("asb@soha.example", f"Case {case}: hand-over asked of your agency"),
        ("asb@soha.example", f"Case {case}: hand-over accepted"),
        ("ann@council.example", f"Case {case}: hand-over accepted"),
    }
    for message in mail.outbox:
        assert f"/cases/hand-overs/{asked.pk}/" in message.body
        for secret in (case.title, asked.reason, ann.name):
            assert secret not in message.body
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3


def test_an_agency_that_saw_it_before_leads_it_now(case, soha, ann, sam):
    sharing.share(record=case, to_partner=soha, level=2, at=NOON, **TERMS)

    hand_overs.accept(hand_over=ask(case, soha, ann), answer="Yes", takes_it=False, by=sam, at=NOON)

    assert type(case).objects.open_to_add(sam).get() == case
    assert not case.shares.current(NOON).filter(to_partner=soha).exists()
