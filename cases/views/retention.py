"""What is kept too long, and what two people decide about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.enums import DisposalStatus, RecordType
from cases.forms.records import AGREE, DESTROY, DueForm, HoldForm, LiftForm, SecondForm
from cases.models import Case, Disposal, LegalHold, Report, Tombstone
from cases.rules.records import teams_kept
from cases.services import retention
from csp.agencies.access import StaffRequest
from csp.agencies.models import User
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of
from csp.core.text import count

CASES, REPORTS, PROPOSED, HOLDS, DESTROYED = "cases", "reports", "proposed", "holds", "destroyed"
TABS = (
    (CASES, "Cases to decide"),
    (REPORTS, "Reports to decide"),
    (PROPOSED, "Waiting for a second person"),
    (HOLDS, "Legal holds"),
    (DESTROYED, "Destroyed"),
)
KINDS = {CASES: RecordType.CASE, REPORTS: RecordType.REPORT}
ORDER = {CASES: ("ended_at", "pk"), REPORTS: ("received_at", "pk")}


def check_keeper(request: StaffRequest) -> None:
    if request.partner is None or not request.user.has_perm("records.keep"):
        raise PermissionDenied


def tabs(active: str) -> list[dict[str, Any]]:
    home = reverse("records:retention")
    return [{"label": label, "url": f"{home}?tab={tab}", "active": tab == active} for tab, label in TABS]


@require_http_methods(["GET", "POST"])
def retention_queue(request: StaffRequest) -> HttpResponse:
    """What waits for a decision, or for the second person's; what is held; what was destroyed."""
    check_keeper(request)
    tab = request.GET.get("tab", CASES)
    if tab in KINDS:
        return _due(request, tab)
    if tab == PROPOSED:
        return _proposed(request)
    context = _holds(request) if tab == HOLDS else _destroyed(request)
    return render(request, f"cases/retention_{tab if tab == HOLDS else DESTROYED}.html", context)


def _due(request: StaffRequest, tab: str) -> HttpResponse:
    on = timezone.localdate()
    kind = KINDS[tab]
    found = retention.due(kind, request.user, request.partnership, on)
    page = page_of(found.prefetch_related("categories"), request, *ORDER[tab])
    form = DueForm(request.POST or None, rows=[each.reference for each in page.rows])
    if form.is_valid():
        chosen = [each for each in page.rows if each.reference in form.picked]
        problems = _decide_each(chosen, form.cleaned_data, request.user)
        _say(request, len(chosen) - len(problems), problems)
        return redirect(f"{reverse('records:retention')}?tab={tab}")
    months = retention.months_kept(request.partnership, kind, on)
    context = {
        "tabs": tabs(tab), "tab": tab, "page": page, "form": form, "months": months,
        "open_ids": _open_ids(page.rows, request.user),
    }  # fmt: skip
    return render(request, "cases/retention_due.html", context)


def _decide_each(chosen: list[Any], typed: dict[str, Any], by: User) -> list[str]:
    """Each in a transaction of its own, so that one that cannot be decided leaves the others decided."""
    problems, at = [], timezone.now()
    for kept in chosen:
        try:
            if typed["what"] == DESTROY:
                retention.propose(kept=kept, reason=typed["reason"], by=by, at=at)
            else:
                retention.extend(kept=kept, until=typed["until"], reason=typed["reason"], by=by, at=at)
        except RuleBroken as problem:
            problems.append(str(problem))
    return problems


def _proposed(request: StaffRequest) -> HttpResponse:
    waiting = _disposals(request).filter(status=DisposalStatus.PROPOSED)
    page = page_of(waiting.select_related("by", "case", "report"), request, "at", "pk")
    form = SecondForm(request.POST or None, rows=[str(each.pk) for each in page.rows])
    if form.is_valid():
        chosen = [each for each in page.rows if str(each.pk) in form.picked]
        problems = _second_each(chosen, form.cleaned_data, request.user)
        _say(request, len(chosen) - len(problems), problems)
        return redirect(f"{reverse('records:retention')}?tab={PROPOSED}")
    context = {"tabs": tabs(PROPOSED), "page": page, "form": form}
    return render(request, "cases/retention_proposed.html", context)


