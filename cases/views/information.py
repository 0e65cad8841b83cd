from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.information import InformationForm
from cases.models import Report
from cases.services.information import add_information, mark_seen
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    """Words and files added to a report later, by its team or by an agency that may add to it."""
    report = get_permitted(Report.objects.all(), request.user, "reports.contribute", reference=reference)
    form = InformationForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            add_information(
                report=report,
                text=form.cleaned_data["text"],
                files=form.cleaned_data["attachments"],
                by=request.user,
                at=timezone.now(),
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Added to report {report}")
            return redirect("reports:detail", reference=report.reference)
    return render(request, "cases/report_information.html", {"report": report, "form": form})


@require_POST
def mark_read(request: StaffRequest, reference: str) -> HttpResponse:
    """The team has read what was added, and it stops asking for attention."""
    report = get_permitted(Report.objects.all(), request.user, "reports.edit", reference=reference)
    mark_seen(report=report, by=request.user, at=timezone.now())
    messages.success(request, f"What was added to {report} is marked as read")
    return redirect("reports:detail", reference=report.reference)
