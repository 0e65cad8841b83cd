"""A meeting's papers and minutes as a PDF for each agency: asked for on a page, made by a worker.

A file holds what its agency could see when it was made. Its fingerprint is worked out again whenever somebody
wants it, and where it differs the file is not given out any more.
"""

import datetime as dt
import hashlib
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from csp.agencies.models import Partner, User
from csp.audit.services import disclosed, record
from csp.core import progress
from csp.core.calendar import local_day
from csp.core.models import LongTask
from csp.core.pdf import render_pdf
from tasking import notifications, tasks
from tasking.enums import MeetingStatus, PackKind
from tasking.models import Meeting, MeetingPartner, Pack
from tasking.services import meetings
from tasking.services.pack_content import fingerprint, gather
from tasking.services.pack_lines import Papers
from tasking.services.paper_rules import (
    CannotMakePapers,
    must_be_open_to_reader,
    must_be_ready,
    must_be_theirs,
)
from tasking.services.return_chasing import whom_to_tell

KEPT = dt.timedelta(days=28)
"""Files older than that are deleted. Whoever needs one again has it made again, as things stand then."""
SENDING = "papers"
TEMPLATES: dict[str, str] = {
    PackKind.PACK: "tasking/pack.pdf.html",
    PackKind.MINUTES: "tasking/minutes.pdf.html",
}
PRINTED_WITH = ("meeting__series", "meeting__lead", "meeting__chair", "partner", "asked_by")
PackVersion: Any = Pack.pgh_event_model  # type: ignore[attr-defined]


class Stale(CannotMakePapers):
    """What the agency may see, or what its papers say, has changed since they were made."""


def request_pack(*, meeting: Meeting, partner: Partner, kind: str, by: User, at: dt.datetime) -> Pack:
    """The agency's papers as they are now: a file that still holds, or one that a worker makes.

    Asking twice makes one. Raises `CannotMakePapers`.
    """
    must_be_ready(by, meeting, kind)
    must_be_theirs(by, meeting, partner)
    made = latest(meeting, partner, kind)
    if made is not None and holds(made):
        return made
    with transaction.atomic():
        return _ask(meetings.lock_meeting(meeting), partner, kind, by, at)


def build_minutes(*, meeting: Meeting, partner: Partner, by: User, at: dt.datetime) -> Pack:
    return request_pack(meeting=meeting, partner=partner, kind=PackKind.MINUTES, by=by, at=at)


def latest(meeting: Meeting, partner: Partner, kind: str) -> Pack | None:
    """The newest file of the agency."""
    made = Pack.objects.filter(meeting=meeting, partner=partner, kind=kind).built()
    return made.select_related(*PRINTED_WITH).order_by("-number").first()


def holds(pack: Pack) -> bool:
    """The file still says what the agency may see now. `pack` as `latest` gives it."""
    return fingerprint(gather(pack.meeting, pack.partner, pack.kind)) == pack.fingerprint


def being_made(pack: Pack, at: dt.datetime) -> bool:
    """A worker has it, or will have it soon."""
    work = pack.progress
    return work is not None and not work.is_finished and not work.can_retry(at)


def _ask(meeting: Meeting, partner: Partner, kind: str, by: User, at: dt.datetime) -> Pack:
    pack = _unmade(meeting, partner, kind, by, at)
    if being_made(pack, at):
        return pack
    pack.progress = progress.queue(
        tasks.build_pack, kind="pack", title=title_of(pack), by=by, pack_id=pack.pk
    )
    pack.asked_by, pack.asked_at = by, at
    pack.save(update_fields=["progress", "asked_by", "asked_at"])
    return pack


def _unmade(meeting: Meeting, partner: Partner, kind: str, by: User, at: dt.datetime) -> Pack:
    """The one that waits to be made. Call it while the meeting is held, so that there is one at most."""
    of_agency = Pack.objects.filter(meeting=meeting, partner=partner, kind=kind)
    waiting = of_agency.filter(file="").select_related("progress", *PRINTED_WITH).first()
    if waiting is not None:
        return waiting
    before = PackVersion.objects.filter(meeting=meeting.pk, partner=partner.pk, kind=kind)
    number = (before.aggregate(last=Max("number"))["last"] or 0) + 1
    return Pack.objects.create(
        meeting=meeting, partner=partner, kind=kind, number=number, asked_by=by, asked_at=at
    )


