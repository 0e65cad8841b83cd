"""Accepting a referral, putting it off, declining it; and taking it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm
from tasking.enums import BEFORE
from tasking.forms.referrals import AcceptForm, DeclineForm, DeferForm, WithdrawForm
from tasking.models import AgendaItem, Meeting, Referral
from tasking.services import accepting
from tasking.services import referrals as service
from tasking.services.tabling import shares_end_at
from tasking.views.referrals import SHOWN_WITH


def decided(request: StaffRequest, pk: int, perm: str = "meetings.decide_referral") -> Referral:
    return get_permitted(Referral.objects.select_related(*SHOWN_WITH), request.user, perm, pk=pk)


def decide_page(
    request: StaffRequest,
    referral: Referral,
    form: GDSForm,
    *,
    title: str,
    does: Callable[[GDSForm], Any],
    done: str,
    **more: Any,
) -> HttpResponse:
    if form.is_valid():
        try:
            does(form)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect("meetings:referral", pk=referral.pk)
    nothing: dict[str, Any] = {"accepting": False, "there": None, "until": None, "none_ahead": False}
    context = nothing | {"referral": referral, "form": form, "title": title, **more}
    return render(request, "tasking/referral_decide.html", context)


def doing(request: StaffRequest, referral: Referral) -> dict[str, Any]:
    return {"referral": referral, "by": request.user, "at": timezone.now()}


@require_http_methods(["GET", "POST"])
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    referral = decided(request, pk)
    items = (
        AgendaItem.objects.visible_to(request.user).filter(meeting=referral.meeting_id).tabled().in_order()
    )
    form = AcceptForm(request.POST or None, referral=referral, items=items)
    return decide_page(
        request,
        referral,
        form,
        title="Put it on the agenda",
        does=lambda form: accepting.accept(placing=form.placing(), **doing(request, referral)),  # type: ignore[attr-defined]
        done=f"It is on the agenda of {referral.meeting}, and {referral.from_partner} is told",
        accepting=True,
        until=shares_end_at(referral.meeting),
        there=accepting.on_agenda(referral),
    )


@require_http_methods(["GET", "POST"])
def defer(request: StaffRequest, pk: int) -> HttpResponse:
    referral = decided(request, pk)
    later = Meeting.objects.visible_to(request.user).filter(
        series=referral.meeting.series_id, starts_at__gt=referral.meeting.starts_at, status__in=BEFORE
    )
    ahead = later.select_related("series").order_by("starts_at", "pk")
    form = DeferForm(request.POST or None, meetings=ahead)
    return decide_page(
        request,
        referral,
        form,
        title="Put it off to a later meeting",
        does=lambda form: service.defer(**form.cleaned_data, **doing(request, referral)),
        done=f"It is put off, and {referral.from_partner} is told",
        none_ahead=not ahead.exists(),
    )


@require_http_methods(["GET", "POST"])
def decline(request: StaffRequest, pk: int) -> HttpResponse:
    referral = decided(request, pk)
    return decide_page(
        request,
        referral,
        DeclineForm(request.POST or None),
        title="Decline it",
        does=lambda form: service.decline(**form.cleaned_data, **doing(request, referral)),
        done=f"It is declined, and {referral.from_partner} is told why",
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    referral = decided(request, pk, "meetings.withdraw_referral")
    return decide_page(
        request,
        referral,
        WithdrawForm(request.POST or None),
        title="Withdraw it",
        does=lambda form: service.withdraw(**form.cleaned_data, **doing(request, referral)),
        done=f"It is withdrawn, and {referral.lead} is told",
    )
