"""Retention and subject access, as managers and the data protection officer use them."""

import datetime as dt
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases.enums import CaseStatus, LinkRole
from cases.models import Case, Disposal, LegalHold, SubjectAccess, Tombstone
from cases.services import retention
from csp.agencies.enums import Role
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, ReportFactory, ReportPersonFactory

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2015, 3, 4, 12, tzinfo=dt.UTC)
QUEUE = "/records/"


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def manager(team):
    return user_at(team, Role.MANAGER)


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def case(team):
    return CaseFactory(lead=team, status=CaseStatus.CLOSED, opened_at=LONG_AGO, ended_at=LONG_AGO)


def test_two_people_destroy_a_case_on_the_pages(as_manager, team, case):
    typed = {"picked": case.reference, "what": "destroy", "reason": "Six years"}
    page = as_manager.post(QUEUE, typed, follow=True)
    assert "Recorded for 1 record" in page.content.decode()
    disposal = Disposal.objects.get()
    own = as_manager.post(
        f"{QUEUE}?tab=proposed", {"picked": disposal.pk, "what": "agree"}, follow=True
    ).content.decode()
    assert "Another person than the one who proposed it" in own

    as_manager.force_login(user_at(team, Role.AUDITOR))
    assert case.reference in as_manager.get(f"{QUEUE}?tab=proposed").content.decode()
    as_manager.post(f"{QUEUE}?tab=proposed", {"picked": disposal.pk, "what": "agree"})

    assert not Case.objects.exists()
    assert Tombstone.objects.get().reference == case.reference
    assert case.reference in as_manager.get(f"{QUEUE}?tab=destroyed").content.decode()
    assert mail.outbox == []


def test_queue_keeps_what_was_ticked_and_typed(as_manager, case):
    page = as_manager.post(QUEUE, {"picked": case.reference, "what": "keep", "reason": "An appeal"})

    text = page.content.decode()
    assert "Enter the day on which they are looked at again" in text
    assert "An appeal" in text
    assert "checked" in text
    assert not Disposal.objects.exists()


def test_queue_asks_for_a_record(as_manager, case):
    page = as_manager.post(QUEUE, {"what": "destroy", "reason": "x"})

    assert "Tick at least one record" in page.content.decode()


def test_kept_longer_leaves_the_queue_until_then(as_manager, case):
    until = timezone.localdate() + dt.timedelta(days=30)
    typed = {"picked": case.reference, "what": "keep", "reason": "Appeal"}
    as_manager.post(QUEUE, typed | {"until": until.strftime("%d/%m/%Y")})

    assert case.reference not in as_manager.get(QUEUE).content.decode()


def test_refusing_needs_its_reason(client, team, case, manager):
    made = retention.propose(kept=case, reason="x", by=manager, at=timezone.now())
    client.force_login(user_at(team, Role.MANAGER))
    page = client.post(f"{QUEUE}?tab=proposed", {"picked": made.pk, "what": "refuse"})

    assert "Enter why the records are kept" in page.content.decode()


def test_hold_is_placed_by_reference_and_lifted(as_manager, case):
    url = reverse("records:hold")
    wrong = as_manager.post(url, {"reference": "SV-C-26-999999", "reason": "Inquiry"})
    assert "We do not know a case or report of your team" in wrong.content.decode()
    assert "Inquiry" in wrong.content.decode()

    as_manager.post(url, {"reference": case.reference.lower(), "reason": "Inquiry"})
    hold = LegalHold.objects.get()
    assert case.reference in as_manager.get(f"{QUEUE}?tab=holds").content.decode()
    as_manager.post(reverse("records:lift", args=[hold.pk]), {"reason": "Over"})

    hold.refresh_from_db()
    assert hold.end_reason == "Over"


def test_officers_keep_no_records(client, team):
    client.force_login(user_at(team, Role.OFFICER))

    assert client.get(QUEUE).status_code == 403


def test_holds_of_another_team_are_not_there(as_manager, team, manager):
    other = PartnerFactory(partnership=team.partnership)
    theirs = CaseFactory(lead=other, status=CaseStatus.CLOSED, opened_at=LONG_AGO, ended_at=LONG_AGO)
    hold = retention.place_hold(kept=theirs, reason="Inquiry", by=manager, at=timezone.now())

    assert as_manager.get(reverse("records:lift", args=[hold.pk])).status_code == 404
    assert (
        "We do not know"
        in as_manager.post(
            reverse("records:hold"), {"reference": theirs.reference, "reason": "x"}
        ).content.decode()
    )


