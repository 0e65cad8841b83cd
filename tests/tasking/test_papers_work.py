"""The worker's part: done once, whatever dies, and nothing is left half done."""

import datetime as dt
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from csp.agencies.models import Membership
from csp.audit.models import Event
from csp.celery import app as celery_app
from csp.core.models import LongTask
from csp.core.progress import running
from tasking.enums import MeetingStatus, PackKind
from tasking.models import Pack
from tasking.services import papers
from tests.cases.together import together
from tests.tasking.papers_scene import AT, PACK, scene, share, work

DIES_WHILE_IT_PRINTS = """
import os, signal, django
django.setup()
from django.db import connection
from tasking.services import papers
from csp.core.progress import running
from django.utils import timezone
print_papers = papers.print_papers
def dying(*given):
    os.kill(os.getpid(), signal.SIGKILL)
papers.print_papers = dying
with running(os.environ["WORK"]) as bar:
    papers.carry_out(pack_id=int(os.environ["PACK"]), bar=bar, at=timezone.now())
"""


@pytest.fixture
def eager(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def request(meeting, partner, by=None, kind=PACK):
    return papers.request_pack(
        meeting=meeting.meeting, partner=partner, kind=kind, by=by or meeting.ann, at=AT
    )


def send(meeting):
    task = papers.request_sending(meeting=meeting.meeting, by=meeting.ann, at=AT)
    work(task, lambda bar: papers.send(meeting_id=meeting.meeting.pk, bar=bar, at=AT))
    task.refresh_from_db()
    meeting.meeting.refresh_from_db()
    return task


@pytest.mark.django_db
def test_asking_twice_makes_one_pack_and_no_third_while_it_holds():
    meeting = scene()
    first = request(meeting, meeting.soha)
    again = request(meeting, meeting.soha)
    assert again.progress == first.progress

    made = meeting.build()

    assert request(meeting, meeting.soha) == made == first
    assert Event.objects.filter(verb="meeting.papers_printed").count() == 1


@pytest.mark.django_db
def test_changed_papers_are_made_again_as_another_copy():
    meeting = scene()
    first = meeting.build()
    share(meeting.theirs, meeting.soha)

    second = meeting.build()

    assert (first.number, second.number) == (1, 2)
    assert second.fingerprint != first.fingerprint


@pytest.mark.django_db
def test_a_copy_keeps_its_number_for_itself_when_the_file_is_gone():
    meeting = scene()
    papers.delete(Pack.objects.filter(pk=meeting.build().pk))

    assert meeting.build().number == 2


@pytest.mark.django_db
def test_failed_work_is_asked_for_again_under_the_same_number():
    meeting = scene()
    pack = request(meeting, meeting.soha)
    LongTask.objects.filter(pk=pack.progress_id).update(status="FAILED", finished_at=AT)

    again = request(meeting, meeting.soha)

    assert (again.pk, again.number) == (pack.pk, 1)
    assert again.progress_id != pack.progress_id
    work(pack.progress, lambda bar: papers.carry_out(pack_id=pack.pk, bar=bar, at=AT))
    pack.refresh_from_db()
    assert not pack.file


@pytest.mark.django_db
def test_who_lost_the_seat_meanwhile_gets_nothing():
    meeting = scene(MeetingStatus.PAPERS_OUT)
    pack = request(meeting, meeting.soha, by=meeting.sam)
    Membership.objects.filter(user=meeting.sam).update(ends_on=timezone.localdate())

    with pytest.raises(papers.CannotMakePapers):
        work(pack.progress, lambda bar: papers.carry_out(pack_id=pack.pk, bar=bar, at=AT))

    pack.refresh_from_db()
    assert not pack.file


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ann", "sam"])
@pytest.mark.parametrize("kind", PackKind.values)
@pytest.mark.parametrize("status", MeetingStatus.values)
def test_papers_are_made_when_they_are_ready_for_that_side(status, kind, who):
    given = {"cancelled_because": "Snow"} if status == MeetingStatus.CANCELLED else {}
    meeting = scene()
    type(meeting.meeting).objects.filter(pk=meeting.meeting.pk).update(**moved(status), **given)
    meeting.meeting.refresh_from_db()
    user = getattr(meeting, who)
    ready = {
        ("ann", "pack"): {"agenda_open", "papers_out", "in_session", "minutes", "approved"},
        ("sam", "pack"): {"papers_out", "in_session", "minutes", "approved"},
        ("ann", "minutes"): {"minutes", "approved"},
        ("sam", "minutes"): {"approved"},
    }[who, kind]

    if status in ready:
        assert request(meeting, meeting.soha, user, kind).progress.owner == user
    else:
        with pytest.raises(papers.CannotMakePapers):
            request(meeting, meeting.soha, user, kind)


def moved(status):
    held = [MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT, MeetingStatus.APPROVED]
    steps = held.index(status) + 1 if status in held else 0
    return {"status": status, **dict.fromkeys(["begun_at", "closed_at", "approved_at"][:steps], AT)}


@pytest.mark.django_db
def test_an_agency_cannot_make_the_papers_of_another():
    meeting = scene(MeetingStatus.PAPERS_OUT)

    with pytest.raises(papers.CannotMakePapers, match="These papers are for Thames Police"):
        request(meeting, meeting.police, meeting.sam)


@pytest.mark.django_db
def test_sending_makes_each_agencys_papers_and_tells_them(eager):
    meeting = scene()
    kept = meeting.build()

    with eager():
        task = send(meeting)

    assert meeting.meeting.status == MeetingStatus.PAPERS_OUT
    assert set(Pack.objects.built().values_list("partner", flat=True)) == {
        meeting.team.pk, meeting.soha.pk, meeting.police.pk,
    }  # fmt: skip
    assert Pack.objects.get(partner=meeting.soha) == kept
    assert (task.status, task.message) == ("DONE", "Agencies told: 2")
    told = Event.objects.filter(verb="meeting.disclosed").values_list("partner", flat=True)
    assert set(told) == {meeting.soha.pk, meeting.police.pk}


@pytest.mark.django_db
def test_the_e_mail_holds_the_reference_and_a_link_alone(eager):
    meeting = scene()
    for partner in (meeting.soha, meeting.police):
        partner.email = f"desk@{partner.name.split()[-1].lower()}.example"
        partner.save()

    with eager():
        send(meeting)

    assert {address for each in mail.outbox for address in each.to} == {
        "desk@soha.example", "desk@police.example",
    }  # fmt: skip
    for each in mail.outbox:
        assert meeting.meeting.reference in each.subject
        assert f"/meetings/{meeting.meeting.reference}/papers/" in each.body
        assert "Drums" not in each.subject + each.body


@pytest.mark.django_db
def test_papers_sent_again_go_to_those_for_whom_something_changed(eager):
    meeting = scene()
    with eager():
        send(meeting)
    share(meeting.theirs, meeting.soha)

    with eager():
        task = send(meeting)

    assert task.message == "Agencies told: 1"
    assert Event.objects.filter(verb="meeting.disclosed", partner=meeting.soha).count() == 2
    assert Event.objects.filter(verb="meeting.papers_sent").count() == 1


@pytest.mark.django_db
def test_asking_twice_to_send_is_one_sending():
    meeting = scene()
    asked = [papers.request_sending(meeting=meeting.meeting, by=meeting.ann, at=AT) for _ in range(2)]

    assert asked[0] == asked[1]


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["planned", "in_session", "minutes", "approved"])
def test_papers_are_sent_while_the_agenda_is_open_or_they_are_out(status):
    meeting = scene()
    type(meeting.meeting).objects.filter(pk=meeting.meeting.pk).update(**moved(status))

    with pytest.raises(papers.CannotMakePapers):
        papers.request_sending(meeting=meeting.meeting, by=meeting.ann, at=AT)


