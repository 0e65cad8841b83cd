"""The agenda of a meeting: read by everybody invited, put in order by the team that runs it."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken
from csp.core.text import count
from tasking.forms.agenda import AgendaForm
from tasking.services.agenda import arrange
from tasking.services.carrying import carry_over
from tasking.views.agenda_page import AgendaPage
from tasking.views.meeting_shell import MeetingShell, open_meeting

TAB = "meetings:agenda"
ALREADY = "The agenda has changed meanwhile. This is how it is now"


@require_safe
def agenda(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, active=TAB)
    return show(request, shell, AgendaForm(items=shell.items))


def show(request: StaffRequest, shell: MeetingShell, form: AgendaForm) -> HttpResponse:
    context = {"shell": shell, "meeting": shell.meeting, "form": form, "page": AgendaPage(shell, form)}
    return render(request, "tasking/agenda.html", context)


@require_POST
def order(request: StaffRequest, reference: str) -> HttpResponse:
    """All of it at once, as it was dragged and typed. A script that asks gets the new sum of minutes."""
    shell = open_meeting(request, reference, "meetings.run", active=TAB)
    form = AgendaForm(request.POST, items=shell.items)
    saved = save(request, shell, form, form.order())
    if request.headers.get("X-Requested-With") == "fetch":
        return answer(request, reference, form, saved=saved)
    if not saved:
        return show(request, shell, form)
    messages.success(request, "Order and times are saved")
    return redirect(TAB, reference=reference)


@require_POST
def move(request: StaffRequest, reference: str) -> HttpResponse:
    """`move` is such as `SV-I-26-000003 before SV-I-26-000001`. Sent twice, it moves once."""
    shell = open_meeting(request, reference, "meetings.run", active=TAB)
    form = AgendaForm(request.POST, items=shell.items)
    moved, side, other = [*request.POST.get("move", "").split(), "", "", ""][:3]
    wanted = beside(list(form.items), moved, side, other)
    if not wanted:
        messages.info(request, ALREADY)
        return redirect(TAB, reference=reference)
    if not save(request, shell, form, [form.items[each].pk for each in wanted]):
        return show(request, shell, form)
    messages.success(request, f"“{form.items[moved].title}” is now {side} “{form.items[other].title}”")
    return redirect(f"{reverse(TAB, args=[reference])}#{moved}")


def beside(references: list[str], moved: str, side: str, other: str) -> list[str]:
    """The references with `moved` put before or after `other`; empty where one of them is gone."""
    if moved == other or not {moved, other} <= set(references) or side not in ("before", "after"):
        return []
    rest = [each for each in references if each != moved]
    place = rest.index(other) + (side == "after")
    return [*rest[:place], moved, *rest[place:]]


def save(request: StaffRequest, shell: MeetingShell, form: AgendaForm, order: list[int]) -> bool:
    if not form.is_valid():
        return False
    try:
        arrange(meeting=shell.meeting, order=order, minutes=form.minutes(), by=request.user, at=shell.at)
    except RuleBroken as problem:
        form.add_error(None, str(problem))
        return False
    return True


def answer(request: StaffRequest, reference: str, form: AgendaForm, *, saved: bool) -> JsonResponse:
    """What the page shows anew: the sum, and each number by its reference. Or what is wrong."""
    if not saved:
        problems = [str(problem) for each in form.errors.values() for problem in each]
        return JsonResponse({"problem": ". ".join(problems)})
    shell = open_meeting(request, reference, "meetings.run", active=TAB)
    page = AgendaPage(shell, AgendaForm(items=shell.items))
    numbers = {item.reference: item.number for item in shell.items if item.number is not None}
    return JsonResponse({"times": page.times, "numbers": numbers})


@require_POST
def bring(request: StaffRequest, reference: str) -> HttpResponse:
    """Bring in what earlier meetings left to this one. What came already does not come again."""
    shell = open_meeting(request, reference, "meetings.run", active=TAB)
    try:
        brought = carry_over(meeting=shell.meeting, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
        return redirect(TAB, reference=reference)
    seen = {item.pk for item in open_meeting(request, reference, active=TAB).items}
    number = sum(item.pk in seen for item in brought)
    words = (
        f"{count(number, 'item')} from earlier meetings" if number else "Nothing more from earlier meetings"
    )
    messages.success(request, f"{words} came onto the agenda" if number else words)
    return redirect(TAB, reference=reference)
