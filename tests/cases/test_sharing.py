"""Sharing a case: the terms, the preview, who is told, and how it ends."""

import datetime as dt
import html

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.enums import Audience
from cases.models import CaseShare
from csp.agencies import tasks
from csp.agencies.access import level_for
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.models import AgreementSignatory, Membership, User
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.celery import app
from csp.core.calendar import end_of_day
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory
from tests.factories.casework import CasePersonFactory, NoteFactory, SharingAgreementFactory

pytestmark = pytest.mark.django_db
TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}
FULL = ShareLevel.FULL


@pytest.fixture(autouse=True)
def workers():
    """What is queued after a commit is done at once."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def case():
    case = CaseFactory(title="Noise at night", summary="Music until four")
    case.lead.email = "team@council.example"
    case.lead.save()
    return case


@pytest.fixture
def soha(case):
    return PartnerFactory(partnership=case.partnership, name="Soha", email="box@soha.example")


@pytest.fixture
def officer(case, client):
    user = user_at(case.lead, Role.OFFICER)
    client.force_login(user)
    return user


def form(soha, **changed):
    return TERMS | {"partner": soha.pk, "level": "3", "handling": "Do not print", "until": ""} | changed


def share(case, partner, level=FULL, **terms):
    return sharing.share(
        record=case, to_partner=partner, level=level, by=None, at=timezone.now(), **TERMS | terms
    )


def address(name, case, *args):
    return reverse(f"cases:{name}", args=[case.reference, *args])


def test_officer_sees_the_preview_and_then_shares(
    case, soha, officer, client, django_capture_on_commit_callbacks
):
    page = client.post(address("share", case), form(soha))

    assert page.status_code == 200
    assert "Nothing is shared yet" in page.content.decode()
    assert not CaseShare.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(address("share", case), form(soha, confirm="1"))

    assert done.url == address("sharing", case)
    made = case.shares.get()
    assert (made.to_partner, made.level, made.handling, made.made_by) == (soha, FULL, "Do not print", officer)
    assert level_for(user_at(soha), case) == FULL
    assert Event.objects.filter(verb="case.shared", partner=soha, actor=officer).count() == 1
    assert {to for each in mail.outbox for to in each.to} == {"box@soha.example", "team@council.example"}
    for each in mail.outbox:
        assert case.reference in each.subject
        assert case.title not in each.body
        assert "Joint visit" not in each.body


def test_preview_is_the_page_of_the_agency_through_the_gate_and_leaves_nothing(case, soha, officer, client):
    shown = CasePersonFactory(case=case, person__name="Petra Shown")
    hidden = NoteFactory(case=case, audience=Audience.TEAM, text="Only our team")
    NoteFactory(case=case, audience=Audience.SHARED, text="For every agency")
    CasePersonFactory(
        case=case,
        person=PersonFactory(
            partnership=case.partnership, name="Dora Protected", do_not_disclose=True, phone="07700900123"
        ),
    )
    before = (User.objects.count(), Membership.objects.count(), Event.objects.count())

    page = client.post(address("share", case), form(soha))

    seen = page.context["seen"]
    assert any("Petra Shown" in each for each in seen.people)
    assert seen.notes == ["Fact: For every agency"]
    assert hidden.text not in page.content.decode()
    assert seen.left_out == ["Dora Protected"]
    inside = html.unescape(seen.page)
    assert case.title in inside
    assert address("share_end", case, 1) not in inside
    assert "07700900123" not in page.content.decode()
    assert (User.objects.count(), Membership.objects.count()) == before[:2]
    assert not Event.objects.filter(verb="case.shared").exists()
    assert shown


def test_preview_of_a_summary_names_nobody(case, soha, officer, client):
    CasePersonFactory(case=case, person__name="Petra Shown")
    report = ReportFactory(lead=case.lead, case=case, status="case_opened", clock_stopped_at=NOON)
    ReportPersonFactory(report=report, person__name="Rita Reporter")

    page = client.post(address("share", case), form(soha, level="2"))

    assert page.context["seen"].people == []
    assert page.context["seen"].reports == [report.reference]
    assert "Petra Shown" not in page.content.decode()
    assert "Rita Reporter" not in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"gateway": ""}, "Select the law that allows this"),
        ({"consent": "refused"}, "Enter why it is shared without their consent"),
        ({"consent": "not_sought"}, "Enter why it is shared without their consent"),
        ({"purpose": ""}, "Enter what they need it for"),
        ({"necessity": ""}, "Enter why this much is necessary and proportionate"),
        ({"until": "1 1 2020"}, "The share must end in the future"),
        ({"until": "soon"}, "must be a real date"),
        ({"level": ""}, "Select how much they see"),
        ({"partner": ""}, "Choose the agency to share it with"),
    ],
)
@pytest.mark.parametrize("step", [{}, {"confirm": "1"}])
def test_refused_form_says_why_and_keeps_what_was_typed(case, soha, officer, client, changed, words, step):
    page = client.post(address("share", case), form(soha, **changed, **step))

    text = html.unescape(page.content.decode())
    assert words in text
    assert "Do not print" in text
    assert not CaseShare.objects.exists()


def test_share_with_itself_twice_or_with_one_that_left_is_refused(case, soha, officer, client):
    gone = PartnerFactory(partnership=case.partnership, name="Gone", left_on=timezone.localdate())
    share(case, soha)

    for partner, words in (
        (case.lead, "leads this already"),
        (soha, "shared with Soha already"),
        (gone, "Gone left the partnership"),
    ):
        page = client.post(address("share", case), form(partner))
        assert words in html.unescape(page.content.decode())
        assert "Do not print" in page.content.decode()
    stranger = client.post(address("share", case), form(PartnerFactory()))
    assert "Choose an agency of this partnership" in stranger.content.decode()
    assert case.shares.count() == 1


def test_form_offers_agencies_that_do_not_see_it_yet(case, soha, officer, client):
    police = PartnerFactory(partnership=case.partnership, name="Police")
    PartnerFactory(partnership=case.partnership, left_on=timezone.localdate())
    there = share(case, police)

    page = client.get(address("share", case))

    assert [value for value, _ in page.context["form"].fields["partner"].choices] == ["", soha.pk]
    assert address("share_change", case, there.pk) in page.content.decode()


def test_day_that_is_past_is_told_at_its_field(case, soha, officer, client):
    page = client.post(address("share", case), form(soha, until="1 1 2020"))

    assert page.context["form"].errors == {"until": ["The share must end in the future"]}


def test_share_that_ends_today_holds_until_the_end_of_the_day(case, soha, officer, client):
    today = timezone.localdate()
    typed = f"{today.day} {today.month} {today.year}"

    client.post(address("share", case), form(soha, until=typed, confirm="1"))

    assert case.shares.get().ends_at == end_of_day(today)


def test_form_offers_six_months_and_goes_back_with_everything(case, soha, officer, client):
    page = client.get(address("share", case))
    assert page.context["form"].initial["until"] > timezone.localdate() + dt.timedelta(days=175)

    back = client.post(address("share", case), form(soha, change="1"))
    assert "Do not print" in back.content.decode()
    assert "Nothing is shared yet" not in back.content.decode()


def test_agreement_that_does_not_cover_it_warns_and_is_recorded(case, soha, officer, client):
    lapsed = SharingAgreementFactory(
        lead=case.lead, signed_on=dt.date(2020, 1, 1), review_on=timezone.localdate()
    )

    page = client.post(address("share", case), form(soha, agreement=lapsed.pk))
    text = html.unescape(page.content.decode())
    assert "has lapsed" in text
    assert "Soha has not signed" in text

    client.post(address("share", case), form(soha, agreement=lapsed.pk, confirm="1"))
    detail = Event.objects.get(verb="case.shared").detail
    assert detail["agreement"] == lapsed.pk
    assert detail["agreement_falls_short"] == ["lapsed", "not_signed"]
    assert "which had lapsed then" in client.get(address("sharing", case)).content.decode()


def test_agreement_that_holds_is_recorded_without_a_warning(case, soha, officer, client):
    held = SharingAgreementFactory(lead=case.lead)
    AgreementSignatory.objects.create(
        agreement=held, partner=soha, signed_by="The director", signed_on=held.signed_on
    )

    page = client.post(address("share", case), form(soha, agreement=held.pk))
    assert page.context["warnings"] == []

    client.post(address("share", case), form(soha, agreement=held.pk, confirm="1"))
    assert Event.objects.get(verb="case.shared").detail["agreement_falls_short"] == []


def test_change_and_end_of_a_share(case, soha, officer, client, django_capture_on_commit_callbacks):
    made = share(case, soha)
    changed = {"level": "2", "purpose": "Less", "necessity": "A summary will do"}

    client.post(address("share_change", case, made.pk), changed)
    assert level_for(user_at(soha), case) == ShareLevel.SUMMARY

    now = case.shares.get(ended_at=None)
    nothing = client.post(address("share_end", case, now.pk), {"reason": ""})
    assert "Enter why it ends" in nothing.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("share_end", case, now.pk), {"reason": "Visit done"})
    assert level_for(user_at(soha), case) is None
    assert "box@soha.example" in {to for each in mail.outbox for to in each.to}

    again = client.post(address("share_end", case, now.pk), {"reason": "Visit done"})
    assert "This share has ended already" in again.content.decode()


def test_both_sides_hear_of_a_share_that_runs_out(case, soha, django_capture_on_commit_callbacks):
    share(case, soha, ends_at=timezone.now() + dt.timedelta(minutes=5))
    CaseShare.objects.update(ends_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.end_lapsed_shares()

    assert {to for each in mail.outbox for to in each.to} == {"box@soha.example", "team@council.example"}


def test_tab_shows_all_to_the_lead_and_its_own_share_to_an_agency(case, soha, officer, client):
    police = PartnerFactory(partnership=case.partnership, name="Police")
    share(case, soha, purpose="Tenancy visit")
    share(case, police, ShareLevel.SUMMARY, purpose="Patrols")

    mine = client.get(address("sharing", case)).content.decode()
    assert "Tenancy visit" in mine
    assert "Patrols" in mine

    client.force_login(user_at(police))
    theirs = client.get(address("sharing", case)).content.decode()
    assert "Patrols" in theirs
    assert "Tenancy visit" not in theirs
    assert "Soha" not in theirs
    assert "Ask for more" in theirs


def test_share_pages_are_for_the_team_that_leads(case, soha, client):
    made = share(case, soha)
    pages = [
        address("share", case),
        address("share_end", case, made.pk),
        address("share_change", case, made.pk),
    ]

    client.force_login(user_at(soha))
    assert {client.get(page).status_code for page in pages} == {403}
    client.force_login(user_at(PartnerFactory(partnership=case.partnership)))
    assert {client.get(page).status_code for page in pages} == {404}
