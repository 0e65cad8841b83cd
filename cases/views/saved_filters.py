from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.forms.queue import SaveFilterForm
from cases.views.queue import ROOM
from csp.agencies.access import StaffRequest
from csp.agencies.models import SavedFilter
from csp.agencies.services import filters
from csp.core.errors import RuleBroken


def check_may_save(request: StaffRequest) -> None:
    if request.partner is None or not request.user.has_perm("reports.list"):
        raise PermissionDenied


@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keep the filters of the list under a name, and show them as a tab."""
    check_may_save(request)
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        try:
            saved = filters.save_filter(
                by=request.user,
                room=ROOM,
                name=form.cleaned_data["name"],
                query=without_place(form.cleaned_data["query"]),
                partner=request.partner if form.cleaned_data["shared"] else None,
            )
        except RuleBroken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"Saved as {saved.name}")
            return redirect(f"{reverse('reports:list')}?{saved.query}&saved={saved.pk}")
    return render(request, "cases/filter_save.html", {"form": form})


def without_place(query: str) -> str:
    wanted = QueryDict(query).copy()
    for gone in ("after", "before", "saved"):
        wanted.pop(gone, None)
    return wanted.urlencode()


@require_safe
def manage(request: StaffRequest) -> HttpResponse:
    check_may_save(request)
    own = filters.filters_for(request.user, ROOM, request.partner).select_related("owner", "partner")
    return render(request, "cases/filter_list.html", {"filters": own})


@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Only by whose filter it is: to others it is not there."""
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user, room=ROOM)
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
            return redirect("reports:filters")
    return render(request, "cases/filter_save.html", {"form": form, "saved": saved})


@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user, room=ROOM)
    filters.delete_filter(saved=saved, by=request.user)
    messages.success(request, f"{saved.name} is deleted")
    return redirect("reports:filters")