@pytest.mark.django_db
def test_old_and_replaced_files_are_deleted():
    meeting = scene()
    first = meeting.build()
    share(meeting.theirs, meeting.soha)
    second = meeting.build()
    storage = first.file.storage

    papers.delete_old(at=AT + papers.KEPT - dt.timedelta(seconds=1))
    assert list(Pack.objects.all()) == [second]

    assert papers.delete_old(at=AT + papers.KEPT) == 1
    assert not Pack.objects.exists()
    assert storage.exists(second.file.name)  # until the transaction is in


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_get_one_pack():
    meeting = scene()

    done, refused = together(*[lambda: request(meeting, meeting.soha)] * 2)

    assert (len(done), refused) == (2, [])
    assert (Pack.objects.count(), LongTask.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_the_next_does_it_once():
    meeting = scene()
    pack = request(meeting, meeting.soha)
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    given = {"DATABASE_URL": urlunsplit(url), "WORK": str(pack.progress_id), "PACK": str(pack.pk)}
    killed = subprocess.run(
        [sys.executable, "-c", DIES_WHILE_IT_PRINTS],
        env=os.environ | given,
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not Pack.objects.built().exists()
    LongTask.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))

    for _ in range(2):
        with running(pack.progress_id) as bar:
            if bar is not None:
                papers.carry_out(pack_id=pack.pk, bar=bar, at=AT)

    made = Pack.objects.get()
    assert (made.number, LongTask.objects.get().status) == (1, "DONE")
    assert storages["private"].exists(made.file.name)
    assert Event.objects.filter(verb="meeting.papers_printed").count() == 1
