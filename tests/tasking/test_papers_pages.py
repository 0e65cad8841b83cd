"""The page of the papers, taking a file, and what happens when it must not be given out any more."""

import pytest
from django.utils import timezone

from cases.models import CaseNamed
from csp.agencies.enums import Role
from csp.agencies.services import sharing
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.models import LongTask
from tasking.enums import MeetingStatus
from tasking.models import Meeting, Pack
from tests.counting import queries_of
from tests.factories.actions import ActionFactory
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.tasking import AgendaItemFactory
from tests.tasking.papers_scene import MINUTES, scene, share, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return scene()


@pytest.fixture
def eager(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def at(meeting, rest=""):
    return f"/meetings/{meeting.meeting.reference}/papers/{rest}"


def put_out(meeting):
    Meeting.objects.filter(pk=meeting.meeting.pk).update(status=MeetingStatus.PAPERS_OUT)
    meeting.meeting.refresh_from_db()


def read(client, address):
    return client.get(address, follow=True).content.decode()


def content(answer):
    assert answer.status_code == 200
    return words(b"".join(answer.streaming_content))


def test_the_team_makes_looks_at_and_sends_papers(client, meeting, eager):
    client.force_login(meeting.ann)
    page = read(client, at(meeting))
    assert "Send papers to 3 agencies" in page
    assert "Not yet" in page

    with eager():
        answer = client.post(at(meeting, f"make/{meeting.soha.pk}/"))
    assert answer.url == LongTask.objects.get().get_absolute_url()
    pack = Pack.objects.get()
    assert LongTask.objects.get().result_url == at(meeting, f"{pack.pk}/")

    assert "Drums by night" in content(client.get(at(meeting, f"{pack.pk}/")))
    with eager():
        client.post(at(meeting, "send/"))
    meeting.meeting.refresh_from_db()
    assert meeting.meeting.status == MeetingStatus.PAPERS_OUT
    assert "Send new papers where something has changed" in read(client, at(meeting))


def test_an_agency_takes_its_own_papers_once_they_are_out(client, meeting):
    pack = meeting.build()
    client.force_login(meeting.sam)
    assert "There are no papers yet" in read(client, at(meeting))
    assert "sends the papers of" in read(client, at(meeting, f"{pack.pk}/"))

    put_out(meeting)

    assert "Download the papers" in read(client, at(meeting))
    answer = client.get(at(meeting, f"{pack.pk}/"))
    assert "Visit number nine" in content(answer)
    assert answer["Cache-Control"] == "no-store, private"
    assert f"{meeting.meeting.reference}-papers-copy-1.pdf" in answer["Content-Disposition"]
    event = Event.objects.get(verb="meeting.papers_downloaded")
    assert (event.actor, event.partner, event.detail) == (
        meeting.sam, meeting.soha, {"copy": 1, "pack": pack.pk},
    )  # fmt: skip


def test_papers_whose_access_changed_are_not_given_out_and_made_again_in_one_click(client, meeting, eager):
    pack = meeting.build()
    put_out(meeting)
    pack = meeting.build()
    client.force_login(meeting.sam)
    sharing.end_share(share=meeting.share, reason="Over", by=meeting.ann, at=timezone.now())

    answer = client.get(at(meeting, f"{pack.pk}/"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What Soha may see has changed since these papers were made; make them again" in page
    assert at(meeting, f"make/{meeting.soha.pk}/") in page
    assert not Event.objects.filter(verb="meeting.papers_downloaded").exists()
    assert "Make the papers again" in read(client, at(meeting))
    with eager():
        client.post(at(meeting, f"make/{meeting.soha.pk}/"))
    again = Pack.objects.get(number=2)
    assert "Drums by night" not in content(client.get(at(meeting, f"{again.pk}/")))


def test_another_agencys_papers_are_not_there(client, meeting):
    pack = meeting.build(meeting.police)
    put_out(meeting)
    client.force_login(meeting.sam)

    assert client.get(at(meeting, f"{pack.pk}/")).status_code == 404
    assert client.post(at(meeting, f"make/{meeting.police.pk}/")).status_code == 404
    assert client.post(at(meeting, "send/")).status_code == 403
    assert "Thames Police" not in read(client, at(meeting))


def test_strangers_find_nothing(client, meeting):
    pack = meeting.build()
    client.force_login(user_at(PartnerFactory(partnership=meeting.team.partnership)))

    for address in (at(meeting), at(meeting, f"{pack.pk}/")):
        assert client.get(address).status_code == 404
    for address in (at(meeting, "send/"), at(meeting, f"make/{meeting.soha.pk}/")):
        assert client.post(address).status_code == 404


def test_a_number_of_another_meeting_is_not_found_here(client, meeting):
    other = scene().build()
    client.force_login(meeting.ann)

    assert client.get(at(meeting, f"{other.pk}/")).status_code == 404


def test_an_agency_that_is_invited_no_longer_gets_nothing(client, meeting):
    pack = meeting.build()
    put_out(meeting)
    sharing.revoke(record=meeting.meeting, partner=meeting.soha)
    client.force_login(meeting.sam)
    assert client.get(at(meeting, f"{pack.pk}/")).status_code == 404

    client.force_login(meeting.ann)
    assert "Send new papers" in read(client, at(meeting))
    assert "Soha" not in read(client, at(meeting))
    assert "Soha is not invited" in read(client, at(meeting, f"{pack.pk}/"))
    assert client.post(at(meeting, f"make/{meeting.soha.pk}/")).status_code == 404


def test_the_team_does_not_read_what_only_the_agency_may_see(client, meeting):
    """An action that the police gave Soha is not the team's business, so neither is that copy."""
    given = ActionFactory(lead=meeting.police, owner=meeting.soha, text="Call the police back")
    pack = meeting.build()
    client.force_login(meeting.ann)

    page = read(client, at(meeting, f"{pack.pk}/"))

    assert "Only Soha can read them" in page
    assert given.reference not in page
    put_out(meeting)
    client.force_login(meeting.sam)
    assert "Call the police back" in content(client.get(at(meeting, f"{pack.pk}/")))


def test_who_is_named_on_a_restricted_case_reads_it_on_screen(client, meeting):
    client.force_login(meeting.sam)
    assert "Restricted items are on no paper" not in read(client, at(meeting))

    CaseNamed.objects.create(
        case=meeting.secret, user=meeting.sam, reason="Her landlord", added_at=timezone.now()
    )

    assert "Restricted items are on no paper" in read(client, at(meeting))
    assert "Restricted matter" not in str(meeting.papers())


def test_a_colleague_is_told_that_the_papers_are_being_made(client, meeting):
    client.force_login(meeting.ann)
    client.post(at(meeting, f"make/{meeting.soha.pk}/"))
    assert "Being made" in read(client, at(meeting))
    client.force_login(user_at(meeting.team, Role.OFFICER))

    page = client.post(at(meeting, f"make/{meeting.soha.pk}/"), follow=True).content.decode()

    assert "A colleague has asked for these papers already" in page
    assert LongTask.objects.count() == 1


def test_sending_twice_is_one_sending(client, meeting):
    client.force_login(meeting.ann)
    first, again = (client.post(at(meeting, "send/")).url for _ in range(2))
    assert first == again
    client.force_login(user_at(meeting.team, Role.OFFICER))

    page = client.post(at(meeting, "send/"), follow=True).content.decode()

    assert "A colleague is sending these papers already" in page


def test_papers_cannot_be_sent_too_early_or_too_late(client):
    meeting = scene(MeetingStatus.IN_SESSION)
    client.force_login(meeting.ann)
    assert "Send papers" not in read(client, at(meeting))

    page = client.post(at(meeting, "send/"), follow=True).content.decode()

    assert "is in session: papers are sent before it begins" in page


def test_papers_that_hold_are_not_made_twice(client, meeting):
    pack = meeting.build()
    client.force_login(meeting.ann)

    assert client.post(at(meeting, f"make/{meeting.soha.pk}/")).url == at(meeting, f"{pack.pk}/")


def test_minutes_are_made_for_the_readers_own_agency(client, eager):
    meeting = scene(MeetingStatus.APPROVED)
    address = f"/meetings/{meeting.meeting.reference}/minutes/pdf/"
    client.force_login(meeting.sam)

    with eager():
        client.post(address)

    pack = Pack.objects.get()
    assert (pack.partner, pack.kind) == (meeting.soha, MINUTES)
    assert "Minutes for Soha" in content(client.get(at(meeting, f"{pack.pk}/")))
    share(meeting.theirs, meeting.soha)
    stale = client.get(at(meeting, f"{pack.pk}/")).content.decode()
    assert "since these minutes were made; make them again" in stale
    assert f'action="{address}"' in stale


def test_minutes_that_are_not_approved_are_for_the_team(client):
    meeting = scene(MeetingStatus.MINUTES_DRAFT)
    client.force_login(meeting.sam)

    page = client.post(f"/meetings/{meeting.meeting.reference}/minutes/pdf/", follow=True)

    assert "are not approved yet" in page.content.decode()
    assert not Pack.objects.exists()


@pytest.mark.parametrize("who", ["ann", "sam"])
def test_more_agencies_and_items_cost_no_more(client, meeting, who):
    put_out(meeting)
    client.force_login(getattr(meeting, who))
    meeting.build()
    before = queries_of(lambda: client.get(at(meeting)))
    for number in range(3):
        partner = PartnerFactory(partnership=meeting.team.partnership, name=f"Agency {number}")
        sharing.grant(record=meeting.meeting, partner=partner, level=4)
        meeting.meeting.invited.create(partner=partner)
        AgendaItemFactory(meeting=meeting.meeting, open_to=[meeting.soha, partner])
        meeting.build(partner)

    assert len(queries_of(lambda: client.get(at(meeting)))) == len(before)
