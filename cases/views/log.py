"""Logging a report while on the phone."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import Channel
from cases.forms.entry import Entry, LogEntry
from cases.models import Case, Person, Report, ReportDraft
from cases.services import drafts
from cases.services.log_into_case import log_into_case
from cases.services.reports import log_report
from cases.views.known import FIELDS, details_to_fill, known_panel, replaced_by
from csp.agencies.access import StaffRequest
from csp.core.errors import RuleBroken

SHOWN_AGAIN = ("add", "check", "use")
"""Buttons that log nothing: they show the page again with one row more, what is known, or a person."""

NOT_KEPT = ("csrfmiddlewaretoken", *SHOWN_AGAIN, "keep", "join", "open_case", "log")


def check_may_log(request: StaffRequest) -> None:
    if not request.user.has_perm("reports.log", request.partnership):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    check_may_log(request)
    if request.method == "GET":
        return show(request, entry_for(request, typed=resumed(request)))
    if "keep" in request.POST:
        return keep_for_later(request)
    if any(name in request.POST for name in SHOWN_AGAIN):
        return show_again(request)
    entry = entry_for(request, sent=request.POST, files=request.FILES)
    if entry.is_valid():
        try:
            return logged(request, entry)
        except RuleBroken as problem:
            entry.refuse(str(problem))
    return show(request, entry, data=request.POST)


def entry_for(request: StaffRequest, **typed: Any) -> Entry:
    return LogEntry(user=request.user, partnership=request.partnership, now=timezone.localtime(), **typed)


def logged(request: StaffRequest, entry: Entry) -> HttpResponse:
    cleaned = entry.form.cleaned_data
    given: dict[str, Any] = {
        "partnership": request.partnership,
        "details": entry.details(),
        "channel": Channel(cleaned["channel"]),
        "source_partner": cleaned["source_partner"] if cleaned["caller"] == "agency" else None,
        "files": entry.files,
        "token": entry.token,
        "by": request.user,
        "at": timezone.now(),
    }
    if "join" in request.POST:
        cases = Case.objects.visible_to(request.user).filter(partnership=request.partnership)
        report = log_into_case(case=get_object_or_404(cases, reference=request.POST["join"]), **given)
    elif "open_case" in request.POST:
        report = log_into_case(case=None, **given)
    else:
        report = log_report(**given)
    where = f" in case {report.case}" if report.case else ""
    messages.success(request, f"Report {report} logged{where}")
    return redirect("reports:detail", reference=report.reference)


def show(request: StaffRequest, entry: Entry, data: QueryDict | None = None) -> HttpResponse:
    own = ReportDraft.objects.visible_to(request.user).filter(partnership=request.partnership, referral=False)
    panel = known_panel(
        user=request.user, partnership=request.partnership, data=data or QueryDict(), at=entry.now
    )
    context = {"entry": entry, "form": entry.form, "panel": panel, "logging": True}
    context["lookup_fields"] = " ".join(FIELDS)
    context["map_centre"] = map_centre(request)
    fresh = request.method == "GET" and "draft" not in request.GET
    context["drafts"] = own.newest_first()[:10] if fresh else []
    return render(request, "cases/report_new.html", context)


def map_centre(request: StaffRequest) -> str:
    """A map opens near the newest report: in this partnership, and where work is.

    Two decimals are a neighbourhood, not an address, which may be kept from the reader.
    """
    placed = Report.objects.visible_to(request.user).filter(
        partnership=request.partnership, latitude__isnull=False
    )
    points = placed.order_by("-received_at", "-pk").values_list("latitude", "longitude")
    return ",".join(f"{part:.2f}" for part in points.first() or ())


def resumed(request: StaffRequest) -> QueryDict | None:
    if "draft" not in request.GET:
        return None
    if not request.GET["draft"].isdecimal():
        raise Http404
    draft = get_object_or_404(ReportDraft.objects.visible_to(request.user), pk=request.GET["draft"])
    typed = QueryDict(mutable=True)
    for name, values in draft.data.items():
        typed.setlist(name, values)
    return typed


def show_again(request: StaffRequest) -> HttpResponse:
    typed = request.POST.copy()
    if "use" in typed:
        use_person(request, typed)
    entry = entry_for(request, typed=typed, more=typed.get("add", ""))
    return show(request, entry, data=typed)


def use_person(request: StaffRequest, typed: QueryDict) -> None:
    """Fill in the caller's details from who is known, for whoever has no scripts."""
    people = Person.objects.filter(partnership=request.partnership).visible_to(request.user)
    pk = str(typed["use"])
    person = get_object_or_404(people.select_related("place"), pk=pk if pk.isdecimal() else 0)
    known = details_to_fill(request.user, [person])[person.pk]
    fill = {name: value for name, value in known.items() if not typed.get(name)}
    for name, value in {**fill, **replaced_by(person)}.items():
        typed[name] = value


def keep_for_later(request: StaffRequest) -> HttpResponse:
    save(request)
    messages.info(request, "Your draft is saved. Nobody else sees it")
    return redirect("reports:new")


def save(request: StaffRequest, *, referral: bool = False) -> ReportDraft | None:
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError as error:
        raise Http404 from error
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}
    return drafts.save_draft(
        owner=request.user,
        partnership=request.partnership,
        token=token,
        typed=typed,
        referral=referral,
        at=timezone.now(),
    )


@require_POST
def known(request: StaffRequest) -> HttpResponse:
    """The panel beside the form, while it is typed in: an officer's or that of an agency that refers."""
    logging = request.user.has_perm("reports.log", request.partnership)
    if request.partnership is None or not (logging or request.user.has_perm("reports.refer")):
        raise PermissionDenied
    panel = known_panel(
        user=request.user, partnership=request.partnership, data=request.POST, at=timezone.now()
    )
    return render(request, "cases/_known.html", {"panel": panel, "logging": logging})


@require_POST
def draft_save(request: StaffRequest) -> JsonResponse:
    """What is typed so far. Whoever may refer may keep a draft of it."""
    if not request.user.has_perm("reports.refer"):
        raise PermissionDenied
    draft = save(request, referral="referral" in request.POST)
    return JsonResponse({"saved": f"{timezone.localtime(draft.saved_at):%H:%M}"} if draft else {})


@require_POST
def draft_discard(request: StaffRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(ReportDraft.objects.visible_to(request.user), pk=pk)
    drafts.discard_draft(draft=draft)
    messages.success(request, "The draft is thrown away")
    return redirect("reports:refer" if draft.referral else "reports:new")
