"""Papers hold until something changes in what their agency may see, and no change for others touches them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.services import restricting
from csp.actions.enums import ActionStatus
from csp.agencies.enums import ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemStatus
from tasking.models import AgendaItem
from tasking.services import tabling
from tests.access.visits import undone
from tests.factories.actions import ActionFactory
from tests.factories.tasking import AgendaItemFactory
from tests.tasking.papers_scene import AT, scene, share

pytestmark = pytest.mark.django_db


def untable(scene):
    tabling.untable_for(item=scene.shown, partner=scene.soha, reason="Not theirs", by=scene.ann, at=AT)


def end_case_share(scene):
    sharing.end_share(share=scene.case_share, reason="Over", by=scene.ann, at=AT)


def open_more_of_the_case(scene):
    sharing.grant(record=scene.case, partner=scene.soha, level=ShareLevel.FULL)


def open_less_of_the_case(scene):
    sharing.grant(record=scene.case, partner=scene.soha, level=ShareLevel.EXISTENCE)


def change_the_rows_of_the_item(scene):
    sharing.grant(record=scene.shown, partner=scene.soha, level=ShareLevel.SUMMARY)


def share_again(scene):
    sharing.end_share(share=scene.share, reason="On other terms", by=scene.ann, at=AT)
    share(scene.shown, scene.soha)


def restrict_the_case(scene):
    restricting.restrict(case=scene.case, people=[], reason="Danger", by=scene.ann, at=AT)


def table_another(scene):
    share(scene.theirs, scene.soha)


def withdraw(scene):
    change(scene.shown, status=ItemStatus.WITHDRAWN, status_because="Solved")


def close_it(scene):
    change(scene.at_hidden, closed=True)


def new_version(scene):
    change(scene.shown, version=1)


def other_words(scene):
    change(scene.shown, gist="Every night since May")


def another_order(scene):
    change(scene.at_hidden, position=0)


def send_an_answer(scene):
    change(scene.answer.seat, sent_at=AT)


def give_an_action(scene):
    ActionFactory(lead=scene.team, owner=scene.soha)


def start_an_action(scene):
    change(scene.action, status=ActionStatus.IN_PROGRESS)


def restrict_an_action(scene):
    change(scene.action, restricted=True)


def put_something_else_on(scene):
    AgendaItemFactory(meeting=scene.meeting)


def move_the_meeting(scene):
    change(scene.meeting, venue="Online")


def change(record, **values):
    record.refresh_from_db()
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


CHANGES = [
    untable, end_case_share, open_more_of_the_case, open_less_of_the_case, change_the_rows_of_the_item,
    share_again, restrict_the_case, table_another, withdraw, close_it, new_version, other_words,
    another_order, send_an_answer, give_an_action, start_an_action, restrict_an_action,
    put_something_else_on, move_the_meeting,
]  # fmt: skip


def closed_words(scene):
    change(scene.closed, gist="Other words", version=4)


def restricted_words(scene):
    change(scene.restricted, gist="Other words", version=4)


def another_closed_item(scene):
    share(AgendaItemFactory(meeting=scene.meeting, closed=True), scene.police)


def their_words(scene):
    change(scene.theirs, gist="Other words", title="Other title")


def their_action(scene):
    change(scene.police_action, text="Other words")


def action_of_the_restricted_case(scene):
    change(scene.hidden_action, status=ActionStatus.IN_PROGRESS)


def table_theirs_for_nobody_else(scene):
    share(AgendaItem.objects.get(pk=scene.own_closed.pk), scene.police)


FOR_OTHERS = [
    closed_words, restricted_words, another_closed_item, their_words, their_action,
    action_of_the_restricted_case, table_theirs_for_nobody_else,
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES)
def test_each_change_of_what_the_agency_may_see_makes_its_papers_stale(changes):
    made = scene()
    before = made.print()

    changes(made)

    assert made.print() != before


@pytest.mark.parametrize("changes", FOR_OTHERS)
def test_changes_for_others_are_not_felt(changes):
    """Else stale papers would tell that something happened which the agency may not know of."""
    made = scene()
    before = made.print()

    changes(made)

    assert made.print() == before


ONCE_THEY_END = {untable, end_case_share, share_again, restrict_the_case, withdraw, open_less_of_the_case}
"""Each takes the item away, or its share: two of them may not be possible one after the other."""
GOES_WITH_ANY = [each for each in CHANGES if each not in ONCE_THEY_END]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    first=st.sampled_from(CHANGES),
    others=st.lists(st.sampled_from(GOES_WITH_ANY + FOR_OTHERS), max_size=4, unique=True),
)
def test_papers_are_stale_after_any_changes_among_which_one_concerns_the_agency(first, others):
    with undone():
        made = scene()
        before = made.print()

        for changes in dict.fromkeys([*others, first]):
            changes(made)

        assert made.print() != before
