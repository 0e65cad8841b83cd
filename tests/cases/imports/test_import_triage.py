import datetime as dt

import pytest

from cases.enums import ReportStatus, Risk
from cases.models import RepeatRule, Report, ReportPerson, RoutingRule
from cases.services import assessment
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.clocks import Unit
from tests.cases.imports.conftest import AT, HEADER, SPEC, reports, row
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2020, 1, 1)


def test_what_awaits_triage_has_the_risk_and_clock_of_a_report_that_was_logged(bring_in, team):
    bring_in([row("1", state="Open", kind="damage"), row("2", state="Open")])

    for report in reports(team):
        imported = (report.risk, report.risk_reasons, report.clock_due_at, report.clock_amber_at)
        logged = assessment.weigh(report=Report.objects.get(pk=report.pk))
        assert imported == (logged.risk, logged.risk_reasons, logged.clock_due_at, logged.clock_amber_at)
        assert report.clock_started_at == AT
    assert [report.risk for report in reports(team)] == [Risk.MEDIUM, Risk.STANDARD]


def test_the_clock_starts_when_it_was_reported(bring_in, team):
    spec = SPEC | {
        "columns": SPEC["columns"] | {"received": "Reported"},
        "formats": SPEC["formats"] | {"received": "DD/MM/YYYY HH:MM"},
    }

    bring_in([[*row("1", state="Open"), "03/04/2024 09:30"]], spec=spec, header=[*HEADER, "Reported"])

    assert reports(team).get().clock_started_at == dt.datetime(2024, 4, 3, 8, 30, tzinfo=dt.UTC)


def test_rules_give_reports_to_an_officer_and_say_why(bring_in, team, officer):
    RoutingRule.objects.create(
        partnership=team.partnership, starts_on=LONG_AGO, position=1, name="Noise to A. Officer",
        category=team.partnership.categories.get(code="noise"), officer=officer,
    )  # fmt: skip

    bring_in([row("1", state="Open"), row("2", state="Open", kind="damage"), row("3", state="Closed")])

    first, second, third = reports(team)
    assert (first.officer, first.claimed_at) == (officer, AT)
    assert first.routed_because == "Routed by 'Noise to A. Officer'"
    assert (second.officer, third.officer) == (None, None)
    event = Event.objects.get(verb="report.routed")
    assert (event.target, event.reason, event.partner) == (first, first.routed_because, None)


def test_rules_may_hand_reports_to_another_partner(bring_in, team):
    other = PartnerFactory(partnership=team.partnership)
    RoutingRule.objects.create(
        partnership=team.partnership, starts_on=LONG_AGO, position=1, name="All to them", partner=other
    )

    bring_in([row("1", state="Open")])

    report = reports(team).get()
    assert report.lead == other
    assert Report.objects.visible_to(user_at(other, Role.PRACTITIONER)).get() == report
    assert report.shares.get().to_partner == team


def test_rules_may_go_by_area(bring_in, team, officer):
    area = AreaFactory(partnership=team.partnership)
    RoutingRule.objects.create(
        partnership=team.partnership,
        starts_on=LONG_AGO,
        position=1,
        name="One ward",
        area=area,
        officer=officer,
    )

    bring_in([row("1", state="Open")])

    assert reports(team).get().officer is None


def test_repeats_are_found_among_imported_reports(bring_in, team):
    RepeatRule.objects.create(
        partnership=team.partnership, starts_on=LONG_AGO, name="Two in six months", scope="person", count=2,
        window_amount=6, window_unit=Unit.MONTHS, effect="flag",
    )  # fmt: skip
    spec = SPEC | {"columns": SPEC["columns"] | {"caller_name": "Name", "caller_phone": "Phone"}}
    caller = ["Ann Brown", "07700 900123"]

    bring_in(
        [[*row("1", state="Open"), *caller], [*row("2", state="Open"), *caller]],
        spec=spec,
        header=[*HEADER, "Name", "Phone"],
    )

    assert [report.repeat_victim for report in reports(team)] == [False, True]
    assert reports(team)[1].risk == Risk.MEDIUM
    assert ReportPerson.objects.count() == 2


def test_likely_duplicates_are_found_among_imported_reports(bring_in, team):
    spec = SPEC | {"columns": SPEC["columns"] | {"postcode": "Postcode"}}

    bring_in(
        [[*row("1", state="Open"), "OX9 3AB"], [*row("2", state="Open"), "OX9 3AB"]],
        spec=spec,
        header=[*HEADER, "Postcode"],
    )

    first, second = reports(team)
    assert second.likely_duplicate_of == first
    assert {report.status for report in (first, second)} == {ReportStatus.NEW}
