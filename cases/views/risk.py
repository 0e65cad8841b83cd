"""The risk of the people in a case: read, scored, and referred where it is high."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import Risk
from cases.forms.risk import AnswersForm, JudgeForm
from cases.models import Person, RiskAssessment, RiskTemplate
from cases.services import risk_scoring
from cases.services.cases import children
from cases.services.risk import latest_assessments, people_at_risk
from cases.services.risk_rows import risk_rows
from cases.services.risk_scoring import ScoredMeanwhile
from cases.services.risk_templates import template_on
from cases.views.case_shell import CaseShell, open_case
from csp.agencies.access import StaffRequest
from csp.agencies.enums import TermKey
from csp.agencies.models.terms import term
from csp.core.errors import RuleBroken

ACTIVE = "cases:people"


@require_safe
def risk_page(request: StaffRequest, reference: str) -> HttpResponse:
    """Everybody affected, how much at risk they are, and how that went."""
    shell = open_case(request, reference, "cases.read", active=ACTIVE)
    rows = risk_rows(shell.case, request.user, shell.at)
    assesses = shell.case.is_open and request.user.has_perm("cases.edit", shell.case)
    context = {"shell": shell, "case": shell.case, "rows": rows, "assesses": assesses}
    return render(request, "cases/risk_page.html", context)


def person_at_risk(shell: CaseShell, pk: int) -> Person:
    return get_object_or_404(people_at_risk(shell.case, shell.user), pk=pk)


def template_used(request: StaffRequest, shell: CaseShell) -> RiskTemplate | None:
    """The version the page was opened with, else the one in force."""
    sent = request.POST.get("template", "")
    versions = RiskTemplate.objects.filter(partnership=shell.case.partnership)
    if sent.isdecimal() and (version := versions.filter(pk=sent).first()):
        return version
    return template_on(shell.case.partnership, timezone.localdate(shell.at))


@require_http_methods(["GET", "POST"])
def assess(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """First the questions, then the score and what the assessor makes of it. Nothing is saved in between."""
    shell = open_case(request, reference, "cases.edit", active=ACTIVE)
    person = person_at_risk(shell, pk)
    template = template_used(request, shell)
    if template is None or not shell.case.is_open:
        messages.error(request, cannot_start(shell, template))
        return redirect("cases:risk", reference=shell.case.reference)
    latest = latest_assessments(shell.case).get(person.pk)
    start = {"kind": risk_scoring.kind_due(shell.case, latest), "seen": latest.pk if latest else None}
    again = request.POST.get("step") == "again"
    form = AnswersForm(None if again else request.POST or None, template=template, initial=start)
    if again:
        form.initial = {name: request.POST.get(name, "") for name in form.fields}
    page = {"shell": shell, "case": shell.case, "person": person, "latest": latest, "template": template}
    if form.is_valid():
        return judge(request, form, page)
    return render(request, "cases/risk_assess.html", page | {"form": form, "kept": kept(request)})


def cannot_start(shell: CaseShell, template: RiskTemplate | None) -> str:
    if template is None:
        return "No questions are in use. Ask an administrator to start a version of them"
    return f"{shell.case} is {shell.case.get_status_display().lower()}. Reopen it to score risk"


def kept(request: StaffRequest) -> list[tuple[str, str]]:
    """What was typed on the second page, for those who go back to the first."""
    names = ("risk", "override_reason", "note")
    return [(name, request.POST[name]) for name in names if request.POST.get(name)]


def judge(request: StaffRequest, form: AnswersForm, page: dict[str, Any]) -> HttpResponse:
    answers, template = form.answers(), page["template"]
    score = risk_scoring.score_of(answers)
    sent = request.POST.get("step") == "save"
    judged = JudgeForm(
        request.POST if sent else None, scored=template.band(score), initial=dict(kept(request))
    )
    hidden = form.hidden()
    if judged.is_valid():
        try:
            made = risk_scoring.score_person(
                case=page["case"],
                person=page["person"],
                template=template,
                kind=form.cleaned_data["kind"],
                answers=answers,
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
                **judged.cleaned_data,
            )
        except RuleBroken as problem:
            judged.add_error(None, str(problem))
            if isinstance(problem, ScoredMeanwhile):
                hidden = [(name, problem.latest.pk if name == "seen" else value) for name, value in hidden]
        else:
            messages.success(request, f"Risk scored: {made.get_risk_display().lower()}")
            return redirect("cases:assessment", reference=page["case"].reference, pk=made.pk)
    context = page | {"form": judged, "score": score, "band": template.band(score), "hidden": hidden}
    return render(request, "cases/risk_judge.html", context)


@require_safe
def assessment(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """One score with every answer, as it was given then."""
    shell = open_case(request, reference, "cases.read", active=ACTIVE)
    case = shell.case
    rows = children(RiskAssessment, case, request.user).select_related("person", "template", "by")
    found = get_object_or_404(rows, pk=pk)
    answers = found.answers.select_related("question", "option").order_by("question__position")
    high = found.risk == Risk.HIGH and case.is_open and request.user.has_perm("cases.edit", case)
    context = {
        "shell": shell,
        "case": case,
        "found": found,
        "answers": answers,
        "offers_referral": high,
        "meeting": term(case.partnership, TermKey.TASKING_MEETING, timezone.localdate(shell.at)),
    }
    return render(request, "cases/risk_assessment.html", context)


@require_POST
def refer(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.edit")
    rows = children(RiskAssessment, shell.case, request.user)
    found = get_object_or_404(rows.select_related("case__merged_into"), pk=pk, risk=Risk.HIGH)
    try:
        action = risk_scoring.refer_to_meeting(assessment=found, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{action} is given to {action.owner}: {action.text}")
    return redirect("cases:assessment", reference=shell.case.reference, pk=found.pk)
