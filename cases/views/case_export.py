"""The list of cases as a file, for who asked for it and for a week."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.filters import CaseList
from cases.forms.case_list import ExportForm
from cases.models import ExportFile
from cases.services import exports as service
from cases.views.case_list import check_may_list
from csp.agencies.access import StaffRequest
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.pagination import capped_count

MOST_SHOWN = 50


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Look over what is asked for, and choose the kind of file. The address holds the list's filters."""
    check_may_list(request)
    seen = CaseList.read(request.user, request.partnership, request.partner, request.GET)
    form = ExportForm(request.POST or None)
    if form.is_valid():
        export = service.request_export(
            wanted=seen.wanted,
            words=seen.words,
            columns=seen.columns,
            file_format=form.cleaned_data["format"],
            partner=request.partner,
            by=request.user,
            at=timezone.now(),
        )
        return redirect("core:progress", export.progress_id)
    context = {"form": form, "seen": seen, "count": capped_count(seen.cases)}
    return render(request, "cases/case_export.html", context)


@require_safe
def exports(request: StaffRequest) -> HttpResponse:
    """One's own files that are still there."""
    check_may_list(request)
    own = ExportFile.objects.visible_to(request.user).select_related("partner", "progress")
    shown = own.order_by("-asked_at", "-pk")[:MOST_SHOWN]
    return render(request, "cases/case_export_list.html", {"exports": shown})


@require_safe
def download(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Only for who asked for it, while they sit where they did."""
    own = ExportFile.objects.visible_to(request.user).exclude(file="")
    export = get_object_or_404(own, pk=pk)
    record(
        "case.export_downloaded", by=request.user, partnership=export.partnership, export=pk, rows=export.rows
    )
    name = f"cases-{local_day(export.asked_at)}.{export.format}"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name)
