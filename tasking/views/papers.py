"""Papers and minutes as a PDF for each agency: the page of them, making one, taking one, sending all."""

import dataclasses

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken
from tasking.enums import PackKind
from tasking.models import AgendaItem, Meeting, MeetingPartner, Pack
from tasking.services import papers as service
from tasking.services.paper_list import counts_of_items, packs_of
from tasking.services.paper_rules import may_have
from tasking.views.meeting_shell import SHOWN_WITH, MeetingShell, open_meeting

TAB = "meetings:packs"


@dataclasses.dataclass(frozen=True)
class Row:
    """An agency's papers, as the page shows them."""

    partner: Partner
    items: int
    made: Pack | None
    work: Pack | None
    """The one that a worker has now."""
    holds: bool = True


@require_safe
def packs(request: StaffRequest, reference: str) -> HttpResponse:
    """The team sees how far each agency's papers are; an agency sees its own."""
    shell = open_meeting(request, reference, active=TAB)
    context = {
        "shell": shell,
        "meeting": shell.meeting,
        "ready": may_have(request.user, shell.meeting, PackKind.PACK),
        "named": _restricted(shell).exists(),
        "sends": shell.meeting.is_prepared and shell.may("meetings.run"),
        "rows": _rows(shell) if shell.runs else [],
        "own": None if shell.runs or shell.seat is None else _own(shell, shell.seat.partner),
    }
    return render(request, "tasking/packs.html", context)


def _restricted(shell: MeetingShell) -> QuerySet[AgendaItem]:
    """Items of restricted cases on which the reader is named: they are on no paper."""
    seen = AgendaItem.objects.visible_to(shell.user).filter(meeting=shell.meeting)
    return seen.tabled().filter(case__restricted=True)


def _rows(shell: MeetingShell) -> list[Row]:
    seats = shell.meeting.invited.sitting().select_related("partner").order_by("partner__name", "pk")
    made, working = packs_of(shell.meeting, shell.at)
    counts = counts_of_items(shell.meeting)
    return [
        Row(
            seat.partner,
            counts.get(seat.partner.group_id, 0),
            made.get(seat.partner_id),
            working.get(seat.partner_id),
        )
        for seat in seats
    ]


def _own(shell: MeetingShell, partner: Partner) -> Row:
    made, working = packs_of(shell.meeting, shell.at, partner)
    pack = made.get(partner.pk)
    holds = pack is not None and service.holds(pack)
    return Row(partner, 0, pack, working.get(partner.pk), holds)


@require_POST
def build(request: StaffRequest, reference: str, partner: int) -> HttpResponse:
    """Make an agency's papers, or give the ones that still hold."""
    meeting = _meeting(request, reference)
    seats = MeetingPartner.objects.visible_to(request.user).sitting().filter(meeting=meeting)
    seat = get_object_or_404(seats.select_related("partner"), partner=partner)
    return _make(request, meeting, seat.partner, PackKind.PACK)


@require_POST
def minutes_pdf(request: StaffRequest, reference: str) -> HttpResponse:
    """Make the minutes for the reader's own agency, or for the team that wrote them."""
    meeting = _meeting(request, reference)
    own = request.user.partner_ids
    seats = MeetingPartner.objects.sitting().filter(meeting=meeting, partner__in=own)
    seat = get_object_or_404(seats.select_related("partner").order_by("pk")[:1])
    return _make(request, meeting, seat.partner, PackKind.MINUTES)


def page_of(meeting: Meeting, kind: str) -> str:
    """Where papers of this kind are asked for."""
    page = "meetings:minutes" if kind == PackKind.MINUTES else TAB
    return reverse(page, args=[meeting.reference])


def _meeting(request: StaffRequest, reference: str, perm: str = "meetings.view") -> Meeting:
    return get_permitted(Meeting.objects.select_related(*SHOWN_WITH), request.user, perm, reference=reference)


def _make(request: StaffRequest, meeting: Meeting, partner: Partner, kind: str) -> HttpResponse:
    try:
        pack = service.request_pack(
            meeting=meeting, partner=partner, kind=kind, by=request.user, at=timezone.now()
        )
    except RuleBroken as problem:
        messages.warning(request, str(problem))
        return redirect(page_of(meeting, kind))
    if pack.file:
        return redirect("meetings:pack", meeting.reference, pack.pk)
    if pack.progress and pack.progress.owner_id == request.user.pk:
        return redirect(pack.progress)
    messages.info(request, "A colleague has asked for these papers already. They are being made")
    return redirect(page_of(meeting, kind))


@require_safe
@cache_control(private=True, no_store=True)
def pack(request: StaffRequest, reference: str, pk: int) -> HttpResponseBase:
    """The file, unless what its agency may see has changed since it was made."""
    meeting = _meeting(request, reference)
    theirs = Q(partner__in=request.user.partner_ids) | Q(meeting__lead__in=request.user.partner_ids)
    made = Pack.objects.built().filter(theirs, meeting=meeting)
    wanted = get_object_or_404(made.select_related(*service.PRINTED_WITH), pk=pk)
    try:
        service.hand_out(pack=wanted, by=request.user)
    except service.Stale as problem:
        context = {
            "pack": wanted,
            "meeting": meeting,
            "problem": problem,
            "back": page_of(meeting, wanted.kind),
            "minutes": wanted.kind == PackKind.MINUTES,
        }
        return render(request, "tasking/pack_stale.html", context, status=409)
    except RuleBroken as problem:
        messages.warning(request, str(problem))
        return redirect(page_of(meeting, wanted.kind))
    name = f"{meeting.reference}-{wanted.get_kind_display().lower()}-copy-{wanted.number}.pdf"
    return FileResponse(wanted.file.open("rb"), as_attachment=True, filename=name)


@require_POST
def send_papers(request: StaffRequest, reference: str) -> HttpResponse:
    """Make every agency's papers and tell them."""
    meeting = _meeting(request, reference, "meetings.run")
    try:
        work = service.request_sending(meeting=meeting, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.warning(request, str(problem))
        return redirect(TAB, meeting.reference)
    if work.owner_id != request.user.pk:
        messages.info(request, "A colleague is sending these papers already")
        return redirect(TAB, meeting.reference)
    return redirect(work)
