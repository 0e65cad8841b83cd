import pytest
from django.core import mail
from django.db import transaction

from cases.models import Case, Person
from cases.services.person_merging import merge_people
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from csp.audit.models import Event
from tasking.enums import ItemKind, MeetingStatus, ReferralStatus
from tasking.models import Meeting, Referral
from tasking.services import referrals
from tasking.services.referral_news import tell
from tasking.services.referral_subjects import (
    CannotRefer,
    Subject,
    case_for,
    names_somebody,
    person_for,
    place_for,
    typed_place,
)
from tasking.services.referrals import CannotDecide
from tasking.services.tabling import shares_end_at
from tests.cases.together import together
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CaseFactory, PersonFactory, PlaceFactory, ReportFactory
from tests.factories.casework import CaseNamedFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory, ReferralGroupFactory
from tests.tasking.referral_scene import DAY, Scene

pytestmark = pytest.mark.django_db
TERMS = {"gateway": "cda_115", "purpose": "Visit", "necessity": "Tenancy", "consent": "given", "by": None}


@pytest.fixture
def scene():
    return Scene()


def refused(scene, **given):
    with pytest.raises(CannotRefer) as caught, transaction.atomic():
        scene.refer(**given)
    return str(caught.value)


def test_an_agency_refers_its_own_case_and_the_team_sees_it_from_then_on(scene):
    assert not Case.objects.visible_to(scene.ann).exists()

    made = scene.refer()

    assert (made.status, made.lead, made.kind) == (ReferralStatus.WAITING, scene.team, ItemKind.CASE)
    assert [each.name for each in made.needed_by.all()] == ["Police"]
    share = scene.case.shares.get()
    assert (share.to_partner, share.level, share.gateway) == (scene.team, ShareLevel.SUMMARY, "cda_115")
    assert share.ends_at == shares_end_at(scene.meeting)
    assert Case.objects.visible_to(scene.ann).get() == scene.case
    assert Referral.objects.visible_to(scene.bob).get() == made
    assert not Referral.objects.visible_to(scene.kim).exists()
    sent = Event.objects.get(verb="referral.sent")
    assert (sent.kind, sent.partner) == ("disclosure", scene.team)


def test_a_case_that_the_team_sees_already_keeps_the_share_it_has(scene):
    share = sharing.share(
        record=scene.case, to_partner=scene.team, level=ShareLevel.FULL, at=scene.now, **TERMS
    )

    scene.refer()

    assert scene.case.shares.get() == share


def test_existence_alone_becomes_a_summary(scene):
    sharing.share(record=scene.case, to_partner=scene.team, level=ShareLevel.EXISTENCE, at=scene.now, **TERMS)

    scene.refer()

    assert scene.case.shares.get(ended_at=None).level == ShareLevel.SUMMARY


def test_any_invited_agency_refers_what_the_team_leads(scene):
    case = CaseFactory(lead=scene.team)
    sharing.share(record=case, to_partner=scene.soha, level=ShareLevel.SUMMARY, at=scene.now, **TERMS)

    made = scene.refer(subject=case_for(scene.sam, scene.team.partnership, case.reference.lower()))

    assert made.case == case
    assert case.shares.count() == 1


def test_whose_case_cannot_be_referred(scene):
    theirs = CaseFactory(lead=scene.police, partnership=scene.team.partnership)
    assert "Police leads" in refused(scene, subject=Subject(case=theirs))
    assert "another partnership" in refused(scene, subject=Subject(case=CaseFactory()))
    closed = CaseFactory(
        lead=scene.soha, partnership=scene.team.partnership, status="closed", ended_at=scene.now
    )
    assert "Only an open case" in refused(scene, subject=Subject(case=closed))
    part = CaseFactory(
        lead=scene.soha, partnership=scene.team.partnership, status="cancelled", ended_at=scene.now,
        merged_into=scene.case,
    )  # fmt: skip
    assert "part of another case" in refused(scene, subject=Subject(case=part))
    with pytest.raises(CannotRefer, match="no case with this reference"):
        case_for(scene.hal, scene.team.partnership, scene.case.reference)
    with pytest.raises(CannotRefer, match="no case with this reference"):
        case_for(scene.sam, PartnerFactory().partnership, scene.case.reference)


