"""What the desk writes while the meeting talks: the notes of an item, and actions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken
from csp.core.words import time_words
from tasking.forms.session import MeetingActionForm, NotesForm, initial_of, outcome_choices
from tasking.models import AgendaItem
from tasking.services import item_notes, meeting_actions, session
from tasking.services.item_notes import BothWrote, Notes, notes_of
from tasking.services.meeting_actions import WordsAlone
from tasking.views.meeting_shell import MeetingShell, open_meeting
from tasking.views.session import show_screen, to_item
from tasking.views.session_screen import OF_AN_ITEM, Screen

NEXT = "next"
LABELS = {
    "discussion": "Discussion",
    "decision": "Decision",
    "outcomes": "Outcomes",
    "ending": "What happens to the item",
}


def open_item(request: StaffRequest, reference: str, item: str) -> tuple[MeetingShell, AgendaItem]:
    shell = open_meeting(request, reference, "meetings.run", active="meetings:session")
    items = AgendaItem.objects.filter(meeting=shell.meeting).select_related("meeting", *OF_AN_ITEM)
    return shell, get_permitted(items, request.user, "meetings.change_item", reference=item)


@require_POST
def save(request: StaffRequest, reference: str, item: str) -> HttpResponse:
    """Posted by the script every few seconds as it is typed, or by the buttons."""
    shell, found = open_item(request, reference, item)
    form = NotesForm(request.POST, item=found)
    if "X-Requested-With" in request.headers:
        return JsonResponse(saved_as_typed(request, form, found))
    if not form.is_valid():
        return show_screen(request, Screen(shell, item, desk=True), form)
    try:
        write(request, form, found)
    except BothWrote as clash:
        return show_both(request, shell, form, clash)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return show_screen(request, Screen(shell, item, desk=True), form)
    if request.POST.get("go") == NEXT:
        return go_on(request, shell, item)
    messages.success(request, "Saved")
    return to_item(reference, item)


def write(request: StaffRequest, form: NotesForm, item: AgendaItem) -> AgendaItem:
    return item_notes.save_notes(
        item=item, notes=form.notes(), seen=form.seen_prints(), by=request.user, at=timezone.now()
    )


def go_on(request: StaffRequest, shell: MeetingShell, item: str) -> HttpResponse:
    after = Screen(shell, item, desk=True).after
    if after is None:
        messages.info(request, "That was the last item. End the meeting when all is said")
        return to_item(shell.meeting.reference, item)
    if shell.meeting.is_in_session:
        session.take_up(item=after, by=request.user, at=timezone.now())
    return to_item(shell.meeting.reference, after.reference)


def show_both(request: StaffRequest, shell: MeetingShell, typed: NotesForm, clash: BothWrote) -> HttpResponse:
    """What this person typed is in the boxes, what the other saved above. Saved again it replaces that."""
    both = mine_where_both_wrote(typed.notes(), clash, typed)
    form = NotesForm(item=typed.item, notes=both, now=clash.now)
    screen = Screen(shell, typed.item.reference, desk=True)
    return show_screen(request, screen, form, clash=told_both(typed.item, typed.notes(), clash))


def mine_where_both_wrote(typed: Notes, clash: BothWrote, form: NotesForm) -> Notes:
    seen, prints = form.seen_prints(), item_notes.prints_of(typed)
    mine = {name: getattr(typed, name) for name, mark in prints.items() if seen.get(name) != mark}
    values = {name: getattr(clash.now, name) for name in LABELS}
    return Notes(**(values | mine))


def saved_as_typed(request: StaffRequest, form: NotesForm, item: AgendaItem) -> dict[str, Any]:
    """Half an ending does not hold up the words: they are saved, and what is missing is said."""
    if not form.is_valid() and not form.only_the_ending_is_wrong:
        return {"problems": [str(text) for errors in form.errors.values() for text in errors]}
    try:
        current = write(request, form, item)
    except BothWrote as clash:
        seen = initial_of(clash.now, clash.now)["seen"]
        return {"clash": told_both(item, form.notes(), clash), "seen": seen}
    except RuleBroken as broken:
        return {"problems": [str(broken)]}
    now = notes_of(current)
    problems = [str(text) for errors in form.errors.values() for text in errors]
    saved = time_words(timezone.localtime().time())
    fields = {"discussion": now.discussion, "decision": now.decision}
    return {
        "saved": saved,
        "version": current.version,
        "fields": fields,
        "seen": initial_of(now, now)["seen"],
        "problems": problems,
    }


def told_both(item: AgendaItem, typed: Notes, clash: BothWrote) -> list[dict[str, str]]:
    return [
        {
            "field": name,
            "label": LABELS[name],
            "theirs": in_words(item, clash.now, name),
            "mine": in_words(item, typed, name),
        }
        for name in clash.fields
    ]


def in_words(item: AgendaItem, notes: Notes, name: str) -> str:
    if name == "outcomes":
        labels = dict(outcome_choices(item))
        return ", ".join(labels.get(str(pk), "") for pk in notes.outcomes) or "None"
    if name == "ending":
        label = AgendaItem._meta.get_field("status").choices or ()
        return str(dict(label).get(str(notes.ending.status), ""))
    return str(getattr(notes, name)) or "Nothing"


@require_POST
def give(request: StaffRequest, reference: str, item: str) -> HttpResponse:
    shell, found = open_item(request, reference, item)
    form = MeetingActionForm(request.POST, lead=found.lead)
    screen = Screen(shell, item, desk=True)
    if not form.is_valid():
        return show_screen(request, screen, action_form=form)
    typed = form.cleaned_data
    try:
        action = meeting_actions.give_at_meeting(
            item=found,
            owner=typed["owner"],
            person=typed["person"],
            text=typed["text"],
            due_on=typed["due_on"],
            by=request.user,
            at=timezone.now(),
            words_alone=form.was_told(typed["owner"]),
        )
    except WordsAlone as warning:
        told = {**form.data, "alone": str(typed["owner"].pk)}
        form = MeetingActionForm(told, lead=found.lead)
        form.add_error(None, str(warning))
        return show_screen(request, screen, action_form=form)
    except RuleBroken as broken:
        form.add_error(None, str(broken))
        return show_screen(request, screen, action_form=form)
    messages.success(request, f"{action} is given to {action.owner}. They are told now")
    return to_item(reference, item)
