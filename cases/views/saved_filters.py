"""Filters kept under a name, of the lists of two rooms. A room's name is the namespace of its addresses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.forms.queue import SaveFilterForm
from csp.agencies.access import StaffRequest
from csp.agencies.models import SavedFilter
from csp.agencies.services import filters
from csp.core.errors import RuleBroken


def check_may_save(request: StaffRequest, room: str) -> None:
    if request.partner is None or not request.user.has_perm(f"{room}.list"):
        raise PermissionDenied


@require_POST
def save(request: StaffRequest, room: str) -> HttpResponse:
    """Keep the filters of the list under a name, and show them as a tab."""
    check_may_save(request, room)
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        try:
            saved = filters.save_filter(
                by=request.user,
                room=room,
                name=form.cleaned_data["name"],
                query=without_place(form.cleaned_data["query"]),
                partner=request.partner if form.cleaned_data["shared"] else None,
            )
        except RuleBroken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Saved as {saved.name}")
            return redirect(f"{reverse(f'{room}:list')}?{saved.query}&saved={saved.pk}")
    return render(request, "cases/filter_save.html", {"form": form, "room": room})


def without_place(query: str) -> str:
    wanted = QueryDict(query).copy()
    for gone in ("after", "before", "saved"):
        wanted.pop(gone, None)
    return wanted.urlencode()


@require_safe
def manage(request: StaffRequest, room: str) -> HttpResponse:
    check_may_save(request, room)
    own = filters.filters_for(request.user, room, request.partner).select_related("owner", "partner")
    return render(request, "cases/filter_list.html", {"filters": own, "room": room})


@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int, room: str) -> HttpResponse:
    """Only by whose filter it is: to others it is not there."""
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user, room=room)
    initial = {"name": saved.name, "shared": saved.partner_id is not None, "query": saved.query}
    form = SaveFilterForm(request.POST or None, initial=initial)
    if form.is_valid():
        shared_with = request.partner if form.cleaned_data["shared"] else None
        try:
            filters.change_filter(
                saved=saved, name=form.cleaned_data["name"], partner=shared_with, by=request.user
            )
        except RuleBroken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Saved as {saved.name}")
            return redirect(f"{room}:filters")
    return render(request, "cases/filter_save.html", {"form": form, "saved": saved, "room": room})


@require_POST
def delete(request: StaffRequest, pk: int, room: str) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user, room=room)
    filters.delete_filter(saved=saved, by=request.user)
    messages.success(request, f"{saved.name} is deleted")
    return redirect(f"{room}:filters")
