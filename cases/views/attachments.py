"""Files of a report. They leave the private storage through this door only."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cases.models import Attachment, Report
from cases.views.report_page import SHOWN_IN_THE_PAGE
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import record
from csp.core.models import StoredFile


@require_safe
@cache_control(private=True, no_store=True)
def download(request: StaffRequest, reference: str, pk: int) -> FileResponse:
    """Hand out a file as a download, or show it if it is a picture and `?show` asks. Both are recorded."""
    report = get_permitted(Report.objects.all(), request.user, "reports.view", reference=reference)
    files = Attachment.objects.visible_to(request.user).filter(report=report)
    attachment = get_object_or_404(files, pk=pk)
    response = hand_out(request, attachment)
    if request.method == "GET":
        record("attachment.downloaded", by=request.user, target=report, attachment=attachment.pk)
    return response


def hand_out(request: StaffRequest, stored: StoredFile) -> FileResponse:
    """The file as a download, or as itself if it is a picture and `?show` asks. The caller is the gate."""
    show = "show" in request.GET and stored.content_type in SHOWN_IN_THE_PAGE
    try:
        opened = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened,
        as_attachment=not show,
        filename=stored.name,
        content_type=stored.content_type if show else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
