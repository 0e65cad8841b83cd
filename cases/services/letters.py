import datetime as dt

from cases.models import Contact
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.pdf import render_pdf
from csp.core.words import date_words

HEADINGS = ("What you can do next", "Your right to ask for ", "What the ", "Who can ask", "How to ask")
"""What the templates of our letters write over a paragraph, on a line of its own."""


def letter_pdf(*, contact: Contact, by: User, at: dt.datetime) -> bytes:
    """The letter as it is printed and posted. That it was printed is recorded."""
    about, partnership = contact.about, contact.partnership
    greeting, _, rest = contact.body.partition("\n")
    context = {
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
        "paragraphs": paragraphs(rest),
    }
    record("letter.printed", by=by, target=about, contact=contact.pk)
    # A letter goes to the caller's own door: the marking of our files says nothing to them.
    return render_pdf("cases/letter.pdf.html", context, title=contact.subject, marking="")


def paragraphs(text: str) -> list[dict[str, object]]:
    """The text in blocks, with those that are headings of ours told apart from what an officer typed."""
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return [{"lines": block.splitlines(), "heading": is_heading(block)} for block in blocks]


def is_heading(block: str) -> bool:
    return block.startswith(HEADINGS) and "\n" not in block and not block.endswith(".")
