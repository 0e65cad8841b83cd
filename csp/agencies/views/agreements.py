"""The register of information-sharing agreements."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csp.agencies.forms.agreements import AgreementForm, EndAgreementForm, SignatureForm
from csp.agencies.models import AgreementSignatory, SharingAgreement
from csp.agencies.services import agreements
from csp.core.errors import RuleBroken

FIELDS = ("title", "signed_on", "review_on", "impact_assessment", "covers")


def partnership_of(request, perm):
    if request.partnership is None or not request.user.has_perm(perm, request.partnership):
        raise PermissionDenied
    return request.partnership


def agreement_of(request, pk, perm="agencies.read_agreements"):
    here = partnership_of(request, "agencies.read_agreements")
    found = get_object_or_404(SharingAgreement, partnership=here, pk=pk)
    partnership_of(request, perm)
    return found


@require_safe
def agreement_list(request):
    here = partnership_of(request, "agencies.read_agreements")
    today = timezone.localdate()
    found = SharingAgreement.objects.filter(partnership=here).prefetch_related("signatures__partner")
    ordered = sorted(found.order_by("review_on", "pk"), key=lambda each: each.has_ended(today))
    rows = [{"agreement": each, "state": agreements.state_of(each, today)} for each in ordered]
    keeps = request.user.has_perm("agencies.keep_agreements", here)
    return render(request, "agencies/agreement_list.html", {"rows": rows, "keeps": keeps})


@require_safe
def agreement_detail(request, pk):
    agreement = agreement_of(request, pk)
    context = {
        "agreement": agreement,
        "state": agreements.state_of(agreement, timezone.localdate()),
        "signatures": agreement.signatures.select_related("partner").order_by("partner__name"),
        "keeps": request.user.has_perm("agencies.keep_agreements", request.partnership),
    }
    return render(request, "agencies/agreement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_agreement(request):
    here = partnership_of(request, "agencies.keep_agreements")
    form = AgreementForm(request.POST or None)

    def does(**given):
        return agreements.add_agreement(partnership=here, at=timezone.now(), **given)

    return write(
        request, form, does, "Add an agreement", "The agreement is in the register. Add who signed it"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_agreement(request, pk):
    agreement = agreement_of(request, pk, "agencies.keep_agreements")
    form = AgreementForm(request.POST or None, initial={name: getattr(agreement, name) for name in FIELDS})

    def does(**given):
        return agreements.change_agreement(agreement=agreement, at=timezone.now(), **given)

    return write(request, form, does, "Change or review it", "The agreement is changed", agreement)


@require_http_methods(["GET", "HEAD", "POST"])
def end_agreement(request, pk):
    agreement = agreement_of(request, pk, "agencies.keep_agreements")
    form = EndAgreementForm(request.POST or None, initial={"on": timezone.localdate()})

    def does(**given):
        return agreements.end_agreement(agreement=agreement, **given)

    return write(request, form, does, "End the agreement", "The agreement ends on that day", agreement)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, pk):
    agreement = agreement_of(request, pk, "agencies.keep_agreements")
    form = SignatureForm(
        request.POST or None, agreement=agreement, initial={"signed_on": agreement.signed_on}
    )

    def does(**given):
        agreements.sign(agreement=agreement, at=timezone.now(), **given)
        return agreement

    return write(request, form, does, "Add a signature", "The signature is added", agreement)


def write(request, form, does, title, done, agreement=None):
    """One form, one thing done to the register, and on to the agreement."""
    if form.is_valid():
        try:
            changed = does(by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect("agreements:detail", pk=changed.pk)
    return render(
        request, "agencies/agreement_form.html", {"form": form, "title": title, "agreement": agreement}
    )


@require_POST
def take_signature_back(request, pk, signature):
    agreement = agreement_of(request, pk, "agencies.keep_agreements")
    found = get_object_or_404(
        AgreementSignatory.objects.select_related("partner"), agreement=agreement, pk=signature
    )
    agreements.take_signature_back(signature=found, by=request.user)
    messages.success(request, f"The signature of {found.partner} is taken out")
    return redirect("agreements:detail", pk=agreement.pk)