def _second_each(chosen: list[Disposal], typed: dict[str, Any], by: User) -> list[str]:
    problems, at = [], timezone.now()
    for disposal in chosen:
        try:
            if typed["what"] == AGREE:
                retention.agree(disposal=disposal, by=by, at=at)
            else:
                retention.refuse(disposal=disposal, reason=typed["reason"], by=by, at=at)
        except RuleBroken as problem:
            problems.append(str(problem))
    return problems


def _say(request: StaffRequest, done: int, problems: list[str]) -> None:
    if done:
        messages.success(request, f"Recorded for {count(done, 'record')}")
    for problem in problems:
        messages.error(request, problem)


def _disposals(request: StaffRequest) -> QuerySet[Disposal]:
    """Of records that the user's teams lead, or led before they were destroyed."""
    teams = teams_kept(request.user, request.partnership)
    found = Disposal.objects.filter(partnership=request.partnership)
    return found.filter(Q(case__lead__in=teams) | Q(report__lead__in=teams))


def _holds(request: StaffRequest) -> dict[str, Any]:
    holds = _standing_holds(request).select_related("case", "report", "by")
    return {"tabs": tabs(HOLDS), "page": page_of(holds, request, "-at", "-pk")}


def _standing_holds(request: StaffRequest) -> QuerySet[LegalHold]:
    teams = teams_kept(request.user, request.partnership)
    found = LegalHold.objects.filter(ended_at=None)
    return found.filter(Q(case__lead__in=teams) | Q(report__lead__in=teams))


def _destroyed(request: StaffRequest) -> dict[str, Any]:
    """The destruction log of the partnership."""
    stones = Tombstone.objects.filter(partnership=request.partnership)
    stones = stones.select_related("disposal__by", "disposal__second")
    return {"tabs": tabs(DESTROYED), "page": page_of(stones, request, "-destroyed_at", "-pk")}


def _open_ids(rows: list[Any], user: User) -> set[int]:
    """Of those whose own page the reader may open."""
    if not rows:
        return set()
    model: Any = type(rows[0])
    visible = model.objects.visible_to(user).filter(pk__in=[each.pk for each in rows])
    return set(visible.values_list("pk", flat=True))


@require_http_methods(["GET", "POST"])
def hold(request: StaffRequest) -> HttpResponse:
    """Keep a record from being destroyed, whatever the schedule says."""
    check_keeper(request)
    form = HoldForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})
    if form.is_valid():
        kept = _record_led(request, form.cleaned_data["reference"])
        try:
            if kept is None:
                form.add_error("reference", "We do not know a case or report of your team by this reference")
            else:
                retention.place_hold(
                    kept=kept, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
                )
                messages.success(request, f"{kept} is under a legal hold")
                return redirect(f"{reverse('records:retention')}?tab={HOLDS}")
        except RuleBroken as problem:
            form.add_error(None, str(problem))
    return render(request, "cases/retention_hold.html", {"form": form})


def _record_led(request: StaffRequest, reference: str) -> Case | Report | None:
    teams = teams_kept(request.user, request.partnership)
    for model in (Case, Report):
        found = model._default_manager.filter(reference=reference.strip().upper(), lead__in=teams).first()
        if found is not None:
            return found
    return None


@require_http_methods(["GET", "POST"])
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    check_keeper(request)
    held = get_object_or_404(_standing_holds(request).select_related("case", "report"), pk=pk)
    form = LiftForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            retention.lift_hold(hold=held, reason=reason, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The hold on {held.case or held.report} is lifted")
            return redirect(f"{reverse('records:retention')}?tab={HOLDS}")
    return render(request, "cases/retention_lift.html", {"form": form, "held": held})
