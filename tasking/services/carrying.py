"""What an agenda begins with: items that earlier meetings of the series left to it, and standing items."""

import datetime as dt
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cases.models import Case, CaseShare
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Partner, User
from csp.agencies.services import sharing
from csp.audit.services import record
from csp.core.calendar import local_day
from tasking.enums import BEFORE, WRITTEN_UP, ItemKind, ItemStatus, MeetingStatus
from tasking.models import AgendaItem, ItemShare, Meeting
from tasking.services.agenda import must_be_open, on_agenda, place
from tasking.services.meetings import lock_meeting, tell_screens
from tasking.services.tabling import add_item, is_open_to, sees_at_meeting, shares_end_at

CARRIED = (
    "person", "place", "referred_by", "gist", "wanted", "tried", "minutes", "group", "issue", "area",
    "closed",
)  # fmt: skip


@transaction.atomic
def bring_in(*, meeting: Meeting, by: User | None, at: dt.datetime) -> None:
    """What every agenda of the series begins with. Safe to call again: nothing comes twice."""
    carry_over(meeting=meeting, by=by, at=at)
    there = set(meeting.items.filter(kind=ItemKind.STANDING).values_list("title", flat=True))
    for standing in meeting.series.standing_items.order_by("position", "pk"):
        if standing.title not in there:
            add_item(
                meeting=meeting, kind=ItemKind.STANDING, title=standing.title, minutes=standing.minutes,
                by=by, at=at,
            )  # fmt: skip


def due_to_come(meeting: Meeting, at: dt.datetime) -> list[AgendaItem]:
    """Items that earlier meetings of the series left to this one and that no agenda took up yet.

    They go to the first meeting that comes: what stays to the next, what returns to the first on or after
    its date. What a cancelled meeting was to discuss goes to the next. Of a case that several agendas held,
    the last counts.
    """
    stays = Q(meeting__status__in=WRITTEN_UP, status=ItemStatus.STAYS)
    returns = Q(meeting__status__in=WRITTEN_UP, status=ItemStatus.RETURNS, returns_on__lte=meeting.day)
    cancelled = Q(meeting__status=MeetingStatus.CANCELLED, status=ItemStatus.TABLED)
    earlier = AgendaItem.objects.filter(
        meeting__series=meeting.series_id, meeting__starts_at__lt=meeting.starts_at
    )
    later = earlier.tabled().filter(
        case=OuterRef("case"), meeting__starts_at__gt=OuterRef("meeting__starts_at")
    )
    taken = meeting.items.tabled().filter(case=OuterRef("case")).exclude(previous=None)
    waiting = earlier.filter(stays | returns | cancelled, ~Exists(later), ~Exists(taken), next=None)
    waiting = waiting.exclude(kind=ItemKind.STANDING).select_related("meeting", "case__merged_into")
    before = _meetings_before(meeting, at)
    found = waiting.order_by("meeting__starts_at", "position", "pk")
    return [item for item in found if not any(_takes(each, item) for each in before)]


def _meetings_before(meeting: Meeting, at: dt.datetime) -> list[Meeting]:
    """Meetings of the series that will be held before it. One whose day passed unheld keeps nothing back."""
    others = Meeting.objects.filter(series=meeting.series_id, status__in=BEFORE)
    others = others.filter(starts_at__lt=meeting.starts_at)
    return [each for each in others if each.day >= local_day(at)]


def _takes(meeting: Meeting, item: AgendaItem) -> bool:
    in_time = item.returns_on is None or item.returns_on <= meeting.day
    return meeting.starts_at > item.meeting.starts_at and in_time


@transaction.atomic
def carry_over(*, meeting: Meeting, by: User | None, at: dt.datetime) -> list[AgendaItem]:
    """Bring in what is due, each once, before everything else. Raises `CannotChangeAgenda`."""
    current = lock_meeting(meeting)
    must_be_open(current)
    found = [_bring(item, current, by, at) for item in due_to_come(current, at)]
    brought = [item for item in found if item is not None]
    if brought:
        place(carried_first(on_agenda(current), {item.pk for item in brought}))
        tell_screens(current)
    return brought


def carried_first(items: Sequence[AgendaItem], brought: set[int]) -> list[AgendaItem]:
    """What was brought in leads, after what was carried over before and leads already."""
    found: list[AgendaItem] = []
    for part in (False, True):
        here = [item for item in items if item.is_closed_part is part]
        new = [item for item in here if item.pk in brought]
        rest = [item for item in here if item.pk not in brought]
        leading = list(takewhile(lambda item: item.previous_id is not None, rest))
        found += [*leading, *new, *rest[len(leading) :]]
    return found


