"""Two people side by side: found to be one, or told apart again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.cases import ReasonForm
from cases.forms.people import MergePeopleForm
from cases.models import Person, PersonMerge
from cases.services.person_candidates import likely_duplicates, reasons_for
from cases.services.person_merging import merge_people, unmerge_people
from cases.services.search import contact_open_to
from cases.views.person_page import PersonPage
from csp.agencies.access import StaffRequest, get_permitted
from csp.audit.services import looked_at, searched
from csp.core.errors import RuleBroken


@require_safe
def duplicates(request: StaffRequest) -> HttpResponse:
    """People added lately who may have been known already."""
    if request.partnership is None or not request.user.has_perm("people.merge"):
        raise PermissionDenied
    pairs = likely_duplicates(request.user, request.partnership)
    searched(request.user, "person", "duplicates", hits=len(pairs), partnership=request.partnership)
    return render(request, "cases/person_duplicates.html", {"pairs": pairs})


@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    people = Person.objects.select_related("place", "merged_into")
    one, two = (get_permitted(people, request.user, "people.merge", pk=each) for each in (pk, other))
    form = MergePeopleForm(request.POST or None, one=one, two=two)
    if form.is_valid():
        kept, gone = (one, two) if form.cleaned_data["keep"] == str(one.pk) else (two, one)
        try:
            merge_people(
                kept=kept, gone=gone, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{gone} and {kept} are one person now. You can undo this below")
            return redirect("people:detail", pk=kept.pk)
    for person in {one.pk: one, two.pk: two}.values():
        looked_at(request.user, person)
    contact = contact_open_to(request.user, [one, two])
    reasons = reasons_for(one, two, contact={one.pk, two.pk} <= contact) if one != two else ()
    pages = [PersonPage(person, request.user) for person in (one, two)]
    return render(request, "cases/person_merge.html", {"form": form, "pages": pages, "reasons": reasons})


@require_http_methods(["GET", "POST"])
def unmerge(request: StaffRequest, pk: int) -> HttpResponse:
    """Of a merge into somebody the reader sees."""
    merges = PersonMerge.objects.filter(undone_at=None).select_related("kept", "gone", "by")
    merged = get_object_or_404(merges, pk=pk)
    get_permitted(Person.objects.all(), request.user, "people.merge", pk=merged.kept_id)
    form = ReasonForm(
        request.POST or None,
        label="Why are they two people after all?",
        missing="Enter why they are two people",
        submit="Make them two people again",
    )
    if form.is_valid():
        try:
            unmerge_people(
                merge=merged, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{merged.gone} and {merged.kept} are two people again")
            return redirect("people:detail", pk=merged.kept_id)
    return render(request, "cases/person_unmerge.html", {"merged": merged, "form": form})
