"""What nobody learns of a meeting whom it does not concern, and what nobody changes there."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.services.restricting import restrict
from csp.actions.models import Action
from csp.agencies.enums import Role, ShareLevel
from csp.agencies.services import sharing
from tasking.enums import ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, Attendance, Meeting, MeetingPartner
from tasking.navigation.returns import return_needs
from tasking.notifications import meeting_news
from tasking.services.meeting_changes import uninvite
from tasking.services.tabling import table_for
from tests.factories.agencies import MembershipFactory, PartnerFactory, user_at
from tests.factories.cases import NOON, CaseFactory, PersonFactory, PlaceFactory
from tests.factories.tasking import AgendaItemFactory, MeetingFactory
from tests.tasking.papers_scene import MINUTES, words_of
from tests.tasking.papers_scene import scene as papers_scene
from tests.tasking.scene_agenda import FIRST, NEXT, NOW, TERMS, Scene
from tests.tasking.session_room import a_room

pytestmark = pytest.mark.django_db
SECRET = "Operation Merganser"
REASON = "A colleague is in it"


@pytest.fixture
def room():
    return a_room()


@pytest.fixture
def scene():
    return Scene()


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def read(client, user, address, **more):
    client.force_login(user)
    return " ".join(client.get(address, follow=True, **more).content.decode().split())


def written_up(scene, status=MeetingStatus.MINUTES_DRAFT):
    """A meeting that decided about a case which Soha sees, and the next one that goes on from it."""
    item = scene.item()
    table_for(item=item, partners=[scene.soha], terms=TERMS, by=scene.officer, at=NOW)
    done = {"decision": "Evict them in June", "status": ItemStatus.OFF, "status_because": "Handed to court"}
    AgendaItem.objects.filter(pk=item.pk).update(**done, discussed_at=FIRST)
    held = {"begun_at": FIRST, "closed_at": FIRST}
    if status == MeetingStatus.APPROVED:
        held["approved_at"] = FIRST
    Meeting.objects.filter(pk=item.meeting_id).update(status=status, **held)
    later = scene.item(meeting=scene.another(NEXT), case=item.case, previous=item)
    table_for(item=later, partners=[scene.soha], terms=TERMS, by=scene.officer, at=NOW)
    return item, later


def in_session(item):
    Meeting.objects.filter(pk=item.meeting_id).update(
        status=MeetingStatus.IN_SESSION, begun_at=NEXT, current_item=item
    )


@pytest.mark.parametrize("status", [MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED])
def test_agency_reads_what_a_meeting_decided_once_its_minutes_are_approved(client, scene, status):
    item, later = written_up(scene, status)
    approved = status == MeetingStatus.APPROVED
    pages = (
        url("of_case", item.case.reference), item.get_absolute_url(), later.get_absolute_url(),
        url("minutes", item.meeting.reference),
    )  # fmt: skip
    for address in pages:
        shown = read(client, scene.worker, address)
        assert item.meeting.reference in shown or "Noise" in shown
        if not approved:
            assert "Evict them" not in shown
            assert "Handed to court" not in shown
    assert ("Evict them" in read(client, scene.worker, pages[0])) is approved
    assert "Evict them" in read(client, scene.officer, pages[0])
    assert "Handed to court" in read(client, scene.officer, pages[1])


@pytest.mark.parametrize("status", [MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED])
def test_session_tells_followers_no_earlier_decision_that_is_still_a_draft(client, scene, status):
    _, later = written_up(scene, status)
    in_session(later)
    for user in (scene.worker, scene.officer):
        Attendance.objects.create(
            meeting=later.meeting, user=user, name=user.name, accepted_at=NOON, noted_at=NOON
        )
    address = url("session", later.meeting.reference)
    assert ("Evict them" in read(client, scene.worker, address)) is (status == MeetingStatus.APPROVED)
    assert "Evict them" in read(client, scene.officer, address)


@pytest.mark.parametrize("status", [MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED])
def test_papers_of_an_agency_hold_no_earlier_decision_that_is_still_a_draft(status):
    made = papers_scene(status=MeetingStatus.AGENDA_OPEN)
    held = MeetingFactory(series=made.series, invite=[made.soha], starts_at=FIRST, status=status)
    before = AgendaItemFactory(meeting=held, decision="Evict them", open_to=[made.soha])
    AgendaItem.objects.filter(pk=made.shown.pk).update(previous=before)
    said = [earlier.decision for item in made.papers().items for earlier in item.earlier]
    assert said == (["Evict them"] if status == MeetingStatus.APPROVED else [])
    own = [earlier.decision for item in made.papers(made.team).items for earlier in item.earlier]
    assert own == ["Evict them"]


def test_address_of_somebody_kept_safe_is_on_no_page_of_an_agency(client, scene):
    place = PlaceFactory(lead=scene.team, address="17 Hidden Lane")
    PersonFactory(lead=scene.team, do_not_disclose=True, place=place)
    fields = {"kind": ItemKind.PLACE, "place": place, "open_to": [scene.soha]}
    item = AgendaItemFactory(meeting=scene.meeting, title="Visitors at night", **fields)
    here = item.meeting.reference
    for address in (item.get_absolute_url(), url("agenda", here), url("return", here)):
        shown = read(client, scene.worker, address)
        assert "Visitors at night" in shown
        assert "Hidden Lane" not in shown
    assert "17 Hidden Lane" in read(client, scene.officer, item.get_absolute_url())


@pytest.mark.parametrize("how", ["closed", "restricted", "restricted afterwards"])
def test_screens_of_others_say_nothing_while_a_closed_item_is_discussed(client, room, how):
    room.accept(room.landlord)
    if how == "restricted afterwards":
        case = CaseFactory(lead=room.meeting.lead)
        sharing.grant(record=case, partner=room.housing, level=ShareLevel.SUMMARY)
        item = room.add(kind=ItemKind.CASE, case=case, title=SECRET, open_to=[room.housing])
        room.now(item)
        assert SECRET in read(client, room.landlord, url("session", room.meeting.reference))
        restrict(case=case, people=[], reason=REASON, by=room.officer, at=timezone.now())
    else:
        item = room.hidden_item(how)
        room.now(item)
    for name in ("session", "session_state"):
        shown = read(client, room.landlord, url(name, room.meeting.reference))
        assert "session-item" in shown
        assert "not for your agency" not in shown
        for words in (SECRET, item.reference, "Item 2"):
            assert words not in shown


def test_colleague_who_is_not_named_finds_nothing_of_a_restricted_item(client, room):
    item = room.hidden_item("restricted")
    room.now(item)
    colleague = user_at(room.meeting.lead, Role.MANAGER)
    room.accept(colleague)
    names = ("session", "session_end", "agenda", "returns", "packs", "detail", "actions")
    for name in names:
        shown = read(client, colleague, url(name, room.meeting.reference))
        assert room.meeting.reference in shown
        for words in (SECRET, item.reference, "not open to you", "Closed item"):
            assert words not in shown
    assert "of 120 minutes" in read(client, colleague, url("agenda", room.meeting.reference))
    assert "10 of 120" in read(client, colleague, url("agenda", room.meeting.reference))


def test_cancelling_does_not_tell_that_there_is_something_restricted(client, scene):
    case = CaseFactory(lead=scene.team, restricted=True, restricted_because=REASON)
    AgendaItemFactory(meeting=scene.meeting, kind=ItemKind.CASE, case=case)
    shown = read(client, scene.officer, url("meeting_cancel", scene.meeting.reference))
    assert "goes to the next meeting" not in shown


def test_agency_that_is_invited_no_longer_hears_nothing_more_of_the_meeting(client, scene):
    coming = scene.another(timezone.now() + dt.timedelta(days=9))
    item = scene.item(meeting=coming)
    table_for(item=item, partners=[scene.soha], terms=TERMS, by=scene.officer, at=timezone.now())
    seat = coming.invited.get(partner=scene.soha)
    seat.sent_at = timezone.now()
    seat.save(update_fields=["sent_at"])
    Action.objects.create(
        reference="SV-A-26-000009", partnership=coming.partnership, lead=scene.soha, owner=scene.soha,
        text="Visit", due_on=timezone.localdate(), asked_at=timezone.now(),
    )  # fmt: skip
    for action in Action.objects.all():
        sharing.grant(record=action, partner=scene.soha, level=ShareLevel.CONTRIBUTE)
    asked = {"user": scene.worker, "partnership": coming.partnership, "at": timezone.now()}
    assert list(return_needs(**asked))

    uninvite(meeting=coming, partner=scene.soha, reason="Not theirs", by=scene.officer, at=timezone.now())

    assert list(return_needs(**asked)) == []
    client.force_login(scene.worker)
    for address in (
        url("detail", coming.reference),
        url("return", coming.reference),
        item.get_absolute_url(),
    ):
        assert client.get(address).status_code == 404


def test_agency_that_left_the_partnership_sits_in_no_meeting(scene):
    scene.soha.left_on = timezone.localdate()
    scene.soha.email = "desk@soha.example"
    scene.soha.save()
    seats = MeetingPartner.objects.filter(meeting=scene.meeting)
    assert scene.soha not in [seat.partner for seat in seats.sitting()]
    assert scene.soha not in [seat.partner for seat in seats.missing()]
    meeting_news(scene.meeting, "changed", partner_id=None, key="1")
    assert "desk@soha.example" not in [to for message in mail.outbox for to in message.to]


def test_team_that_does_not_lead_a_case_reads_no_shares_that_its_lead_made(client, scene):
    case = CaseFactory(lead=scene.soha)
    sharing.grant(record=case, partner=scene.team, level=ShareLevel.SUMMARY)
    sharing.share(
        record=case, to_partner=scene.health, level=ShareLevel.FULL, gateway="cda_115", purpose="x",
        necessity="y", consent="given", by=None, at=timezone.now(),
    )  # fmt: skip
    item = scene.item(case=case, referred_by=scene.soha)
    shown = read(client, scene.officer, url("item_table", item.reference))
    assert "Health" in shown
    assert "full, until somebody ends it" not in shown


def test_person_of_two_agencies_refers_for_none_that_is_invited_no_longer(client, scene):
    """The other of their agencies lets them in."""
    coming = scene.another(timezone.now() + dt.timedelta(days=30))
    coming.invited.filter(partner=scene.soha).update(sent_at=timezone.now())
    both = user_at(scene.soha)
    MembershipFactory(user=both, partner=scene.police)
    uninvite(meeting=coming, partner=scene.soha, reason="Not theirs", by=scene.officer, at=timezone.now())
    case = CaseFactory(lead=scene.soha)
    shown = read(client, both, f"{url('refer', coming.reference)}?case={case.reference}")
    assert "Ask them to refer it" in shown


def test_case_that_took_another_in_is_named_to_nobody_who_does_not_see_it(client, scene):
    kept = CaseFactory(lead=scene.team, restricted=True, restricted_because=REASON)
    gone = CaseFactory(lead=scene.team, merged_into=kept, status="cancelled", ended_at=NOON)
    client.force_login(scene.officer)
    typed = {"title": "Noise", "minutes": 10, "gist": "Loud", "wanted": "Help"}
    address = f"{url('item_new', scene.meeting.reference)}?case={gone.reference}"
    shown = client.post(address, typed).content.decode()
    assert "is part of another case now" in shown
    assert kept.reference not in shown


def test_action_for_an_item_is_restricted_with_the_case_of_the_item(client, scene):
    item = scene.item(meeting=scene.another(timezone.now() + dt.timedelta(days=9)))
    table_for(item=item, partners=[scene.soha], terms=TERMS, by=scene.officer, at=timezone.now())
    client.force_login(scene.officer)
    typed = {"owner": scene.soha.pk, "text": "Change the locks", "due_on": "1 12 2027"}
    client.post(f"{reverse('actions:new')}?on={item.reference}", typed)
    action = Action.objects.get(text="Change the locks")
    assert Action.objects.visible_to(scene.worker).filter(pk=action.pk).exists()

    restrict(case=item.case, people=[], reason=REASON, by=scene.officer, at=timezone.now())

    assert not Action.objects.visible_to(scene.worker).filter(pk=action.pk).exists()


def test_minutes_and_papers_of_what_was_restricted_later_are_given_out_no_more(client):
    made = papers_scene(status=MeetingStatus.APPROVED)
    AgendaItem.objects.filter(pk=made.shown.pk).update(minute="Ten calls a night", discussed_at=NOON)
    pack = made.build(kind=MINUTES)
    assert "Ten calls a night" in words_of(pack)
    address = url("minutes", made.meeting.reference)
    assert "Ten calls a night" in read(client, made.sam, address)

    restrict(case=made.case, people=[], reason=REASON, by=made.ann, at=timezone.now())

    assert "Ten calls a night" not in read(client, made.sam, address)
    assert client.get(url("pack", made.meeting.reference, pack.pk)).status_code == 409
    assert client.get(made.shown.get_absolute_url()).status_code == 404
    assert "Ten calls a night" in read(client, made.ann, address)


def test_order_that_names_an_item_the_sender_does_not_see_moves_nothing(client, room):
    Meeting.objects.filter(pk=room.meeting.pk).update(status=MeetingStatus.IN_SESSION)
    hidden, second = room.hidden_item("restricted"), room.add()
    client.force_login(user_at(room.meeting.lead, Role.OFFICER))
    before = list(room.meeting.items.order_by("position").values_list("pk", "minutes"))
    typed = {f"minutes-{each.reference}": each.minutes for each in (room.item, second)}
    typed |= {"order": [hidden.reference, room.item.reference], f"minutes-{hidden.reference}": 99}
    client.post(url("agenda_order", room.meeting.reference), typed)
    client.post(
        url("agenda_move", room.meeting.reference),
        {**typed, "move": f"{hidden.reference} before {room.item.reference}"},
    )
    assert list(room.meeting.items.order_by("position").values_list("pk", "minutes")) == before


@pytest.mark.parametrize("name", ["session_show", "session_save", "session_action"])
def test_item_of_another_meeting_cannot_be_written_under_this_one(client, room, name):
    other = AgendaItemFactory(meeting=MeetingFactory(series=room.meeting.series))
    client.force_login(room.officer)
    typed = {"discussion": "Mine", "text": "Visit", "owner": room.housing.pk, "due_on": "1 12 2027"}
    assert client.post(url(name, room.meeting.reference, other.reference), typed).status_code == 404
    other.refresh_from_db()
    assert (other.discussion, other.given.count()) == ("", 0)


def test_attendance_and_actions_take_nobody_of_another_partnership(client, room):
    room.accept(room.officer)
    west = PartnerFactory()
    stranger = user_at(west)
    client.force_login(room.officer)
    seat = stranger.memberships.get()
    client.post(url("attendance", room.meeting.reference), {"person": seat.pk, "status": "present"})
    client.post(
        url("attendance", room.meeting.reference),
        {"name": "Guest", "partner": west.pk, "status": "present"},
    )
    typed = {"text": "Visit", "owner": west.pk, "due_on": "1 12 2027"}
    client.post(url("session_action", room.meeting.reference, room.item.reference), typed)
    assert not Attendance.objects.filter(meeting=room.meeting).exclude(user=room.officer).exists()
    assert not Action.objects.exists()


CHANGES = ("agenda_order", "agenda_move", "agenda_bring", "open_agenda", "returns_chase", "send_papers",
           "session_begin", "minutes_approve")  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_who_may_only_read_changes_nothing_and_no_link_does(client, room, name):
    address = url(name, room.meeting.reference)
    client.force_login(room.landlord)
    assert client.post(address).status_code == 403
    client.force_login(room.officer)
    assert client.get(address).status_code == 405
    client.force_login(user_at(PartnerFactory(), Role.MANAGER))
    assert client.post(address).status_code == 404
