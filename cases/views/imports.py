"""Importing a file: upload it, say what it holds, check it, bring it in."""

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import ImportState
from cases.forms.import_values import ValuesForm
from cases.forms.imports import LayoutForm, MappingForm, UploadForm, initial_of
from cases.models import Category, ImportRun
from cases.services.imports import runs
from cases.services.imports.mapping import ImportSpec, as_dict, read_spec
from cases.services.imports.preview import Preview, guess, look_at, needs_translating
from cases.services.imports.refusals import CannotRead
from cases.services.imports.rejecting import SHOWN, first_rejected
from cases.services.imports.saved import Offered, mappings_for
from cases.services.imports.tables import Layout
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import Partnership, User
from csp.audit.services import exported, looked_at
from csp.core.errors import RuleBroken
from csp.core.keyset import page_of
from csp.core.views import reading as progress_reading
from csp.core.words import moment_words

GUESS = "guess"


def importing_partnership(request: StaffRequest) -> Partnership:
    """Where the user imports: 404 for whoever is not in the team, 403 for a colleague who may not."""
    partnership = request.partnership
    if partnership is None or partnership.receiving_partner_id not in request.user.partner_ids:
        raise Http404
    if not request.user.has_perm("imports.run", partnership):
        raise PermissionDenied
    return partnership


def run_of(request: StaffRequest, pk: int) -> ImportRun:
    known = ImportRun.objects.select_related("partnership", "lead", "source_partner", "by", "progress")
    return get_permitted(known, request.user, "imports.run", pk=pk)


@require_safe
def import_list(request: StaffRequest) -> HttpResponse:
    partnership = importing_partnership(request)
    found = ImportRun.objects.visible_to(request.user).filter(partnership=partnership)
    page = page_of(found.select_related("source_partner", "by"), request, "-at", "-pk")
    return render(request, "cases/import_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def import_new(request: StaffRequest) -> HttpResponse:
    partnership = importing_partnership(request)
    now = timezone.now()
    partners = partnership.partners.current(timezone.localdate()).order_by("name")
    form = UploadForm(request.POST or None, request.FILES or None, partners=partners)
    if form.is_valid():
        try:
            run = runs.receive(
                partnership=partnership,
                source_partner=form.cleaned_data["source"],
                file=form.cleaned_data["file"],
                by=request.user,
                at=now,
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("imports:mapping", run.pk)
    return render(request, "cases/import_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def import_mapping(request: StaffRequest, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if (preview := preview_of(request, run)) is None:
        return redirect("imports:detail", run.pk)
    offered = mappings_for(run.partnership, preview.header)
    spec, used = starting_spec(request, run, preview, offered)
    form = MappingForm(
        request.POST or None,
        initial=initial_of(spec, preview),
        preview=preview,
        categories=categories_of(run),
        asked=run.spec.get("file", {}),
    )
    if form.is_valid():
        try:
            chosen = read_spec(form.spec_as_typed(as_dict(spec)))
            runs.choose_mapping(run=run, spec=chosen, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.show_problem(problem)
        else:
            asks = needs_translating(preview, chosen)
            return redirect("imports:values", run.pk) if asks else check(request, run)
    context = {"run": run, "form": form, "preview": preview, "offered": offered, "used": used}
    return render(
        request, "cases/import_mapping.html", context | {"layout_form": LayoutForm(preview=preview)}
    )


@require_http_methods(["GET", "POST"])
def import_values(request: StaffRequest, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if not run.spec.get("columns"):
        return redirect("imports:mapping", run.pk)
    if (preview := preview_of(request, run)) is None:
        return redirect("imports:detail", run.pk)
    spec = read_spec(run.spec)
    form = ValuesForm(request.POST or None, preview=preview, spec=spec, categories=categories_of(run))
    if form.is_valid():
        try:
            chosen = read_spec(as_dict(spec) | {"translations": form.translations()})
            runs.choose_mapping(run=run, spec=chosen, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            return check(request, run)
    return render(request, "cases/import_values.html", {"run": run, "form": form})


@require_POST
def import_layout(request: StaffRequest, pk: int) -> HttpResponse:
    """Read the file in another way. What its columns hold has to be said again."""
    run = run_of(request, pk)
    asked = {
        name: request.POST[name] for name in ("encoding", "delimiter", "sheet") if request.POST.get(name)
    }
    try:
        runs.read_again(run=run, layout=asked)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    return redirect("imports:mapping", run.pk)


@require_safe
def import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if "X-Background" not in request.headers:  # the bar asks every other second
        looked_at(request.user, run)
    context = {
        "run": run,
        "rejected": first_rejected(run),
        "notes": run.rows.exclude(notes="").order_by("line").select_related("report")[:SHOWN],
        "facts": facts_of(run),
        "progress": progress_of(run, request.user),
    }
    return render(request, "cases/import_detail.html", context)


def progress_of(run: ImportRun, user: User) -> dict[str, Any] | None:
    """How far the work is. Only who began it may begin it again."""
    if run.progress is None or run.state not in runs.UNDER_WAY:
        return None
    progress = progress_reading(run.progress)
    return progress | {"can_retry": progress["can_retry"] and run.progress.owner_id == user.pk}


def facts_of(run: ImportRun) -> list[dict[str, Any]]:
    ended = run.finished_at
    facts = {
        "From": run.source_partner,
        "System": run.spec.get("system"),
        "By": run.by or "A command on the server",
        "Finished" if ended else "Uploaded": moment_words(ended or run.at),
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


@require_POST
def import_start(request: StaffRequest, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    return check(request, run) if "check" in request.POST else begin(request, run, dry=False)


@require_safe
def import_rejected(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The rows that did not come in, as a file. They hold what the file held, so taking them is recorded."""
    run = run_of(request, pk)
    if not run.rejected_file:
        raise Http404
    exported(request.user, "import", rows=run.rows_rejected, partnership=run.partnership, run=run.pk)
    name = f"{PurePath(run.file_name).stem}-rejected.csv"
    return FileResponse(
        run.rejected_file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
    )


def check(request: StaffRequest, run: ImportRun) -> HttpResponse:
    return begin(request, run, dry=True)


def begin(request: StaffRequest, run: ImportRun, *, dry: bool) -> HttpResponse:
    try:
        runs.start(run=run, dry=dry, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    return redirect("imports:detail", run.pk)


def preview_of(request: StaffRequest, run: ImportRun) -> Preview | None:
    """What the file holds, while it may still be changed how it is read."""
    if run.state in (*runs.UNDER_WAY, ImportState.DONE):
        return None
    looked_at(request.user, run)
    try:
        return look_at(run, Layout(**run.spec.get("file", {})))
    except CannotRead as problem:
        messages.error(request, str(problem))
        return None


def starting_spec(
    request: StaffRequest, run: ImportRun, preview: Preview, offered: list[Offered]
) -> tuple[ImportSpec, str]:
    """What the page starts from: what was asked for, else what was chosen, else what fits, else a guess."""
    asked = request.GET.get("use", "")
    if found := next((each for each in offered if each.key == asked), None):
        return found.spec_to_change, found.key
    if run.spec.get("columns") and asked != GUESS:
        return read_spec(run.spec), ""
    if offered and not asked:
        return offered[0].spec_to_change, offered[0].key
    return guess(preview, run.source_partner.name if run.source_partner else ""), ""


def categories_of(run: ImportRun) -> list[Category]:
    return list(Category.objects.filter(partnership=run.partnership_id).order_by("position", "label"))
