"""Writing notes on a case: by the team that leads it, and by agencies that may add what they know."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.enums import Audience, NoteKind
from cases.forms.notes import NoteForm, initial_of
from cases.models import Case, Note
from cases.services import notes
from cases.services.notes import NoteDetails, TooLateToChange
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from cases.views.case_shell import CaseShell, open_case
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken

FIELD_WORDS = {
    "kind": "What it is",
    "text": "What it says",
    "source": "Source",
    "source_confidential": "Whether the source is confidential",
    "audience": "Who may see it",
    "named": "People who may see it",
}
TAB = "cases:evidence"


@dataclasses.dataclass(frozen=True)
class Change:
    what: str
    now: str


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    form = form_for(shell, request.POST or None)
    if form.is_valid():
        try:
            notes.add_note(
                case=shell.case,
                details=form.details(),
                token=form.cleaned_data["token"],
                by=request.user,
                at=shell.at,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Note added")
            return redirect(TAB, reference=shell.case.reference)
    return render(request, "cases/note_add.html", {"shell": shell, "form": form})


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """For its writer, for a day. Later, what was typed is offered as a correction."""
    shell, note = find(request, reference, pk, "notes.edit")
    form = edit_form(shell, initial_of(notes.details_of(note)), request.POST or None)
    changes: list[Change] = []
    if not notes.may_still_change(note, shell.at):
        return offer_correction(request, shell, note, form)
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            notes.edit_note(note=note, details=typed, seen=seen, by=request.user, at=shell.at)
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, notes.prints_of(typed), seen)
            form = edit_form(shell, initial_of(both, clash.details))
            changes = changed_words(clash.fields, clash.details)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Note changed")
            return redirect(TAB, reference=shell.case.reference)
    context = {"shell": shell, "form": form, "note": note, "changes": changes}
    return render(request, "cases/note_edit.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Put right a note that cannot be changed any more. Both are shown together."""
    shell, note = find(request, reference, pk, "notes.correct")
    form = correction_form(shell, note, initial_of(notes.details_of(note)), request.POST or None)
    if form.is_valid():
        try:
            notes.add_note(
                case=shell.case,
                details=form.details(),
                token=form.cleaned_data["token"],
                corrects=note,
                by=request.user,
                at=shell.at,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Correction added. It is shown together with the note")
            return redirect(TAB, reference=shell.case.reference)
    return render(request, "cases/note_correct.html", {"shell": shell, "form": form, "note": note})


def offer_correction(request: StaffRequest, shell: CaseShell, note: Note, form: NoteForm) -> HttpResponse:
    """Its time is over. Everything that was typed goes into a correction, not sent yet."""
    typed = {name: form[name].value() for name in FIELD_WORDS}
    context = {
        "shell": shell,
        "form": correction_form(shell, note, typed),
        "note": note,
        "refusal": str(TooLateToChange()),
    }
    return render(request, "cases/note_correct.html", context)


def find(request: StaffRequest, reference: str, pk: int, perm: str) -> tuple[CaseShell, Note]:
    """That somebody opened the case is recorded once it is clear that they may do this."""
    case = get_permitted(Case.objects.all(), request.user, "cases.contribute", reference=reference)
    visible = Note.objects.visible_to(request.user).filter(case__in=case.family)
    note = get_object_or_404(visible.select_related("case", "partner", "by"), pk=pk)
    if not request.user.has_perm(perm, note):
        raise PermissionDenied
    return open_case(request, reference, "cases.contribute", active=TAB), note


def who_writes(shell: CaseShell) -> dict[str, Any]:
    """What a form needs to offer who may see it."""
    try:
        partner = notes.writes_for(shell.case, shell.user)
    except notes.CannotWrite as problem:
        raise PermissionDenied from problem
    readers = notes.readers_of(shell.case, shell.at)
    if not shell.leads:  # who else sees the case is for the team that leads it
        readers = [each for each in readers if each.partner in (partner, shell.case.lead)]
    return {
        "readers": readers,
        "user": shell.user,
        "partner": partner,
        "lead": shell.case.lead,
    }


def form_for(shell: CaseShell, data: Any = None) -> NoteForm:
    """In the writer's words: an agency tells what it knows."""
    if shell.leads:
        return NoteForm(data, **who_writes(shell))
    known = {"kind": NoteKind.INFORMATION}
    words = {"label": f"What {shell.case.lead} should know", "submit": "Add what you know"}
    return NoteForm(data, initial=known, **words, **who_writes(shell))


def edit_form(shell: CaseShell, initial: dict[str, Any], data: Any = None) -> NoteForm:
    return NoteForm(data, initial=initial, submit="Save changes", **who_writes(shell))


def correction_form(shell: CaseShell, note: Note, initial: dict[str, Any], data: Any = None) -> NoteForm:
    words = {"label": "What it should say", "submit": "Add correction"}
    form = NoteForm(data, initial=initial, **words, **who_writes(shell))
    form.helper.form_action = reverse("cases:note_correct", args=[shell.case.reference, note.pk])
    return form


def changed_words(fields: list[str], now: NoteDetails) -> list[Change]:
    said = {
        "kind": NoteKind(now.kind).label,
        "text": now.text,
        "source": now.source or "Not given",
        "source_confidential": "Yes" if now.source_confidential else "No",
        "audience": Audience(now.audience).label,
        "named": ", ".join(str(user) for user in now.named) or "Nobody",
    }
    return [Change(FIELD_WORDS[name], str(said[name])) for name in fields]
