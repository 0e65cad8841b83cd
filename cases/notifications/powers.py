"""What colleagues are told about powers: references and links, nothing else."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import Case


def powers_due(cases: Sequence[Case], to: list[str]) -> None:
    """One message, however many powers something is due with."""
    references = list(dict.fromkeys(case.reference for case in cases))
    lines = [
        {"reference": reference, "url": settings.PUBLIC_URL + reverse("cases:powers", args=[reference])}
        for reference in references
    ]
    subject = f"{references[0]}: a power needs you" if len(references) == 1 else "Powers need you"
    body = render_to_string("email/cases/powers_due.txt", {"lines": lines})
    for address in to:
        EmailMessage(subject, body.strip() + "\n", to=[address]).send()