def title_of(pack: Pack) -> str:
    return f"{pack.get_kind_display()} of {pack.meeting} for {pack.partner}"


def carry_out(*, pack_id: int, bar: progress.Bar, at: dt.datetime) -> None:
    """The worker's part for one agency."""
    wanted = Pack.objects.filter(pk=pack_id, progress=bar.work.pk, file="")
    pack = wanted.select_related(*PRINTED_WITH).first()
    if pack is None or pack.asked_by is None:
        bar.finish(message="These papers were made already")
        return
    must_be_ready(pack.asked_by, pack.meeting, pack.kind)
    must_be_theirs(pack.asked_by, pack.meeting, pack.partner)
    make(pack=pack, by=pack.asked_by, bar=bar, at=at, end=True)


def make(*, pack: Pack, by: User, bar: progress.Bar, at: dt.datetime, end: bool = False) -> None:
    """Print it. The file, the record of it and, where asked, the end of the work are in together, or none is.

    Nothing is held meanwhile: what changes while it is printed makes it stale, and no more.
    """
    papers = gather(pack.meeting, pack.partner, pack.kind)
    bar.expect(max(bar.total or 0, 1))
    content = print_papers(pack, papers, at)
    stored = ContentFile(content)
    pack.file.save("pack.pdf", stored, save=False)
    try:
        with transaction.atomic():
            _keep(pack, papers, content, bar, by, at)
            if end:
                bar.finish(
                    message=f"Copy {pack.number} for {pack.partner}",
                    result_url=reverse("meetings:pack", args=[pack.meeting.reference, pack.pk]),
                    result_text=f"Download the {pack.get_kind_display().lower()}",
                )
    except Exception:
        pack.file.delete(save=False)
        raise


def _keep(pack: Pack, papers: Papers, content: bytes, bar: progress.Bar, by: User, at: dt.datetime) -> None:
    wanted = Pack.objects.filter(pk=pack.pk, progress=bar.work.pk, file="")
    kept = wanted.update(
        file=pack.file.name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        fingerprint=fingerprint(papers),
        built_at=at,
    )
    if not kept:
        raise progress.TakenOver(bar.work.pk)
    _record(pack, "printed", by, items=len(papers.items), actions=len(papers.actions))


def _record(pack: Pack, done: str, by: User, **detail: Any) -> None:
    noun = "minutes" if pack.kind == PackKind.MINUTES else "papers"
    copy = {"copy": pack.number, "pack": pack.pk, **detail}
    record(f"meeting.{noun}_{done}", by=by, target=pack.meeting, partner=pack.partner, **copy)


def print_papers(pack: Pack, papers: Papers, at: dt.datetime) -> bytes:
    context = {"papers": papers, "copy": pack.number, "made_at": at, "heading": papers.heading}
    title = f"{title_of(pack)}, copy {pack.number}"
    return render_pdf(TEMPLATES[pack.kind], context, title=title)


def hand_out(*, pack: Pack, by: User) -> Pack:
    """Record that they take the file. Raises `Stale` where it must not be given out any more.

    `pack` with what `PRINTED_WITH` names.
    """
    must_be_ready(by, pack.meeting, pack.kind)
    must_be_theirs(by, pack.meeting, pack.partner)
    papers = gather(pack.meeting, pack.partner, pack.kind)
    must_be_open_to_reader(by, pack, papers)
    noun = "minutes" if pack.kind == PackKind.MINUTES else "papers"
    if fingerprint(papers) != pack.fingerprint:
        raise Stale(f"What {pack.partner} may see has changed since these {noun} were made; make them again")
    _record(pack, "downloaded", by)
    return pack


