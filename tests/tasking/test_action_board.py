"""Actions of a meeting, and of all meetings by agency: what is open, due, late and done."""

import datetime as dt

import pytest
from django.urls import reverse

from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.core.calendar import LONDON
from tasking.enums import EscalationLevel, MeetingStatus
from tasking.models import Escalation
from tasking.services import action_board as services
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.tasking import MeetingFactory
from tests.tasking.action_scene import DAY, a_scene, done, give

pytestmark = pytest.mark.django_db

BOARD = "meetings:action_board"


@pytest.fixture
def scene(db):
    return a_scene()


def page(client, user, name, *args, **query):
    client.force_login(user)
    return " ".join(client.get(reverse(name, args=args), query).content.decode().split())


def groups(scene, meeting, user=None):
    found = services.of_meeting(meeting, user or scene.officer, scene.now)
    return {name: group for name, group in found.groups.items() if group}


def rows(scene, user=None):
    partnership = scene.team.partnership
    actions = services.given_at_meetings(user or scene.officer, partnership)
    days = services.days_of(partnership, scene.now)
    return {row.name: row for row in services.by_agency(actions, days)}


def until_next(scene):
    return (scene.coming.day - scene.today).days


def test_actions_of_a_meeting_are_grouped(scene):
    next_in = until_next(scene)
    yesterday, today = give(scene, due=-1), give(scene, due=0)
    last, later = give(scene, due=next_in), give(scene, due=next_in + 1)
    ended = done(scene, ago=1)

    assert groups(scene, scene.last) == {
        "late": [yesterday],
        "due": [today, last],
        "open": [later],
        "done": [ended],
    }


def test_without_a_next_meeting_nothing_is_due_by_it(scene):
    type(scene.coming).objects.filter(pk=scene.coming.pk).update(
        status=MeetingStatus.CANCELLED, cancelled_because="Nobody can come"
    )
    action = give(scene, due=1)

    assert groups(scene, scene.last) == {"open": [action]}


def test_next_meeting_takes_what_is_open_and_what_ended_since_the_last(scene):
    still_open = give(scene, scene.first, due=1)
    before, after = done(scene, ago=31, meeting=scene.first), done(scene, ago=29, meeting=scene.first)

    found = groups(scene, scene.coming)

    assert found == {"due": [still_open], "done": [after]}
    assert before in groups(scene, scene.first)["done"]


def test_meeting_takes_nothing_of_later_ones_or_of_other_series(scene):
    give(scene, scene.last)
    give(scene, MeetingFactory(series__lead=scene.team, status=MeetingStatus.APPROVED))

    assert groups(scene, scene.first) == {}


def test_page_of_a_meeting_is_cut_to_the_reader(scene, client):
    own = give(scene, due=-3, text="Change the locks")
    others = give(scene, owner=scene.police, text="Patrol the towpath")

    agency = page(client, scene.housing, "meetings:actions", scene.last.reference)
    team = page(client, scene.officer, "meetings:actions", scene.last.reference)

    assert ("Change the locks" in agency, "3 days late" in agency) == (True, True)
    assert "Patrol the towpath" not in agency
    assert others.reference not in agency
    assert "Patrol the towpath" in team
    escalates = reverse("meetings:escalate", args=[own.reference])
    assert (escalates in team, escalates in agency) == (True, False)


def test_restricted_action_is_for_those_named(scene, client):
    give(scene, text="Operation Teal", restricted=True)

    assert "Operation Teal" not in page(client, scene.officer, "meetings:actions", scene.last.reference)
    assert "Operation Teal" not in page(client, scene.officer, BOARD)
    assert rows(scene) == {}


def test_agency_is_counted(scene):
    for due in (-1, 0, 10, 11):
        give(scene, due=due)
    done(scene, ago=1, due=0)
    done(scene, ago=29, due=-40)

    row = rows(scene)["Soha"]

    assert (row.open, row.due, row.late, row.done) == (4, 2, 1, 2)
    assert (row.done_in_year, row.in_time, row.percent) == (2, 1, 50)


def test_done_since_the_last_meeting_of_the_agency(scene):
    done(scene, ago=29)
    done(scene, ago=31)

    assert rows(scene)["Soha"].done == 1


def test_done_in_thirty_days_where_the_agency_never_met(scene):
    newcomer = PartnerFactory(partnership=scene.team.partnership, name="Sovereign")
    for ago in (29, 31):
        done(scene, ago=ago, owner=newcomer)

    assert rows(scene)["Sovereign"].done == 1


