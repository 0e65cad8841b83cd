from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.forms.information import InformationForm
from cases.models import Report
from cases.views.existence import or_existence
from cases.views.report_page import ReportPage
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import looked_at

SHOWN_WITH = (
    "partnership",
    "lead",
    "source_partner",
    "officer",
    "logged_by",
    "case",
    "place",
    "ward",
    "local_area",
    "likely_duplicate_of",
)


@require_safe
@or_existence(Report)
def detail(request: StaffRequest, reference: str) -> HttpResponse:
    """A report, as much of it as the reader may see. That they looked is recorded."""
    reports = Report.objects.select_related(*SHOWN_WITH).prefetch_related("told_agencies")
    report = get_permitted(reports, request.user, "reports.view", reference=reference)
    page = ReportPage.build(report, request.user, timezone.now())
    looked_at(request.user, report, level=page.level)
    form = InformationForm() if page.contributes else None
    if form:
        form.helper.form_action = reverse("reports:add_information", args=[report.reference])
    return render(request, "cases/report_detail.html", {"page": page, "report": report, "form": form})
