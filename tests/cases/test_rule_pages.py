"""The room's rules in the administrator's rulebook: each is added, refused with its message, and followed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import Risk
from cases.models import Category, RepeatRule, RoutingRule, TriageStandard
from cases.services import assessment
from cases.services.rules import install_default_rules
from csp.agencies.enums import Role
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CategoryFactory, ReportFactory

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2011, 4, 1)
STANDARD = {"risk": 3, "amount": "4", "unit": "HOURS", "amber_percent": "50"}
REPEAT = {
    "name": "Local",
    "scope": "place",
    "count": "3",
    "window_amount": "3",
    "window_unit": "MONTHS",
    "effect": "flag",
}
ROUTING = {
    "position": "1",
    "name": "Didcot nights",
    "from_time": "10pm",
    "until_time": "6am",
    "weekdays": [4],
}
CATEGORY = {"code": "drones", "label": "Drones", "qualifier": "nuisance", "risk": 2, "position": "3"}


@pytest.fixture
def team():
    return PartnerFactory(receiving=True)


@pytest.fixture
def admin(client, team):
    client.force_login(user_at(team, Role.ADMINISTRATOR))
    return client


def add(client, slug, **says):
    """The day typed as a person types it: today."""
    return client.post(reverse("agencies:add_rule", args=[slug]), {"starts_on": "today"} | says)


def test_a_new_standard_ends_the_one_before_and_sets_the_clock(admin, team):
    install_default_rules(team.partnership, LONG_AGO)

    answer = add(admin, "triage-standards", **STANDARD)

    today = timezone.localdate()
    assert answer.status_code == 302
    old, new = TriageStandard.objects.filter(risk=Risk.HIGH).order_by("starts_on")
    assert (old.ends_on, new.starts_on, new.amount, new.unit) == (today, today, 4, "HOURS")
    report = assessment.weigh(
        report=ReportFactory(
            lead=team,
            in_danger=True,
            received_at=timezone.now(),
            clock_started_at=None,
            clock_due_at=None,
            clock_amber_at=None,
            clock_unit="",
        )
    )
    assert report.clock_due_at - report.received_at == dt.timedelta(hours=4)
    assert report.clock_amber_at - report.received_at == dt.timedelta(hours=2)


def test_a_local_repeat_rule_is_added_beside_the_others(admin, team):
    install_default_rules(team.partnership, LONG_AGO)

    add(admin, "repeat-rules", **REPEAT)

    assert RepeatRule.objects.filter(ends_on=None).count() == 3
    assert RepeatRule.objects.get(name="Local").partnership == team.partnership


def test_a_routing_rule_is_added_with_its_times_and_days(admin, team):
    officer = user_at(team, Role.OFFICER, name="Noor Night")
    town = AreaFactory(partnership=team.partnership, name="Didcot")

    add(admin, "routing-rules", officer=officer.pk, area=town.pk, **ROUTING)

    rule = RoutingRule.objects.get()
    assert (rule.officer, rule.area, rule.weekdays) == (officer, town, [4])
    assert (rule.from_time, rule.until_time) == (dt.time(22), dt.time(6))
    page = admin.get(reverse("agencies:rules", args=["routing-rules"])).content.decode()
    for words in ("Didcot nights", "Fri", "Didcot", "Noor Night"):
        assert words in page


def test_a_category_is_added_changed_and_retired(admin, team):
    add(admin, "categories", **CATEGORY)
    category = Category.objects.get()
    assert (category.label, category.risk, category.partnership) == ("Drones", Risk.MEDIUM, team.partnership)

    change = reverse("agencies:change_rule", args=["categories", category.pk])
    admin.post(change, CATEGORY | {"label": "Drones and model planes", "risk": 1})
    category.refresh_from_db()
    assert (category.label, category.risk) == ("Drones and model planes", Risk.STANDARD)

    admin.post(reverse("agencies:end_rule", args=["categories", category.pk]), {"on": "today"})
    category.refresh_from_db()
    assert category.retired_on == timezone.localdate()


@pytest.mark.parametrize(
    ("slug", "says", "message"),
    [
        ("triage-standards", STANDARD | {"amount": "0"}, "must be 1 or more"),
        ("triage-standards", STANDARD | {"amount": "soon"}, "must be a number"),
        ("triage-standards", STANDARD | {"amber_percent": "100"}, "must be 99 or fewer"),
        ("triage-standards", STANDARD | {"starts_on": "1 1 2020"}, "today or in the future"),
        ("repeat-rules", REPEAT | {"count": "1"}, "must be 2 or more"),
        ("repeat-rules", REPEAT | {"name": ""}, "Enter name"),
        ("repeat-rules", REPEAT | {"window_amount": "0"}, "must be 1 or more"),
        ("routing-rules", ROUTING, "Choose an officer or an agency"),
        ("routing-rules", ROUTING | {"until_time": ""}, "Enter both times, or none"),
        ("routing-rules", ROUTING | {"from_time": ""}, "Enter both times, or none"),
        ("routing-rules", ROUTING | {"until_time": "late"}, "must be a time"),
        ("routing-rules", ROUTING | {"weekdays": [9]}, "Select"),
        ("categories", CATEGORY | {"code": "No Spaces"}, "Code"),
        ("categories", CATEGORY | {"label": ""}, "Enter label"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_kept_on_the_page(admin, slug, says, message):
    page = add(admin, slug, **says)

    assert message in page.content.decode()
    for model in (TriageStandard, RepeatRule, RoutingRule, Category):
        assert not model.objects.exists()


@pytest.mark.parametrize("field", ["officer", "partner", "area", "category"])
def test_a_routing_rule_stays_inside_the_partnership(admin, field):
    elsewhere = PartnerFactory(receiving=True)
    other = {
        "officer": lambda: user_at(elsewhere, Role.OFFICER),
        "partner": lambda: elsewhere,
        "area": lambda: AreaFactory(partnership=elsewhere.partnership),
        "category": lambda: CategoryFactory(lead=elsewhere),
    }[field]()

    page = add(admin, "routing-rules", **ROUTING | {field: other.pk})

    assert "Choose one from the list" in page.content.decode()
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize("slug", ["triage-standards", "repeat-rules", "routing-rules", "categories"])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.PRACTITIONER, Role.AUDITOR])
def test_rules_are_for_the_administrator(client, team, slug, role):
    client.force_login(user_at(team, role))

    assert client.get(reverse("agencies:rules", args=[slug])).status_code == 403
    assert client.post(reverse("agencies:add_rule", args=[slug])).status_code == 403
