"""The page on which an agency reviews its actions and answers what is tabled for it."""

import json

import pytest
import time_machine
from django.core.files.base import ContentFile

from csp.actions.enums import ActionStatus
from csp.actions.services import add_note
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.forms.base import PUT_BACK
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import ItemAnswer, ReturnDraft
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON
from tests.tasking.returns import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def post(client, scene):
    def send(name, user=None, seen=None, follow=False, headers=None, **data):
        user = user or scene.ann
        client.force_login(user)
        sent = {**(scene.seen(user) if seen is None else seen), **data}
        return client.post(scene.url(name), sent, follow=follow, headers=headers)

    return send


def text(page):
    return " ".join(page.content.decode().split())


def test_the_page_asks_about_actions_and_items(client, scene):
    client.force_login(scene.ann)

    page = text(client.get(scene.url()))

    assert "Visit the tenant and write to the landlord" in page
    assert "Towpath" in page
    assert "<span data-return-done>0</span> of <span data-return-total>2</span>" in page


def test_everything_is_sent_at_once(post, scene):
    page = post("return_send", follow=True, **scene.answered())

    scene.action.refresh_from_db()
    scene.seat.refresh_from_db()
    answer = ItemAnswer.objects.get()
    assert "Your return is sent" in text(page)
    assert (scene.action.status, scene.action.outcome) == (ActionStatus.COMPLETE, "Visited on Monday")
    assert (answer.known, answer.risks, answer.saved_by) == ("known", "Knife seen", scene.ann)
    assert (scene.seat.sent_at, scene.seat.sent_by) == (NOON, scene.ann)
    assert not ReturnDraft.objects.exists()
    assert Event.objects.get(verb="return.sent").detail == {"again": False, "items": 1, "actions": 1}
    assert Event.objects.filter(verb="action.completed").count() == 1


