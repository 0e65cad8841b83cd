"""The yearly return of case reviews."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from csp.agencies.measures import Measure, register
from performance.models import Plan
from performance.services import statutory
from tests.factories.agencies import PartnershipFactory
from tests.factories.performance import PlanFactory

pytestmark = pytest.mark.django_db


def run(partnership, year="2021-22", **options):
    out = io.StringIO()
    call_command(
        "statutory_return", "case-reviews", partnership=partnership, year=year, stdout=out, **options
    )
    return out.getvalue()


def test_what_is_not_recorded_is_missing_and_not_nought():
    partnership = PartnershipFactory()
    found = json.loads(run(partnership.slug, json=True))

    assert [(row["key"], row["number"]) for row in found["figures"]] == [
        ("applications", None),
        ("threshold_not_met", None),
        ("reviews_carried_out", None),
        ("with_recommendations", None),
        ("threshold_met", None),
    ]
    assert (found["recorded"], found["waits_for"]) == (False, "reviews")
    words = run(partnership.slug)
    assert "Applications for a case review: not recorded" in words
    assert "Case reviews are not recorded here yet" in words


def test_it_counts_as_soon_as_a_room_declares_the_measures(monkeypatch):
    monkeypatch.setattr("csp.agencies.measures._measures", {})
    register(
        Measure(
            name=line.measure, label=line.label, unit="reviews", one="review", rule="All.", room="reviews",
            records=lambda partnership, _period: Plan.objects.filter(partnership=partnership),
            date_field="starts_on",
        )
        for line in statutory.LINES
    )  # fmt: skip
    partnership = PlanFactory().partnership

    found = json.loads(run(partnership.slug, json=True))
    assert {row["number"] for row in found["figures"]} == {1}
    assert (found["recorded"], found["note"]) == (True, "")


@pytest.mark.parametrize(
    ("year", "message"),
    [("soon", "is not a period"), ("2021-22-Q1", "is a quarter"), ("2021", "counts years such as 2020-21")],
)
def test_it_says_what_is_wrong(year, message):
    with pytest.raises(CommandError, match=message):
        run(PartnershipFactory().slug, year)


def test_it_wants_a_partnership_that_there_is():
    with pytest.raises(CommandError, match="There is no partnership nowhere"):
        run("nowhere")
