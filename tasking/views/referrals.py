"""Bringing something to a meeting, and what was brought."""

import dataclasses

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case, Person
from cases.services.search import opens_place
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import Partner, Partnership, User
from csp.audit.services import looked_at
from csp.core.errors import RuleBroken
from tasking.enums import PREPARED, UNDECIDED, MeetingStatus
from tasking.forms.referrals import FindCaseForm, ReferForm
from tasking.models import AgendaItem, Meeting, Referral
from tasking.services import referrals as service
from tasking.services.referral_subjects import (
    NO_SUCH_PERSON,
    NO_SUCH_PLACE,
    CannotRefer,
    Subject,
    case_for,
    is_late,
    must_bring,
    must_not_be_there,
    must_take,
    person_for,
    place_for,
    shares_on_sending,
    typed_place,
)
from tasking.services.tabling import shares_end_at
from tasking.views.meeting_shell import MeetingShell, open_meeting, takes_referrals

TYPED = "place"
MOST_SHOWN = 100
SHOWN_WITH = (
    "meeting__series", "meeting__partnership", "lead", "from_partner", "case__lead", "person", "place",
    "group", "issue", "area", "made_by", "decided_by", "item",
)  # fmt: skip


def subject_of(user: User, partnership: Partnership, asked: QueryDict) -> Subject | None:
    """What the address is about; None where it names nothing. Raises `CannotRefer`."""
    if "case" in asked:
        return case_for(user, partnership, str(asked["case"]))
    if "person" in asked:
        return person_for(user, partnership, number(str(asked["person"]), NO_SUCH_PERSON))
    if "place" in asked:
        return place_for(user, partnership, number(str(asked["place"]), NO_SUCH_PLACE))
    return None


def number(typed: str, problem: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise CannotRefer(problem)
    return int(typed)


def refers_for(request: StaffRequest, meeting: Meeting) -> Partner:
    """The agency in whose name the reader refers: where they sit now, if it is invited."""
    seats = meeting.invited.sitting().filter(partner__in=request.user.partner_ids)
    invited = [seat.partner for seat in seats.select_related("partner").order_by("pk")]
    return next((each for each in invited if each == request.partner), invited[0])


@require_http_methods(["GET", "POST"])
def refer(request: StaffRequest, reference: str) -> HttpResponse:
    """First what it is about, then the referral. What stands against it is said before anything is typed."""
    shell = open_meeting(request, reference, "meetings.refer", active="meetings:referrals")
    partner = refers_for(request, shell.meeting)
    try:
        must_take(shell.meeting)
        subject = subject_of(request.user, shell.meeting.partnership, request.GET)
        if subject is not None and request.method == "GET":
            must_bring(subject, shell.meeting, partner)
            must_not_be_there(subject, shell.meeting, partner, request.user)
    except CannotRefer as problem:
        return choose_subject(request, shell, problem)
    if subject is None and request.GET.get("about") != TYPED:
        return choose_subject(request, shell)
    return write(request, shell, subject, partner)


def choose_subject(
    request: StaffRequest, shell: MeetingShell, problem: CannotRefer | None = None
) -> HttpResponse:
    form = FindCaseForm(request.GET if problem and "case" in request.GET else None)
    if problem and form.is_bound and form.is_valid():
        form.add_error("case", str(problem))
    context = {"shell": shell, "form": form, "problem": "" if form.is_bound else str(problem or "")}
    context |= {"there": problem and problem.there, "takes": takes_referrals(shell.meeting)}
    return render(request, "tasking/refer_choose.html", context)


def write(
    request: StaffRequest, shell: MeetingShell, subject: Subject | None, partner: Partner
) -> HttpResponse:
    meeting, there = shell.meeting, None
    late = is_late(meeting, shell.at)
    form = ReferForm(request.POST or None, meeting=meeting, partner=partner, subject=subject, late=late)
    if form.is_valid():
        try:
            made = send(request, shell, form, subject, partner)
        except CannotRefer as problem:
            form.add_error(None, str(problem))
            there = problem.there
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, f"Referral {made.pk} is sent to {made.lead}. They decide, and you are told"
            )
            return redirect(made)
    context = {"shell": shell, "form": form, "subject": subject, "there": there, "partner": partner}
    context |= {
        "shares": subject is not None and shares_on_sending(subject, meeting),
        "until": shares_end_at(meeting),
    }
    return render(request, "tasking/refer.html", context)


