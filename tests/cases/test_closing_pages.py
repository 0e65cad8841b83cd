"""The pages on which a case is closed, its closing agreed, and opened again."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseStatus, ContactKind
from cases.models import Contact
from cases.services.closing import refuse_closing
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tests.cases.endings import closed, high, victim
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.fixture
def ann(team):
    return user_at(team, Role.OFFICER, name="Ann Archer")


@pytest.fixture
def boss(team):
    return user_at(team, Role.MANAGER, name="Mo Manager")


@pytest.fixture
def case(team, ann):
    return CaseFactory(lead=team, officer=ann)


def url(case, name="close"):
    return reverse(f"cases:{name}", args=[case.reference])


TYPED = {"reason": "early", "note": "The gate is mended", "told": "told", "told_on": "1 March 2026"}


def test_the_page_says_what_stands_in_the_way_and_keeps_what_was_typed(client, case, ann, team):
    client.force_login(ann)
    ActionFactory(lead=team, owner=team, target=case)

    words = client.post(url(case), TYPED | {"told_words": "I called her"}).content.decode()

    assert "Finish or cancel the outstanding action first" in words
    assert url(case, "actions") in words
    for typed in ("The gate is mended", "I called her", "1 March 2026"):
        assert typed in words


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (
            {"told": "told", "told_on": "1 March 2026", "told_words": "I called her: twice"},
            ("1 March 2026", "twice"),
        ),
        ({"told": "cannot", "cannot": "She moved abroad"}, ("She moved abroad",)),
    ],
    ids=["told", "cannot"],
)
def test_what_a_manager_sent_back_need_not_be_typed_again(client, case, ann, boss, told, kept):
    client.force_login(ann)
    client.post(url(high(case)), TYPED | {"told_on": ""} | told)
    refuse_closing(case=case, reason="Wait for the hearing", by=boss, at=NOON)

    words = client.get(url(case)).content.decode()

    for typed in ("The gate is mended", "Wait for the hearing", *kept):
        assert typed in words
    assert re.search(r'value="early"[^>]*checked', words)


def test_an_empty_form_says_what_is_missing(client, case, ann):
    client.force_login(ann)

    words = client.post(url(case), {"close": "1"}).content.decode()

    for message in ("Select why it closes", "Enter what was done", "Select how the complainant is told"):
        assert message in words


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"told": "told"}, "Enter when they were told"),
        ({"told": "told", "told_on": "today"}, "Enter how they were told"),
        ({"told": "cannot"}, "Enter why they cannot be told"),
        ({"told": "told", "told_on": "1 January 2099", "told_words": "x"}, "today or in the past"),
    ],
)
def test_how_the_complainant_is_told_is_asked_in_full(client, case, ann, typed, message):
    client.force_login(ann)

    answer = client.post(url(case), {"reason": "early", "note": "Mended", **typed})

    assert message in answer.content.decode()


def test_the_letter_is_read_before_it_goes(client, case, ann):
    victim(case, timezone.now(), email="vic@example.com")
    client.force_login(ann)
    typed = {"reason": "early", "note": "The gate is mended.", "told": "letter"}

    first = client.post(url(case), typed | {"close": "1"})
    letter = first.context["form"]["letter"].value()
    assert "Read the letter before it goes</a>" in first.content.decode()
    assert "The gate is mended." in letter
    look = client.post(url(case), typed | {"letter": letter, "look": "1"})
    assert "Dear Vic Tims" in look.content.decode()
    pdf = client.post(url(case), typed | {"letter": letter, "pdf": "1"})
    assert pdf["Content-Type"] == "application/pdf"
    assert not Contact.objects.exists()
    client.post(url(case), typed | {"letter": letter, "close": "1"})

    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    assert Contact.objects.get().kind == ContactKind.CLOSURE


def test_what_stands_in_the_way_is_said_before_the_letter_is_written(client, case, ann, team):
    victim(case, timezone.now(), email="vic@example.com")
    ActionFactory(lead=team, owner=team, target=case)
    client.force_login(ann)
    typed = {"reason": "early", "note": "The gate is mended.", "told": "letter"}

    page = client.post(url(case), typed | {"close": "1"})

    assert "Finish or cancel the outstanding action first" in str(page.context["form"].non_field_errors())
    assert not page.context["read_letter"]
    assert not page.context["form"]["letter"].value()
    assert client.post(url(case), typed | {"again": "1"}).context["read_letter"]


def test_its_questions_look_alike(client, case, ann):
    client.force_login(ann)

    words = client.get(url(case)).content.decode()

    assert words.count("govuk-radios--small") == 2
    assert words.count("govuk-fieldset__legend--s") == 2


def test_a_manager_answers_on_the_same_page(client, case, ann, boss):
    closed(high(case), ann)
    client.force_login(ann)
    assert "Approve and close it" not in client.get(url(case)).content.decode()
    assert client.post(url(case, "close_approve")).status_code == 403

    client.force_login(boss)
    words = client.get(url(case)).content.decode()
    assert "Approve and close it" in words
    assert "The gate is mended" in words
    assert "Enter why it should not close yet" in client.post(url(case, "close_refuse"), {}).content.decode()
    client.post(url(case, "close_approve"))

    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED


@pytest.mark.parametrize("name", ["close_approve", "close_refuse"])
def test_answers_are_posted(client, case, boss, name):
    client.force_login(boss)

    assert client.get(url(case, name)).status_code == 405


def test_reopening_asks_why(client, case, ann):
    closed(case, ann)
    client.force_login(ann)

    assert "Enter why it is opened again" in client.post(url(case, "reopen"), {"reason": ""}).content.decode()
    client.post(url(case, "reopen"), {"reason": "It began again"})

    case.refresh_from_db()
    assert case.status == CaseStatus.REOPENED


@pytest.mark.parametrize("name", ["close", "reopen"])
def test_strangers_and_agencies_do_not_close(client, case, team, name):
    soha = PartnerFactory(partnership=team.partnership, name="Soha")
    client.force_login(user_at(soha))
    assert client.get(url(case, name)).status_code == 404

    sharing.share(record=case, to_partner=soha, level=ShareLevel.CONTRIBUTE, at=NOON, **TERMS)

    assert client.get(url(case, name)).status_code == 403
