"""Words sent to callers and to colleagues. The templates say what; this says to whom and with what."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import ReportStatus
from cases.models import Contact, Report
from csp.agencies.enums import TermKey
from csp.agencies.models.terms import term
from csp.core.calendar import local_day
from csp.core.words import date_words

SUBJECTS = {
    ReportStatus.CASE_OPENED: "We have opened a case",
    ReportStatus.JOINED: "Your report has been added to work that is under way",
    ReportStatus.REFERRED: "We have asked another agency to help",
    ReportStatus.ADVICE: "Our advice on what you told us",
    ReportStatus.NOT_ASB: "What we decided about your report",
    ReportStatus.DUPLICATE: "We knew about this already",
}


def decision_words(
    report: Report, outcome: str, *, name: str, at: dt.datetime, advice: str = "", agency: str = ""
) -> tuple[str, str]:
    """Subject and text for the caller. Never names the subject, nor repeats what any agency holds."""
    more = {"advice": advice, "agency": agency}
    body = render_to_string(f"email/cases/decision_{outcome}.txt", _caller_context(report, name, at) | more)
    return f"{SUBJECTS[ReportStatus(outcome)]}: {report}", body.strip() + "\n"


def received_words(report: Report, *, name: str, at: dt.datetime, link: str) -> tuple[str, str]:
    url = settings.PUBLIC_URL + reverse("public:follow", args=[link])
    body = render_to_string("email/cases/received.txt", _caller_context(report, name, at) | {"url": url})
    return f"We received your report: {report}", body.strip() + "\n"


def case_review_words(report: Report, *, name: str, at: dt.datetime) -> tuple[str, str]:
    context = _caller_context(report, name, at)
    body = render_to_string("email/cases/case_review_notice.txt", context)
    return f"Your right to ask for the {context['case_review']}", body.strip() + "\n"


def _caller_context(report: Report, name: str, at: dt.datetime) -> dict[str, str]:
    partnership = report.partnership
    return {
        "name": name or "Sir or Madam",
        "reference": report.reference,
        "received": date_words(local_day(report.received_at)),
        "team": f"{report.lead.name}\n{partnership.name}",
        "phone": partnership.phone,
        "email": partnership.email,
        "case_review": term(partnership, TermKey.CASE_REVIEW, local_day(at)),
    }


def send_contact(contact: Contact) -> None:
    """The caller's own e-mail. A mail server that gets it twice can tell by its id, which never changes."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    EmailMessage(
        contact.subject,
        contact.body,
        to=[contact.address],
        reply_to=[contact.partnership.email] if contact.partnership.email else None,
        headers={"Message-ID": f"<contact-{contact.pk}@{host}>"},
    ).send()


def triage_late(reports: Sequence[Report], to: list[str]) -> None:
    """One message, however many reports are late: references and links, nothing else."""
    lines = [
        {
            "reference": report.reference,
            "url": settings.PUBLIC_URL + reverse("reports:detail", args=[report.reference]),
        }
        for report in reports
    ]
    references = [report.reference for report in reports]
    subject = render_to_string("email/cases/triage_late_subject.txt", {"references": references})
    body = render_to_string("email/cases/triage_late.txt", {"lines": lines})
    for address in to:
        EmailMessage(subject.strip(), body.strip() + "\n", to=[address]).send()
