"""Evidence and notes of a case: what each reader may see of them, and adding to it."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import Audience, EvidenceKind
from cases.forms.notes import EvidenceCorrectionForm, EvidenceForm, initial_of_evidence
from cases.models import Case, Evidence, EvidenceFile, Note
from cases.services import evidence as service
from cases.services.notes import may_still_change
from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from cases.views.case_shell import CaseShell, open_case
from cases.views.notes import TAB, Change, who_writes
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import record
from csp.core.errors import RuleBroken
from csp.core.keeping import SHOWN_IN_THE_PAGE, hand_out
from csp.core.words import date_words

MOST_SHOWN = 200


@dataclasses.dataclass(frozen=True)
class NoteShown:
    """A note as one reader sees it, with what puts it right."""

    note: Note
    source: str
    changeable: bool
    """By this reader, now."""
    correctable: bool
    own: bool
    """Of the reader's own agency."""
    corrections: tuple["NoteShown", ...] = ()


@dataclasses.dataclass(frozen=True)
class EvidenceShown:
    evidence: Evidence
    own: bool
    correctable: bool
    """By this reader's agency, which added it."""
    files: tuple[tuple[EvidenceFile, Evidence | None], ...]
    """Each with the evidence that had the same file first."""


@dataclasses.dataclass(frozen=True)
class EvidencePage:
    shell: CaseShell

    def notes(self) -> list[NoteShown]:
        visible = Note.objects.visible_to(self.shell.user).select_related("case", "partner", "by")
        visible = visible.prefetch_related("named")
        mended = visible.filter(pk=OuterRef("corrects"))
        top = (
            visible.filter(Q(corrects=None) | ~Exists(mended), case__in=self.shell.case.family)
            .prefetch_related(Prefetch("corrections", visible.order_by("at", "pk"), "shown_corrections"))
            .order_by("-at", "-pk")[:MOST_SHOWN]
        )
        return [self._shown(note, note.shown_corrections) for note in top]

    def _shown(self, note: Note, corrections: Any = ()) -> NoteShown:
        user, adds = self.shell.user, self.shell.adds
        mine = adds and note.by_id == user.pk and may_still_change(note, self.shell.at)
        own = note.partner_id in user.partner_ids
        return NoteShown(
            note=note,
            source=note.source_for(user),
            changeable=mine,
            correctable=adds and not mine and own and note.corrects_id is None,
            own=own,
            corrections=tuple(self._shown(each) for each in corrections),
        )

    def evidence(self) -> list[EvidenceShown]:
        found = (
            Evidence.objects.visible_to(self.shell.user)
            .filter(case__in=self.shell.case.family)
            .select_related("case", "partner", "by")
            .prefetch_related("named", Prefetch("files", EvidenceFile.objects.order_by("pk")))
            .annotate(corrected_at=Subquery(last_changes()))
            .order_by("-at", "-pk")[:MOST_SHOWN]
        )
        pieces = list(found)
        files = [file for piece in pieces for file in piece.files.all()]
        first = service.same_elsewhere(self.shell.case, self.shell.user, files)
        return [
            EvidenceShown(
                evidence=piece,
                own=piece.partner_id in self.shell.user.partner_ids,
                correctable=self.shell.adds
                and piece.case.merged_into_id is None
                and self.shell.user.has_perm("evidence.correct", piece),
                files=tuple((file, first.get(file.pk)) for file in piece.files.all()),
            )
            for piece in pieces
        ]


def last_changes() -> Any:
    """When the history last says that a piece of evidence was changed."""
    history: Any = Evidence.pgh_event_model  # type: ignore[attr-defined]
    changes = history.objects.filter(pgh_obj=OuterRef("pk"), pgh_label="update")
    return changes.order_by("-pgh_id").values("pgh_created_at")[:1]


@dataclasses.dataclass(frozen=True)
class Part:
    """One half of the page for a partner: what it told, and what others did; all of it for the lead."""

    title: str
    key: str
    empty: str
    notes: list[NoteShown]
    evidence: list[EvidenceShown]


def parts_of(shell: CaseShell) -> list[Part]:
    page = EvidencePage(shell)
    notes, evidence = page.notes(), page.evidence()
    if shell.leads:
        return [Part("", "all", "Nothing is noted yet.", notes, evidence)]
    lead = shell.case.lead
    return [
        Part(
            f"What you have told {lead}",
            "ours",
            f"You have told {lead} nothing yet.",
            [each for each in notes if each.own],
            [each for each in evidence if each.own],
        ),
        Part(
            "What is shared with you",
            "theirs",
            "Nobody has shared a note or evidence with you yet.",
            [each for each in notes if not each.own],
            [each for each in evidence if not each.own],
        ),
    ]


