"""Tabling an item: who sees it then, for how long, and what it takes."""

import dataclasses
import datetime as dt

import pytest

from cases.models import Case
from csp.agencies.enums import Consent, ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemKind, MeetingStatus
from tasking.models import AgendaItem
from tasking.services.agenda import withdraw_item
from tasking.services.meetings import invite
from tasking.services.tabling import CannotTable, add_item, shares_end_at, table_for, untable_for
from tests.factories.agencies import PartnerFactory
from tests.factories.cases import CaseFactory, PlaceFactory
from tests.tasking.scene_agenda import NOW, TERMS, Scene

SHARED = {"gateway": "cda_115", "purpose": "Visits", "necessity": "They visit", "consent": "not_needed"}
LONG_BEFORE = NOW - dt.timedelta(days=200)


@pytest.fixture
def scene(db):
    return Scene()


def table(scene, item, *partners, at=NOW, **terms):
    given = dataclasses.replace(TERMS, **terms)
    return table_for(item=item, partners=partners, terms=given, by=scene.officer, at=at)


def share(scene, case, partner, level, at=NOW, **terms):
    return sharing.share(
        record=case, to_partner=partner, level=level, by=scene.officer, at=at, **(SHARED | terms)
    )


def sees(user, item):
    return AgendaItem.objects.visible_to(user).filter(pk=item.pk).exists()


def open_shares(case, partner):
    return list(case.shares.filter(to_partner=partner, ended_at=None))


def test_tabling_opens_the_item_and_its_case_until_the_series_says(scene):
    item = scene.item()

    (made,) = table(scene, item, scene.police)

    assert sees(scene.pc, item)
    assert not sees(scene.worker, item)
    assert (made.case_share.level, made.case_share.ends_at) == (
        ShareLevel.SUMMARY,
        shares_end_at(scene.meeting),
    )
    assert made.ends_at == shares_end_at(scene.meeting)


def test_tabling_twice_makes_one_share(scene):
    item = scene.item()
    table(scene, item, scene.police)
    assert table(scene, item, scene.police, scene.team) == []
    assert item.shares.count() == 1


def test_tabling_again_after_the_share_lapsed_opens_item_and_case_anew(scene):
    """Nobody has swept the shares yet, so that their rows still stand."""
    item = scene.item()
    (made,) = table(scene, item, scene.police)
    for each in (made, made.case_share):
        each.ends_at = NOW + dt.timedelta(hours=1)
        each.save(update_fields=["ends_at"])

    (again,) = table(scene, item, scene.police, at=NOW + dt.timedelta(hours=2))

    assert again.case_share.ends_at == shares_end_at(scene.meeting)
    assert len(open_shares(item.case, scene.police)) == 1


def test_agency_that_sees_the_case_keeps_its_share(scene):
    item = scene.item()
    kept = share(scene, item.case, scene.police, ShareLevel.FULL)

    (made,) = table(scene, item, scene.police)

    assert made.case_share is None
    assert open_shares(item.case, scene.police) == [kept]


def test_share_that_ends_before_the_meeting_is_made_to_last_and_stays_as_full(scene):
    item = scene.item()
    share(scene, item.case, scene.police, ShareLevel.FULL, ends_at=scene.meeting.starts_at)

    (made,) = table(scene, item, scene.police)

    assert (made.case_share.level, made.case_share.ends_at) == (ShareLevel.FULL, shares_end_at(scene.meeting))


def test_share_that_ended_long_ago_gives_nothing_more_than_the_terms(scene):
    item = scene.item()
    share(scene, item.case, scene.police, ShareLevel.FULL, at=LONG_BEFORE, ends_at=NOW)
    (made,) = table(scene, item, scene.police)
    assert made.case_share.level == ShareLevel.SUMMARY


def test_agency_that_knew_of_the_case_sees_it_and_knows_of_it_again_afterwards(scene):
    item = scene.item()
    share(scene, item.case, scene.police, ShareLevel.EXISTENCE)

    (made,) = table(scene, item, scene.police)
    assert made.case_share.level == ShareLevel.SUMMARY
    assert sees(scene.pc, item)

    untable_for(item=item, partner=scene.police, reason="Not theirs", by=scene.officer, at=NOW)
    assert not Case.objects.visible_to(scene.pc).exists()
    assert [each.level for each in open_shares(item.case, scene.police)] == [ShareLevel.EXISTENCE]


