"""Files of a report. They leave the private storage through this door only."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cases.models import Attachment, Report
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import record
from csp.core.keeping import hand_out


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