def test_who_is_not_invited_cannot_refer(scene):
    assert "Health is not invited" in refused(scene, partner=scene.health, by=scene.hal)
    assert "Health is not invited" in refused(scene, needed_by=(scene.health,))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (MeetingStatus.PLANNED, "not open yet"),
        (MeetingStatus.MINUTES_DRAFT, "takes no referrals"),
        (MeetingStatus.APPROVED, "takes no referrals"),
    ],
)
def test_when_a_meeting_takes_none(scene, status, words):
    meeting = MeetingFactory(series=scene.series, invite=[scene.soha], status=status)

    assert words in refused(scene, meeting=meeting)


def test_after_the_day_only_what_is_urgent(scene):
    day = scene.now.date()
    Meeting.objects.filter(pk=scene.meeting.pk).update(referrals_due_on=day)
    last = scene.refer(subject=Subject(place=scene.place), urgent_because="It burns")
    assert (last.urgent, last.urgent_because) == (False, "")

    Meeting.objects.filter(pk=scene.meeting.pk).update(referrals_due_on=day - DAY)
    assert "Say why it cannot wait" in refused(scene)
    made = scene.refer(urgent_because="Somebody was hurt last night")
    assert (made.urgent, made.urgent_because) == (True, "Somebody was hurt last night")


def test_in_session_too_what_is_urgent_comes_on(scene):
    invited = [scene.soha, scene.police]
    meeting = MeetingFactory(series=scene.series, invite=invited, status=MeetingStatus.IN_SESSION)

    assert "Say why it cannot wait" in refused(scene, meeting=meeting)
    assert scene.refer(meeting=meeting, urgent_because="It burns").urgent


def test_it_does_not_wait_twice(scene):
    made = scene.refer()
    assert scene.refer() == made  # the button, pressed twice
    assert scene.case.shares.count() == 1
    with pytest.raises(CannotRefer, match="waits for the chair") as caught:
        scene.refer(why="Other words")
    assert caught.value.there == made
    place = scene.refer(subject=Subject(place=scene.place))
    with pytest.raises(CannotRefer, match="waits for the chair"):
        scene.refer(subject=Subject(place=scene.place), why="Other words")
    other = scene.refer(subject=Subject(place=scene.place), partner=scene.police, by=scene.kim)
    assert other != place


def test_another_agency_is_not_shown_the_referral_that_waits(scene):
    case = CaseFactory(lead=scene.team)
    for partner in (scene.soha, scene.police):
        sharing.share(record=case, to_partner=partner, level=ShareLevel.SUMMARY, at=scene.now, **TERMS)
    scene.refer(subject=Subject(case=case))

    with pytest.raises(CannotRefer, match="waits for the chair") as caught:
        scene.refer(subject=Subject(case=case), partner=scene.police, by=scene.kim)

    assert caught.value.there is None


def test_what_they_see_on_the_agenda_is_not_referred_and_what_they_do_not_see_is_not_told(scene):
    item = AgendaItemFactory(meeting=scene.meeting, kind="case", case=scene.case)
    assert scene.refer().status == ReferralStatus.WAITING
    Referral.objects.all().delete()
    sharing.grant(record=item, partner=scene.soha, level=ShareLevel.CONTRIBUTE)

    with pytest.raises(CannotRefer, match=f"already, as {item}") as caught:
        scene.refer()

    assert caught.value.there == item


def test_a_restricted_case_needs_somebody_named_who_can_decide(scene):
    case = CaseFactory(
        lead=scene.soha, partnership=scene.team.partnership, restricted=True, restricted_because="A colleague"
    )
    with pytest.raises(CannotRefer, match="no case with this reference"):
        case_for(scene.sam, scene.team.partnership, case.reference)
    CaseNamedFactory(case=case, user=scene.sam)
    subject = case_for(scene.sam, scene.team.partnership, case.reference)
    assert "nobody of Community Safety is named" in refused(scene, subject=subject)
    CaseNamedFactory(case=case, user=scene.ann)

    made = scene.refer(subject=subject)

    assert Referral.objects.visible_to(scene.ann).get() == made
    assert not Referral.objects.visible_to(scene.bob).exists()


