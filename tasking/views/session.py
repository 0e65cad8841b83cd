"""The session: one screen at the desk that writes, and everybody else's that follow."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import User
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm
from tasking.enums import MeetingStatus
from tasking.forms.attendance import AcceptForm, BeginForm
from tasking.forms.session import MeetingActionForm, NotesForm
from tasking.forms.session_end import EndForm
from tasking.models import AgendaItem, Meeting
from tasking.services import attendance
from tasking.services import session as services
from tasking.views.meeting_shell import MeetingShell, open_meeting
from tasking.views.session_screen import OF_AN_ITEM, Screen

ACTIVE = "meetings:session"


def is_written(meeting: Meeting) -> bool:
    """The desk stays open while the minutes are in draft, for words that come late."""
    return meeting.status in (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT)


def may_listen(meeting: Meeting, user: User) -> bool:
    """Who attends accepts the statement first. Who writes it up afterwards need not have been there."""
    return not meeting.is_in_session or attendance.has_accepted(meeting, user)


@require_safe
def session(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, active=ACTIVE)
    meeting = shell.meeting
    if meeting.is_prepared:
        return before(request, shell)
    if not (meeting.is_in_session or (is_written(meeting) and shell.may("meetings.run"))):
        messages.info(request, f"{meeting} is {meeting.get_status_display().lower()}: it is not in session")
        return redirect(meeting)
    if not may_listen(meeting, request.user):
        return accept_page(request, shell, AcceptForm())
    return show_screen(request, screen_of(request, shell))


def screen_of(request: StaffRequest, shell: MeetingShell, wanted: str = "") -> Screen:
    room = "room" in request.GET
    desk = shell.may("meetings.run") and not room
    return Screen(shell, wanted or request.GET.get("item", ""), desk=desk, room=room)


def show_screen(
    request: StaffRequest, screen: Screen, form: NotesForm | None = None, **more: Any
) -> HttpResponse:
    """With the form as it was typed, where it could not be saved."""
    context: dict[str, Any] = {"screen": screen, "shell": screen.shell, "meeting": screen.shell.meeting}
    context |= {"form": None, "action_form": None, "clash": None}
    if screen.desk and screen.shown is not None:
        action_form = more.pop("action_form", None) or MeetingActionForm(lead=screen.shown.lead)
        context |= {"form": form or NotesForm(item=screen.shown), "action_form": action_form}
    screen.note_reading()
    return render(request, "tasking/session.html", context | more)


def before(request: StaffRequest, shell: MeetingShell, form: GDSForm | None = None) -> HttpResponse:
    """The team begins the meeting here; everybody else waits until it does."""
    may_begin = shell.may("meetings.run")
    context = {"shell": shell, "meeting": shell.meeting, "form": (form or BeginForm()) if may_begin else None}
    return render(request, "tasking/session_before.html", context)


def accept_page(request: StaffRequest, shell: MeetingShell, form: GDSForm) -> HttpResponse:
    context = {"shell": shell, "meeting": shell.meeting, "form": form}
    return render(request, "tasking/session_accept.html", context)


@require_POST
def begin(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    if shell.meeting.is_in_session:  # begun meanwhile, by this button pressed twice or by a colleague
        return redirect("meetings:session", reference=reference)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return before(request, shell, form)
    now = timezone.now()
    try:
        services.begin(meeting=shell.meeting, by=request.user, at=now)
        attendance.accept_statement(meeting=shell.meeting, by=request.user, at=now)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return before(request, shell, form)
    return redirect("meetings:session", reference=reference)


@require_POST
def accept(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_meeting(request, reference, active=ACTIVE)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return accept_page(request, shell, form)
    try:
        attendance.accept_statement(meeting=shell.meeting, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(shell.meeting)
    return redirect("meetings:session", reference=reference)


@require_POST
def show(request: StaffRequest, reference: str, item: str) -> HttpResponse:
    """Everybody's screen goes to this item."""
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    items = AgendaItem.objects.filter(meeting=shell.meeting).select_related(*OF_AN_ITEM)
    found = get_permitted(items, request.user, "meetings.change_item", reference=item)
    try:
        services.take_up(item=found, by=request.user, at=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return to_item(reference, item)


def to_item(reference: str, item: str) -> HttpResponse:
    return redirect(f"{reverse('meetings:session', args=[reference])}?item={item}")


@require_http_methods(["GET", "POST"])
def session_end(request: StaffRequest, reference: str) -> HttpResponse:
    """Items of which nothing is decided are listed and asked about."""
    shell = open_meeting(request, reference, "meetings.run", active=ACTIVE)
    visible = {item.pk for item in shell.items}
    items = [item for item in services.undecided(shell.meeting) if item.pk in visible]
    form = EndForm(request.POST if request.method == "POST" else None, items=items)
    if form.is_valid():
        try:
            services.end(meeting=shell.meeting, endings=form.endings(), by=request.user, at=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The meeting is over. Its minutes are in draft")
            return redirect(shell.meeting)
    context = {"shell": shell, "meeting": shell.meeting, "form": form, "items": items}
    return render(request, "tasking/session_end.html", context)


@require_safe
def state(request: StaffRequest, reference: str) -> JsonResponse:
    """What screens ask every few seconds. One query where nothing has changed since `seen`."""
    meetings = Meeting.objects.visible_to(request.user).filter(reference=reference)
    now = meetings.values_list("changes", "status").first()
    if now is None:
        raise Http404
    if not request.user.has_perm("meetings.view", None):
        raise PermissionDenied
    changes, status = now
    answer: dict[str, Any] = {"changes": changes, "status": status}
    if request.GET.get("seen") == str(changes):
        return JsonResponse(answer)
    meeting = get_object_or_404(meetings.select_related("series", "lead", "partnership"))
    if is_written(meeting) and may_listen(meeting, request.user):
        answer |= changed_parts(request, MeetingShell(meeting, request.user, timezone.now(), ACTIVE))
    return JsonResponse(answer)


def changed_parts(request: StaffRequest, shell: MeetingShell) -> dict[str, Any]:
    """Cut to what this reader may see, as the page itself is."""
    desk = "desk" in request.GET and shell.may("meetings.run")
    if not desk and not shell.meeting.is_in_session:
        return {}
    screen = Screen(shell, request.GET.get("item", ""), desk=desk, room="room" in request.GET)
    screen.note_reading()
    forms = {"form": NotesForm(item=screen.shown)} if desk and screen.shown is not None else {}
    version = screen.shown.version if screen.shown is not None else 0
    return {"parts": screen.parts(request, **forms), "version": version}
