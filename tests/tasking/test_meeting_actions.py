"""Actions given at a meeting: in one line or in boxes, and the chair is warned of who sees what."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from csp.actions.models import Action
from csp.actions.services import CannotGive
from csp.agencies.enums import ShareLevel
from csp.agencies.services.sharing import grant
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import ItemAction
from tasking.services.item_notes import CannotNote
from tasking.services.meeting_actions import WordsAlone, give_at_meeting
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory
from tests.tasking.session_room import Room, a_room

pytestmark = pytest.mark.django_db
DUE = dt.date(2030, 3, 27)


@pytest.fixture
def room() -> Room:
    room = a_room()
    room.accept(room.officer)
    for partner, name in ((room.housing, "Soha Homes"), (room.police, "Thames Police")):
        partner.name = name
        partner.save(update_fields=["name"])
    room.landlord.name = "Hari Housing"
    room.landlord.save(update_fields=["name"])
    return room


@pytest.fixture
def desk(client, room):
    client.force_login(room.officer)
    return client


def url(room, item=None):
    return reverse("meetings:session_action", args=[room.meeting.reference, (item or room.item).reference])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def give(room, **fields):
    given = {"item": room.item, "owner": room.housing, "person": None, "text": "Fit a gate", "due_on": DUE}
    return give_at_meeting(**given | {"by": room.officer, "at": NOON} | fields)


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Fit a gate - Soha - Hari - 27 mar 2030", True),
        ("Fit a gate \u2013 soha homes \u2013 27 3 2030", False),
        ("Fit a gate \u2014 at the back - homes - housing - 27/3/2030", True),
    ],
)
def test_one_line_makes_an_action(desk, room, line, person):
    shown = desk.post(url(room), {"text": line}, follow=True)
    action = Action.objects.get()
    assert (action.owner, action.due_on) == (room.housing, DUE)
    assert action.person == (room.landlord if person else None)
    assert action.text in ("Fit a gate", "Fit a gate \u2013 at the back")
    assert f"{action} is given to Soha Homes" in text_of(shown)
    assert ItemAction.objects.get().item == room.item
    assert action.target == room.item


def test_boxes_make_an_action_too(desk, room):
    desk.post(url(room), {"text": "Fit a gate - a tall one", "owner": room.housing.pk, "due_on": "27 3 2030"})
    assert Action.objects.get().text == "Fit a gate - a tall one"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Fit a gate", "Select the agency that should do it"),
        ("Fit a gate - Nobody Ltd - 27 mar 2030", "Select the agency that should do it"),
        ("Fit a gate - Soha - Zebedee - 27 mar 2030", "Select a person from the list"),
        ("Fit a gate - Soha - soon", "By when must be a real date"),
        ("Fit a gate - Soha - 27 mar 2020", "today or in the future"),
        ("", "Enter what needs to be done"),
    ],
)
def test_line_that_does_not_fit_is_refused_and_kept(desk, room, line, problem):
    shown = text_of(desk.post(url(room), {"text": line}))
    assert problem in shown
    assert line.split(" - ")[0] in shown
    assert not Action.objects.exists()


def test_action_hangs_on_the_case_of_the_item(room):
    case = CaseFactory(lead=room.meeting.lead)
    item = room.add(title="Neighbours", kind=ItemKind.CASE, case=case, open_to=[room.housing])
    grant(record=case, partner=room.housing, level=ShareLevel.SUMMARY)
    action = give(room, item=item)
    assert action.target == case
    item.refresh_from_db()
    assert item.discussed_at == NOON


def test_agency_that_cannot_see_the_item_gets_the_words_once_the_chair_knows(desk, room):
    fire = PartnerFactory(partnership=room.meeting.partnership, name="Fire and Rescue")
    fields = {"text": "Check the alarms", "owner": fire.pk, "due_on": "27 3 2030"}
    shown = desk.post(url(room), fields)
    assert "They get the words of the action and nothing else" in text_of(shown)
    assert not Action.objects.exists()
    alone = shown.context["action_form"]["alone"].value()

    desk.post(url(room), fields | {"alone": alone})

    action = Action.objects.get()
    firefighter = user_at(fire)
    desk.force_login(firefighter)
    shown = text_of(desk.get(action.get_absolute_url()))
    assert "Check the alarms" in shown
    assert room.item.title not in shown
    assert room.item.reference not in shown


def test_warning_about_one_agency_is_no_word_about_another(desk, room):
    fire = PartnerFactory(partnership=room.meeting.partnership)
    desk.post(url(room), {"text": "Check", "owner": fire.pk, "due_on": "27 3 2030", "alone": room.housing.pk})
    assert not Action.objects.exists()


def test_agency_that_sees_the_item_but_not_its_case_is_warned_of(room):
    case = CaseFactory(lead=room.meeting.lead)
    item = room.add(title="Neighbours", kind=ItemKind.CASE, case=case, open_to=[room.housing])
    with pytest.raises(WordsAlone, match="cannot see this item"):
        give(room, item=item)


def test_action_of_a_restricted_item_goes_to_people_who_are_named(room):
    item = room.hidden_item("restricted", open_to=[room.housing])
    with pytest.raises(CannotGive, match="nobody of Soha Homes is named"):
        give(room, item=item)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"due_on": NOON.date() - dt.timedelta(days=1)}, "today or later"),
        ({"person": "constable"}, "does not work for"),
        ({"owner": "west"}, "not in this partnership"),
    ],
)
def test_due_date_person_and_owner_must_fit(room, fields, problem):
    west = PartnerFactory()
    known = {"constable": room.constable, "west": west}
    fields = {name: known.get(value, value) for name, value in fields.items()}
    with pytest.raises(CannotGive, match=problem):
        give(room, words_alone=True, **fields)
    assert not ItemAction.objects.exists()


def test_action_due_today_is_given(room):
    assert give(room, due_on=timezone.localdate(NOON)).due_on == timezone.localdate(NOON)


def test_same_action_given_twice_is_given_once(room):
    assert give(room) == give(room)
    assert Action.objects.count() == 1


def test_no_action_is_given_before_the_meeting(room):
    type(room.meeting).objects.filter(pk=room.meeting.pk).update(
        status=MeetingStatus.PAPERS_OUT, begun_at=None
    )
    with pytest.raises(CannotNote):
        give(room)


def test_screens_show_the_action_to_its_agency(client, room):
    room.accept(room.landlord, room.constable)
    give(room, person=room.landlord)
    page = reverse("meetings:session", args=[room.meeting.reference])
    client.force_login(room.landlord)
    assert "Fit a gate" in text_of(client.get(page))
    client.force_login(room.constable)
    assert "Fit a gate" not in text_of(client.get(page))
