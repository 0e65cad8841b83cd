"""A board reads the dashboard, what its figures count, and published reports. Nothing else of the room."""

import pytest
from django.urls import reverse
from django.utils import timezone

from performance.forms.plan_actions import people
from performance.models import Indicator, Plan, PlanAction, PoliceIncident
from performance.services.plan_actions import details_of, edit_action
from performance.services.plans import CannotKeepPlan, prints_of
from tests.factories.performance import IndicatorFactory
from tests.performance.plan_scene import NOW, Scene, page, to, update_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return Scene()


@pytest.mark.parametrize("name", ["dashboard", "download", "measures", "reports"])
def test_what_is_published_is_open(client, scene, name):
    page(client, scene.board, to(name))


@pytest.mark.parametrize(
    "name",
    ["hotspots", "hotspot_points", "hotspot_file", "housing_count", "indicators", "police",
     "police_download", "plans"],
)  # fmt: skip
def test_what_is_not_published_is_closed(client, scene, name):
    page(client, scene.board, to(name), 403)
    page(client, scene.pc, to(name))


def test_one_plan_and_one_indicator_are_closed(client, scene):
    indicator = IndicatorFactory(partnership=scene.team.partnership)
    for url in (
        scene.plan.get_absolute_url(), scene.visits.get_absolute_url(), update_page(scene.visits),
        indicator.get_absolute_url(), to("indicator_download", indicator.pk),
    ):  # fmt: skip
        page(client, scene.board, url, 403)
    for model in (Plan, PlanAction, Indicator, PoliceIncident):
        assert not model.objects.visible_to(scene.board).exists()


@pytest.mark.parametrize("name", ["dashboard", "measures", "reports"])
def test_no_way_leads_to_what_is_closed(client, scene, name):
    told = page(client, scene.board, to(name))
    ways = [to(each) for each in ("hotspots", "indicators", "police", "plans", "housing_count")]
    assert not [way for way in ways if f'"{way}' in told]
    assert to("measures") in told
    assert to("plans") in page(client, scene.pc, to(name))


def test_the_home_page_offers_the_board_no_plan(client, scene):
    PlanAction.objects.update(person=scene.board)
    told = page(client, scene.board, reverse("home"))
    assert "/performance/plan" not in told


def test_the_home_page_says_where_published_reports_are(client, scene):
    told = page(client, scene.board, reverse("home"))
    assert "Published performance reports are under Performance." in told
    assert "will show here" not in told


def test_no_action_is_given_to_a_board_member(scene):
    assert scene.board.pk not in dict(people(scene.plan, NOW.date(), None))
    before = details_of(scene.visits)
    named = before.__class__(**{**before.__dict__, "person": scene.board.pk})
    with pytest.raises(CannotKeepPlan, match="Choose somebody who works"):
        edit_action(action=scene.visits, details=named, seen=prints_of(before), by=scene.officer, at=NOW)
