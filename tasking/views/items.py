"""One item of an agenda: read it, put one on, change what it says, and take it off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.services.prints import ChangedMeanwhile, mine_over, read_seen
from csp.agencies.access import StaffRequest
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm
from tasking.forms.agenda import ItemForm, OffForm, UntableForm
from tasking.models import AgendaItem
from tasking.services import agenda
from tasking.services.tabling import untable_for
from tasking.views.item_page import TAB, ItemPage, open_item
from tasking.views.meeting_shell import MeetingShell


@require_safe
def item(request: StaffRequest, reference: str) -> HttpResponse:
    shell, found = open_item(request, reference)
    context = {"shell": shell, "meeting": shell.meeting, "item": found, "page": ItemPage(shell, found)}
    return render(request, "tasking/item.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, reference: str) -> HttpResponse:
    shell, found = open_item(request, reference, "meetings.change_item")
    form = form_of(found, agenda.details_of(found), data=request.POST or None)
    changes: list[dict[str, Any]] = []
    if form.is_valid():
        typed, seen = form.details(), read_seen(form.cleaned_data["seen"])
        try:
            agenda.edit_item(item=found, details=typed, seen=seen, by=request.user, at=timezone.now())
        except ChangedMeanwhile as clash:
            both = mine_over(clash.details, typed, agenda.prints_of(typed), seen)
            form = form_of(found, both, now=clash.details)
            changes = changed_words(clash)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The item is changed")
            return redirect(found)
    context = {"shell": shell, "item": found, "form": form, "changes": changes}
    return render(request, "tasking/item_edit.html", context)


def form_of(
    item: AgendaItem, details: agenda.ItemDetails, *, now: agenda.ItemDetails | None = None, data: Any = None
) -> ItemForm:
    seen = agenda.prints_of(now or details)
    return ItemForm(data, meeting=item.meeting, details=details, seen=seen, person=item.person)


def changed_words(clash: ChangedMeanwhile) -> list[dict[str, Any]]:
    fields = ItemForm.base_fields
    said = {name: getattr(clash.details, name) for name in clash.fields}
    said = {
        name: ("Yes" if value else "No") if isinstance(value, bool) else value for name, value in said.items()
    }
    return [{"what": fields[name].label, "now": value or "Nothing"} for name, value in said.items()]


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    shell, found = open_item(request, reference, "meetings.change_item")

    def does(reason: str) -> None:
        agenda.withdraw_item(item=found, reason=reason, by=request.user, at=timezone.now())

    return verb_page(
        request, shell, found, OffForm(request.POST or None), does,
        title="Take it off the agenda",
        intro="The agencies that see it stop seeing it, and its case where that was opened for it.",
        done=f"“{found.title}” is off the agenda",
        back=TAB,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def untable(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    shell, found = open_item(request, reference, "meetings.change_item")
    partner = get_object_or_404(Partner, pk=pk, partnership=found.partnership_id)
    if request.method == "GET" and not found.shares.filter(to_partner=partner, ended_at=None).exists():
        raise Http404

    def does(reason: str) -> None:
        untable_for(item=found, partner=partner, reason=reason, by=request.user, at=timezone.now())

    return verb_page(
        request, shell, found, UntableForm(request.POST or None), does,
        title=f"Close it to {partner}",
        intro="They stop seeing the item at once, and its case where that was opened for it.",
        done=f"{partner} no longer sees “{found.title}”",
    )  # fmt: skip


def verb_page(
    request: StaffRequest, shell: MeetingShell, item: AgendaItem, form: GDSForm, does: Callable[[str], None],
    *, title: str, intro: str, done: str, back: str = "",
) -> HttpResponse:  # fmt: skip
    """A reason, and one thing done."""
    if form.is_valid():
        try:
            does(form.cleaned_data["reason"])
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect(back, reference=shell.meeting.reference) if back else redirect(item)
    context = {"shell": shell, "item": item, "form": form, "title": title, "intro": intro}
    return render(request, "tasking/item_verb.html", context)