def test_a_person_whom_they_see_by_the_one_they_were_found_to_be(scene):
    person, kept = scene.person(), PersonFactory(partnership=scene.team.partnership, name="Vera Tims")
    with pytest.raises(CannotRefer, match="nobody here"):
        person_for(scene.kim, scene.team.partnership, person.pk)
    with pytest.raises(CannotRefer, match="nobody here"):
        person_for(scene.sam, scene.team.partnership, 0)
    merge_people(kept=kept, gone=person, reason="Same", by=scene.sam, at=scene.now)

    subject = person_for(scene.sam, scene.team.partnership, person.pk)

    assert subject == Subject(person=kept)
    assert (subject.kind, subject.area, subject.suggested_title()) == (ItemKind.PERSON, None, "")
    assert "names the person" in refused(scene, subject=subject, title="Visits to Vera at night")
    assert scene.refer(subject=subject, title="Visits at night").person == kept


def test_titles_that_name_somebody():
    person = Person(name="Jo O'Connor-Lee", known_as="Spike")
    assert names_somebody("Noise by spike", person)
    assert names_somebody("CONNOR, Mill Road", person)
    assert not names_somebody("Noise in Leeds, jo ride", person)


def test_a_place_known_or_typed(scene):
    with pytest.raises(CannotRefer, match="no place here"):
        place_for(scene.sam, scene.team.partnership, scene.place.pk)
    ReportFactory(lead=scene.soha, partnership=scene.team.partnership, place=scene.place)
    known = place_for(scene.sam, scene.team.partnership, scene.place.pk)
    assert known.suggested_title() == "Anti-social behaviour, Garage Court, Didcot"
    assert typed_place(scene.team.partnership, "4 Garage Court, Didcot OX11 7AA").place is not None
    with pytest.raises(CannotRefer, match="Enter the postcode"):
        typed_place(scene.team.partnership, " ")

    assert scene.refer(subject=known).kind == ItemKind.PLACE


def test_where_somebody_is_kept_safe_no_street_is_suggested(scene):
    place = PlaceFactory(lead=scene.team)
    PersonFactory(lead=scene.team, place=place, do_not_disclose=True)

    assert Subject(place=place).suggested_title() == "Anti-social behaviour"


def test_what_must_be_said(scene):
    assert "without their consent" in refused(scene, consent="refused")
    elsewhere = ReferralGroupFactory(lead=PartnerFactory(receiving=True))
    assert "group of this partnership" in refused(scene, group=elsewhere)


def test_withdrawn_or_declined_its_share_ends(scene):
    for act, by, status in (
        (referrals.withdraw, scene.sam, "withdrawn"),
        (referrals.decline, scene.ann, "declined"),
    ):
        made = scene.refer(why=status)
        with pytest.raises(CannotDecide, match="Enter why"):
            act(referral=made, reason=" ", by=by, at=scene.now)
        act(referral=made, reason="Solved", by=by, at=scene.now)
        made.refresh_from_db()
        assert (made.status, made.decision, made.decided_by) == (status, "Solved", by)
        assert not Case.objects.visible_to(scene.bob).exists()
        with pytest.raises(CannotDecide, match="decided already by"):
            referrals.decline(referral=made, reason="No", by=scene.bob, at=scene.now)


def test_a_share_that_an_item_needs_stays(scene):
    made = scene.refer()
    AgendaItemFactory(meeting=scene.later(), kind="case", case=scene.case)

    referrals.decline(referral=made, reason="Later", by=scene.ann, at=scene.now)

    assert Case.objects.visible_to(scene.bob).get() == scene.case


