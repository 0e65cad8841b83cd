"""Case studies: supplied by an agency, checked by somebody else, printed in a report."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.enums import CASEWORK_ROLES
from csp.agencies.models import Partner
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of
from performance.forms.case_studies import CaseStudyForm, StoryForm
from performance.models import CaseStudy
from performance.services import case_studies as service
from performance.services.report_periods import before

SHOWN_WITH = ("partnership", "supplied_by", "by", "checked_by")
QUARTERS_BACK = 24


@require_safe
def case_studies(request: StaffRequest) -> HttpResponse:
    _must_supply(request)
    found = CaseStudy.objects.visible_to(request.user).filter(partnership=request.partnership)
    listed = found.select_related(*SHOWN_WITH)
    return render(
        request, "performance/case_studies.html", {"page": page_of(listed, request, "-quarter", "-pk")}
    )


def _must_supply(request: StaffRequest) -> None:
    if not request.user.has_perm("performance.supply_case_study", request.partnership):
        raise PermissionDenied


def quarters(request: StaffRequest) -> list[Period]:
    """From this one back, as far as reports look."""
    first_month = request.partnership.year_start
    found = [Period.quarter_of(local_day(timezone.now()), first_month)]
    while len(found) < QUARTERS_BACK:
        found.append(before(found[-1], first_month))
    return found


def _agencies(request: StaffRequest) -> Any:
    """For whom the person may supply one: where they work, and for the team everybody here."""
    here = Partner.objects.filter(partnership=request.partnership).order_by("name")
    if request.user.has_perm("performance.make", request.partnership):
        return here
    own = [seat.partner_id for seat in request.user.seats if seat.role in CASEWORK_ROLES]
    return here.filter(pk__in=own)


@require_http_methods(["GET", "POST"])
def case_study_new(request: StaffRequest) -> HttpResponse:
    _must_supply(request)
    form = CaseStudyForm(request.POST or None, partners=_agencies(request), quarters=quarters(request))
    if form.is_valid():
        made = service.supply(
            partner=form.cleaned_data["partner"], story=form.story(), by=request.user, at=timezone.now()
        )
        messages.success(request, "The case study is saved. Somebody else checks that it names no one")
        return redirect("performance:case_study", made.pk)
    context: dict[str, Any] = {"form": form, "study": None, "changes": []}
    return render(request, "performance/case_study_form.html", context)


def _found(request: StaffRequest, pk: int, perm: str) -> CaseStudy:
    return get_permitted(CaseStudy.objects.select_related(*SHOWN_WITH), request.user, perm, pk=pk)


@require_safe
def case_study(request: StaffRequest, pk: int) -> HttpResponse:
    study = _found(request, pk, "performance.edit_case_study")
    user = request.user
    context = {
        "study": study,
        "period": Period.quarter_of(study.quarter, study.partnership.year_start),
        "checks": user.has_perm("performance.check_case_study", study) and study.by_id != user.pk,
        "seen": json.dumps(service.prints_of(service.story_of(study))),
    }
    return render(request, "performance/case_study.html", context)


@require_http_methods(["GET", "POST"])
def case_study_edit(request: StaffRequest, pk: int) -> HttpResponse:
    study = _found(request, pk, "performance.edit_case_study")
    given: dict[str, Any] = {"quarters": quarters(request)}
    form, changes = StoryForm(request.POST or None, story=service.story_of(study), **given), []
    if form.is_valid():
        typed, seen = form.story(), form.seen_prints()
        try:
            service.rewrite(study=study, story=typed, seen=seen, by=request.user, at=timezone.now())
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            form = StoryForm(story=both, now=clash.details, **given)
            changes = [
                {"what": name.capitalize(), "now": str(getattr(clash.details, name))} for name in clash.fields
            ]
        else:
            messages.success(request, "The case study is saved. Somebody else checks it before it is printed")
            return redirect("performance:case_study", study.pk)
    context = {"form": form, "study": study, "changes": changes}
    return render(request, "performance/case_study_form.html", context)


@require_POST
def case_study_check(request: StaffRequest, pk: int) -> HttpResponse:
    study = _found(request, pk, "performance.check_case_study")
    try:
        service.check(
            study=study, seen=read_seen(request.POST.get("seen", "")), by=request.user, at=timezone.now()
        )
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "The case study is checked. The report of its quarter prints it")
    return redirect("performance:case_study", study.pk)
