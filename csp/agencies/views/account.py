"""A person's own account: what they may change themselves, and how they sign in."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies.forms.account import DetailsForm, FirstPasswordForm
from csp.agencies.models import invited_by_token
from csp.agencies.services import accounts, typed
from csp.agencies.services.sessions import SECOND_FACTORS
from csp.core.errors import RuleBroken


@require_safe
def account(request):
    steps = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS)
    return render(request, "agencies/account.html", {"steps": steps.count(), "seats": request.user.seats})


@require_http_methods(["GET", "HEAD", "POST"])
def details(request):
    user = request.user
    form = DetailsForm(request.POST or None, initial={"name": user.name, "phone": user.phone})
    if form.is_valid():
        accounts.change_own_details(user=user, **form.cleaned_data)
        messages.success(request, "Your details are changed")
        return redirect("agencies:account")
    return render(request, "agencies/account_details.html", {"form": form})


@require_POST
def sign_out_elsewhere(request):
    user = accounts.sign_out_elsewhere(user=request.user)
    update_session_auth_hash(request, user)
    messages.success(request, "You are signed out everywhere but here")
    return redirect("agencies:account")


@require_safe
def second_step(request):
    """Where somebody without a second step is sent while one is required."""
    return render(request, "agencies/second_step.html")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """The page behind the link of an invitation. The link itself shows who it is for."""
    user = invited_by_token(token)
    if user is None or not user.is_invited:
        return render(request, "agencies/invitation_void.html", status=404)
    form = FirstPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            accounts.accept_invitation(user=user, password=form.cleaned_data["password"])
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Your password is set. Sign in with it")
            return redirect("account_login")
    return render(request, "agencies/invitation.html", {"form": form, "person": user})


@require_safe
def kept(request):
    """Forms that were sent after the session had ended."""
    return render(request, "agencies/kept.html", {"kept": typed.kept_for(request.session, request.user.pk)})


@require_POST
def throw_away(request):
    token = request.POST.get("token", "")
    if token not in [each.token for each in typed.kept_for(request.session, request.user.pk)]:
        raise Http404
    typed.forget(request.session, token)
    messages.info(request, "What you had typed is thrown away")
    return redirect("agencies:kept")
