import datetime as dt
from typing import Any

from cases.models import Contact
from cases.services import languages
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.pdf import render_pdf
from csp.core.words import date_words

ENDS_WITH = languages.HEADING
HEADINGS = (
    "What you can do next",
    "Your right to ask for ",
    "What the ",
    "What happens now",
    "What has been done",
    "Why we have closed it",
    "Who can ask",
    "Who to call",
    "How to ask",
    "If it happens again",
    "Tell us how we did",
    ENDS_WITH,
)
"""What the templates of our letters write over a paragraph, on a line of its own."""
LARGE = "large print"


def letter_pdf(*, contact: Contact, by: User, at: dt.datetime) -> bytes:
    """The letter as it is printed and posted. That it was printed is recorded."""
    record("letter.printed", by=by, target=contact.about, contact=contact.pk)
    return printed(contact)


def printed(contact: Contact) -> bytes:
    # A letter goes to the caller's own door: the marking of our files says nothing to them.
    return render_pdf("cases/letter.pdf.html", letter_parts(contact), title=contact.subject, marking="")


def letter_parts(contact: Contact) -> dict[str, Any]:
    """What stands where on the sheet."""
    about, partnership = contact.about, contact.partnership
    greeting, _, rest = contact.body.partition("\n")
    blocks = paragraphs(rest)
    return {
        "sender": {
            "name": about.lead.name,
            "address": partnership.address,
            "phone": partnership.phone,
            "email": partnership.email,
        },
        "recipient_lines": contact.address.splitlines(),
        "date": date_words(local_day(contact.made_at)),
        "our_reference": about.reference,
        "greeting": greeting,
        "paragraphs": [block for block in blocks if not block["offer"] and block["lines"] != [ENDS_WITH]],
        "offers": [block["offer"] for block in blocks if block["offer"]],
        "offers_heading": ENDS_WITH,
        "large": bool(contact.person and LARGE in contact.person.language.casefold()),
    }


def paragraphs(text: str) -> list[dict[str, object]]:
    """The text in blocks, with those that are headings of ours told apart from what an officer typed, and
    with the language of those that are in another.
    """
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return [
        {"lines": block.splitlines(), "heading": is_heading(block), "offer": languages.offer_in(block)}
        for block in blocks
    ]


def is_heading(block: str) -> bool:
    return block.startswith(HEADINGS) and "\n" not in block and not block.endswith(".")