@pytest.fixture
def asked(team):
    person = PersonFactory(lead=team, name="Danny Pryce", search_key="danny pryce")
    other = PersonFactory(lead=team, name="Ann Brown", search_key="ann brown")
    report = ReportFactory(lead=team, what_happened="Danny Pryce shouted at Ann Brown")
    ReportPersonFactory(report=report, person=other)
    ReportPersonFactory(report=report, person=person, role=LinkRole.SUBJECT, is_caller=False)
    return person


def test_a_request_from_the_first_word_to_the_answer(client, team, asked):
    client.force_login(user_at(team, Role.AUDITOR))
    new = reverse("records:access_new") + "?q=Danny+Price"
    assert "Danny Pryce" in client.get(new).content.decode()
    missing = client.post(new, {"received_on": "today", "identity": "Seen"})
    assert "Select the person" in missing.content.decode()
    client.post(new, {"person": asked.pk, "received_on": "today", "identity": "Seen"})
    access = SubjectAccess.objects.get()
    detail = reverse("records:access", args=[access.pk])
    assert "2 of 2 wait for a decision" in client.get(detail).content.decode()

    last = access.items.last()
    item = reverse("records:access_item", args=[access.pk, last.position])
    assert "shouted at [another person]" in client.get(item).content.decode()
    refused = client.post(item, {"decision": "redact", "released": "Danny Pryce shouted"})
    assert "Choose the exemption" in refused.content.decode()
    kept_back = {"exemption": "third_party", "reason": "She has not agreed"}
    client.post(item, {"decision": "redact", "released": "Danny Pryce shouted", **kept_back})
    first = reverse("records:access_item", args=[access.pk, 1])
    assert client.post(first, {"decision": "release"}).url == detail
    client.post(reverse("records:access_verb", args=[access.pk, "ready"]))
    answer = client.get(reverse("records:access_answer", args=[access.pk]))

    assert answer["Content-Type"] == "application/pdf"
    words = text_of(answer.content)
    assert "Danny Pryce shouted" in words
    assert "Ann Brown" not in words
    assert "It is about another person" in words
    assert "She has not agreed" in client.get(detail).content.decode()


def text_of(pdf):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_answer_waits_for_every_item(client, team, asked):
    client.force_login(user_at(team, Role.MANAGER))
    new = reverse("records:access_new") + "?q=Danny"
    client.post(new, {"person": asked.pk, "received_on": "today", "identity": "Seen"})
    access = SubjectAccess.objects.get()

    answer = client.get(reverse("records:access_answer", args=[access.pk]), follow=True).content.decode()
    assert "ready first" in answer
    verb = reverse("records:access_verb", args=[access.pk, "ready"])
    ready = client.post(verb, follow=True).content.decode()
    assert "Decide the 2 items" in ready
    empty = client.post(reverse("records:access_verb", args=[access.pk, "extend"]), {"reason": ""})
    assert "Enter" in empty.content.decode()


def test_who_keeps_the_records_of_one_team_searches_no_other_where_they_work(client, team, asked):
    """They act for the team where they do casework, and are the auditor elsewhere."""
    other, worker = PartnerFactory(partnership=team.partnership), user_at(team, Role.PRACTITIONER)
    MembershipFactory(partner=other, role=Role.AUDITOR, user=worker)
    client.force_login(worker)
    new = reverse("records:access_new") + "?q=Danny"

    assert "Nobody like this" in client.get(new).content.decode()
    client.post(new, {"person": asked.pk, "received_on": "today", "identity": "Seen"})

    assert not SubjectAccess.objects.exists()


def test_request_of_another_team_is_not_there(client, team, asked):
    other = PartnerFactory(partnership=team.partnership)
    access = SubjectAccess.objects.create(
        partnership=team.partnership, partner=team, person=asked, received_on=timezone.localdate(),
        due_on=timezone.localdate(), identity="x", opened_by=user_at(team), opened_at=timezone.now(),
    )  # fmt: skip
    client.force_login(user_at(other, Role.AUDITOR))

    assert client.get(reverse("records:access", args=[access.pk])).status_code == 404
    assert "Nobody like this" in client.get(reverse("records:access_new") + "?q=Danny").content.decode()