def test_put_off_it_waits_for_the_later_meeting_and_its_share_lasts(scene):
    made, later = scene.refer(), scene.later()

    referrals.defer(referral=made, to_meeting=later, reason="The agenda is full", by=scene.ann, at=scene.now)

    made.refresh_from_db()
    assert (made.status, made.meeting, made.decision) == ("deferred", later, "The agenda is full")
    assert scene.case.shares.get(ended_at=None).ends_at == shares_end_at(later)
    referrals.withdraw(referral=made, reason="Solved", by=scene.sam, at=scene.now)
    assert not scene.case.shares.filter(ended_at=None).exists()


def test_where_it_cannot_be_put_off_to(scene):
    made = scene.refer()
    earlier, done, other = scene.later(-7), scene.later(35), MeetingFactory(invite=[scene.soha])
    Meeting.objects.filter(pk=done.pk).update(status="cancelled", cancelled_because="Snow")
    done.refresh_from_db()
    alone = scene.later(56)
    alone.invited.filter(partner=scene.soha).delete()
    for meeting, words in (
        (earlier, "later meeting of"),
        (scene.meeting, "later meeting of"),
        (other, "later meeting of"),
        (done, "Choose another meeting"),
        (alone, "Soha is not invited"),
    ):
        with pytest.raises(CannotDecide, match=words):
            referrals.defer(referral=made, to_meeting=meeting, reason="Full", by=scene.ann, at=scene.now)


def test_where_the_case_waits_already_it_is_not_put_off_to(scene):
    later = scene.later()
    Meeting.objects.filter(pk=later.pk).update(status="agenda_open")
    made = scene.refer()
    scene.refer(meeting=later)

    with pytest.raises(CannotDecide, match="waits for"):
        referrals.defer(referral=made, to_meeting=later, reason="Full", by=scene.ann, at=scene.now)


def test_who_decides_on_what_was_put_off_meanwhile_is_told(scene):
    made = scene.refer()
    stale = Referral.objects.get(pk=made.pk)
    referrals.defer(referral=made, to_meeting=scene.later(), reason="Full", by=scene.ann, at=scene.now)

    with pytest.raises(CannotDecide, match="Ann Officer put this off"):
        referrals.decline(referral=stale, reason="No", by=scene.bob, at=scene.now)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_the_second_is_told():
    scene = Scene()
    made = scene.refer()

    done, told = together(
        lambda: referrals.decline(referral=made, reason="No", by=scene.ann, at=scene.now),
        lambda: referrals.withdraw(referral=made, reason="Solved", by=scene.sam, at=scene.now),
    )

    assert len(done) == 1
    assert "decided already by" in str(told[0])


def letters(made, news):
    mail.outbox.clear()
    tell(referral_id=made.pk, news=news)
    return mail.outbox


def test_letters_hold_numbers_and_a_link(scene):
    made = scene.refer()
    (letter,) = letters(made, "waiting")
    assert letter.to == ["ann@council.example"]
    assert str(scene.meeting) in letter.subject
    referrals.defer(referral=made, to_meeting=scene.later(), reason="Full", by=scene.ann, at=scene.now)
    for news in ("accepted", "deferred", "declined", "withdrawn"):
        for letter in letters(Referral.objects.get(), news):
            assert letter.to == [{"withdrawn": "safety@council.example"}.get(news, "sam@soha.example")]
            assert f"/meetings/referrals/{made.pk}/" in letter.body
            assert "Mill" not in letter.body + letter.subject
            assert scene.case.reference not in letter.body
    tell(referral_id=0, news="accepted")


def test_letters_about_a_restricted_case_go_to_those_named(scene):
    scene.case.restricted, scene.case.restricted_because = True, "A colleague"
    scene.case.save()
    for user in (scene.sam, scene.bob):
        CaseNamedFactory(case=scene.case, user=user)
    made = scene.refer()

    assert [letter.to for letter in letters(made, "waiting")] == [["bob@council.example"]]
    assert [letter.to for letter in letters(made, "accepted")] == [["sam@soha.example"]]


def test_a_manager_reads_it_too(scene):
    made = scene.refer()

    assert Referral.objects.visible_to(user_at(scene.team, Role.MANAGER)).get() == made