@pytest.mark.parametrize(
    ("answer", "status", "wanted"),
    [
        ({"answer": "progress", "text": ""}, ActionStatus.IN_PROGRESS, None),
        ({"answer": "cannot", "text": "No staff"}, ActionStatus.TRANSFERRED, None),
        ({"answer": "more_time", "text": "Ill", "until": "20 4 2026"}, ActionStatus.OPEN, "2026-04-20"),
    ],
)
def test_each_answer_to_an_action_is_given(post, scene, answer, status, wanted):
    key = f"a{scene.action.pk}"
    said = {f"{key}-{box}": value for box, value in answer.items()}

    post("return_send", **said, **{f"i{scene.item.pk}-known": "nothing"})

    scene.action.refresh_from_db()
    assert scene.action.status == status
    assert (scene.action.wanted_due_on and scene.action.wanted_due_on.isoformat()) == wanted


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"answer": ""}, "Say how far you are with"),
        ({"answer": "complete", "text": ""}, "Enter what was done and what came of it"),
        ({"answer": "cannot", "text": ""}, "Enter why you cannot do it"),
        ({"answer": "more_time", "text": "Ill"}, "Enter the date until when you need it"),
        ({"answer": "more_time", "text": "Ill", "until": "someday"}, "must be a real date"),
        ({"answer": "more_time", "text": "Ill", "until": "5 3 2026"}, "later than the date it is due"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_sent(post, scene, sent, words):
    key = f"a{scene.action.pk}"
    item = {f"i{scene.item.pk}-known": "known", f"i{scene.item.pk}-risks": "Knife seen"}

    page = post("return_send", **{f"{key}-{box}": value for box, value in sent.items()}, **item)

    assert words in text(page)
    assert "Knife seen" in text(page)
    assert sent.get("until", "") in text(page)
    assert not ItemAnswer.objects.exists()
    assert not Event.objects.filter(verb__in=["return.sent", "action.completed"]).exists()


def test_an_item_without_an_answer_is_asked_for(post, scene):
    page = post("return_send", **{f"a{scene.action.pk}-answer": "progress"})

    assert "Say whether Towpath is known to you" in text(page)
    assert f'href="#i{scene.item.pk}-known"' in text(page)


def test_what_is_typed_is_saved_without_telling_anybody(post, client, scene):
    answer = post("return_save", headers={"X-Requested-With": "fetch"}, **scene.answered())

    said = json.loads(answer.content)
    assert (said["saved"], said["done"], said["total"]) == ("midday", 2, 2)
    assert said[f"i{scene.item.pk}-seen"] == scene.cards().items[0].seen
    assert not ItemAnswer.objects.exists()
    assert not Event.objects.exclude(verb="meeting.viewed").exists()
    client.force_login(scene.bob)
    assert "Knife seen" in text(client.get(scene.url()))
    client.force_login(scene.officer)
    assert "Knife seen" not in text(client.get(scene.url("returns")))


def test_what_is_saved_may_be_sent_from_the_page_it_was_typed_on(post, scene):
    before = scene.seen()
    typed = scene.answered()
    said = json.loads(post("return_save", headers={"X-Requested-With": "fetch"}, **typed).content)

    post("return_send", seen=before | {k: v for k, v in said.items() if k.endswith("-seen")}, **typed)

    assert ItemAnswer.objects.count() == 1


def test_return_is_sent_though_the_page_never_heard_that_it_was_saved(post, scene):
    before, typed = scene.seen(), scene.answered()
    post("return_save", seen=before, headers={"X-Requested-With": "fetch"}, **typed)

    page = post("return_send", seen=before, follow=True, **typed)

    assert "Your return is sent" in text(page)
    assert ItemAnswer.objects.count() == 1


def test_save_for_later_works_without_scripts(post, scene):
    page = post("return_save", follow=True, **{f"a{scene.action.pk}-until": "some day in may"})

    assert "Saved. Nobody else sees it until you send it" in text(page)
    assert "some day in may" in text(page)


def test_nothing_known_is_one_click_and_leads_to_the_next(post, scene):
    other = scene.tabled("Car park", scene.housing)

    page = post("return_nothing", nothing=f"i{scene.item.pk}", **{f"i{other.pk}-risks": "Drugs"})

    assert page.headers["Location"].endswith(f"#i{other.pk}")
    cards = scene.cards().by_key
    assert cards[f"i{scene.item.pk}"].values["known"] == "not_known"
    assert cards[f"i{other.pk}"].values["risks"] == "Drugs"


def test_the_second_of_two_colleagues_is_told_and_sees_both(post, scene):
    box = f"i{scene.item.pk}-risks"
    before = scene.seen()
    post("return_save", scene.bob, seen=before, **{box: "A dog"})

    quiet = post("return_save", seen=before, headers={"X-Requested-With": "fetch"}, **{box: "A knife"})
    page = post("return_save", seen=before, **{box: "A knife"})

    assert "Bob Tenancy wrote here while you did" in json.loads(quiet.content)["told"]
    assert "A dog" in text(page)
    assert "A knife" in text(page)
    assert ReturnDraft.objects.get().typed["risks"] == "A dog"
    again = post("return_save", follow=True, **{box: "A dog and a knife"})
    assert "Saved." in text(again)
    assert ReturnDraft.objects.get().typed["risks"] == "A dog and a knife"


def test_two_colleagues_on_different_cards_do_not_meet(post, scene):
    other = scene.tabled("Car park", scene.housing)
    before = scene.seen()
    post("return_save", scene.bob, seen=before, **{f"i{other.pk}-risks": "A dog"})

    page = post("return_save", seen=before, follow=True, **{f"i{scene.item.pk}-risks": "A knife"})

    assert "Saved." in text(page)
    assert ReturnDraft.objects.count() == 2


def test_words_of_a_colleague_are_not_sent_unread(post, scene):
    before = scene.seen()
    post("return_save", scene.bob, seen=before, **{f"i{scene.item.pk}-known": "known"})

    page = post("return_send", seen=before, **{f"a{scene.action.pk}-answer": "progress"})

    assert "Bob Tenancy wrote here while you had the page open" in text(page)
    assert not ItemAnswer.objects.exists()


def test_an_action_that_moved_meanwhile_stops_the_return_and_nothing_is_lost(post, scene):
    before = scene.seen()
    add_note(action=scene.action, text="Any news?", by=scene.officer, at=NOON)

    page = post("return_send", seen=before, **scene.answered())

    assert "Somebody updated this action while you had it open" in text(page)
    assert "Any news?" in text(page)
    assert "Visited on Monday" in text(page)
    assert not ItemAnswer.objects.exists()


@pytest.mark.parametrize(("choice", "notes"), [("note", 1), ("drop", 0)])
def test_words_for_an_action_that_was_finished_meanwhile_are_kept(post, scene, choice, notes):
    post("return_save", **scene.answered())
    type(scene.action).objects.update(status=ActionStatus.COMPLETE, outcome="Done", ended_at=NOON)

    page = post("return_send", **scene.answered())
    assert "Say how far you are" in text(page) or "Select" in text(page)
    assert "Visited on Monday" in text(page)
    post("return_send", **scene.answered() | {f"a{scene.action.pk}-answer": choice})

    assert ItemAnswer.objects.count() == 1
    assert scene.action.updates.filter(text="Visited on Monday").count() == notes
    assert not ReturnDraft.objects.exists()


def test_what_came_since_the_page_was_opened_stops_the_return(post, scene):
    before, typed = scene.seen(), scene.answered()
    scene.tabled("Car park", scene.housing)

    page = post("return_send", seen=before, **typed)

    assert "Say whether Car park is known to you" in text(page)
    assert "Knife seen" in text(page)


def test_what_left_the_return_gives_its_words_back(post, scene):
    before = scene.seen()
    scene.item.permission_rows.filter(group=scene.housing.group).delete()

    page = post("return_save", seen=before, **{f"i{scene.item.pk}-risks": "A knife"})

    assert "These words found no place" in text(page)
    assert "A knife" in text(page)
    assert "Towpath" not in text(page)


def test_what_was_sent_can_be_changed_until_the_meeting_begins(client, post, scene):
    post("return_send", **scene.answered())
    assert "Change what we sent" in text(client.get(scene.url()))
    changed = {f"i{scene.item.pk}-known": "not_known", f"i{scene.item.pk}-risks": "Knife seen"}
    post("return_save", **changed)

    assert ItemAnswer.objects.get().known == "known"
    assert "What you changed since is not sent yet" in text(client.get(scene.url()))
    post("return_send", **changed)

    answer = ItemAnswer.objects.get()
    assert (answer.known, answer.risks, answer.version) == ("not_known", "", 2)
    scene.meeting.status, scene.meeting.begun_at = MeetingStatus.IN_SESSION, NOON
    scene.meeting.save()
    page = post("return_send", **{f"i{scene.item.pk}-known": "known", f"i{scene.item.pk}-offer": "A visit"})
    assert "its returns are closed" in text(page)
    assert "A visit" in text(page)
    assert "Change what we sent" not in text(client.get(scene.url()))


def test_an_agenda_that_is_not_open_yet_asks_nothing(client, post, scene):
    type(scene.meeting).objects.update(status=MeetingStatus.PLANNED)
    client.force_login(scene.ann)

    assert "The agenda is not open yet" in text(client.get(scene.url()))
    assert "is not open yet" in text(post("return_send", seen={}))


def test_a_standing_item_may_be_left_empty(post, scene):
    prevent = scene.tabled("Prevent", scene.housing, kind=ItemKind.STANDING, place=None)

    post("return_send", **scene.answered())
    assert not ItemAnswer.objects.filter(item=prevent).exists()

    post("return_send", **scene.answered(), **{f"i{prevent.pk}-in_progress": "Two concerns"})
    answer = ItemAnswer.objects.get(item=prevent)
    assert (answer.known, answer.in_progress) == ("known", "Two concerns")


def test_evidence_goes_to_the_action_even_where_the_return_is_refused(post, scene):
    file = ContentFile(b"Door mended", name="door.txt")

    page = post("return_send", **{f"a{scene.action.pk}-evidence": file})

    assert scene.action.files.get().name == "door.txt"
    assert "door.txt" in text(page)
    refused = post("return_save", **{f"a{scene.action.pk}-evidence": ContentFile(b"<html>", name="x.txt")})
    assert "is not a file we can take" in text(refused)


def test_words_sent_after_signing_out_are_saved_and_not_sent(post, scene):
    page = post("return_send", follow=True, **scene.answered(), **{PUT_BACK: "x"})

    assert "You were signed out before this was sent" in text(page)
    assert ReturnDraft.objects.count() == 2
    assert not ItemAnswer.objects.exists()


def test_strangers_get_404_and_others_403(client, scene):
    outside = PartnerFactory(partnership=scene.team.partnership)
    for user, code in ((user_at(outside), 404), (user_at(scene.housing, Role.AUDITOR), 404)):
        client.force_login(user)
        for name in ("return_save", "return_send", "return_nothing"):
            assert client.post(scene.url(name)).status_code == code
        assert client.get(scene.url()).status_code == code
    client.force_login(scene.ann)
    assert client.get(scene.url("returns")).status_code == 403
    assert client.post(scene.url("returns_chase")).status_code == 403


def test_sixty_items_cost_as_much_as_one(client, scene):
    client.force_login(scene.ann)
    client.get(scene.url())
    few = queries_of(lambda: client.get(scene.url()))
    for number in range(5):
        scene.tabled(f"Item {number}", scene.housing)
        ActionFactory(lead=scene.team, owner=scene.housing, due_on=scene.meeting.day)

    assert len(queries_of(lambda: client.get(scene.url()))) == len(few)
