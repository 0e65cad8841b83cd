"""The register of information-sharing agreements."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.agencies.models import SharingAgreement
from csp.agencies.navigation import needs
from csp.agencies.services import agreements
from csp.agencies.services.agreements import CannotAgree, state_of, to_review
from csp.audit.models import Event
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.casework import SharingAgreementFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)
DAY = dt.timedelta(days=1)


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def manager(team, client):
    user = user_at(team, Role.MANAGER)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("review_on", "label", "listed"),
    [
        (TODAY - DAY, "Lapsed", True),
        (TODAY, "Lapsed", True),
        (TODAY + DAY, "Review due", True),
        (TODAY + 30 * DAY, "Review due", True),
        (TODAY + 31 * DAY, "In force", False),
    ],
)
def test_agreement_is_due_for_thirty_days_and_lapses_on_its_day(team, review_on, label, listed):
    agreement = SharingAgreementFactory(lead=team, review_on=review_on)

    assert state_of(agreement, TODAY).label == label
    assert to_review(team.partnership, TODAY).exists() is listed


def test_ended_agreement_asks_nobody(team, manager):
    agreement = SharingAgreementFactory(lead=team, review_on=TODAY)
    agreements.end_agreement(agreement=agreement, on=TODAY, reason="Replaced", by=manager)
    agreement.refresh_from_db()

    assert state_of(agreement, TODAY - DAY).label != "Ended"
    assert state_of(agreement, TODAY).label == "Ended"
    assert not to_review(team.partnership, TODAY).exists()
    assert Event.objects.get(verb="agreement.ended").reason == "Replaced"
    with pytest.raises(CannotAgree, match="ended already"):
        agreements.end_agreement(agreement=agreement, on=TODAY, reason="Again", by=manager)


def test_manager_adds_changes_and_signs(team, manager, client):
    typed = {"title": "Protocol", "signed_on": "1 4 2025", "review_on": "1 4 2030", "covers": "Cases"}
    made = client.post(reverse("agreements:add"), typed)
    agreement = SharingAgreement.objects.get()
    assert made.url == reverse("agreements:detail", args=[agreement.pk])

    police = PartnerFactory(partnership=team.partnership, name="Police")
    signed = {"partner": police.pk, "signed_by": "The commander", "signed_on": "2 4 2025"}
    client.post(reverse("agreements:sign", args=[agreement.pk]), signed)
    assert agreement.falls_short(police, dt.date(2025, 4, 1)) == ["not_signed"]
    assert agreement.falls_short(police, dt.date(2025, 4, 2)) == []
    again = client.post(reverse("agreements:sign", args=[agreement.pk]), signed)
    assert "Police has signed" in again.content.decode()
    assert "The commander" in again.content.decode()

    client.post(reverse("agreements:change", args=[agreement.pk]), typed | {"review_on": "1 4 2031"})
    agreement.refresh_from_db()
    assert agreement.review_on == dt.date(2031, 4, 1)
    assert Event.objects.get(verb="agreement.changed").detail == {"fields": ["review_on"]}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"review_on": "1 4 2025"}, "The review date must be later than the day it was signed"),
        ({"title": "Taken"}, "Choose another title"),
        ({"signed_on": "1 4 2099"}, "must be today or in the past"),
    ],
)
def test_refused_agreement_keeps_what_was_typed(team, manager, client, changed, words):
    SharingAgreementFactory(lead=team, title="Taken")
    typed = {"title": "Protocol", "signed_on": "1 4 2025", "review_on": "1 4 2030", "covers": "All cases"}

    page = client.post(reverse("agreements:add"), typed | changed)

    assert words in page.content.decode()
    assert "All cases" in page.content.decode()
    assert SharingAgreement.objects.count() == 1


def test_lapsed_agreement_is_on_the_managers_home(team, manager):
    agreement = SharingAgreementFactory(lead=team, review_on=timezone.localdate())

    found = [need.title for need in needs(manager, team.partnership, timezone.now())]
    assert f"{agreement}: has lapsed" in found
    officer = user_at(team, Role.OFFICER)
    assert not [need for need in needs(officer, team.partnership, timezone.now()) if need.tag == "Agreement"]
