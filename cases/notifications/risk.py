"""E-mails about risk: the reference and a link, never who is at risk or of what."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import Case


def risk_review_due(case: Case, to: list[str]) -> None:
    _send(case, to, "risk_due", f"Risk is due to be scored: case {case}")


def high_risk(case: Case, to: list[str]) -> None:
    _send(case, to, "risk_high", f"High risk: case {case}")


def _send(case: Case, to: list[str], template: str, subject: str) -> None:
    url = settings.PUBLIC_URL + reverse("cases:risk", args=[case.reference])
    body = render_to_string(f"email/cases/{template}.txt", {"case": case, "url": url}).strip() + "\n"
    for address in to:
        EmailMessage(subject, body, to=[address]).send()
