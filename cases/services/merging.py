"""Two cases that are one. Nothing moves: what hangs on the case that goes keeps its own gate, so a merge
changes nobody's access, and undoing it puts everything back.
"""

import dataclasses
import datetime as dt

from django.db import transaction

from cases.enums import CaseStatus
from cases.models import Case, CaseMerge, CaseNamed
from cases.services.case_links import hold_partnership
from cases.services.cases import lock_case
from cases.services.risk import weigh_case
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.errors import RuleBroken

DUE = ("update_due_on", "risk_due_on")
GONE = ["status", "held_from", "hold_reason", "hold_until", "merged_into", "ended_at"]


class CannotMerge(RuleBroken): ...


def refuse_merge(kept: Case, gone: Case) -> None:
    """Raises `CannotMerge` with what to do instead."""
    if kept.pk == gone.pk:
        raise CannotMerge("A case cannot be merged into itself. Enter the reference of the other case")
    if kept.partnership_id != gone.partnership_id:
        raise CannotMerge(f"{gone} belongs to another partnership")
    if kept.lead_id != gone.lead_id:
        raise CannotMerge(f"{gone} is led by {gone.lead}. Only cases of one team can be merged")
    _refuse_chain(kept, gone)
    for case in (kept, gone):
        _refuse_not_at_work(case)
    _refuse_wider(kept, gone)
    if gone.hand_overs.waiting().exists():
        raise CannotMerge(f"{gone} is offered to another agency. Withdraw that request first")


def _refuse_chain(kept: Case, gone: Case) -> None:
    if kept.merged_into_id == gone.pk:
        raise CannotMerge(f"{kept} is merged into {gone} already, so they would go round in a ring")
    for case in (kept, gone):
        if case.merged_into:
            raise CannotMerge(f"{case} is merged into {case.merged_into}. Use that case")
    if first := gone.merged.order_by("reference").first():
        raise CannotMerge(
            f"{first} is merged into {gone}. Undo that merge first, or merge {kept} into {gone} instead"
        )


def _refuse_wider(kept: Case, gone: Case) -> None:
    """Who writes letters in the one, or closes it, deals with the people of both."""
    if not gone.restricted:
        return
    named = CaseNamed.objects.current()
    others = named.filter(case=kept).exclude(user__in=named.filter(case=gone).values("user"))
    if not kept.restricted or others.exists():
        raise CannotMerge(
            f"{gone} is restricted and {kept} is open to more people. "
            f"Restrict {kept} to the same people first"
        )


def _refuse_not_at_work(case: Case) -> None:
    if not case.is_open:
        raise CannotMerge(f"{case} is {case.get_status_display().lower()}. Only open cases can be merged")
    if case.status == CaseStatus.PENDING:
        raise CannotMerge(f"{case} waits for its closing to be approved. Decide that first")


@transaction.atomic
def merge(*, kept: Case, gone: Case, reason: str, by: User, at: dt.datetime) -> CaseMerge:
    """Make `gone` a part of `kept`. Raises `CannotMerge`."""
    hold_partnership(kept)
    kept, gone = lock_case(kept), lock_case(gone)
    refuse_merge(kept, gone)
    merged = CaseMerge.objects.create(
        kept=kept,
        gone=gone,
        status_before=gone.status,
        held_from_before=gone.held_from,
        hold_reason_before=gone.hold_reason,
        hold_until_before=gone.hold_until,
        reason=reason,
        by=by,
        at=at,
    )
    gone.move_to(CaseStatus.CANCELLED)
    gone.held_from, gone.hold_reason, gone.hold_until = "", "", None
    gone.merged_into, gone.ended_at = kept, at
    gone.save(update_fields=GONE)
    merged.kept_clocks = {"before": _clocks(kept)}
    _take_nearer_clocks(kept, gone)
    merged.kept_clocks["after"] = _clocks(kept)
    merged.save(update_fields=["kept_clocks"])
    weigh_case(kept)
    record("case.merged", by=by, target=gone, reason=reason, into=kept.pk)
    return merged


def _clocks(case: Case) -> dict[str, str | None]:
    """As JSON can hold them."""
    days = {name: getattr(case, name) for name in DUE}
    because = {"risk_due_because": case.risk_due_because}
    return {name: day and day.isoformat() for name, day in days.items()} | because


def _put_back_clocks(kept: Case, clocks: dict[str, dict[str, str | None]]) -> None:
    """A clock that was set anew since the merge stays as it is."""
    if not clocks:
        return
    before, after, now = clocks["before"], clocks["after"], _clocks(kept)
    for name in DUE:
        day = before[name]
        if now[name] == after[name]:
            setattr(kept, name, dt.date.fromisoformat(day) if day else None)
    if now["risk_due_because"] == after["risk_due_because"]:
        kept.risk_due_because = before["risk_due_because"] or ""
    kept.save(update_fields=[*DUE, "risk_due_because"])


def _take_nearer_clocks(kept: Case, gone: Case) -> None:
    """Whoever waits to hear from us, or to be scored, in the case that goes, waits no longer for it."""
    for name in DUE:
        days = [day for day in (getattr(kept, name), getattr(gone, name)) if day is not None]
        setattr(kept, name, min(days, default=None))
    kept.risk_due_because = kept.risk_due_because or gone.risk_due_because
    kept.save(update_fields=[*DUE, "risk_due_because"])


@transaction.atomic
def undo_merge(*, merge: CaseMerge, reason: str, by: User, at: dt.datetime) -> Case:
    """Two cases again. The one that went is as it was, and the other has its own clocks."""
    hold_partnership(merge.kept)
    current = CaseMerge.objects.select_for_update().get(pk=merge.pk)
    if current.undone_at is not None:
        raise CannotMerge("This merge has been undone already")
    gone = lock_case(current.gone)
    gone.move_to(current.status_before)
    gone.held_from, gone.hold_reason = current.held_from_before, current.hold_reason_before
    gone.hold_until = current.hold_until_before
    gone.merged_into, gone.ended_at = None, None
    gone.save(update_fields=GONE)
    current.undone_at, current.undone_by, current.undo_reason = at, by, reason
    current.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    kept = lock_case(current.kept)
    _put_back_clocks(kept, current.kept_clocks)
    for case in (kept, gone):
        weigh_case(case)
    record("case.unmerged", by=by, target=gone, reason=reason, out_of=current.kept_id)
    return gone


@dataclasses.dataclass(frozen=True)
class MergePreview:
    """What a merge would mean, before anybody does it."""

    kept: Case
    gone: Case
    reports: int
    actions: int
    only_kept: list[Partner]
    only_gone: list[Partner]
    """Agencies that see just one of the two, and go on seeing just that one."""


def preview(*, kept: Case, gone: Case, at: dt.datetime) -> MergePreview:
    sees = {case.pk: _agencies(case, at) for case in (kept, gone)}
    return MergePreview(
        kept=kept,
        gone=gone,
        reports=gone.reports.count(),
        actions=gone.actions.outstanding().count(),
        only_kept=sorted(sees[kept.pk] - sees[gone.pk], key=str),
        only_gone=sorted(sees[gone.pk] - sees[kept.pk], key=str),
    )


def _agencies(case: Case, at: dt.datetime) -> set[Partner]:
    return {share.to_partner for share in case.shares.current(at).select_related("to_partner")}
