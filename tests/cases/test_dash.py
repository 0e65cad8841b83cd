"""DASH is kept apart: 14 ticks suggest MARAC, and no score or priority moves."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseStatus, Risk
from cases.models import DashAssessment
from cases.services.dash import CannotRecordDash, record_dash
from csp.agencies.enums import Role
from tests.factories.agencies import user_at
from tests.factories.cases import NOON, CaseFactory
from tests.factories.casework import CasePersonFactory


@pytest.fixture
def case(db):
    case = CaseFactory(status=CaseStatus.OPEN)
    CasePersonFactory(case=case)
    return case


def dash(case, ticks, **more):
    given = {"done_on": dt.date(2026, 3, 3), "questions": 24, "at": NOON} | more
    by = user_at(case.lead, Role.OFFICER)
    return record_dash(case=case, person=case.links.get().person, ticks=ticks, by=by, **given)


@pytest.mark.parametrize(("ticks", "suggests"), [(13, False), (14, True), (15, True)])
def test_fourteen_ticks_suggest_marac(case, ticks, suggests):
    if suggests:
        with pytest.raises(CannotRecordDash, match="when it was referred, or why it was not"):
            dash(case, ticks)
    made = dash(case, ticks, no_marac_reason="She declined, and is safe" if suggests else "")
    assert made.suggests_marac == suggests


def test_high_by_judgement_suggests_it_too_and_says_why(case):
    with pytest.raises(CannotRecordDash, match="why you judge"):
        dash(case, 3, judged_high=True)
    made = dash(case, 3, judged_high=True, judgement="He was released", marac_on=dt.date(2026, 3, 4))
    assert made.suggests_marac


def test_priority_stays(case):
    dash(case, 24, marac_on=dt.date(2026, 3, 4))
    case.refresh_from_db()
    assert (case.risk, case.risk_due_on) == (Risk.STANDARD, None)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"ticks": 25}, "more ticks than the 24"),
        ({"ticks": 3, "done_on": dt.date(2026, 3, 5)}, "today or in the past"),
    ],
)
def test_impossible_results_are_refused(case, more, message):
    with pytest.raises(CannotRecordDash, match=message):
        dash(case, **more)


def test_page_asks_about_marac_keeps_what_was_typed_and_shows_the_result(client, case):
    client.force_login(user_at(case.lead, Role.OFFICER))
    page = reverse("cases:add_dash", args=[case.reference, case.links.get().person_id])
    sent = {"done_on": f"{timezone.localdate():%d %m %Y}", "ticks": "14", "questions": "24"}
    shown = client.post(page, sent).content.decode()
    assert "Enter when it was referred to MARAC" in shown
    assert 'value="14"' in shown
    assert not DashAssessment.objects.exists()
    shown = client.post(page, {**sent, "no_marac_reason": "She declined"}, follow=True).content.decode()
    assert "DASH 14 of 24" in shown
    assert "She declined" in shown
