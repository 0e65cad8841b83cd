"""Tabling an item for agencies: fill in, read what each will see, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.agencies.access import StaffRequest
from csp.agencies.models import Partner
from csp.core.errors import RuleBroken
from tasking.enums import ItemKind
from tasking.forms.agenda import TableForm
from tasking.models import AgendaItem
from tasking.services import who_sees
from tasking.services.tabling import table_for
from tasking.views.item_page import ItemPage, open_item
from tasking.views.meeting_shell import MeetingShell


@require_http_methods(["GET", "POST"])
def table(request: StaffRequest, reference: str) -> HttpResponse:
    """Three faces of one address: the form, what follows from it, and back with everything in it."""
    shell, item = open_item(request, reference, "meetings.change_item")
    page = ItemPage(shell, item)
    if item.kind == ItemKind.STANDING or not page.changes:
        messages.info(request, "Who sees this item cannot change")
        return redirect(item)
    if request.method == "GET":
        return show_form(request, shell, page, form_for(page))
    form = form_for(page, request.POST)
    if "change" in request.POST or not form.is_valid():
        return show_form(request, shell, page, form)
    try:
        if "confirm" in request.POST:
            return confirmed(request, item, form)
        seen = who_sees.consequences(
            item=item,
            partners=form.cleaned_data["partners"],
            terms=form.terms(),
            by=request.user,
            at=shell.at,
        )
    except RuleBroken as problem:
        form.add_error(None, str(problem))
        return show_form(request, shell, page, form)
    context = {"shell": shell, "item": item, "form": form, "seen": seen}
    return render(request, "tasking/item_table_preview.html", context)


def form_for(page: ItemPage, data: Any = None) -> TableForm:
    """Offered are agencies that are invited and do not see it yet; ticked those the referral asks for."""
    could = [each.partner.pk for each in page.agencies if each.can_be_added]
    referral = page.item.referral
    needed = referral.needed_by.values_list("pk", flat=True) if referral else ()
    partners = Partner.objects.filter(pk__in=could).order_by("name", "pk")
    first = {"partners": [pk for pk in needed if pk in could]}
    return TableForm(
        data, item=page.item, partners=partners, terms=who_sees.first_terms(page.item), initial=first
    )


def show_form(request: StaffRequest, shell: MeetingShell, page: ItemPage, form: TableForm) -> HttpResponse:
    offered = any(each.can_be_added for each in page.agencies)
    context = {"shell": shell, "item": page.item, "page": page, "form": form, "offered": offered}
    return render(request, "tasking/item_table.html", context)


def confirmed(request: StaffRequest, item: AgendaItem, form: TableForm) -> HttpResponse:
    made = table_for(
        item=item, partners=form.cleaned_data["partners"], terms=form.terms(), by=request.user,
        at=timezone.now(),
    )  # fmt: skip
    names = ", ".join(shared.to_partner.name for shared in made)
    messages.success(request, f"“{item.title}” is tabled for {names}" if made else "They see it already")
    return redirect(item)
