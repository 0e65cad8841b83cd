"""One action of a plan: what it is, how it went quarter by quarter, and changing what it says."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.agencies.measures import Question, answers
from csp.agencies.models import User
from csp.audit.services import exported
from csp.core.calendar import Period
from csp.core.charts import Chart, Line, column_chart
from csp.core.errors import RuleBroken
from csp.core.spreadsheet import figure
from csp.core.words import date_words
from performance.forms.plan_actions import ActionForm
from performance.forms.plan_updates import plain
from performance.models import Plan, PlanAction, PlanMeasure, PlanUpdate, PlanUpdateFile
from performance.models.plan_quarters import key_of, quarter_of, quarters_of, shown_quarter
from performance.services import plan_actions as service
from performance.services import small_numbers
from performance.services.over_time import NOT_RECORDED, is_recorded, measure_over_time, rooms_since
from performance.services.plan_updates import counted_measure
from performance.services.plans import prints_of
from performance.views.downloads import downloads_of, table_response
from performance.views.plan_lines import short, update_url
from performance.views.plan_shell import changes_of, form_page, made_plan, must_make, read_action

MOST_IN_A_CHART = 12
NUMBER = "Number"
"""What is told of an action that no measure of its own gives a name."""


@dataclass(frozen=True)
class Told:
    """One quarter of the action, told of or not."""

    quarter: Period
    update: PlanUpdate | None
    files: list[PlanUpdateFile]
    url: str

    @property
    def tag(self) -> str:
        return short(self.update.rating) if self.update else ""

    @property
    def number(self) -> str:
        return plain(self.update.value) if self.update and self.update.value is not None else ""


@require_safe
def plan_action(request: StaffRequest, pk: int) -> HttpResponse:
    action = read_action(request, pk)
    today = timezone.localdate()
    quarter = shown_quarter(action.plan, today)
    told = told_of(action, quarters_of(action.plan, today), request.user)
    measures = measures_of(action, quarter, request.user)
    asked = next((each for each in told if each.quarter == quarter), None)
    context = {
        "action": action,
        "facts": facts_of(action),
        "measures": measures,
        "counted_here": any(row["now"] for row in measures),
        "see_also": action.see_also.order_by("position", "pk"),
        "seen_from": action.seen_from.order_by("position", "pk"),
        "told": [each for each in told if each.update],
        "silent": [each for each in told if each.update is None],
        "quarter": quarter,
        "asked": asked,
        "counted": counted_measure(action),
        "chart": chart_of(action, told),
        "downloads": downloads_of(reverse("performance:plan_action_download", args=[action.pk])),
        "makes": request.user.has_perm("performance.make", action.plan.partnership),
    }
    return render(request, "performance/plan_action.html", context)


@require_safe
def plan_action_download(request: StaffRequest, pk: int) -> HttpResponse:
    """What was told quarter by quarter. That it left is recorded."""
    action = read_action(request, pk)
    counted = counted_measure(action)
    label = ", ".join(filter(None, [counted.text, counted.unit])) if counted else NUMBER
    told = told_of(action, quarters_of(action.plan, timezone.localdate()), request.user)
    rows = [
        (str(each.quarter), figure(each.number), each.tag, each.update.narrative, str(each.update.partner))
        for each in reversed(told)
        if each.update
    ]
    exported(
        request.user, "plan_action", rows=len(rows), partnership=action.plan.partnership, action=action.pk
    )
    head = ("Quarter", label, "How it goes", "In words", "Told by")
    return table_response(f"{action.plan} {action}", [head, *rows], request.GET.get("format", ""))


def facts_of(action: PlanAction) -> list[dict[str, str]]:
    names = [each.name for each in action.leads.all()]
    leads, printed = ", ".join(names), action.lead_words.split("\n")
    said = [
        ("How", action.how),
        ("Why", action.why),
        ("Young people", ". ".join(filter(None, [action.get_youth_display(), action.youth_note]))),
        ("Led by", leads or "No agency chosen yet"),
        ("In the plan's words", "" if sorted(printed) == sorted(names) else action.lead_words),
        ("In particular", str(action.person or "")),
        ("Due", date_words(action.due_on) if action.due_on else ""),
        ("Reported", action.get_frequency_display()),
        ("Theme", action.priority.theme),
        ("Serves", capfirst(action.priority.objective)),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def measures_of(action: PlanAction, quarter: Period | None, user: User) -> list[dict[str, Any]]:
    """By what it is judged, with what our own records count of it in the quarter."""
    found = sorted(action.measures.all(), key=lambda each: (each.position, each.pk))
    own = {each.pk: measure_over_time(each.measure) for each in found if each.measure} if quarter else {}
    known = {pk: measure for pk, measure in own.items() if measure is not None}
    partnership = action.plan.partnership
    asked = [Question(measure, quarter) for measure in known.values() if quarter]
    counted = dict(zip(known, answers(partnership, asked), strict=True)) if asked else {}
    since = rooms_since(partnership, known.values()) if asked else {}
    rows = []
    for each in found:
        row = measure_row(each, counted.get(each.pk), quarter, partnership, user)
        if quarter and each.pk in known and not is_recorded(known[each.pk], quarter, since):
            row["now"] = {"words": NOT_RECORDED, "url": ""}
        rows.append(row)
    return rows


def measure_row(
    measure: PlanMeasure, answer: Any, quarter: Period | None, partnership: Any, user: User
) -> dict[str, Any]:
    row: dict[str, Any] = {"measure": measure, "target": "", "baseline": "", "now": None}
    for name in ("target", "baseline"):
        number = getattr(measure, name)
        row[name] = "" if number is None else plain(number)
    if answer is not None and quarter is not None:
        small = small_numbers.sees_small_numbers(user, partnership)
        (figure,) = small_numbers.shown([answer.whole], small=small).rows
        url = f"{reverse('performance:records', args=[measure.measure])}?period={key_of(quarter)}"
        opens = user.has_perm("performance.open_records", partnership)
        row["now"] = {"words": figure.words, "url": url if opens else ""}
    return row


def told_of(action: PlanAction, begun: list[Period], user: User) -> list[Told]:
    """The newest quarter first."""
    files = PlanUpdateFile.objects.visible_to(user).order_by("added_at", "pk")
    updates = action.updates.select_related("partner", "by").prefetch_related(
        Prefetch("files", queryset=files, to_attr="open_files")
    )
    by_quarter = {quarter_of(action.plan.partnership, each.quarter): each for each in updates}
    return [
        Told(
            quarter,
            by_quarter.get(quarter),
            getattr(by_quarter.get(quarter), "open_files", []),
            update_url(action, quarter, user),
        )
        for quarter in reversed(begun)
    ]


def chart_of(action: PlanAction, told: list[Told]) -> Chart | None:
    """From the first quarter with a number to the last; two numbers at least, as one is no trend."""
    shown = list(reversed(told))
    values = [each.update.value if each.update else None for each in shown]
    known = [place for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    span = slice(max(known[0], known[-1] + 1 - MOST_IN_A_CHART), known[-1] + 1)
    shown, values = shown[span], values[span]
    counted = counted_measure(action)
    label = counted.text if counted else NUMBER
    line = Line(label, tuple(None if value is None else float(value) for value in values))
    return column_chart(label, counted.unit if counted else "", [str(each.quarter) for each in shown], [line])


@require_http_methods(["GET", "POST"])
def plan_action_new(request: StaffRequest, pk: int) -> HttpResponse:
    plan, at = made_plan(request, pk), timezone.now()
    form = ActionForm(request.POST or None, plan=plan, at=at)
    if form.is_valid():
        try:
            made = service.add_action(plan=plan, details=form.details(), by=request.user, at=at)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is in the plan")
            return redirect(made)
    return form_page(request, form, "Add an action", plan=plan, priority_url=first_priority(plan))


def first_priority(plan: Plan) -> str:
    """Where the first one is added, as long as there is none."""
    return "" if plan.priorities.exists() else reverse("performance:priority_new", args=[plan.pk])


@require_http_methods(["GET", "POST"])
def plan_action_edit(request: StaffRequest, pk: int) -> HttpResponse:
    action, at = read_action(request, pk), timezone.now()
    must_make(request, action.plan)
    plan = action.plan
    form = ActionForm(request.POST or None, plan=plan, at=at, details=service.details_of(action))
    changes: list[dict[str, str]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            service.edit_action(action=action, details=typed, seen=seen, by=request.user, at=at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, prints_of(typed), seen)
            form = ActionForm(plan=plan, at=at, details=both, now=clash.details)
            changes = changes_of(clash, form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"Action {typed.ref} is saved")
            return redirect(action)
    more = {"plan": plan, "back": action, "changes": changes, "thing": "action"}
    return form_page(request, form, f"Change {str(action).lower()}", **more)
