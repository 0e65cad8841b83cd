import pytest

from cases.models import Report
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, ReportFactory

TERMS = {
    "gateway": "cda_115",
    "purpose": "Joint visit",
    "necessity": "They hold the tenancy",
    "consent": "given",
}


@pytest.mark.django_db
def test_visible_to_is_exactly_led_and_shared_reports():
    led = ReportFactory()
    user = user_at(led.lead)
    elsewhere = ReportFactory()
    shared = ReportFactory(lead=PartnerFactory(partnership=led.partnership))
    sharing.share(record=shared, to_partner=led.lead, level=2, by=None, at=NOON, **TERMS)

    assert set(Report.objects.visible_to(user)) == {led, shared}
    assert elsewhere not in Report.objects.readable_by(user)
    assert set(Report.objects.readable_by(user)) == {led}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BOARD, Role.PROVIDER])
def test_visible_to_is_empty_for_roles_without_casework(role):
    report = ReportFactory()

    assert not Report.objects.visible_to(user_at(report.lead, role)).exists()
