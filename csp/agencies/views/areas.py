"""The tree of the partnership's areas."""

from collections import defaultdict

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies.forms.areas import AddAreaForm, AreaForm
from csp.agencies.models import Area
from csp.agencies.services import areas
from csp.agencies.views.set_up import administers, partnership_of
from csp.core.errors import RuleBroken


def as_tree(found):
    """Each area with how deep it lies, below its parent and in order of name."""
    children = defaultdict(list)
    for area in found:
        children[area.parent_id].append(area)

    def below(parent, depth):
        for area in sorted(children[parent], key=lambda each: each.name):
            yield area, depth
            yield from below(area.pk, depth + 1)

    return list(below(None, 0))


@require_safe
@administers
def area_list(request):
    found = Area.objects.filter(partnership=partnership_of(request))
    return render(request, "agencies/area_list.html", {"tree": as_tree(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def add_area(request):
    here = partnership_of(request)
    form = AddAreaForm(request.POST or None, partnership=here, initial={"parent": request.GET.get("in")})
    if form.is_valid():
        try:
            area = areas.add_area(partnership=here, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{area} is added")
            return redirect("agencies:areas")
    return render(request, "agencies/area_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def change_area(request, pk):
    here = partnership_of(request)
    area = get_object_or_404(Area, partnership=here, pk=pk)
    initial = {"name": area.name, "parent": area.parent_id, "codes": " ".join(area.codes)}
    form = AreaForm(request.POST or None, partnership=here, initial=initial)
    form.fields["parent"].required = area.parent_id is not None
    if form.is_valid():
        try:
            areas.change_area(area=area, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{form.cleaned_data['name']} is changed")
            return redirect("agencies:areas")
    return render(request, "agencies/area_change.html", {"form": form, "area": area})


@require_POST
@administers
def remove_area(request, pk):
    area = get_object_or_404(Area, partnership=partnership_of(request), pk=pk)
    try:
        areas.remove_area(area=area, by=request.user)
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{area.name} is removed")
    return redirect("agencies:areas")
