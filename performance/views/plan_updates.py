"""How an action went in a quarter: written by those who lead it, one after the other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.audit.services import record
from csp.core.calendar import Period
from csp.core.errors import RuleBroken
from csp.core.keeping import hand_out
from csp.core.text import count
from performance.forms.plan_updates import UpdateForm
from performance.models import PlanAction, PlanUpdate, PlanUpdateFile
from performance.models.plan_quarters import NoSuchQuarter, key_of, quarter_of, read_quarter
from performance.services import plan_updates as service
from performance.services.plans import prints_of
from performance.views.doors import must_explore_some
from performance.views.plan_actions import measures_of
from performance.views.plan_lines import short
from performance.views.plan_shell import changes_of, read_action


@require_http_methods(["GET", "POST"])
def plan_update(request: StaffRequest, pk: int, quarter: str) -> HttpResponse:
    action, at = read_action(request, pk), timezone.now()
    if not request.user.has_perm("performance.update_action", action):
        raise PermissionDenied
    period = quarter_or_404(action, quarter)
    counted, there = service.counted_measure(action), update_of(action, period)
    details = service.details_of(there)
    form = UpdateForm(request.POST or None, request.FILES or None, counted=counted, details=details)
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        files = form.cleaned_data["evidence"]
        try:
            service.write_update(
                action=action, quarter=period, details=typed, files=files, seen=seen, by=request.user, at=at
            )
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, prints_of(typed), seen)
            form = UpdateForm(counted=counted, details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            return on_to_the_next(request, action, period)
    return shown(request, action, period, form, changes, there)


def shown(
    request: StaffRequest,
    action: PlanAction,
    period: Period,
    form: UpdateForm,
    changes: list[dict[str, str]],
    there: PlanUpdate | None,
) -> HttpResponse:
    earlier = action.updates.filter(quarter__lt=period.first).select_related("partner")
    before = earlier.order_by("-quarter").first()
    files = PlanUpdateFile.objects.visible_to(request.user).filter(update_of=there) if there else []
    sent = [each.name for each in request.FILES.getlist("evidence")]
    context = {
        "action": action,
        "quarter": period,
        "form": form,
        "changes": changes,
        "there": there,
        "files": files,
        "before": before,
        "counted": service.counted_measure(action),
        "again": [] if "evidence" in form.errors else sent,
        "before_tag": short(before.rating) if before else "",
        "before_quarter": quarter_of(action.plan.partnership, before.quarter) if before else None,
        "measures": measures_of(action, period, request.user),
    }
    return render(request, "performance/plan_update.html", context)


def quarter_or_404(action: PlanAction, key: str) -> Period:
    try:
        return read_quarter(action.plan, key, timezone.localdate())
    except NoSuchQuarter as problem:
        raise Http404 from problem


def update_of(action: PlanAction, quarter: Period) -> PlanUpdate | None:
    return action.updates.filter(quarter=quarter.first).select_related("by", "partner").first()


def on_to_the_next(request: StaffRequest, action: PlanAction, quarter: Period) -> HttpResponse:
    """Whoever leads several actions tells of one after the other."""
    own = PlanAction.objects.led_by(request.user.partner_ids, request.user)
    waiting = list(own.missing_in(quarter).filter(plan=action.plan).order_by("position", "pk"))
    if not waiting:
        messages.success(request, f"The update of {str(action).lower()} for {quarter} is saved. Thank you")
        return redirect(f"{action.plan.get_absolute_url()}?quarter={key_of(quarter)}")
    left = f"{count(len(waiting), 'action')} of yours still wait{'s' if len(waiting) == 1 else ''}"
    messages.success(request, f"The update of {str(action).lower()} for {quarter} is saved. {left}")
    after = next((each for each in waiting if each.position > action.position), waiting[0])
    return redirect(reverse("performance:plan_update", args=[after.pk, key_of(quarter)]))


@require_safe
@cache_control(private=True, no_store=True)
def plan_update_file(request: StaffRequest, pk: int) -> FileResponse:
    must_explore_some(request)
    files = PlanUpdateFile.objects.visible_to(request.user)
    stored = get_object_or_404(files.select_related("update_of__action__plan__partnership"), pk=pk)
    response = hand_out(request, stored)
    if request.method == "GET":
        there = stored.update_of.action.plan.partnership
        record(
            "plan_update.evidence_downloaded", by=request.user, target=stored.update_of, partnership=there,
            file=stored.pk,
        )  # fmt: skip
    return response
