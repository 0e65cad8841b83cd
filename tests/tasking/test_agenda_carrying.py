"""What earlier meetings of a series left comes to the next agenda: once, first, and to the same agencies."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.models import Case
from csp.agencies.enums import ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.core.calendar import end_of_day
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Meeting, StandingItem
from tasking.services.agenda import CannotChangeAgenda
from tasking.services.carrying import bring_in, carry_over, due_to_come
from tasking.services.meetings import open_agenda
from tasking.services.tabling import TablingTerms, add_item, shares_end_at, table_for, untable_for
from tests.factories.cases import CaseFactory, PlaceFactory
from tests.factories.tasking import MeetingFactory
from tests.tasking.scene_agenda import FIRST, NEXT, NOW, TERMS, Scene

AFTER = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
"""Between the first meeting and the next."""


@pytest.fixture
def scene(db):
    return Scene()


def held(meeting, status=MeetingStatus.APPROVED):
    begun = {"begun_at": meeting.starts_at, "closed_at": meeting.starts_at}
    approved = {"approved_at": meeting.starts_at} if status == MeetingStatus.APPROVED else {}
    Meeting.objects.filter(pk=meeting.pk).update(status=status, **begun, **approved)


def left(scene, *partners, status=ItemStatus.STAYS, returns_on=None, **fields):
    """An item of the first meeting that was tabled for agencies and not finished."""
    item = scene.item(**fields)
    table_for(item=item, partners=partners, terms=TERMS, by=scene.officer, at=NOW)
    return ended(item, status, returns_on)


def ended(item, status, returns_on=None):
    item.status, item.returns_on, item.status_because = status, returns_on, "Solved"
    item.save()
    return item


def carry(scene, meeting, at=AFTER):
    return carry_over(meeting=meeting, by=scene.officer, at=at)


def seen_by(user, meeting):
    return set(AgendaItem.objects.visible_to(user).filter(meeting=meeting))


def test_item_that_stays_comes_with_its_words_and_agencies(scene):
    item = left(scene, scene.police, gist="Shouting", wanted="A visit", minutes=25)
    held(scene.meeting)
    following = scene.another(NEXT)

    (came,) = carry(scene, following)

    assert (came.previous, came.case, came.gist, came.wanted, came.minutes, came.status) == (
        item, item.case, "Shouting", "A visit", 25, ItemStatus.TABLED,
    )  # fmt: skip
    assert seen_by(scene.pc, following) == {came}
    assert seen_by(scene.worker, following) == set()
    assert Event.objects.get(verb="agenda_item.carried_over").detail["earlier"] == item.reference


def test_shares_are_new_with_the_same_terms_until_after_the_next_meeting(scene):
    item = scene.item()
    terms = TablingTerms(
        gateway="safeguarding", purpose="Keep a child safe", necessity="They visit", consent="refused",
        consent_note="Danger", handling="Not by e-mail", level=ShareLevel.FULL,
    )  # fmt: skip
    (first,) = table_for(item=item, partners=[scene.police], terms=terms, by=scene.officer, at=NOW)
    ended(item, ItemStatus.STAYS)
    held(scene.meeting)
    following = scene.another(NEXT)

    (came,) = carry(scene, following)

    (again,) = came.shares.all()
    for name in ("gateway", "purpose", "necessity", "consent", "consent_note", "handling", "agreement"):
        assert getattr(again, name) == getattr(first, name)
    assert (again.ends_at, again.case_share.ends_at) == (shares_end_at(following),) * 2
    assert again.case_share.level == ShareLevel.FULL
    assert came.case.shares.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("swept", [True, False])
def test_what_ran_out_meanwhile_opens_again(scene, swept):
    item = left(scene, scene.police)
    held(scene.meeting)
    late = scene.another(NEXT + dt.timedelta(days=60))
    at = late.starts_at - dt.timedelta(days=5)
    if swept:
        for model in (type(item.shares.get()), type(item.shares.get().case_share)):
            sharing.end_lapsed_shares(model=model, at=at)

    (came,) = carry(scene, late, at)

    assert seen_by(scene.pc, late) == {came}
    assert came.case.shares.get(ended_at=None).ends_at == shares_end_at(late)


def test_agency_for_which_it_was_ended_gets_nothing(scene):
    item = left(scene, scene.police, scene.soha)
    untable_for(item=item, partner=scene.police, reason="Not theirs", by=scene.officer, at=NOW)
    held(scene.meeting)
    (came,) = carry(scene, scene.another(NEXT))
    assert [each.to_partner for each in came.shares.all()] == [scene.soha]


def test_agency_whose_share_of_the_case_was_ended_gets_nothing(scene):
    item = left(scene, scene.police)
    sharing.end_share(share=item.case.shares.get(), reason="Not theirs", by=scene.officer, at=NOW)
    held(scene.meeting)
    (came,) = carry(scene, scene.another(NEXT))
    assert not came.shares.exists()
    assert not Case.objects.visible_to(scene.pc).exists()


def test_agency_that_is_not_invited_any_more_gets_nothing(scene):
    left(scene, scene.police, scene.soha)
    held(scene.meeting)
    (came,) = carry(scene, scene.another(NEXT, invite=[scene.soha]))
    assert [each.to_partner for each in came.shares.all()] == [scene.soha]


def test_agency_that_left_gets_nothing(scene):
    left(scene, scene.police, scene.soha)
    held(scene.meeting)
    scene.police.left_on = AFTER.date()
    scene.police.save()
    (came,) = carry(scene, scene.another(NEXT))
    assert [each.to_partner for each in came.shares.all()] == [scene.soha]


def test_agency_with_a_share_of_its_own_keeps_that(scene):
    case = CaseFactory(lead=scene.team)
    given = {"gateway": "cda_115", "purpose": "Visits", "necessity": "They visit", "consent": "given"}
    own = sharing.share(record=case, to_partner=scene.police, level=ShareLevel.FULL, by=None, at=NOW, **given)
    left(scene, scene.police, case=case)
    held(scene.meeting)

    (came,) = carry(scene, scene.another(NEXT))

    assert came.shares.get().case_share is None
    assert case.shares.get() == own


def test_case_of_another_lead_goes_on_for_the_team_that_runs_the_meeting(scene):
    case = CaseFactory(lead=scene.soha)
    given = {"gateway": "cda_115", "purpose": "Referred", "necessity": "They chair", "consent": "given"}
    sharing.share(
        record=case, to_partner=scene.team, level=ShareLevel.FULL, by=None, at=NOW,
        ends_at=shares_end_at(scene.meeting), **given,
    )  # fmt: skip
    left(scene, scene.soha, case=case, referred_by=scene.soha)
    held(scene.meeting)
    following = scene.another(NEXT)

    (came,) = carry(scene, following)

    assert case.shares.get(ended_at=None).ends_at == shares_end_at(following)
    assert seen_by(scene.officer, following) == {came}


@pytest.mark.parametrize(("days", "comes"), [(-1, True), (0, True), (1, False)])
def test_item_returns_when_its_date_has_come(scene, days, comes):
    left(scene, status=ItemStatus.RETURNS, returns_on=NEXT.date() + dt.timedelta(days=days))
    held(scene.meeting)
    assert bool(carry(scene, scene.another(NEXT))) is comes


def test_item_goes_to_the_first_meeting_that_comes_and_no_later_one(scene):
    stays = left(scene)
    returns = left(scene, status=ItemStatus.RETURNS, returns_on=NEXT.date() + dt.timedelta(days=1))
    held(scene.meeting)
    following, later = scene.another(NEXT), scene.another(NEXT + dt.timedelta(days=28))
    assert [item.previous for item in carry(scene, later)] == [returns]
    assert [item.previous for item in carry(scene, following)] == [stays]


def test_meeting_whose_day_passed_unheld_keeps_nothing_back(scene):
    item = left(scene)
    held(scene.meeting)
    scene.another(FIRST + dt.timedelta(days=1))
    assert [each.previous for each in carry(scene, scene.another(NEXT))] == [item]


def test_what_a_cancelled_meeting_had_before_it_goes_to_the_next(scene):
    item = scene.item()
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        status=MeetingStatus.CANCELLED, cancelled_because="Snow"
    )
    assert [each.previous for each in carry(scene, scene.another(NEXT))] == [item]


def test_meeting_in_session_leaves_nothing_yet(scene):
    left(scene)
    held(scene.meeting)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        status=MeetingStatus.IN_SESSION, closed_at=None, approved_at=None
    )
    assert carry(scene, scene.another(NEXT)) == []


def test_another_series_takes_nothing(scene):
    left(scene)
    held(scene.meeting)
    assert carry(scene, MeetingFactory(series__lead=scene.team, starts_at=NEXT)) == []


def test_case_that_was_referred_anew_goes_on_from_the_earlier_item(scene):
    item = left(scene, scene.police)
    held(scene.meeting)
    following = scene.another(NEXT)
    anew = scene.item(meeting=following, case=item.case)

    assert carry(scene, following) == [anew]

    anew.refresh_from_db()
    assert anew.previous == item
    assert seen_by(scene.pc, following) == {anew}
    assert carry(scene, following) == []


def test_of_a_case_on_two_agendas_the_later_goes_on(scene):
    earlier = left(scene)
    held(scene.meeting)
    second = scene.another(FIRST + dt.timedelta(days=7))
    later = ended(scene.item(meeting=second, case=earlier.case), ItemStatus.STAYS)
    held(second)
    assert [each.previous for each in carry(scene, scene.another(NEXT))] == [later]


def test_case_that_became_part_of_another_comes_as_that(scene):
    item = left(scene)
    whole = CaseFactory(lead=scene.team)
    Case.objects.filter(pk=item.case.pk).update(merged_into=whole, status="cancelled", ended_at=NOW)
    second = left(scene, case=whole)
    held(scene.meeting)
    following = scene.another(NEXT)
    came = carry(scene, following)
    assert [each.case for each in came] == [whole]
    assert came[0].previous in (item, second)


def test_agenda_opens_with_what_was_left_and_then_the_standing_items(scene):
    StandingItem.objects.create(series=scene.series, title="Prevent", minutes=5, position=2)
    StandingItem.objects.create(series=scene.series, title="Modern slavery", minutes=7, position=1)
    place = add_item(
        meeting=scene.meeting, kind=ItemKind.PLACE, place=PlaceFactory(lead=scene.team), title="Towpath",
        by=None, at=NOW,
    )  # fmt: skip
    ended(place, ItemStatus.STAYS)
    held(scene.meeting)
    following = scene.another(NEXT, status=MeetingStatus.PLANNED)

    open_agenda(meeting=following, by=scene.officer, at=AFTER)
    bring_in(meeting=following, by=scene.officer, at=AFTER)

    on_it = following.items.in_order()
    assert [(item.title, item.minutes) for item in on_it] == [
        ("Towpath", 10), ("Modern slavery", 7), ("Prevent", 5),
    ]  # fmt: skip
    assert {item.title for item in seen_by(scene.pc, following)} == {"Modern slavery", "Prevent"}


def test_what_comes_later_leads_but_after_what_was_carried_before(scene):
    first = left(scene)
    held(scene.meeting)
    following = scene.another(NEXT)
    referred = scene.item(meeting=following)
    carry(scene, following)
    second = left_late = ended(scene.item(meeting=scene.another(FIRST)), ItemStatus.STAYS)
    held(left_late.meeting)

    carry(scene, following)

    order = [item.previous or item for item in following.items.in_order().select_related("previous")]
    assert order == [first, second, referred]


def test_agenda_of_a_meeting_that_is_over_takes_nothing(scene):
    held(scene.meeting)
    with pytest.raises(CannotChangeAgenda, match="its agenda cannot change"):
        carry(scene, Meeting.objects.get(pk=scene.meeting.pk))


ENDINGS = st.sampled_from(["tabled", "stays", "off", "withdrawn", -3, 0, 20, 40, 90])
"""A status, or days after the next meeting on which the item returns."""


class AnyMonths(TestCase):
    """Whatever meetings decide, no item comes twice, none too early, and none is lost."""

    def setUp(self):
        self.scene = Scene()
        Meeting.objects.update(status=MeetingStatus.CANCELLED, cancelled_because="Not held")
        self.place = PlaceFactory(lead=self.scene.team)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.lists(ENDINGS, max_size=3), min_size=1, max_size=4))
    def test_each_item_comes_once_to_the_first_meeting_that_can_take_it(self, months):
        days = [FIRST + dt.timedelta(days=28 * number) for number in range(len(months) + 1)]
        meetings = [self.scene.another(day) for day in days]
        for number, endings in enumerate(months):
            meeting = meetings[number]
            for _ in range(2):
                carry_over(meeting=meeting, by=None, at=meeting.starts_at - dt.timedelta(days=5))
            self.end(meeting, endings)
        last = meetings[-1]
        carry_over(meeting=last, by=None, at=last.starts_at - dt.timedelta(days=5))

        for item in AgendaItem.objects.filter(meeting__in=meetings[:-1]).select_related("meeting"):
            comes = getattr(item, "next", None)
            assert (comes and comes.meeting) == self.expected(item, meetings)
        assert due_to_come(last, last.starts_at) == []

    def end(self, meeting, endings):
        for number, _ in enumerate(endings):
            add_item(
                meeting=meeting, kind=ItemKind.PLACE, place=self.place, title=f"{number}", by=None, at=NOW
            )
        for item, ending in zip(meeting.items.in_order(), [*endings, *["off"] * 12], strict=False):
            if isinstance(ending, int):
                ended(item, ItemStatus.RETURNS, meeting.day + dt.timedelta(days=28 + ending))
            else:
                ended(item, ending)
        held(meeting)

    def expected(self, item, meetings):
        if item.status not in (ItemStatus.STAYS, ItemStatus.RETURNS):
            return None
        later = [each for each in meetings if each.starts_at > item.meeting.starts_at]
        wanted = [each for each in later if item.returns_on is None or item.returns_on <= each.day]
        return wanted[0] if wanted else None


def test_shares_end_at_the_end_of_a_day(scene):
    assert shares_end_at(scene.meeting) == end_of_day(dt.date(2026, 4, 7))