@require_safe
def evidence_and_notes(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=TAB)
    context = {
        "shell": shell,
        "parts": parts_of(shell),
        "pictures": SHOWN_IN_THE_PAGE,
        "most": MOST_SHOWN,
    }
    return render(request, "cases/evidence.html", context)


@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    form = EvidenceForm(request.POST or None, request.FILES or None, **who_writes(shell))
    if form.is_valid():
        try:
            piece = service.add_evidence(
                case=shell.case,
                details=form.details(),
                files=form.cleaned_data["attached"],
                token=form.cleaned_data["token"],
                by=request.user,
                at=shell.at,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
            form.say_choose_again()
        else:
            messages.success(request, added_words(shell.case, request, piece))
            return redirect(TAB, reference=shell.case.reference)
    return render(request, "cases/evidence_add.html", {"shell": shell, "form": form})


def added_words(case: Case, request: StaffRequest, piece: Evidence) -> str:
    same = service.same_elsewhere(case, request.user, piece.files.all())
    names = [f"“{file.name}”" for file in piece.files.all() if file.pk in same]
    if not names:
        return "Evidence added"
    were = "was" if len(names) == 1 else "were"
    return f"Evidence added. {' and '.join(names)} {were} on this case already"


@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Put right what is said of a piece of evidence, for the agency that added it."""
    shell, piece = find(request, reference, pk)
    first = initial_of_evidence(service.details_of(piece))
    form = EvidenceCorrectionForm(request.POST or None, initial=first, **who_writes(shell))
    changes: list[Change] = []
    if form.is_valid():
        typed, seen, why = form.details(), read_seen(form.cleaned_data["seen"]), form.cleaned_data["why"]
        try:
            service.correct_evidence(
                evidence=piece, details=typed, why=why, seen=seen, by=request.user, at=shell.at
            )
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, service.prints_of(typed), seen)
            again = initial_of_evidence(both, clash.details) | {"why": why}
            form = EvidenceCorrectionForm(initial=again, **who_writes(shell))
            changes = changed_words(clash.fields, clash.details)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Evidence changed")
            return redirect(TAB, reference=shell.case.reference)
    context = {"shell": shell, "form": form, "evidence": piece, "changes": changes}
    return render(request, "cases/evidence_correct.html", context)


def find(request: StaffRequest, reference: str, pk: int) -> tuple[CaseShell, Evidence]:
    """That somebody opened the case is recorded once it is clear that they may do this."""
    case = get_permitted(Case.objects.all(), request.user, "cases.contribute", reference=reference)
    visible = Evidence.objects.visible_to(request.user).filter(case__in=case.family)
    piece = get_object_or_404(visible.select_related("case", "partner", "by"), pk=pk)
    if not request.user.has_perm("evidence.correct", piece):
        raise PermissionDenied
    return open_case(request, reference, "cases.contribute", active=TAB), piece


def changed_words(fields: list[str], now: service.EvidenceDetails) -> list[Change]:
    said = {
        "kind": ("What it is", EvidenceKind(now.kind).label),
        "description": ("What it shows", now.description),
        "obtained_on": ("When you got it", date_words(now.obtained_on)),
        "source": ("Source", now.source or "Not given"),
        "audience": ("Who may see it", Audience(now.audience).label),
        "named": ("People who may see it", ", ".join(str(user) for user in now.named) or "Nobody"),
    }
    return [Change(*map(str, said[name])) for name in fields]


@require_safe
@cache_control(private=True, no_store=True)
def download(request: StaffRequest, reference: str, pk: int) -> FileResponse:
    """Hand out a file as a download, or show it if it is a picture and `?show` asks. Both are recorded."""
    case = get_permitted(Case.objects.all(), request.user, "cases.view", reference=reference)
    files = EvidenceFile.objects.visible_to(request.user).filter(evidence__case__in=case.family)
    stored = get_object_or_404(files, pk=pk)
    response = hand_out(request, stored)
    if request.method == "GET":
        record(
            "evidence.downloaded", by=request.user, target=case, evidence=stored.evidence_id, file=stored.pk
        )
    return response
