"""Letters, calls and e-mails to the caller of a report, or to somebody in a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.enums import ContactMethod
from cases.models import Case, Contact, Report
from cases.services import contacts, letters
from cases.services import messages as caller_messages
from csp.agencies.access import StaffRequest, get_permitted
from csp.core.errors import RuleBroken


def find(request: StaffRequest, reference: str, pk: int) -> Contact:
    """The contact, through the gate of its report or its case. A case shows those of its reports too."""
    held = Contact.objects.select_related(
        "report__partnership", "report__lead", "case__lead", "person", "partnership"
    )
    if of_case(request):
        case = get_permitted(Case.objects.all(), request.user, "cases.edit", reference=reference)
        contact = get_object_or_404(held, Q(case=case) | Q(report__case=case), pk=pk)
        if contact.report_id is None:
            return contact
        reference = contact.about.reference
    report = get_permitted(Report.objects.all(), request.user, "reports.contact", reference=reference)
    return get_object_or_404(held, report=report, pk=pk)


def of_case(request: StaffRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.namespace == "cases"


def done(request: StaffRequest, reference: str, act: Callable[[], Any], words: str) -> HttpResponse:
    try:
        act()
    except RuleBroken as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, words)
    return redirect("cases:letters" if of_case(request) else "reports:detail", reference=reference)


@require_safe
def letter(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    contact = find(request, reference, pk)
    get_object_or_404(Contact, pk=contact.pk, method=ContactMethod.LETTER)
    content = letters.letter_pdf(contact=contact, by=request.user, at=timezone.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{contact.about.reference}-letter-{contact.pk}.pdf"'
    return answer


@require_POST
def mark_done(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    contact = find(request, reference, pk)
    told = (
        "The letter is marked as posted"
        if contact.method == ContactMethod.LETTER
        else "Kept that they were told"
    )
    return done(
        request,
        reference,
        lambda: contacts.mark_done(contact=contact, by=request.user, at=timezone.now()),
        told,
    )


@require_POST
def no_answer(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    contact = find(request, reference, pk)
    note = request.POST.get("note", "").strip()[:300]
    return done(
        request,
        reference,
        lambda: contacts.mark_no_answer(contact=contact, note=note, by=request.user, at=timezone.now()),
        "Kept that nobody answered",
    )


@require_POST
def write_instead(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    contact = find(request, reference, pk)
    return done(
        request,
        reference,
        lambda: contacts.write_instead(contact=contact, by=request.user, at=timezone.now()),
        "A letter with the same words waits to be posted",
    )


@require_POST
def try_again(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    contact = find(request, reference, pk)
    return done(
        request,
        reference,
        lambda: caller_messages.try_again(contact=contact, by=request.user, at=timezone.now()),
        "The e-mail is on its way again",
    )


@require_POST
def withdraw(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """A letter in a case. What tells of a decision on a report goes when that is undone."""
    contact = find(request, reference, pk)
    get_object_or_404(Contact, pk=contact.pk, report=None)
    return done(
        request,
        reference,
        lambda: contacts.withdraw(contact=contact, by=request.user, at=timezone.now()),
        "It does not go out",
    )


@require_POST
def case_review_notice(request: StaffRequest, reference: str) -> HttpResponse:
    """Tell the victim about the ASB Case Review, or keep that it was explained to them."""
    report = get_permitted(Report.objects.all(), request.user, "reports.contact", reference=reference)
    in_person = "in_person" in request.POST
    return done(
        request,
        reference,
        lambda: contacts.give_case_review_notice(
            report=report, in_person=in_person, by=request.user, at=timezone.now()
        ),
        "Kept that you explained it" if in_person else "The Case Review notice is made",
    )
