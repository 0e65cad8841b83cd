"""The tab "Letters and contact" of a case: what was said to whom, when the next word is due, and letters."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases import notifications
from cases.enums import ContactKind, ContactMethod, ContactResult, ContactWay
from cases.forms.contact import LogForm, WordsForm
from cases.models import CaseContact, Contact, Person
from cases.services import case_letters
from cases.services import letters as sheets
from cases.services.contact_log import entries_of, log_contact, update_words
from cases.services.no_contact import NoContact, no_contact_of
from cases.services.safe_contact import SafeWay, safe_way_to
from cases.views.case_shell import CaseShell, open_case
from cases.views.triage_page import ContactShown
from csp.agencies.access import StaffRequest
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken

TAB = "cases:letters"
MOST_ENTRIES = 200
WRITES = {
    ContactKind.CASE_OPENED: "Acknowledgement",
    ContactKind.UPDATE: "Update",
    ContactKind.CASE_REVIEW: "Case Review notice",
}
GOES_BY = {
    ContactMethod.EMAIL: "Send the e-mail",
    ContactMethod.LETTER: "Make the letter",
    ContactMethod.PHONE: "Add it to the calls to make",
}


@dataclasses.dataclass(frozen=True)
class Reader:
    """Somebody who hears from us, and what can be written to them."""

    person: Person
    way: SafeWay
    notice_due: bool

    @property
    def writes(self) -> list[tuple[str, str]]:
        return list(WRITES.items())


@dataclasses.dataclass(frozen=True)
class LettersPage:
    """What the team that leads sees in full. An agency sees the entries that are for it."""

    shell: CaseShell

    @property
    def may_write(self) -> bool:
        return self.shell.may("cases.edit")

    @property
    def may_log(self) -> bool:
        return self.shell.may("cases.contribute")

    @property
    def update(self) -> str:
        """When the complainant must hear from us. Other agencies are not told when we are late."""
        due = self.shell.case.update_due_on
        return update_words(due, local_day(self.shell.at)) if due and self.may_write else ""

    @property
    def update_late(self) -> bool:
        due = self.shell.case.update_due_on
        return due is not None and due < local_day(self.shell.at)

    def readers(self) -> list[Reader]:
        people = case_letters.people_to_write_to(self.shell.case) if self.may_write else []
        due = case_letters.notice_due_to(self.shell.case)
        return [Reader(person, safe_way_to(person), person.pk in due) for person in people]

    def unanswered(self) -> list[NoContact]:
        """Complainants who did not answer, with what to do now."""
        if not self.may_write or not self.shell.case.is_open:
            return []
        return [each for each in no_contact_of(self.shell.case, self.shell.at) if each.calls]

    def written(self) -> list[ContactShown]:
        """Letters, calls and e-mails of the case and of its reports, the newest first."""
        if not self.may_write:
            return []
        family = self.shell.case.family
        made = Contact.objects.visible_to(self.shell.user)
        made = made.filter(Q(case__in=family) | Q(report__case__in=family))
        made = made.select_related("case", "report__case", "person").prefetch_related("attempts__by")
        made = made.annotate(tried=Count("attempts")).order_by("-made_at", "-pk")[:MOST_ENTRIES]
        return [shown for each in made if (shown := self.written_one(each))]

    def written_one(self, contact: Contact) -> ContactShown | None:
        """What a caller was told is for the team that leads their report."""
        tried = contact.tried  # type: ignore[attr-defined]  # annotated
        report = contact.report
        if report is None:
            return ContactShown(contact, tried, may_act=True)
        may_act = self.shell.user.has_perm("reports.contact", report)
        return ContactShown(contact, tried, may_act, within=report.case) if may_act else None

    def log(self) -> list[CaseContact]:
        return entries_of(self.shell.case, self.shell.user)[:MOST_ENTRIES]


@require_safe
def letters(request: StaffRequest, reference: str) -> HttpResponse:
    shell = open_case(request, reference, "cases.read", active=TAB)
    return render(request, "cases/letters.html", {"shell": shell, "page": LettersPage(shell)})


@require_http_methods(["GET", "POST"])
def log(request: StaffRequest, reference: str) -> HttpResponse:
    """One entry. `?person=` and `?no_answer` fill in what was clicked."""
    shell = open_case(request, reference, "cases.contribute", active=TAB)
    form = LogForm(
        request.POST or None, case=shell.case, user=shell.user, at=shell.at, initial=clicked(request)
    )
    if form.is_valid():
        try:
            log_contact(case=shell.case, by=request.user, at=shell.at, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Added to the log")
            return redirect(TAB, reference=reference)
    return render(request, "cases/contact_log.html", {"shell": shell, "form": form})


def clicked(request: HttpRequest) -> dict[str, Any]:
    person = request.GET.get("person", "")
    first: dict[str, Any] = {"person": person} if person.isdecimal() else {}
    if "no_answer" in request.GET:
        first |= {"way": ContactWay.PHONE, "result": ContactResult.NO_ANSWER}
    return first


@require_http_methods(["GET", "POST"])
def write(request: StaffRequest, reference: str, person: int, kind: str) -> HttpResponse:
    """A letter to one person: its words, how it looks, and out it goes by their safe way."""
    shell = open_case(request, reference, "cases.edit", active=TAB)
    whom = next((each for each in case_letters.people_to_write_to(shell.case) if each.pk == person), None)
    if whom is None or kind not in WRITES:
        raise Http404
    first = {"words": notifications.case_words(shell.case, kind, at=shell.at)}
    form = WordsForm(request.POST or None, initial=first)
    answer: HttpResponse | dict[str, Any] | None = None
    if form.is_valid():
        try:
            answer = pressed(request, shell, whom, kind, form.cleaned_data["words"])
        except RuleBroken as problem:
            form.add_error("words", str(problem))
    if isinstance(answer, HttpResponse):
        return answer
    way, title = case_letters.way_to_write(shell.case, whom, shell.at), WRITES[ContactKind(kind)]
    context = {"shell": shell, "form": form, "person": whom, "kind": kind, "title": title, "way": way}
    context |= {"button": GOES_BY.get(way.method, ""), "preview": answer}
    return render(request, "cases/letters_write.html", context)


def pressed(
    request: StaffRequest, shell: CaseShell, person: Person, kind: str, words: str
) -> HttpResponse | dict[str, Any]:
    """What the button asks for: a look at the letter, the same as a PDF, or that it goes out."""
    if "explained" in request.POST and kind == ContactKind.CASE_REVIEW:
        case_letters.explained(case=shell.case, person=person, by=request.user, at=shell.at)
        return back(request, shell, "Kept that you explained it")
    letter: dict[str, Any] = {"case": shell.case, "person": person, "kind": kind, "words": words}
    if "send" in request.POST:
        made = case_letters.send(**letter, by=request.user, at=shell.at)
        return back(request, shell, SENT[ContactMethod(made.method)])
    drafted = case_letters.draft(**letter, by=request.user, at=shell.at)
    return shown_as_pdf(drafted) if "pdf" in request.POST else look_of(drafted)


def back(request: StaffRequest, shell: CaseShell, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(TAB, reference=shell.case.reference)


SENT = {
    ContactMethod.EMAIL: "The e-mail is on its way",
    ContactMethod.LETTER: "The letter is ready to print and post",
    ContactMethod.PHONE: "The call waits to be made",
}


def look_of(contact: Contact) -> dict[str, Any]:
    return {**sheets.letter_parts(contact), "title": contact.subject, "method": contact.method}


def shown_as_pdf(contact: Contact) -> HttpResponse:
    answer = HttpResponse(sheets.printed(contact), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{contact.about.reference}-preview.pdf"'
    return answer
