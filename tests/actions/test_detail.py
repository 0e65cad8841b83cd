import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from csp.actions import services
from csp.agencies.enums import Role
from csp.audit.models import Event
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def show(client, action):
    def get(user, which=action):
        client.force_login(user)
        return client.get(which.get_absolute_url())

    return get


@pytest.fixture
def send(client, action, tenancy):
    def post(follow=False, **data):
        client.force_login(tenancy)
        return client.post(action.get_absolute_url(), {"seen": "0", "text": "Because", **data}, follow=follow)

    return post


def labels(page):
    return [verb["label"] for verb in page.context["verbs"]]


def test_the_page_shows_the_action_and_asks_its_agency(show, tenancy):
    page = show(tenancy)

    assert "Visit the tenant and write to the landlord" in page.content.decode()
    assert page.context["form"] is not None
    assert labels(page) == ["Add a note", "Add evidence", "Change the person"]


def test_the_asker_may_change_and_cancel_but_not_answer(show, client, action, officer):
    page = show(officer)

    assert page.context["form"] is None
    assert labels(page) == [
        "Add a note",
        "Add evidence",
        "Change what is asked or when",
        "Cancel this action",
    ]
    assert client.post(action.get_absolute_url(), {"answer": "complete", "text": "x"}).status_code == 403


def test_a_manager_of_the_asker_may_write_down_the_answer(show, asker):
    assert show(user_at(asker, Role.MANAGER)).context["form"] is not None


def test_strangers_get_404(show, client, action, police):
    for user in (user_at(police), user_at(PartnerFactory()), user_at(action.owner, Role.AUDITOR)):
        assert show(user).status_code == 404
        for page in ("note", "person", "change", "time", "cancel", "reopen"):
            assert client.post(reverse(f"actions:{page}", args=[action])).status_code == 404
    assert show(user_at(action.owner), ActionFactory()).status_code == 404


def test_opening_the_page_is_recorded(show, action, tenancy):
    show(tenancy)
    show(tenancy)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("action.viewed", tenancy, action)


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"answer": "progress"}, "in_progress", "is in progress"),
        ({"answer": "complete"}, "complete", "is done"),
        ({"answer": "not_needed"}, "not_needed", "is no longer required"),
        ({"answer": "cannot"}, "transferred", "went back to who asked"),
        ({"answer": "more_time", "until": "27 3 2026"}, "open", "The due date stays until the asker agrees"),
    ],
)
def test_an_answer_is_kept_and_said(send, action, data, status, said):
    page = send(follow=True, **data)

    action.refresh_from_db()
    assert action.status == status
    assert f"{action} {said}" in page.content.decode() or said in page.content.decode()


def test_a_transfer_leads_on_to_the_new_action(send, show, action, police, officer):
    send(answer="transfer", to=police.pk)

    action.refresh_from_db()
    page = show(officer)
    assert page.context["goes_on_as"] == action.transferred_to
    assert show(officer, action.transferred_to).context["came_from"] == action
    assert show(user_at(police), action.transferred_to).context["came_from"] is None
    assert show(user_at(action.owner)).context["goes_on_as"] is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Select what your agency answers"),
        ({"answer": "maybe"}, "Select an answer"),
        ({"answer": "complete", "text": " "}, "Enter what was done and what came of it"),
        ({"answer": "not_needed", "text": ""}, "Enter why it is no longer needed"),
        ({"answer": "cannot", "text": ""}, "Enter why you cannot do it"),
        ({"answer": "more_time"}, "Enter the new due date"),
        ({"answer": "more_time", "until": "31 2 2026"}, "New due date must be a real date"),
        ({"answer": "more_time", "until": "3 3 2026"}, "New due date must be today or in the future"),
        ({"answer": "more_time", "until": "10 3 2026"}, "The new date must be later"),
        ({"answer": "more_time", "until": "27 3 2026", "text": ""}, "Enter why you need more time"),
        ({"answer": "transfer"}, "Select the agency that should do it"),
        ({"answer": "transfer", "to": "0"}, "Select an agency from the list"),
        ({"answer": "complete", "text": "x" * 4001}, "must be 4000 characters or fewer"),
    ],
)
def test_a_wrong_answer_is_refused_and_what_was_typed_is_kept(send, action, data, message):
    page = send(**{"text": "Typed with care", **data})

    assert page.status_code == 200
    content = page.content.decode()
    assert message in content
    assert "Typed with care" in content or "text" in data
    action.refresh_from_db()
    assert (action.status, action.updates.count()) == ("open", 0)


def test_one_cannot_transfer_to_oneself_or_to_another_partnership(send, soha):
    for partner in (
        soha,
        PartnerFactory(),
        PartnerFactory(partnership=soha.partnership, left_on=NOON.date()),
    ):
        assert "to" in send(answer="transfer", to=partner.pk).context["form"].errors