@transaction.atomic
def request_sending(*, meeting: Meeting, by: User, at: dt.datetime) -> LongTask:
    """Have a worker make the papers of every agency and tell them. Raises `CannotMakePapers`.

    Once papers are out, only agencies whose papers have changed get new ones.
    """
    current = meetings.lock_meeting(meeting)
    must_be_ready(by, current, PackKind.PACK)
    must_be_before(current)
    under_way = LongTask.objects.filter(kind=SENDING, task_arguments__meeting_id=current.pk, finished_at=None)
    for work in under_way.order_by("-created_at"):
        if not work.can_retry(at):
            return work
    return progress.queue(
        tasks.send_papers, kind=SENDING, title=f"Papers of {current}", by=by, meeting_id=current.pk
    )


def must_be_before(meeting: Meeting) -> None:
    if not meeting.is_prepared:
        raise CannotMakePapers(
            f"{meeting} is {meeting.get_status_display().lower()}: papers are sent before it begins"
        )


def send(*, meeting_id: int, bar: progress.Bar, at: dt.datetime) -> None:
    """The worker's part for all agencies. Started again, it goes on with those that have none yet."""
    meeting = Meeting.objects.select_related("series", "lead", "chair").get(pk=meeting_id)
    by = User.objects.get(pk=bar.work.owner_id)
    must_be_ready(by, meeting, PackKind.PACK)
    must_be_before(meeting)
    seats = list(MeetingPartner.objects.sitting().filter(meeting=meeting).select_related("partner"))
    bar.expect(len(seats))
    for seat in seats:
        made = latest(meeting, seat.partner, PackKind.PACK)
        if made is None or not holds(made):
            make(pack=_take(meeting, seat.partner, by, bar, at), by=by, bar=bar, at=at)
        bar.advance(message=seat.partner.name)
    _send_out(meeting, seats, by, bar, at)


@transaction.atomic
def _take(meeting: Meeting, partner: Partner, by: User, bar: progress.Bar, at: dt.datetime) -> Pack:
    """The agency's papers become part of this work, whoever asked for them before."""
    pack = _unmade(meetings.lock_meeting(meeting), partner, PackKind.PACK, by, at)
    pack.progress, pack.asked_by = bar.work, by
    pack.save(update_fields=["progress", "asked_by"])
    return Pack.objects.select_related(*PRINTED_WITH).get(pk=pack.pk)


@transaction.atomic
def _send_out(
    meeting: Meeting, seats: list[MeetingPartner], by: User, bar: progress.Bar, at: dt.datetime
) -> None:
    first = meetings.lock_meeting(meeting).status == MeetingStatus.AGENDA_OPEN
    if first:
        meetings.send_papers(meeting=meeting, by=by, at=at)
    new = set(Pack.objects.filter(meeting=meeting, progress=bar.work.pk).values_list("partner", flat=True))
    told = [
        seat for seat in seats if seat.partner_id != meeting.lead_id and (first or seat.partner_id in new)
    ]
    for seat in told:
        disclosed(by, meeting, to=seat.partner, reason="Papers of the meeting")
        tasks.tell_papers.delay_on_commit(seat_id=seat.pk, work=str(bar.work.pk))
    bar.finish(
        message=f"Agencies told: {len(told)}",
        result_url=reverse("meetings:packs", args=[meeting.reference]),
        result_text="See the papers",
    )


def tell(*, seat_id: int, work: str, at: dt.datetime) -> None:
    """Safe to run twice: mail servers know the message by its id."""
    seat = MeetingPartner.objects.select_related("meeting", "partner", "person").filter(pk=seat_id).first()
    if seat is not None:
        notifications.papers_out(seat, whom_to_tell(seat, local_day(at)), work)


def delete_old(*, at: dt.datetime) -> int:
    """Files that a newer one replaced, and those whose time is over."""
    newer = Pack.objects.built().filter(
        meeting=OuterRef("meeting"), partner=OuterRef("partner"), kind=OuterRef("kind"),
        number__gt=OuterRef("number"),
    )  # fmt: skip
    return delete(Pack.objects.built().filter(Q(built_at__lte=at - KEPT) | Exists(newer)))


def delete(packs: Any) -> int:
    """Rows and files. The audit keeps that they were made and who took them."""
    gone = list(packs)
    for pack in gone:
        name, storage = pack.file.name, pack.file.storage
        pack.delete()
        if name:
            transaction.on_commit(partial(storage.delete, name))
    return len(gone)
