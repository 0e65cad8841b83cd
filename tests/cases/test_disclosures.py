"""The disclosure log leads to what was shared, for those who may open it."""

import pytest
from django.urls import reverse

from csp.agencies.enums import Role
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, ReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return PartnerFactory(receiving=True, name="Community Safety")


@pytest.mark.parametrize(("make", "of"), [(CaseFactory, "cases"), (ReportFactory, "reports")])
@pytest.mark.parametrize(("role", "opens"), [(Role.MANAGER, True), (Role.AUDITOR, False)])
def test_a_manager_opens_what_was_shared_and_an_auditor_reads_its_reference(
    client, team, make, of, role, opens
):
    shared = make(lead=team)
    sharing.share(
        record=shared, to_partner=PartnerFactory(partnership=team.partnership), level=2, gateway="cda_115",
        purpose="Visit", necessity="Tenancy", consent="given", by=None, at=NOON,
    )  # fmt: skip
    client.force_login(user_at(team, role))

    page = client.get(reverse("cases:disclosures"), {"of": of}).content.decode()

    assert shared.reference in page
    assert (f'href="{shared.get_absolute_url()}"' in page) is opens