def test_the_second_of_two_is_told_and_keeps_what_they_typed(send, action, tenancy):
    services.add_note(action=action, text="Meanwhile", by=tenancy, at=NOON)

    page = send(answer="complete", text="Visited on Tuesday").content.decode()

    assert "Somebody updated this action while you were writing" in page
    assert "Visited on Tuesday" in page
    assert "Meanwhile" in page


def test_an_answer_to_what_ended_meanwhile_is_told(send, client, action, officer, tenancy):
    services.cancel_action(action=action, reason="Withdrawn", by=officer, at=NOON)

    page = send(answer="complete", text="Visited", seen="1").content.decode()

    assert "is no longer required already. Reopen it if there is more to do" in page


def test_a_finished_action_asks_nothing_and_can_be_reopened(show, asker, soha, officer, tenancy):
    finished = ActionFactory(lead=asker, owner=soha, complete=True)

    for user in (officer, tenancy):
        page = show(user, finished)
        assert page.context["form"] is None
        assert labels(page) == ["Add a note", "Add evidence", "Reopen this action"]
        assert "done in time" in page.content.decode()


def test_what_was_transferred_is_not_reopened(show, asker, soha, officer):
    assert labels(show(officer, ActionFactory(lead=asker, owner=soha, transferred=True))) == ["Add a note"]


def test_an_own_action_is_not_handed_back(show, asker, officer):
    page = show(officer, ActionFactory(lead=asker, owner=asker))

    assert [code for code, _ in page.context["form"].fields["answer"].choices] == [
        "progress",
        "complete",
        "not_needed",
        "transfer",
    ]


def test_the_target_is_named_only_to_who_may_see_it(show, asker, soha, officer, tenancy):
    case = CaseFactory(lead=asker, title="Neighbour dispute, Mill Road")
    hung = ActionFactory(lead=asker, owner=soha, target=case)

    assert "Neighbour dispute, Mill Road" in show(officer, hung).content.decode()
    hidden = show(tenancy, hung)
    assert "Mill Road" not in hidden.content.decode()
    assert case.reference not in hidden.content.decode()


def test_a_person_whose_account_is_closed_leaves_it_to_the_agency(show, asker, soha, officer):
    gone = user_at(soha, name="G. Gone", is_active=False)

    page = show(officer, ActionFactory(lead=asker, owner=soha, person=gone)).content.decode()

    assert "Soha, because the account of G. Gone is closed" in " ".join(page.split())


def test_the_asker_is_led_to_the_request_for_more_time(show, send, action, officer, tenancy):
    send(answer="more_time", until="27 3 2026", text="Two visits")

    page = show(officer)

    assert "Answer about more time" in labels(page)
    assert "Soha asks for more time, until 27 March 2026" in " ".join(page.content.decode().split())
    assert "Answer about more time" not in labels(show(tenancy))


def test_the_page_costs_the_same_however_much_was_said(show, action, tenancy):
    services.add_note(action=action, text="Again", by=tenancy, at=NOON)
    one = queries_of(lambda: show(tenancy))
    services.add_note(action=action, text="And again", by=tenancy, at=NOON)
    services.add_note(action=action, text="And again", by=tenancy, at=NOON)
    three = queries_of(lambda: show(tenancy))

    assert len(one) == len(three) <= 20


# The way back


def back_link(page):
    return re.search(r'govuk-back-link" href="([^"]*)">([^<]*)<', page.content.decode()).groups()


def test_who_opened_it_from_a_case_goes_back_there_after_answering_too(client, asker, soha, tenancy, officer):
    case = CaseFactory(lead=asker)
    action = ActionFactory(lead=asker, owner=soha, asked_by=officer, target=case)
    client.force_login(officer)
    case_page = client.get(reverse("cases:actions", args=[case.reference])).content.decode()
    address = f"{action.get_absolute_url()}?from=record"
    assert f'href="{address}"' in case_page

    assert back_link(client.get(address)) == (case.get_absolute_url(), f"Back to {case}")
    client.force_login(tenancy)
    answered = client.post(address, {"seen": "0", "text": "Went there", "answer": "progress"})
    assert answered.url == address


def test_who_may_not_see_the_case_goes_back_to_the_actions(client, asker, soha, tenancy):
    action = ActionFactory(lead=asker, owner=soha, target=CaseFactory(lead=asker))
    client.force_login(tenancy)

    page = client.get(f"{action.get_absolute_url()}?from=record")

    assert back_link(page) == (reverse("actions:list"), "Back to actions")


def test_times_read_as_everywhere_else(show, tenancy, action, officer):
    services.add_note(action=action, by=officer, at=NOON + dt.timedelta(hours=2, minutes=30), text="Called")

    assert "2:30pm</time>" in show(tenancy).content.decode()
