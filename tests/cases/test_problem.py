"""The problem-solving sheet: read, changed, and changed by two at once."""

import json

import pytest
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import ProblemSheet
from cases.services import problem
from cases.services.problem import CannotChangeSheet, Sheet
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.factories.agencies import user_at
from tests.factories.cases import NOON, CaseFactory


@pytest.fixture
def case(db):
    return CaseFactory(status=CaseStatus.OPEN)


@pytest.fixture
def officer(case, client):
    officer = user_at(case.lead, Role.OFFICER)
    client.force_login(officer)
    return officer


def test_sheet_is_saved_and_laid_out_with_its_counts(client, case, officer):
    seen = json.dumps(problem.prints_of(Sheet()))
    sent = {"seen": seen, "objective": "Quiet nights", "count_what": "Reports in a month"}
    url = reverse("cases:edit_problem", args=[case.reference])
    shown = client.post(url, {**sent, "count_before": "12", "count_after": "5"}, follow=True).content.decode()
    assert "Quiet nights" in shown
    assert "7 fewer (-58%)" in shown
    assert Event.objects.get(verb="problem.edited").detail["fields"] == [
        "objective", "count_what", "count_before", "count_after",
    ]  # fmt: skip


def test_second_editor_sees_what_changed_and_keeps_their_typing(client, case, officer):
    seen = problem.prints_of(Sheet())
    problem.edit_sheet(case=case, sheet=Sheet(problem="Bottles"), seen=seen, by=officer, at=NOON)
    url = reverse("cases:edit_problem", args=[case.reference])
    shown = client.post(url, {"seen": json.dumps(seen), "objective": "Quiet nights"})
    assert "Somebody else changed this sheet" in shown.content.decode()
    form = shown.context["form"]
    assert (form["objective"].value(), form["problem"].value()) == ("Quiet nights", "Bottles")
    client.post(url, {"seen": form["seen"].value(), "objective": "Quiet nights", "problem": "Bottles"})
    sheet = ProblemSheet.objects.get()
    assert (sheet.objective, sheet.problem) == ("Quiet nights", "Bottles")


def test_wrong_count_is_refused_and_the_rest_kept(client, case, officer):
    url = reverse("cases:edit_problem", args=[case.reference])
    shown = client.post(url, {"seen": "{}", "count_before": "many", "impact": "Much calmer"}).content.decode()
    assert "Count before must be a number" in shown
    assert "Much calmer" in shown
    assert not ProblemSheet.objects.exists()


def test_ended_case_keeps_its_sheet(case, officer):
    case.status, case.ended_at = CaseStatus.CLOSED, NOON
    case.save()
    with pytest.raises(CannotChangeSheet, match="Reopen it first"):
        problem.edit_sheet(case=case, sheet=Sheet(), seen={}, by=officer, at=NOON)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (12, 5, "7 fewer (-58%)"),
        (2, 4, "2 more (+100%)"),
        (3, 3, "No change"),
        (0, 2, "2 more"),
        (None, 2, ""),
    ],
)
def test_change_is_computed(before, after, words):
    assert problem.change_words(before, after) == words
