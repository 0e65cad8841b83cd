"""Reports: which there are, beginning one, and one as its writers or its readers see it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from csp.agencies.access import StaffRequest
from csp.agencies.models import User
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of
from performance.forms.reports import CommentForm, NewReportForm
from performance.models import PerformanceReport
from performance.navigation.reports import due
from performance.services import report_states as service
from performance.services.report_building import being_made, size_of
from performance.services.report_content import content_of, print_of
from performance.services.report_paper import Opens, printable
from performance.services.report_periods import key_of, reportable
from performance.services.report_sections import BY_NAME
from performance.views.doors import MAKE, partnership_for

SHOWN_WITH = (
    "partnership", "signed_off_by", "published_by", "made_by", "restates", "restated_by", "progress",
)  # fmt: skip


@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """Those that the reader may open, the newest period first."""
    here = partnership_for(request)
    found = PerformanceReport.objects.visible_to(request.user).filter(partnership=here)
    makes = request.user.has_perm(MAKE, here)
    listed = found.select_related("restates", "restated_by")
    context: dict[str, Any] = {"page": page_of(listed, request, "-last_on", "-pk"), "makes": makes}
    context["supplies"] = request.user.has_perm("performance.supply_case_study", here)
    if makes:
        period, there = due(here, local_day(timezone.now()))
        context |= {"due": period, "due_key": key_of(period), "due_report": there}
    return render(request, "performance/reports.html", context)


@require_http_methods(["GET", "POST"])
def report_new(request: StaffRequest) -> HttpResponse:
    here, at = partnership_for(request, MAKE), timezone.now()
    chosen = {"period": request.GET.get("period", "")}
    form = NewReportForm(request.POST or None, periods=reportable(here, local_day(at)), initial=chosen)
    if form.is_valid():
        period = Period.named(form.cleaned_data["period"])
        try:
            made = service.begin(partnership=here, period=period, by=request.user, at=at)
        except RuleBroken as problem:
            form.add_error("period", str(problem))
        else:
            messages.success(request, f"{made} is begun, with the sections it usually has")
            return redirect(made)
    return render(request, "performance/report_new.html", {"form": form})


def find_report(user: User, pk: int) -> PerformanceReport:
    return get_object_or_404(
        PerformanceReport.objects.visible_to(user).select_related(*SHOWN_WITH), pk=pk
    )  # fmt: skip


@require_safe
def report(request: StaffRequest, pk: int) -> HttpResponse:
    return page(request, find_report(request.user, pk))


def page(
    request: StaffRequest, found: PerformanceReport, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """The builder for those who write it; for the others the report alone."""
    at, user = timezone.now(), request.user
    writes = user.has_perm("performance.write_report", found)
    sections = list(found.sections.order_by("position", "pk")) if writes else []
    content = content_of(found, at)
    comments = comments_of(found) if writes else []
    context = {
        "report": found,
        "paper": printable(content, opens_records(user, found)),
        "seen": print_of(content),
        "pdf_size": size_of(found),
        "writes": writes,
        "signs": user.has_perm("performance.sign_off_report", found),
        "being_made": being_made(found, at),
        "own_work": found.progress is not None and found.progress.owner_id == user.pk,
        "lines": [(each, BY_NAME[each.name]) for each in sections if each.name in BY_NAME],
        "comments": comments,
        "unsettled": sum(each.resolved_at is None for each, _ in comments),
        "form": form or comment_form(found),
        "later": later_of(found, user),
    }
    return render(request, "performance/report.html", context, status=status)


def comment_form(found: PerformanceReport, data: Any = None) -> CommentForm:
    rows = found.sections.order_by("position", "pk").values_list("name", flat=True)
    form = CommentForm(data, sections=[(name, BY_NAME[name].title) for name in rows if name in BY_NAME])
    form.helper.form_action = reverse("performance:report_comment", args=[found.pk])
    return form


def comments_of(found: PerformanceReport) -> list[tuple[Any, str]]:
    rows = found.comments.select_related("by", "resolved_by").order_by("resolved_at", "at", "pk")
    return [(each, BY_NAME[each.section].title if each.section in BY_NAME else "") for each in rows]


def later_of(found: PerformanceReport, user: User) -> PerformanceReport | None:
    """The report that took this one's place, where the reader may open it."""
    return PerformanceReport.objects.visible_to(user).filter(restates=found).first()


def opens_records(user: User, found: PerformanceReport) -> Opens | None:
    """Where a figure's records are listed, for those who do casework: others read numbers and no lists."""
    if not user.has_perm("performance.open_records", found.partnership):
        return None
    key = key_of(found.period)

    def opens(measure: str, by: str, of: str) -> str:
        query = {"period": key} | ({by: of} if by else {})
        return f"{reverse('performance:records', args=[measure])}?{urlencode(query)}"

    return opens
