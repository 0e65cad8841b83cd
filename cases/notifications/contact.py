"""Words to people in a case, and short notes to colleagues that hold a reference and a link."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import ClosureReason, ContactKind
from cases.models import Case
from csp.agencies.enums import TermKey
from csp.agencies.models import Partner
from csp.agencies.models.terms import term
from csp.core.calendar import local_day
from csp.core.words import date_words

GAP = "[Say here what has been done, and what happens next]"
"""What the officer writes in their own words. A letter that still holds it does not go out."""
BLANK_LINES = re.compile(r"\n{3,}")
CASE_SUBJECTS = {
    ContactKind.CASE_OPENED: "We have opened a case",
    ContactKind.UPDATE: "What is being done",
    ContactKind.CASE_REVIEW: "Your right to ask for the {case_review}",
    ContactKind.CLOSURE: "We have closed your case",
}
WHY_CLOSED = {
    ClosureReason.EARLY: "What you told us about has been dealt with.",
    ClosureReason.FORMAL: "What you told us about has been dealt with by formal action.",
    ClosureReason.SUPPORT: "What you told us about has been settled with support or mediation.",
    ClosureReason.NOT_ASB: "What you told us about is not something that we can deal with as anti-social "
    "behaviour.",
    ClosureReason.NO_EVIDENCE: "There is not enough evidence to go further, and nothing more to look "
    "into now.",
    ClosureReason.NO_CONTACT: "We have tried to reach you and have not heard from you.",
    ClosureReason.WITHDREW: "You asked us to take it no further.",
    ClosureReason.MOVED: "Somebody has moved away, and what you told us about has ended.",
    ClosureReason.REFERRED: "Another agency deals with it now, because it is best placed to help.",
    ClosureReason.DUPLICATE: "We deal with what you told us in another case.",
    ClosureReason.QUIET: "Nothing more has been reported to us while we kept watch.",
}


def case_subject(case: Case, kind: str, at: dt.datetime) -> str:
    case_review = term(case.partnership, TermKey.CASE_REVIEW, local_day(at))
    return f"{CASE_SUBJECTS[ContactKind(kind)].format(case_review=case_review)}: {case}"


def case_words(case: Case, kind: str, *, at: dt.datetime, reason: str = "", done: str = "") -> str:
    """What stands in the letter before the officer changes it. Never names the subject, nor says what another
    agency holds. The greeting comes before it.
    """
    why = WHY_CLOSED[ClosureReason(reason)] if reason else ""
    context = _context(case, at) | {"gap": done or GAP, "why": why}
    words = render_to_string(f"email/cases/case_{kind}.txt", context)
    return BLANK_LINES.sub("\n\n", words.strip()) + "\n"


def _context(case: Case, at: dt.datetime) -> dict[str, Any]:
    partnership = case.partnership
    return {
        "reference": case.reference,
        "opened": date_words(local_day(case.opened_at)),
        "officer": case.officer.name if case.officer else "",
        "team": f"{case.lead.name}\n{partnership.name}",
        "phone": partnership.phone,
        "email": partnership.email,
        "survey_url": partnership.survey_url,
        "case_review": term(partnership, TermKey.CASE_REVIEW, local_day(at)),
    }


def update_due(case: Case, to: Sequence[str]) -> None:
    """To the officer: a complainant waits to hear from us."""
    _note(
        case, f"{case}: an update is due", "update_due", f"update-{case.update_due_on}", to, "cases:letters"
    )


def case_closed(case: Case, partner: Partner, closing: int, to: Sequence[str]) -> None:
    """To an agency with which the case is shared."""
    _note(case, f"{case} is closed", "closed", f"closed-{closing}-{partner.pk}", to, "cases:detail")


def closing_answered(case: Case, closing: int, to: Sequence[str]) -> None:
    """To the officer whose proposal to close was answered."""
    subject = f"{case}: your proposal to close was answered"
    page = "cases:close" if case.is_open else "cases:detail"
    _note(case, subject, "closing_answered", str(closing), to, page)


def _note(case: Case, subject: str, name: str, key: str, to: Sequence[str], page: str) -> None:
    """A mail server that gets it twice can tell by its id, which never changes."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    url = settings.PUBLIC_URL + reverse(page, args=[case.reference])
    body = render_to_string(f"email/cases/case_note_{name}.txt", {"reference": case.reference, "url": url})
    for number, address in enumerate(to):
        headers = {"Message-ID": f"<case-{case.pk}-{name}-{key}-{number}@{host}>"}
        EmailMessage(subject, body.strip() + "\n", to=[address], headers=headers).send()