@transaction.atomic
def send(
    request: StaffRequest, shell: MeetingShell, form: ReferForm, subject: Subject | None, partner: Partner
) -> Referral:
    """A place that is typed is added with the referral, or not at all."""
    return service.refer(
        meeting=shell.meeting,
        subject=subject or typed_place(shell.meeting.partnership, form.cleaned_data["where"]),
        details=form.details(),
        partner=partner,
        by=request.user,
        at=timezone.now(),
    )


@dataclasses.dataclass(frozen=True)
class MeetingChoice:
    """A meeting that could take it. `refused` says why it does not."""

    meeting: Meeting
    query: str
    refused: str


@require_safe
def refer_case(request: StaffRequest) -> HttpResponse:
    """From a case, a person or a place: to which meeting?"""
    if not request.user.has_perm("meetings.refer_subject"):
        raise PermissionDenied
    problem, subject = "", None
    try:
        subject = subject_of(request.user, request.partnership, request.GET)
    except CannotRefer as refused:
        problem = str(refused)
    meetings = Meeting.objects.visible_to(request.user).filter(partnership=request.partnership)
    meetings = meetings.filter(status__in=[*PREPARED, MeetingStatus.IN_SESSION]).select_related(
        "series", "lead"
    )
    asked = {name: request.GET[name] for name in ("case", "person", "place") if name in request.GET}
    choices = [
        MeetingChoice(each, urlencode(asked), why_not(subject, each, request.partner))
        for each in meetings.order_by("starts_at", "pk")[:MOST_SHOWN]
    ]
    context = {"choices": choices, "subject": subject, "problem": problem}
    return render(request, "tasking/refer_where.html", context)


def why_not(subject: Subject | None, meeting: Meeting, partner: Partner) -> str:
    try:
        if subject is not None:
            must_bring(subject, meeting, partner)
    except CannotRefer as problem:
        return str(problem)
    return ""


@require_safe
def referrals(request: StaffRequest, reference: str) -> HttpResponse:
    """All of them for the team that runs the meeting; an agency sees its own."""
    shell = open_meeting(request, reference, active="meetings:referrals")
    found = Referral.objects.visible_to(request.user).filter(meeting=shell.meeting)
    rows = list(found.select_related(*SHOWN_WITH).order_by("made_at", "pk")[:MOST_SHOWN])
    context = {
        "shell": shell,
        "waiting": [each for each in rows if each.status in UNDECIDED],
        "decided": [each for each in rows if each.status not in UNDECIDED],
        "may_refer": shell.may("meetings.refer") and takes_referrals(shell.meeting),
    }
    return render(request, "tasking/referrals.html", context)


@require_safe
def referral(request: StaffRequest, pk: int) -> HttpResponse:
    found = Referral.objects.select_related(*SHOWN_WITH)
    record = get_permitted(found, request.user, "meetings.view_referral", pk=pk)
    looked_at(request.user, record)
    service.note_that_decision_was_read(referral=record, by=request.user)
    return render(request, "tasking/referral.html", shown(request, record))


def shown(request: StaffRequest, record: Referral) -> dict[str, object]:
    """A referral as one reader sees it, with links to what they may open."""
    user, waits = request.user, record.status in UNDECIDED
    return {
        "referral": record,
        "needed_by": list(record.needed_by.order_by("name")),
        "waits": waits,
        "may_decide": waits and user.has_perm("meetings.decide_referral", record),
        "may_withdraw": waits and user.has_perm("meetings.withdraw_referral", record),
        "sees_meeting": Meeting.objects.visible_to(user).filter(pk=record.meeting_id).exists(),
        "subject_url": subject_url(user, record),
        "item": item_open_to(user, record),
    }


def subject_url(user: User, record: Referral) -> str:
    """The page of what it is about, for those who may open it."""
    if record.case is not None:
        seen = Case.objects.visible_to(user).filter(pk=record.case.pk).exists()
        return record.case.get_absolute_url() if seen else ""
    if record.person is not None:
        seen = Person.objects.visible_to(user).filter(pk=record.person.pk).exists()
        return reverse("people:detail", args=[record.person.pk]) if seen else ""
    seen = opens_place(user, record.place)
    return reverse("places:detail", args=[record.place_id]) if seen else ""


def item_open_to(user: User, record: Referral) -> AgendaItem | None:
    return AgendaItem.objects.visible_to(user).filter(referral=record).first()