def test_untabling_leaves_the_case_open_for_another_meeting_that_discusses_it(scene):
    item = scene.item()
    other = scene.item(meeting=scene.another(scene.meeting.starts_at), case=item.case)
    table(scene, item, scene.police)
    table(scene, other, scene.police)

    untable_for(item=item, partner=scene.police, reason="Not theirs", by=scene.officer, at=NOW)
    assert (sees(scene.pc, item), sees(scene.pc, other)) == (False, True)

    withdraw_item(item=other, reason="Solved", by=scene.officer, at=NOW)
    assert not Case.objects.visible_to(scene.pc).exists()


def test_case_that_its_lead_referred_is_opened_in_the_leads_name(scene):
    case = CaseFactory(lead=scene.soha)
    item = scene.item(case=case, referred_by=scene.soha)

    (made,) = table(scene, item, scene.police)

    assert made.case_share.from_partner == scene.soha
    assert sees(scene.pc, item)


def test_case_of_another_lead_that_did_not_refer_it_is_opened_to_nobody(scene):
    item = scene.item(case=CaseFactory(lead=scene.soha), referred_by=scene.police)
    with pytest.raises(CannotTable, match="led by Soha, which did not refer it"):
        table(scene, item, scene.police)
    assert not item.case.shares.exists()


def test_case_of_another_lead_is_tabled_for_those_who_see_it(scene):
    case = CaseFactory(lead=scene.soha)
    share(scene, case, scene.police, ShareLevel.SUMMARY)
    item = scene.item(case=case)
    assert len(table(scene, item, scene.police, scene.soha)) == 2
    assert sees(scene.pc, item)
    assert sees(scene.worker, item)


def test_agency_that_is_not_invited_is_refused(scene):
    with pytest.raises(CannotTable, match="Health is not invited"):
        table(scene, scene.item(), scene.police, scene.health)
    assert not Case.objects.visible_to(scene.pc).exists()


def test_agency_that_left_is_refused(scene):
    scene.police.left_on = NOW.date()
    scene.police.save()
    with pytest.raises(CannotTable, match="Police is not invited"):
        table(scene, scene.item(), scene.police)


def test_subject_of_another_partnership_is_refused(scene):
    stranger = PartnerFactory(receiving=True)
    with pytest.raises(CannotTable, match="another partnership"):
        scene.item(case=CaseFactory(lead=stranger))
    with pytest.raises(CannotTable, match="another partnership"):
        add_item(
            meeting=scene.meeting, kind=ItemKind.PLACE, title="Park", place=PlaceFactory(lead=stranger),
            by=scene.officer, at=NOW,
        )  # fmt: skip


def test_case_comes_on_an_agenda_once(scene):
    item = scene.item()
    with pytest.raises(CannotTable, match="on this agenda already"):
        scene.item(case=item.case)


def test_case_that_is_part_of_another_is_refused(scene):
    whole = CaseFactory(lead=scene.team)
    part = CaseFactory(lead=scene.team, merged_into=whole, status="cancelled", ended_at=NOW)
    with pytest.raises(CannotTable, match="is part of another case now"):
        scene.item(case=part)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"level": ShareLevel.EXISTENCE}, "at least a summary"),
        ({"consent": Consent.NOT_SOUGHT}, "Enter why it is shared without their consent"),
        ({"consent": Consent.REFUSED, "consent_note": " "}, "Enter why it is shared without their consent"),
    ],
)
def test_terms_that_do_not_hold_are_refused(scene, terms, words):
    with pytest.raises(CannotTable, match=words):
        table(scene, scene.item(), scene.police, **terms)


@pytest.mark.parametrize("status", [MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED])
def test_nothing_is_tabled_for_a_meeting_that_is_over(scene, status):
    item = scene.item()
    begun = scene.meeting.starts_at
    scene.meeting.__class__.objects.filter(pk=scene.meeting.pk).update(
        status=status, begun_at=begun, closed_at=begun,
        approved_at=begun if status == MeetingStatus.APPROVED else None,
    )  # fmt: skip
    with pytest.raises(CannotTable, match="is over"):
        table(scene, item, scene.police)


def test_item_taken_off_is_tabled_for_nobody(scene):
    item = scene.item()
    withdraw_item(item=item, reason="Solved", by=scene.officer, at=NOW)
    with pytest.raises(CannotTable, match="taken off"):
        table(scene, item, scene.police)


def test_standing_item_is_open_to_everybody_invited_also_later(scene):
    standing = add_item(
        meeting=scene.meeting, kind=ItemKind.STANDING, title="Modern slavery", by=scene.officer, at=NOW
    )
    with pytest.raises(CannotTable, match="open to every agency invited"):
        table(scene, standing, scene.police)
    nurse_partner = scene.health
    invite(meeting=scene.meeting, partner=nurse_partner, person=None, by=scene.officer, at=NOW)
    assert AgendaItem.objects.open_to_partner(nurse_partner).get() == standing
