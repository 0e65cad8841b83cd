"""The yearly report of the demo beside what South and Vale published of 2021-22, figure by figure."""

import datetime as dt
import io
import json

import pytest
import time_machine
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from performance.services.year_figures import YEAR_FIGURES

pytestmark = pytest.mark.django_db
DAY_OFF = dt.datetime(2026, 12, 27, 9, tzinfo=dt.UTC)
"""Meetings in so many working days stand further off on such a day than on others."""
HELD = {
    "neighbourhood_meetings_2021_22": "neighbourhood_meetings",
    "neighbourhood_cases_2021_22": "neighbourhood_cases",
    "closure_orders": "closure_orders",
}
"""What the rooms built so far hold, by its name in the facts and in the report."""
WAIT = {
    "case_reviews_2021_22": "case_reviews",
    "cameras_installed": "cameras_installed",
    "sanctuary": "sanctuary",
    "mediation_2021_22": "mediation",
    "safe_places": "safe_places",
    "domestic_abuse_service": "domestic_abuse_service",
    "violence_reduction_hub": "violence_reduction_hub",
    "grant": "grant",
    "funded_projects": "funded_projects",
    "homicide_reviews": "homicide_reviews",
    "campaigns": "campaigns",
}
NO_FIGURE = {
    "partnership", "districts", "formed", "members", "priorities_2022_25", "joint_tasking_meeting",
    "camera_review_after_months", "homicide_reviews_county", "public_spaces_protection_orders", "pcc",
    "partnership_plan",
}  # fmt: skip
"""What describes the partnership, or is of another body than it."""
CALLED = {
    "neighbour disputes": "Rowdy or nuisance neighbours",
    "other ASB": "Something else",
    "noise nuisance": "Noise",
    "improved multi-agency enforcement": "Improved multi-agency enforcement",
    "joined-up support for victims and subjects": "Joined-up support for victims and subjects",
    "reduction in ASB": "Reduction in ASB",
}
"""What the categories and outcomes of the demo call what was published."""


@pytest.fixture(scope="module")
def facts():
    path = settings.BASE_DIR.parent / "shared" / "facts" / "south-vale-2021-22.yaml"
    if not path.exists():
        pytest.skip("the published figures are not on this machine")
    return yaml.safe_load(path.read_text())


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker, tmp_path_factory):
    """By key, from the file that the command writes. The demo is loaded on a Sunday between holidays."""
    path = tmp_path_factory.mktemp("year") / "year.json"
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True),
        time_machine.travel(DAY_OFF, tick=False),
        transaction.atomic(),
    ):
        call_command("demo", stdout=io.StringIO())
        call_command(
            "quarterly_report", partnership="south-and-vale", quarter="2021-22", output=path,
            stdout=io.StringIO(),
        )  # fmt: skip
        transaction.set_rollback(True)
    content = json.loads(path.read_text())
    return {each["key"]: each for each in content["published"]} | {"waits_for": content["waits_for"]}


def test_every_figure_that_is_recorded_is_as_published(facts, published):
    meetings, cases = facts["neighbourhood_meetings_2021_22"], facts["neighbourhood_cases_2021_22"]

    assert published["neighbourhood_meetings.total"]["number"] == meetings["total"]
    assert published["neighbourhood_meetings.by_area"]["values"] == meetings["by_area"]
    assert published["neighbourhood_cases.total"]["number"] == cases["total"]
    assert published["neighbourhood_cases.by_area"]["values"] == cases["by_area"]
    issues = published["neighbourhood_cases.by_issue"]["values"]
    assert {CALLED[name]: issues[CALLED[name]] for name in cases["by_issue"]} == {
        CALLED[name]: number for name, number in cases["by_issue"].items()
    }
    assert published["neighbourhood_cases.outcomes"]["values"] == {
        CALLED[name]: number for name, number in cases["outcomes"].items()
    }
    assert published["closure_orders"]["number"] == facts["closure_orders"]["2021-22"]


def test_what_waits_for_later_rooms_is_listed_as_missing(facts, published):
    assert set(facts) == HELD.keys() | WAIT.keys() | NO_FIGURE
    assert set(published["waits_for"]) == set(WAIT.values())
    for key in WAIT.values():
        assert published[key]["number"] is None


def test_each_figure_waits_or_is_counted():
    for each in YEAR_FIGURES:
        assert bool(each.measure) != bool(each.waits_for), each.key