def test_share_leaves_out_what_was_no_longer_required(scene):
    give(scene, status="not_needed", outcome="Moved away", ended_at=scene.now)

    assert rows(scene)["Soha"].percent is None


def test_what_was_done_over_a_year_ago_does_not_count(scene):
    done(scene, ago=370)

    assert rows(scene) == {}


def test_actions_given_outside_meetings_do_not_count(scene):
    ActionFactory(lead=scene.team, owner=scene.soha, due_on=scene.today - DAY)

    assert rows(scene) == {}


def test_agency_reads_its_own_row(scene):
    give(scene)
    give(scene, owner=scene.police)

    assert set(rows(scene)) == {"Soha", "Thames Valley Police"}
    assert set(rows(scene, scene.housing)) == {"Soha"}


def test_agencies_are_counted_in_one_query(scene, django_assert_num_queries):
    for owner in (scene.soha, scene.police, scene.team):
        give(scene, owner=owner)
    days = services.days_of(scene.team.partnership, scene.now)
    actions = services.given_at_meetings(scene.officer, scene.team.partnership)

    with django_assert_num_queries(1):
        assert len(services.by_agency(actions, days)) == 3


def test_trend_shows_each_month(scene):
    noon = dt.datetime(2026, 3, 12, 12, tzinfo=LONDON)
    for asked, ended, due in (
        (dt.datetime(2025, 9, 30, 12, tzinfo=LONDON), noon, dt.date(2026, 3, 11)),
        (dt.datetime(2025, 10, 1, 0, 30, tzinfo=LONDON), noon, dt.date(2026, 3, 12)),
    ):
        give(scene, asked_at=asked, due_on=due, status="complete", outcome="Visited", ended_at=ended)

    months = services.trend(Action.objects.all(), services.Days(noon, {}))

    assert [(each.first.month, each.given, each.in_time, each.late) for each in months] == [
        (10, 1, 0, 0),
        (11, 0, 0, 0),
        (12, 0, 0, 0),
        (1, 0, 0, 0),
        (2, 0, 0, 0),
        (3, 0, 1, 1),
    ]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", {"yesterday", "today", "far"}),
        ("late", {"yesterday"}),
        ("due", {"today"}),
        ("done", {"ended"}),
        ("nonsense", {"yesterday", "today", "far"}),
    ],
)
def test_list_shows_the_chosen_state(scene, client, state, shown):
    made = {
        "yesterday": give(scene, due=-1),
        "today": give(scene, due=0),
        "far": give(scene, due=11),
        "ended": done(scene, ago=1),
    }

    text = page(client, scene.officer, BOARD, state=state)

    assert {name for name, action in made.items() if action.reference in text} == shown


def test_list_shows_the_chosen_agency(scene, client):
    own, others = give(scene), give(scene, owner=scene.police)

    text = page(client, scene.officer, BOARD, agency=scene.police.pk)

    assert (own.reference in text, others.reference in text) == (False, True)


def test_agency_cannot_choose_another(scene, client):
    give(scene)
    others = give(scene, owner=scene.police, text="Patrol the towpath")

    text = page(client, scene.housing, BOARD, agency=scene.police.pk)

    assert others.reference not in text
    assert "Thames Valley Police" not in text


def test_managers_read_what_the_board_is_told(scene, client):
    action = give(scene, due=-40)
    for level in EscalationLevel:
        Escalation.objects.create(action=action, level=level, reason="It waits", at=scene.now - 10 * DAY)

    managers, officers = (page(client, user, BOARD) for user in (scene.manager, scene.officer))

    assert ("For the board" in managers, "For the board" in officers) == (True, False)
    lines = managers.partition('id="for-the-board"')[2].partition("</table>")[0]
    assert (action.reference in lines, "40 days late" in lines, "Soha" in lines) == (True, True, True)
    assert action.text not in lines


def test_board_is_not_for_those_without_casework(scene, client):
    client.force_login(user_at(scene.team, Role.BOARD))

    assert client.get(reverse(BOARD)).status_code == 403


def test_empty_board_says_what_comes_there(scene, client):
    assert "No actions were given at meetings" in page(client, scene.officer, BOARD)
    empty = page(client, scene.officer, "meetings:actions", scene.last.reference)
    assert "No actions you can see" in empty
