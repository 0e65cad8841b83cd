import pytest
import time_machine
from django.urls import reverse

from csp.actions import services
from csp.agencies.enums import Role
from tests.factories.actions import DUE
from tests.factories.agencies import user_at
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def page(client, action):
    def send(verb, user, data=None, follow=True):
        client.force_login(user)
        url = reverse(f"actions:{verb}", args=[action.reference])
        return client.get(url) if data is None else client.post(url, {"seen": "0", **data}, follow=follow)

    return send


def wants_time(action, tenancy):
    later = NOON.date().replace(day=27)
    services.answer(action=action, answer="more_time", text="Visits", until=later, by=tenancy, at=NOON)


VERBS = {
    "note": {"text": "Mind the dog"},
    "person": {"person": ""},
    "change": {"text": "Other words", "due_on": "11 3 2026"},
    "time": {"agree": "yes", "seen": "1"},
    "cancel": {"reason": "Withdrawn"},
    "reopen": {"reason": "Again", "seen": "1"},
}
ASKERS = {"note", "change", "time", "cancel", "reopen"}
OWNERS = {"note", "person", "reopen"}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_its_side_alone(page, verb, action, officer, tenancy, asker, soha):
    for user, verbs in [(officer, ASKERS), (tenancy, OWNERS)]:
        assert page(verb, user).status_code == (200 if verb in verbs else 403)


@pytest.mark.parametrize(
    ("verb", "said"), [("note", "Note added"), ("change", "is changed"), ("cancel", "no longer required")]
)
def test_the_asker_does_it_and_is_told(page, verb, said, officer):
    response = page(verb, officer, VERBS[verb])

    assert said in response.content.decode()


def test_another_person_of_the_agency_is_chosen(page, action, soha, officer, tenancy):
    colleague = user_at(soha, Role.AGENCY_LEAD, name="C. Colleague")
    user_at(soha, Role.BOARD)
    user_at(soha, is_active=False)

    assert set(page("person", tenancy).context["form"].fields["person"].queryset) == {colleague, tenancy}
    page("person", tenancy, {"person": colleague.pk})

    action.refresh_from_db()
    assert action.person == colleague
    assert "Select" in page("person", tenancy, {"person": officer.pk, "seen": "1"}).content.decode()


@pytest.mark.parametrize(
    ("agree", "due", "reason"), [("yes", 27, ""), ("no", 10, "The hearing is on the 11th")]
)
def test_more_time_is_agreed_or_refused(page, action, officer, tenancy, agree, due, reason):
    wants_time(action, tenancy)

    page("time", officer, {"agree": agree, "reason": reason, "seen": "1"})

    action.refresh_from_db()
    assert (action.due_on.day, action.wanted_due_on) == (due, None)


def test_more_time_needs_an_answer_and_a_refusal_its_reason(page, action, officer, tenancy):
    wants_time(action, tenancy)

    assert "Select whether you agree" in page("time", officer, {"seen": "1"}).content.decode()
    assert (
        "Enter why the due date stays" in page("time", officer, {"agree": "no", "seen": "1"}).content.decode()
    )


def test_more_time_answered_twice_is_told(page, action, officer):
    assert "may have been answered already" in page("time", officer, {"agree": "yes"}).content.decode()


def test_reopening_brings_it_back(page, action, officer, tenancy):
    services.answer(action=action, answer="complete", text="Done", by=tenancy, at=NOON)

    page("reopen", tenancy, {"reason": "It started again", "seen": "1"})

    action.refresh_from_db()
    assert action.status == "in_progress"


@pytest.mark.parametrize(
    ("verb", "data", "message"),
    [
        ("note", {"text": " "}, "Enter note"),
        ("change", {"text": "", "due_on": "11 3 2026"}, "Enter what needs to be done"),
        ("change", {"text": "x", "due_on": ""}, "Enter the due date"),
        ("change", {"text": "x", "due_on": "3 3 2026"}, "The due date must be today or later"),
        ("cancel", {"reason": ""}, "Enter why it is no longer needed"),
        ("reopen", {"reason": ""}, "Enter what there is still to do"),
        ("reopen", {"reason": "x"}, "is not finished yet"),
    ],
)
def test_what_is_missing_is_said(page, verb, data, message, officer):
    assert message in page(verb, officer, data).content.decode()


def test_what_somebody_changed_meanwhile_is_not_overwritten(page, action, officer):
    services.add_note(action=action, text="Meanwhile", by=officer, at=NOON)

    response = page("change", officer, {"text": "My words", "due_on": "11 3 2026"})

    action.refresh_from_db()
    assert action.due_on == DUE
    assert "Somebody updated this action while you were writing" in response.content.decode()
    assert "My words" in response.content.decode()


def test_the_change_form_starts_with_what_is_asked_now(page, officer):
    content = page("change", officer).content.decode()

    assert "Visit the tenant and write to the landlord" in content
    assert "10 March 2026" in content
