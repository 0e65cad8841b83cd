"""What becomes of a power: served, extended, appealed, reviewed, breached, ended, withdrawn."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.forms import power_steps as forms
from cases.services import breaches, interventions, power_steps
from cases.views.case_shell import open_case
from cases.views.power_page import TAB, find_power
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken


@dataclasses.dataclass(frozen=True)
class Step:
    """One thing to do with a power: its form, the service that does it, and what to say on the page."""

    title: str
    form: type[forms.StepForm]
    act: Callable[..., Any]
    done: str


SERVE = Step("Record as served", forms.ServeForm, interventions.serve_power, "Recorded as served")
EXTEND = Step("Extend", forms.ExtendForm, power_steps.extend_power, "Extended")
APPEAL = Step("Record an appeal", forms.AppealForm, power_steps.lodge_appeal, "The appeal is recorded")
RESULT = Step(
    "Record the appeal's result", forms.ResultForm, power_steps.decide_appeal, "The result is recorded"
)
REVIEW = Step("Record a review", forms.ReviewForm, power_steps.review_power, "The review is recorded")
BREACH = Step("Record a breach", forms.BreachForm, breaches.record_breach, "The breach is recorded")
END = Step("End", forms.EndForm, power_steps.end_power, "Ended")
WITHDRAW = Step("Withdraw", forms.WithdrawForm, power_steps.withdraw_power, "Withdrawn")


@require_http_methods(["GET", "POST"])
def take_step(request: StaffRequest, reference: str, pk: int, step: Step) -> HttpResponse:
    """Each step has an address of its own."""
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    shown = find_power(request, shell, pk, "powers.edit")
    form = step.form(request.POST or None, power=shown.power, user=request.user, at=shell.at)
    if form.is_valid():
        try:
            step.act(power=shown.power, **form.values(), by=request.user, at=shell.at)
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            messages.success(request, f"{shown.power}: {step.done[:1].lower()}{step.done[1:]}")
            return redirect("cases:power", reference=reference, pk=pk)
    context = {"shell": shell, "shown": shown, "form": form, "step": step}
    return render(request, "cases/power_step.html", context)
