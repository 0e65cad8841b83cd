"""Requests of people who want to know what is held about them."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import ReleaseDecision
from cases.forms.records import BecauseForm, ItemForm, NewAccessForm
from cases.models import SubjectAccess, SubjectAccessItem
from cases.rules.records import teams_kept
from cases.services import subject_access
from cases.services.people_held import people_held
from cases.views.retention import check_keeper
from csp.agencies.access import StaffRequest, get_permitted
from csp.agencies.models import Partner
from csp.audit.services import looked_at, searched
from csp.core.errors import RuleBroken
from csp.core.forms import GDSForm
from csp.core.keyset import page_of

VERBS: dict[str, tuple[str, Callable[..., SubjectAccess], str]] = {
    "extend": ("Take two more months", subject_access.extend_access, "More time is recorded"),
    "refuse": ("Refuse the request", subject_access.refuse_access, "The request is refused"),
    "ready": ("Mark the answer as ready", subject_access.make_ready, "The answer is ready"),
    "again": ("Change the answer", subject_access.open_again, "The answer can be changed again"),
    "sent": ("Mark as sent", subject_access.mark_sent, "The answer is marked as sent"),
    "withdraw": ("Withdraw it", subject_access.withdraw_access, "The request is withdrawn"),
}
WITH_REASON = {"extend", "refuse"}


def access_of(request: StaffRequest, pk: int) -> SubjectAccess:
    found = SubjectAccess.objects.select_related("person", "partner", "partnership")
    return get_permitted(found, request.user, "records.answer", pk=pk)


def team_that_answers(request: StaffRequest) -> Partner:
    """Whose records the reader looks after: where they sit now, else where they keep the records."""
    teams = teams_kept(request.user, request.partnership)
    found = request.partner if request.partner.pk in teams else Partner.objects.filter(pk__in=teams).first()
    if found is None:
        raise PermissionDenied
    return found


@require_safe
def access_list(request: StaffRequest) -> HttpResponse:
    check_keeper(request)
    found = SubjectAccess.objects.visible_to(request.user).filter(partnership=request.partnership)
    page = page_of(found.select_related("person", "partner"), request, "-received_on", "-pk")
    return render(request, "cases/access_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def access_new(request: StaffRequest) -> HttpResponse:
    """Find the person among those in our own records, then gather what is held."""
    check_keeper(request)
    team = team_that_answers(request)
    words = request.GET.get("q", "").strip()
    people = people_held(words, team) if words else []
    if words and request.method == "GET":
        searched(request.user, "person", words, hits=len(people), partnership=request.partnership)
    form = NewAccessForm(request.POST or None, people=people)
    if form.is_valid():
        try:
            access = subject_access.open_access(
                **form.cleaned_data, partner=team, by=request.user, at=timezone.now()
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"We gathered {access.items.count()} items. Decide each of them")
            return redirect("records:access", pk=access.pk)
    return render(request, "cases/access_new.html", {"form": form, "words": words, "people": people})


@require_safe
def access_detail(request: StaffRequest, pk: int) -> HttpResponse:
    access = access_of(request, pk)
    looked_at(request.user, access)
    items = list(access.items.order_by("position").select_related("decided_by"))
    context = {
        "access": access,
        "items": items,
        "undecided": sum(item.decision == ReleaseDecision.UNDECIDED for item in items),
        "kept_back": [item for item in items if item.exemption],
    }
    return render(request, "cases/access_detail.html", context)


@require_http_methods(["GET", "POST"])
def access_item(request: StaffRequest, pk: int, position: int) -> HttpResponse:
    access = access_of(request, pk)
    item = get_object_or_404(access.items, position=position)
    before = {name: getattr(item, name) for name in ("released", "exemption", "reason")}
    decided = "" if item.decision == ReleaseDecision.UNDECIDED else item.decision
    form = ItemForm(request.POST or None, initial=before | {"decision": decided})
    if form.is_valid():
        try:
            subject_access.decide_item(item=item, **form.cleaned_data, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            return _next(access, position)
    return render(request, "cases/access_item.html", {"access": access, "item": item, "form": form})


def _next(access: SubjectAccess, position: int) -> HttpResponse:
    """The next item that nobody has decided, or the whole request."""
    left = SubjectAccessItem.objects.filter(request=access, decision=ReleaseDecision.UNDECIDED)
    following = (
        left.filter(position__gt=position).order_by("position").first() or left.order_by("position").first()
    )
    if following is None:
        return redirect("records:access", pk=access.pk)
    return redirect("records:access_item", pk=access.pk, position=following.position)


@require_http_methods(["GET", "POST"])
def access_verb(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """One step with the request, each after a page that says what it does."""
    access = access_of(request, pk)
    label, service, said = VERBS[verb]
    sent = request.POST if request.method == "POST" else None
    form = BecauseForm(sent) if verb in WITH_REASON else GDSForm(sent)
    form.helper.inputs[0].value = label
    if form.is_valid():
        because = {"because": form.cleaned_data["reason"]} if verb in WITH_REASON else {}
        try:
            service(access=access, **because, by=request.user, at=timezone.now())
        except RuleBroken as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, said)
        return redirect("records:access", pk=access.pk)
    return render(request, "cases/access_verb.html", {"access": access, "form": form, "label": label})


@require_safe
@cache_control(private=True, no_store=True)
def access_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer as it is sent. Each printing is recorded."""
    access = access_of(request, pk)
    try:
        made = subject_access.access_pdf(access=access, by=request.user, at=timezone.now())
    except RuleBroken as problem:
        messages.error(request, str(problem))
        return redirect("records:access", pk=access.pk)
    name = f"subject-access-{access.pk}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
