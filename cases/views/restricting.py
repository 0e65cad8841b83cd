"""Closing a case to all but the people named on it, and opening it in an emergency."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.sharing import BreakGlassForm, LiftForm, NameForm, RestrictForm
from cases.models import Case, CaseNamed
from cases.services import restricting
from cases.services.access_requests import sees_nothing
from cases.views.case_sharing import TAB, back_to_tab
from cases.views.case_shell import open_case
from csp.agencies.access import StaffRequest
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken


@require_http_methods(["GET", "POST"])
def restrict(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.restrict", active=TAB)
    initial = {"people": [shell.case.officer_id] if shell.case.officer_id else []}
    form = RestrictForm(
        request.POST or None, case=shell.case, user=request.user, at=shell.at, initial=initial
    )
    title, done = "Restrict who may see it", "{} is restricted to the people named"
    return back_to_tab(request, shell, form, title=title, does=restricting.restrict, done=done)


@require_http_methods(["GET", "POST"])
def name_person(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.restrict", active=TAB)
    held = CaseNamed.objects.current().filter(case=shell.case, broke_glass=False)
    people = restricting.could_be_named(shell.case, local_day(shell.at)).exclude(pk__in=held.values("user"))
    form = NameForm(request.POST or None, people=people)
    title, done = "Name somebody else", "They may see {} now"
    return back_to_tab(request, shell, form, title=title, does=restricting.name_person, done=done)


@require_POST
def unname_person(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell = open_case(request, reference, "cases.restrict", active=TAB)
    named = get_object_or_404(CaseNamed.objects.select_related("user"), pk=pk, case=shell.case)
    try:
        restricting.unname_person(named=named, by=request.user, at=shell.at)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{named.user} no longer sees {shell.case}")
    gone = sees_nothing(shell.case, request.user)
    return redirect("cases:list") if gone else redirect(TAB, reference=reference)


@require_http_methods(["GET", "POST"])
def lift(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.restrict", active=TAB)
    form = LiftForm(request.POST or None)
    intro = "Everybody at an agency that holds the case sees it again, as much as is shared with them."
    title, done = "Lift the restriction", "{} is open again to the agencies that hold it"
    return back_to_tab(request, shell, form, title=title, does=restricting.lift, done=done, intro=intro)


@require_http_methods(["GET", "POST"])
def break_glass(request: StaffRequest, reference: str) -> HttpResponse:
    """For a colleague of the team that leads it who is not named."""
    known = Case.objects.known_to(request.user).select_related("lead")
    case = get_object_or_404(known, reference=reference)
    if not request.user.has_perm("cases.break_glass", case):
        raise PermissionDenied
    form = BreakGlassForm(request.POST or None)
    if form.is_valid():
        try:
            restricting.break_glass(
                case=case, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.warning(
                request,
                "It is open to you for 24 hours. Who leads the team, or those named on it, have been told",
            )
            return redirect(case)
    return render(request, "cases/sharing_break_glass.html", {"case": case, "form": form})


@require_http_methods(["GET", "POST"])
def glass(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """What a manager reads when somebody opened a restricted case: who, when, why."""
    known = Case.objects.known_to(request.user).select_related("lead")
    case = get_object_or_404(known, reference=reference)
    named = get_object_or_404(CaseNamed.objects.select_related("user"), pk=pk, case=case, broke_glass=True)
    if not request.user.has_perm("cases.read_glass", case):
        raise PermissionDenied
    if request.method == "POST":
        restricting.mark_glass_read(named=named, by=request.user)
        messages.success(request, "Marked as read")
        return redirect("home")
    return render(request, "cases/sharing_glass.html", {"case": case, "named": named})
