import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.agencies.enums import Role
from csp.agencies.models import Term
from csp.agencies.services import accounts
from tests.factories.agencies import PartnerFactory, user_at

DAY = dt.timedelta(days=1)


@pytest.fixture
def partner():
    return PartnerFactory(receiving=True)


def home(client, user):
    client.force_login(user)
    return client.get(reverse("home"))


def titles(response):
    return [need.title for group in response.context["groups"] for need in group.needs]


@pytest.mark.django_db
def test_invitation_that_ran_out_needs_who_looks_after_the_account(client, partner):
    lead = user_at(partner, Role.AGENCY_LEAD)
    for days, name in ((8, "Ann"), (1, "Bob")):
        accounts.invite(
            email=f"{name}@demo.example",
            name=name,
            partner=partner,
            role=Role.PRACTITIONER,
            by=lead,
            at=timezone.now() - days * DAY,
        )

    assert titles(home(client, lead)) == ["Ann has not signed in yet"]
    assert titles(home(client, user_at(partner))) == []


@pytest.mark.django_db
def test_rule_that_ends_soon_with_nothing_after_it_needs_the_administrator(client, partner):
    today = timezone.localdate()
    here = {"partnership": partner.partnership, "starts_on": today - DAY}
    Term.objects.create(key="case_review", label="Trigger", ends_on=today + 9 * DAY, **here)
    Term.objects.create(key="nuisance", label="Community", ends_on=today + 9 * DAY, **here)
    Term.objects.create(
        key="nuisance", label="Nuisance", partnership=partner.partnership, starts_on=today + 9 * DAY
    )
    Term.objects.create(key="asb", label="ASB", ends_on=today + 90 * DAY, **here)

    response = home(client, user_at(partner, Role.ADMINISTRATOR))

    assert titles(response) == ["Names of things: ASB Case Review: Trigger"]


@pytest.mark.django_db
def test_partnership_without_a_receiving_team_needs_the_administrator(client):
    response = home(client, user_at(PartnerFactory(), Role.ADMINISTRATOR))

    assert titles(response) == ["No team receives reports yet"]


@pytest.mark.django_db
def test_accounts_panel_counts_the_people_looked_after(client, partner):
    user_at(partner, is_active=False)
    user_at(PartnerFactory())

    response = home(client, user_at(partner, Role.AGENCY_LEAD))

    (panel,) = [each for each in response.context["panels"] if each.title == "Accounts"]
    figures = [panel.context[name] for name in ("open", "disabled", "without_second_step")]
    assert figures == [1, 1, 1]
    assert "1 disabled" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.AGENCY_LEAD, Role.ADMINISTRATOR])
def test_home_query_count(client, partner, queries, role):
    user = user_at(partner, role)
    client.force_login(user)
    one = queries(client, reverse("home"))
    for _ in range(2):
        user_at(partner)

    assert one == queries(client, reverse("home"))
