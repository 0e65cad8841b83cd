"""The pages of the agenda and of an item: what each reader sees, and what the team that runs it can do."""

import datetime as dt

import pytest
from django.utils import timezone

from tasking.enums import ItemStatus
from tasking.models import AgendaItem
from tests.factories.agencies import user_at
from tests.factories.cases import CaseFactory, CategoryFactory
from tests.factories.casework import CaseNamedFactory
from tests.tasking.scene_agenda import table, url
from tests.tasking.test_agenda_carrying import ended, held


def page(client, scene):
    return client.get(url("agenda", scene.meeting.reference)).content.decode()


def on_agenda(scene):
    return list(scene.meeting.items.tabled().in_order())


def sent(items, **more):
    return {
        "order": [item.reference for item in items],
        **{f"minutes-{item.reference}": item.minutes for item in items},
        **more,
    }


def test_agency_reads_its_items_and_a_line_without_title_of_the_others(client, scene):
    noise = CategoryFactory(lead=scene.team, label="Noise nuisance")
    hers = scene.item(gist="Music all night", minutes=15)
    other = scene.item(gist="Bikes on the towpath", issue=noise, minutes=25)
    AgendaItem.objects.filter(pk=other.pk).update(title="Mill Road bikes")
    table(scene, hers, scene.soha)
    client.force_login(scene.worker)

    shown = page(client, scene)

    assert "Music all night" in shown
    assert "Noise nuisance" in shown
    assert "25 minutes" in shown
    for secret in ("Mill Road bikes", "Bikes on the towpath", other.reference, str(other.case)):
        assert secret not in shown
    assert "Save order and times" not in shown


def test_closed_part_is_unknown_to_whom_it_is_not_for(client, scene):
    closed = scene.item(closed=True, minutes=33)
    restricted = scene.item(
        case=CaseFactory(lead=scene.team, restricted=True, restricted_because="Staff"), minutes=44
    )
    client.force_login(scene.worker)
    shown = page(client, scene)
    assert "Nothing is on the agenda yet" in shown
    for words in ("33 minutes", "44 minutes", "Closed part", closed.reference, restricted.reference):
        assert words not in shown


def test_officer_not_named_sees_neither_item_nor_minutes_of_a_restricted_case(client, scene, officer):
    scene.item(minutes=20)
    restricted = scene.item(
        case=CaseFactory(lead=scene.team, restricted=True, restricted_because="Staff"), minutes=44
    )
    assert "20 of 120 minutes: 100 minutes left" in page(client, scene)
    CaseNamedFactory(case=restricted.case, user=officer)
    shown = page(client, scene)
    assert "64 of 120 minutes: 56 minutes left" in shown
    assert "Restricted: named people only" in shown


def test_officer_saves_order_and_times_at_once(client, scene, officer):
    one, two = scene.item(), scene.item()
    data = sent([two, one]) | {f"minutes-{one.reference}": "125"}
    shown = client.post(url("agenda_order", scene.meeting.reference), data, follow=True).content.decode()
    assert on_agenda(scene) == [two, one]
    assert "135 of 120 minutes: 15 minutes over" in shown


def test_script_gets_the_new_sum_and_numbers(client, scene, officer):
    one, two = scene.item(), scene.item()
    address = url("agenda_order", scene.meeting.reference)
    got = client.post(address, sent([two, one]), headers={"X-Requested-With": "fetch"}).json()
    assert got == {
        "times": "20 of 120 minutes: 100 minutes left",
        "numbers": {two.reference: 1, one.reference: 2},
    }
    wrong = sent([one, two]) | {f"minutes-{one.reference}": "ten"}
    got = client.post(address, wrong, headers={"X-Requested-With": "fetch"}).json()
    assert "as a number, such as 10" in got["problem"]
    assert on_agenda(scene) == [two, one]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "as a number, such as 10"),
        ("ten", "as a number"),
        ("-1", "as 0 or more"),
        ("241", "240 or fewer"),
    ],
)
def test_wrong_minutes_are_refused_and_kept(client, scene, officer, typed, words):
    item = scene.item()
    data = {"order": item.reference, f"minutes-{item.reference}": typed}
    shown = client.post(url("agenda_order", scene.meeting.reference), data).content.decode()
    assert words in shown
    assert f'value="{typed}"' in shown
    assert on_agenda(scene)[0].minutes == 10


def test_buttons_move_an_item_once_however_often_they_are_sent(client, scene, officer):
    one, two, three = (scene.item() for _ in range(3))
    data = sent([one, two, three], move=f"{three.reference} before {two.reference}")
    for _ in range(2):
        client.post(url("agenda_move", scene.meeting.reference), data)
        assert on_agenda(scene) == [one, three, two]
    data["move"] = f"{one.reference} after {three.reference}"
    client.post(url("agenda_move", scene.meeting.reference), data)
    assert on_agenda(scene) == [three, one, two]


@pytest.mark.parametrize(
    "move", ["", "nonsense", "{0} before {0}", "{0} beside {1}", "{0} before SV-I-26-999999"]
)
def test_moves_that_cannot_be_are_passed_over(client, scene, officer, move):
    items = [scene.item(), scene.item()]
    data = sent(items, move=move.format(*(item.reference for item in items)))
    shown = client.post(url("agenda_move", scene.meeting.reference), data, follow=True).content.decode()
    assert "The agenda has changed meanwhile" in shown
    assert on_agenda(scene) == items


def test_order_and_move_are_refused_once_it_is_over(client, scene, officer):
    one, two = scene.item(), scene.item()
    held(scene.meeting)
    data = sent([two, one], move=f"{two.reference} before {one.reference}")
    for name in ("agenda_order", "agenda_move"):
        shown = client.post(url(name, scene.meeting.reference), data).content.decode()
        assert "its agenda cannot change now" in shown
    assert on_agenda(scene) == [one, two]


def test_what_earlier_meetings_left_is_offered_and_brought_in_once(client, scene, officer):
    earlier = scene.another(timezone.now() - dt.timedelta(days=20))
    left = ended(scene.item(meeting=earlier), ItemStatus.STAYS)
    hidden = scene.item(
        meeting=earlier, case=CaseFactory(lead=scene.team, restricted=True, restricted_because="Staff")
    )
    ended(hidden, ItemStatus.STAYS)
    held(earlier)
    assert "Earlier meetings left to this one" in page(client, scene)

    address = url("agenda_bring", scene.meeting.reference)
    assert "1 item from earlier meetings came onto" in client.post(address, follow=True).content.decode()
    assert "Nothing more from earlier meetings" in client.post(address, follow=True).content.decode()

    assert [item.previous for item in on_agenda(scene)] == [left, hidden]
    assert "Carried over" in page(client, scene)


def test_bringing_in_is_refused_once_it_is_over(client, scene, officer):
    held(scene.meeting)
    shown = client.post(url("agenda_bring", scene.meeting.reference), follow=True).content.decode()
    assert "its agenda cannot change now" in shown


@pytest.mark.parametrize("name", ["agenda_order", "agenda_move", "agenda_bring", "item_new"])
def test_agencies_change_nothing_of_the_agenda(client, scene, name):
    client.force_login(scene.worker)
    assert client.post(url(name, scene.meeting.reference)).status_code == 403
    client.force_login(user_at(scene.health))
    assert client.post(url(name, scene.meeting.reference)).status_code == 404
