import pytest

from cases.models import Case
from cases.services.person_merging import merge_people
from csp.agencies.enums import ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemStatus, ReferralStatus
from tasking.models import AgendaItem
from tasking.services import accepting, referrals
from tasking.services.accepting import Placing
from tasking.services.referral_subjects import Subject
from tasking.services.referrals import CannotDecide
from tasking.services.tabling import CannotTable
from tests.cases.together import together
from tests.factories.cases import CaseFactory, PersonFactory
from tests.factories.casework import CaseNamedFactory
from tests.factories.tasking import AgendaItemFactory
from tests.tasking.referral_scene import Scene

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def scene():
    return Scene()


def accept(scene, made, by=None, **placing):
    given = {"title": made.title, "gist": made.why, "wanted": made.wanted, "partners": (scene.police,)}
    return accepting.accept(
        referral=made, placing=Placing(**given | placing), by=by or scene.ann, at=scene.now
    )


def test_the_item_and_its_shares_are_made_on_the_terms_of_the_referral(scene):
    made = scene.refer(consent="refused", consent_note="A child is at risk", gateway="safeguarding")

    item = accept(scene, made, minutes=15, closed=True)

    made.refresh_from_db()
    assert (made.status, made.decided_by, made.item) == (ReferralStatus.ACCEPTED, scene.ann, item)
    assert (item.case, item.referred_by, item.group) == (scene.case, scene.soha, scene.group)
    assert (item.minutes, item.closed, item.gist) == (15, True, "Windows are broken every week")
    shares = {share.to_partner: share for share in item.shares.all()}
    assert set(shares) == {scene.soha, scene.police}
    police = shares[scene.police]
    assert (police.gateway, police.consent_note) == ("safeguarding", "A child is at risk")
    assert police.case_share.level == ShareLevel.SUMMARY
    assert police.case_share.from_partner == scene.soha
    for reader in (scene.ann, scene.sam, scene.kim):
        assert AgendaItem.objects.visible_to(reader).get() == item
    assert not AgendaItem.objects.visible_to(scene.hal).exists()


def test_how_much_is_seen_is_for_the_team_that_leads_the_case(scene):
    ours = CaseFactory(lead=scene.team)
    sharing.share(record=ours, to_partner=scene.soha, level=ShareLevel.SUMMARY, at=scene.now, **TERMS)

    accept(scene, scene.refer(subject=Subject(case=ours)), level=ShareLevel.FULL)
    accept(scene, scene.refer(), level=ShareLevel.FULL)

    assert Case.objects.readable_by(scene.kim).get() == ours
    assert Case.objects.visible_to(scene.kim).count() == 2


def test_where_it_comes_on_the_agenda(scene):
    first, second = (AgendaItemFactory(meeting=scene.meeting) for _ in range(2))

    last = accept(scene, scene.refer())
    middle = accept(scene, scene.refer(subject=Subject(place=scene.place)), before=second)
    stray = accept(
        scene, scene.refer(subject=Subject(person=scene.person()), title="At risk"),
        before=AgendaItemFactory(),
    )  # fmt: skip

    assert list(AgendaItem.objects.filter(meeting=scene.meeting).in_order()) == [
        first, middle, second, last, stray,
    ]  # fmt: skip


def test_what_the_decider_does_not_see_is_not_tabled(scene):
    made = scene.refer()
    sharing.end_share(share=scene.case.shares.get(), reason="Mistake", by=scene.sam, at=scene.now)

    with pytest.raises(CannotDecide, match="Ask Soha to share it"):
        accept(scene, made)


def test_what_changed_since_is_told(scene):
    made = scene.refer()
    scene.case.lead = scene.police
    scene.case.save()

    with pytest.raises(CannotDecide, match="Police leads"):
        accept(scene, made)


def test_what_is_on_the_agenda_already_is_told_and_nothing_is_half_done(scene):
    made = scene.refer()
    item = AgendaItemFactory(meeting=scene.meeting, kind="case", case=scene.case)

    with pytest.raises(CannotDecide, match=f"already, as {item}"):
        accept(scene, made)
    item.status, item.status_because = ItemStatus.WITHDRAWN, "Mistake"
    item.save()
    with pytest.raises(CannotTable, match="Health is not invited"):
        accept(scene, made, partners=(scene.health,))

    assert AgendaItem.objects.count() == 1
    made.refresh_from_db()
    assert made.status == ReferralStatus.WAITING
    assert accept(scene, made)


def test_a_restricted_case_comes_in_the_closed_part_for_those_named(scene):
    scene.case.restricted, scene.case.restricted_because = True, "A colleague"
    scene.case.save()
    for user in (scene.sam, scene.ann):
        CaseNamedFactory(case=scene.case, user=user)
    made = scene.refer()
    with pytest.raises(CannotDecide, match="cannot see"):
        accept(scene, made, by=scene.bob)

    item = accept(scene, made)

    assert item.is_closed_part
    assert AgendaItem.objects.visible_to(scene.ann).get() == item
    assert not AgendaItem.objects.visible_to(scene.kim).exists()


def test_of_somebody_merged_since_the_item_is_about_the_one_kept(scene):
    person, kept = scene.person(), PersonFactory(partnership=scene.team.partnership)
    made = scene.refer(subject=Subject(person=person), title="At risk")
    merge_people(kept=kept, gone=person, reason="Same", by=scene.sam, at=scene.now)

    assert accept(scene, made).person == kept


def test_put_off_and_then_accepted(scene):
    made, later = scene.refer(), scene.later()
    referrals.defer(referral=made, to_meeting=later, reason="Full", by=scene.ann, at=scene.now)
    made.refresh_from_db()

    assert accept(scene, made).meeting == later


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_the_second_is_told():
    scene = Scene()
    made = scene.refer()

    done, told = together(lambda: accept(scene, made), lambda: accept(scene, made, by=scene.bob))

    assert len(done) == len(told) == 1
    assert "decided already by" in str(told[0])
    assert AgendaItem.objects.count() == 1
