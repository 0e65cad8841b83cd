"""The people an agency lead, a manager or an administrator looks after."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies.access import get_permitted
from csp.agencies.filters import PeopleFilter
from csp.agencies.forms.users import ChangeRoleForm, InviteForm, SeatForm
from csp.agencies.models import Membership, Partner, User
from csp.agencies.rules import looks_after, partners_looked_after, roles_to_give
from csp.agencies.services import accounts, memberships
from csp.agencies.services.sessions import SECOND_FACTORS
from csp.core.errors import RuleBroken

PER_PAGE = 50
manages_users = permission_required("agencies.manage_users", raise_exception=True)


def people_of(request, partners):
    """The people at those partners, with their present roles in this partnership."""
    seats = Membership.objects.current(timezone.localdate()).filter(partner__partnership=request.partnership)
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return (
        User.objects.at(partners)
        .annotate(has_second_step=Exists(steps))
        .prefetch_related(Prefetch("memberships", seats.select_related("partner"), to_attr="seats_here"))
    )


@require_safe
@manages_users
def user_list(request):
    partners = partners_looked_after(request.user, request.partnership)
    form = PeopleFilter(request.GET, partners=Partner.objects.filter(pk__in=[each.pk for each in partners]))
    people = form.narrow(people_of(request, partners)).order_by("name", "pk")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "agencies/user_list.html", {"page": page, "form": form})


@require_safe
def user_detail(request, pk):
    person = get_permitted(User.objects.all(), request.user, "agencies.manage_user", pk=pk)
    seats = Membership.objects.filter(user=person, partner__partnership=request.partnership)
    today = timezone.localdate()
    context = {
        "person": person,
        "seats": [
            (seat, seat.role in roles_to_give(request.user, seat.partner))
            for seat in seats.current(today).select_related("partner").order_by("partner__name", "pk")
        ],
        "ended": seats.filter(ends_on__lte=today).select_related("partner").order_by("-ends_on", "pk"),
        "steps": Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).count(),
        "whole": looks_after.test(request.user, person),
    }
    return render(request, "agencies/user_detail.html", context)


def seat_form(request, form_class):
    """Offers the partners the person at the screen looks after, and the roles they may give there."""
    partners = partners_looked_after(request.user, request.partnership)
    roles = {role for partner in partners for role in roles_to_give(request.user, partner)}
    current = Partner.objects.current(timezone.localdate()).filter(pk__in=[each.pk for each in partners])
    return form_class(request.POST or None, partners=current.order_by("name"), roles=roles)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_users
def invite(request):
    form = seat_form(request, InviteForm)
    if form.is_valid():
        try:
            user = accounts.invite(by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"An email is on its way to {user}")
            return redirect("agencies:users")
    return render(request, "agencies/user_invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def add_role(request, pk):
    person = get_permitted(User.objects.all(), request.user, "agencies.manage_user", pk=pk)
    form = seat_form(request, SeatForm)
    if form.is_valid():
        try:
            memberships.add_membership(user=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{person} has the role from now on")
            return redirect("agencies:user", pk=person.pk)
    return render(request, "agencies/user_role.html", {"form": form, "person": person, "seat": None})


def seat_to_change(request, pk):
    seats = Membership.objects.select_related("user", "partner")
    return get_permitted(seats, request.user, "agencies.change_membership", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request, pk):
    seat = seat_to_change(request, pk)
    roles = roles_to_give(request.user, seat.partner)
    form = ChangeRoleForm(request.POST or None, roles=roles, initial={"role": seat.role})
    if form.is_valid():
        try:
            memberships.change_role(membership=seat, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"The role of {seat.user} is changed")
            return redirect("agencies:user", pk=seat.user_id)
    return render(request, "agencies/user_role.html", {"form": form, "person": seat.user, "seat": seat})


@require_POST
def end_role(request, pk):
    seat = seat_to_change(request, pk)
    try:
        memberships.end_membership(membership=seat, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        role = seat.get_role_display().lower()
        messages.success(request, f"{seat.user} is no longer {role} at {seat.partner}")
    return redirect("agencies:user", pk=seat.user_id)
