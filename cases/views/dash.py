from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.risk import DashForm
from cases.services.dash import record_dash
from cases.views.case_shell import open_case
from cases.views.risk import person_at_risk
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def add_dash(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """The result of a DASH list that was filled in elsewhere."""
    shell = open_case(request, reference, "cases.edit", active="cases:people")
    person = person_at_risk(shell, pk)
    form = DashForm(request.POST or None)
    if form.is_valid():
        try:
            made = record_dash(
                case=shell.case, person=person, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"DASH result saved: {made.ticks} of {made.questions}")
            return redirect("cases:risk", reference=shell.case.reference)
    context = {"shell": shell, "case": shell.case, "person": person, "form": form}
    return render(request, "cases/risk_dash.html", context)
