"""Two requests at the same moment, each with a connection of its own."""

import threading
import uuid

import pytest
from django.db import connection

from cases.enums import Channel
from cases.models import Case, Report
from cases.services.log_into_case import log_into_case
from cases.services.reports import ReportDetails
from csp.agencies.enums import Role
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_report_and_one_case():
    team = PartnerFactory(receiving=True)
    officer = user_at(team, Role.OFFICER)
    token, start, made = uuid.uuid4(), threading.Barrier(2), []

    def click():
        start.wait()
        report = log_into_case(
            case=None,
            partnership=team.partnership,
            details=ReportDetails(what_happened="Noise"),
            channel=Channel.PHONE,
            token=token,
            by=officer,
            at=NOON,
        )
        made.append(report.reference)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    assert made == [f"{team.partnership.code}-R-26-000001"] * 2
    assert (Report.objects.count(), Case.objects.count()) == (1, 1)
