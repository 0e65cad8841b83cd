"""Files of the police, sent through a page and loaded by a worker."""

import datetime as dt
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from csp.agencies.access import StaffRequest
from csp.audit.services import exported
from csp.core.errors import RuleBroken
from csp.core.views import reading as progress_reading
from performance.forms.police import PoliceUploadForm
from performance.models import PoliceUpload
from performance.services import police_uploads as service
from performance.views.doors import MAKE, partnership_for


@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    here = partnership_for(request, MAKE)
    form = PoliceUploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = service.receive(
                partnership=here, files=form.cleaned_data["sent"], by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            if len(made) == 1:
                return redirect(made[0])
            messages.success(request, f"{len(made)} files are being loaded")
            return redirect("performance:police")
    return render(request, "performance/police_upload.html", {"form": form})


@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    found = upload_of(request, pk)
    month = found.counts.get("month")
    context = {
        "upload": found,
        "progress": progress_of(request, found),
        "month": dt.date.fromisoformat(f"{month}-01") if month else None,
    }
    return render(request, "performance/police_upload_detail.html", context)


def upload_of(request: StaffRequest, pk: int) -> PoliceUpload:
    visible = PoliceUpload.objects.visible_to(request.user).select_related("partnership", "by", "progress")
    found: PoliceUpload = get_object_or_404(visible, pk=pk)
    return found


def progress_of(request: StaffRequest, found: PoliceUpload) -> dict[str, Any] | None:
    """How far the work is. Only who began it may begin it again."""
    if found.progress is None or found.finished_at is not None:
        return None
    progress = progress_reading(found.progress)
    return progress | {"can_retry": progress["can_retry"] and found.progress.owner_id == request.user.pk}


@require_safe
def rejected(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The rows that did not come in, as a file that can be corrected."""
    found = upload_of(request, pk)
    if not found.rejected_file:
        raise Http404
    rows = found.counts.get("rejected", 0)
    exported(request.user, "police_upload", rows=rows, partnership=found.partnership, upload=found.pk)
    name = f"{PurePath(found.name).name.split('.')[0]}-rejected.csv"
    return FileResponse(
        found.rejected_file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
    )