def _bring(item: AgendaItem, meeting: Meeting, by: User | None, at: dt.datetime) -> AgendaItem | None:
    """None where its case, as part of another, came over already."""
    case = item.case and (item.case.merged_into or item.case)
    made = meeting.items.tabled().filter(case=case).first() if case else None
    if made is not None and made.previous_id is not None:
        return None
    if made is not None:  # somebody referred it anew: the one goes on from the other
        made.previous = item
        made.save(update_fields=["previous"])
    else:
        copied = {name: getattr(item, name) for name in CARRIED}
        made = add_item(
            meeting=meeting,
            kind=item.kind,
            title=item.title,
            by=by,
            at=at,
            case=case,
            previous=item,
            **copied,
        )
    if case is not None and case.lead_id != made.lead_id:
        _case_goes_on(case, made.lead, item.meeting, meeting, None, by, at)
    seats = set(meeting.invited.sitting().values_list("partner", flat=True))
    for shared in last_shares(item):
        if shared.to_partner_id in seats and not _has_left(shared.to_partner, at):
            _open_again(shared, made, by, at)
    record("agenda_item.carried_over", by=by, target=made, earlier=item.reference)
    return made


def last_shares(item: AgendaItem) -> list[ItemShare]:
    """Each agency's last share of it, where that still runs or ran out: not those that somebody ended."""
    rows = item.shares.select_related("to_partner", "agreement").order_by("to_partner", "-starts_at", "-pk")
    return [shared for shared in rows.distinct("to_partner") if shared.ended_at is None or _ran_out(shared)]


def _ran_out(shared: ItemShare | CaseShare) -> bool:
    return shared.ended_at is not None and shared.ends_at is not None and shared.ended_at >= shared.ends_at


def _has_left(partner: Partner, at: dt.datetime) -> bool:
    return partner.left_on is not None and partner.left_on <= local_day(at)


def _open_again(shared: ItemShare, made: AgendaItem, by: User | None, at: dt.datetime) -> None:
    """The same terms, until the new meeting's shares end. An agency that lost the case gets nothing."""
    partner, meeting = shared.to_partner, made.meeting
    if partner.pk == made.lead_id or is_open_to(made, partner, at):
        return
    case_share = None
    if made.case is not None:
        goes_on, case_share = _case_goes_on(
            made.case, partner, shared.record.meeting, meeting, shared.case_share_id, by, at
        )
        if not goes_on:
            return
    new: Any = sharing.share(
        record=made, to_partner=partner, level=ShareLevel.CONTRIBUTE, by=by, at=at,
        **_same_terms(shared, meeting),
    )  # fmt: skip
    new.case_share = case_share
    new.save(update_fields=["case_share"])


def _case_goes_on(
    case: Case, partner: Partner, earlier: Meeting, meeting: Meeting, made_with: int | None, by: User | None,
    at: dt.datetime,
) -> tuple[bool, CaseShare | None]:  # fmt: skip
    """Whether the agency sees the case at the new meeting, and the share that was made for that.

    Only what was shared for the earlier meeting is renewed. What somebody ended stays ended, and what the
    agency holds for another reason keeps its own time.
    """
    last = case.shares.filter(to_partner=partner).order_by("-starts_at", "-pk").first()
    until = shares_end_at(meeting)
    for_meeting = last is not None and (last.pk == made_with or last.ends_at == shares_end_at(earlier))
    if last is None or not for_meeting or case.lead_id == partner.pk:
        return sees_at_meeting(case, partner, meeting, at), None
    if last.ended_at is not None and not _ran_out(last):
        return sees_at_meeting(case, partner, meeting, at), None
    if last.ended_at is None and (last.ends_at is None or last.ends_at >= until):
        return True, last
    if last.ended_at is None:
        sharing.end_share(share=last, reason=f"Goes on for {meeting}", by=by, at=at)
    renewed: Any = sharing.share(
        record=case, to_partner=partner, level=ShareLevel(last.level), by=by, at=at,
        **_same_terms(last, meeting),
    )  # fmt: skip
    return True, renewed


def _same_terms(shared: ItemShare | CaseShare, meeting: Meeting) -> dict[str, Any]:
    kept = {name: getattr(shared, name) for name in (*sharing.KEPT_TERMS, "purpose", "necessity")}
    return kept | {"ends_at": shares_end_at(meeting)}
