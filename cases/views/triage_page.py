"""What the report page shows of triage: the decision, the messages to the caller, the way on in the list."""

import dataclasses
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases import notifications
from cases.enums import UNTOLD, ContactMethod, ContactStatus, ReportStatus
from cases.forms.decide import DecideForm
from cases.models import Case, Contact, Decision, Report
from cases.services.contacts import ENOUGH_ATTEMPTS
from cases.services.safe_contact import SafeWay, safe_way
from cases.services.staff import colleagues
from cases.services.undoing import can_undo
from cases.views.neighbours import Neighbours
from cases.views.queue_page import WAITING, Queue
from csp.agencies.access import StaffRequest
from csp.agencies.models import User
from csp.core.calendar import local_day
from csp.core.keyset import neighbours

YOUR_ADVICE = "[your advice]"
THE_AGENCY = "[the agency you choose]"


def neighbours_in_list(request: StaffRequest, report: Report) -> Neighbours | None:
    queue = Queue.named_in(request)
    if queue is None:
        return None
    found = neighbours(queue.reports.only("reference", "pk"), report, *queue.order)
    return Neighbours.of("reports", found, request.GET["list"])


def next_to_decide(request: StaffRequest, report: Report) -> Report | None:
    """The next one in the list that nobody else has; after the last, the first."""
    queue = Queue.named_in(request)
    if queue is None or queue.tab != WAITING:
        queue = Queue.default(request.user, request.partnership, request.partner)
    free = queue.reports.filter(Q(officer=None) | Q(officer=request.user), lead=report.lead_id)
    _, following = neighbours(free, report, *queue.order)
    return following or free.exclude(pk=report.pk).order_by(*queue.order).first()


def decide_url(request: StaffRequest, report: Report) -> str:
    """It keeps the list from which the report was opened."""
    address = reverse("reports:decide", args=[report.reference])
    return f"{address}?{urlencode({'list': request.GET['list']})}" if "list" in request.GET else address


def told_before_deciding(report: Report, at: dt.datetime) -> dict[str, Any]:
    """How the caller would be told of each outcome, word for word, or why they are not."""
    way = safe_way(report)
    told: dict[str, Any] = {"way": way} | {str(outcome): "" for outcome in notifications.SUBJECTS}
    if not way.nobody:
        for outcome in notifications.SUBJECTS:
            told[str(outcome)] = notifications.decision_words(
                report, outcome, name=way.name, at=at, advice=YOUR_ADVICE, agency=THE_AGENCY
            )[1]
    return told


@dataclasses.dataclass(frozen=True)
class TriagePanel:
    """The decide box of one report for one reader. Colleagues see what was decided; strangers to the team
    see that it was.
    """

    report: Report
    request: StaffRequest
    at: dt.datetime

    @property
    def user(self) -> User:
        return self.request.user

    @property
    def may_decide(self) -> bool:
        return self.report.awaits_triage and self.user.has_perm("reports.triage", self.report)

    @property
    def leads(self) -> bool:
        return self.report.lead_id in self.user.partner_ids

    def form(self) -> DecideForm:
        form = DecideForm(report=self.report, user=self.user, at=self.at)
        form.helper.form_action = decide_url(self.request, self.report)
        return form

    def told(self) -> dict[str, Any]:
        return told_before_deciding(self.report, self.at)

    def colleagues(self) -> QuerySet[User]:
        return colleagues(self.report.lead, local_day(self.at))

    def decisions(self) -> list[Decision]:
        """The newest first, undone ones included: for the team alone."""
        if not self.leads:
            return []
        made = self.report.decisions.select_related("by", "undone_by", "case", "referred_to", "duplicate_of")
        return list(made.order_by("-at", "-pk"))

    def may_undo(self) -> bool:
        if self.report.awaits_triage or self.report.status == ReportStatus.RECORDED:
            return False
        if not self.user.has_perm("reports.undo_decision", self.report):
            return False
        return any(can_undo(decision, self.at) for decision in self.report.decisions.filter(undone_at=None))


@dataclasses.dataclass(frozen=True)
class ContactShown:
    """One message to the caller, and what can be done about it."""

    contact: Contact
    attempts: int
    may_act: bool
    within: Case | None = None
    """The case on whose page it stands, where it is of a report."""

    @property
    def is_call(self) -> bool:
        return self._open(ContactMethod.PHONE, ContactStatus.TO_DO)

    @property
    def is_letter(self) -> bool:
        return self.contact.method == ContactMethod.LETTER

    @property
    def to_post(self) -> bool:
        return self._open(ContactMethod.LETTER, ContactStatus.TO_DO)

    @property
    def may_try_again(self) -> bool:
        return self._open(ContactMethod.EMAIL, ContactStatus.FAILED)

    @property
    def may_write_instead(self) -> bool:
        return self.is_call and self.attempts >= ENOUGH_ATTEMPTS

    @property
    def urls(self) -> dict[str, str]:
        """Where each thing that is done about it is sent."""
        about = self.within or self.contact.about
        room = "cases" if isinstance(about, Case) else "reports"
        args = [about.reference, self.contact.pk]
        names = ["letter", "contact_done", "contact_no_answer", "contact_write", "contact_again"]
        names += ["contact_withdraw"] if self.may_withdraw else []
        return {name: reverse(f"{room}:{name}", args=args) for name in names}

    @property
    def may_withdraw(self) -> bool:
        """A letter in a case. What tells of a decision goes when that is undone."""
        return self.may_act and self.contact.case_id is not None and self.contact.status in UNTOLD

    def _open(self, method: str, status: str) -> bool:
        return self.may_act and self.contact.method == method and self.contact.status == status


@dataclasses.dataclass(frozen=True)
class ContactsPanel:
    report: Report
    user: User

    @property
    def may_act(self) -> bool:
        return self.user.has_perm("reports.contact", self.report)

    def way(self) -> SafeWay:
        return safe_way(self.report)

    def contacts(self) -> list[ContactShown]:
        """For the team that leads: what is said to a caller is between the two."""
        if not self.may_act:
            return []
        made = self.report.contacts.select_related("made_by").prefetch_related("attempts__by")
        return [
            ContactShown(contact, len(contact.attempts.all()), may_act=True)
            for contact in made.order_by("-made_at", "-pk")
        ]

    @property
    def notice_due(self) -> bool:
        return self.may_act and self.report.case_review_notice_due
