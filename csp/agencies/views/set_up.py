"""What an administrator looks after: the partnership itself and its partners."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from csp.agencies import rulebook
from csp.agencies.access import get_permitted
from csp.agencies.forms.partners import AddPartnerForm, ChangePartnerForm, LeaveForm, PartnershipForm
from csp.agencies.forms.users import ReasonForm
from csp.agencies.models import Area, Partner
from csp.agencies.services import partners
from csp.core.errors import RuleBroken

administers = permission_required("agencies.administer", raise_exception=True)


def partnership_of(request):
    """The partnership the administrator works in now. They may hold another role in this one."""
    if not request.user.has_perm("agencies.change", request.partnership):
        raise PermissionDenied
    return request.partnership


@require_safe
@administers
def index(request):
    partnership = partnership_of(request)
    context = {
        "partnership": partnership,
        "members": Partner.objects.current(timezone.localdate()).filter(partnership=partnership).count(),
        "areas": Area.objects.filter(partnership=partnership).count(),
        "books": rulebook.books(),
    }
    return render(request, "agencies/set_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def partnership(request):
    here = partnership_of(request)
    form = PartnershipForm(request.POST or None, instance=here)
    if form.is_valid():
        try:
            partners.change_partnership(partnership=here, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The partnership's details are changed")
            return redirect("agencies:set_up")
    return render(request, "agencies/partnership_form.html", {"form": form})


@require_safe
@administers
def partner_list(request):
    today = timezone.localdate()
    now = Q(memberships__starts_on__lte=today) & (
        Q(memberships__ends_on=None) | Q(memberships__ends_on__gt=today)
    )
    people = Count("memberships__user", filter=now, distinct=True)
    seats = Partner.objects.filter(partnership=partnership_of(request)).annotate(people=people)
    seats = seats.select_related("agency").order_by("name")
    return render(request, "agencies/partner_list.html", {"partners": seats, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def add_partner(request):
    here = partnership_of(request)
    form = AddPartnerForm(request.POST or None)
    if form.is_valid():
        try:
            made = partners.add_partner(partnership=here, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{made} is a partner. Invite its agency lead next")
            return redirect("agencies:partners")
    return render(request, "agencies/partner_add.html", {"form": form})


def partner_here(request, pk):
    return get_permitted(Partner.objects.select_related("agency"), request.user, "agencies.change", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change_partner(request, pk):
    partner = partner_here(request, pk)
    initial = {"name": partner.name, "email": partner.email, "phone": partner.phone}
    form = ChangePartnerForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            partners.change_partner(partner=partner, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The partner's details are changed")
            return redirect("agencies:partners")
    return render(request, "agencies/partner_change.html", {"form": form, "partner": partner})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, pk):
    partner = partner_here(request, pk)
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        try:
            partners.leave(partner=partner, by=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{partner} leaves the partnership")
            return redirect("agencies:partners")
    return render(request, "agencies/partner_leave.html", {"form": form, "partner": partner})


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request, pk):
    partner = partner_here(request, pk)
    form = ReasonForm(request.POST or None, submit_text="Take it back in")
    if form.is_valid():
        try:
            partners.come_back(partner=partner, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{partner} is a member")
            return redirect("agencies:partners")
    return render(request, "agencies/partner_back.html", {"form": form, "partner": partner})
