"""A report as a file. That somebody takes one is recorded."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from csp.agencies.access import StaffRequest
from performance.services import report_building as service
from performance.services.report_content import content_of
from performance.services.report_files import MAKERS, TYPES, name_of
from performance.views.reports import find_report

DATA = ("json", "csv", "ods")


@require_POST
def make(request: StaffRequest, pk: int) -> HttpResponse:
    """Have its PDF made, by whoever may read it."""
    report = find_report(request.user, pk)
    current = service.request_pdf(report=report, by=request.user, at=timezone.now())
    work = current.progress
    if work is not None and not work.is_finished and work.owner_id == request.user.pk:
        return redirect(work)
    if work is not None and not work.is_finished:
        messages.info(request, "A colleague has asked for the PDF already. It is being made")
    return redirect(report)


@require_safe
@cache_control(private=True, no_store=True)
def pdf(request: StaffRequest, pk: int) -> HttpResponseBase:
    report = find_report(request.user, pk)
    if (opened := service.opened_file(report)) is None:
        lost = "The PDF of this report was lost. Make it again"
        messages.info(request, lost if report.file else "There is no PDF of this report yet. Make it first")
        return redirect(report)
    service.hand_out(report=report, file_format="pdf", by=request.user)
    return FileResponse(opened, as_attachment=True, filename=name_of(report, "pdf"))


@require_safe
@cache_control(private=True, no_store=True)
def data(request: StaffRequest, pk: int, file_format: str) -> HttpResponse:
    report = find_report(request.user, pk)
    if file_format not in DATA:
        raise Http404
    content = content_of(report, timezone.now())
    service.hand_out(report=report, file_format=file_format, by=request.user)
    response = HttpResponse(MAKERS[file_format](content), content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name_of(report, file_format)}"'
    return response
