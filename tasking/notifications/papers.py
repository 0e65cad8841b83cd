"""E-mails about papers: the reference of the meeting and a link, nothing of what is discussed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from tasking.models import MeetingPartner


def papers_out(seat: MeetingPartner, to: list[str], work: str) -> None:
    """Safe to run twice: mail servers know the message by its id. `work` is the sending it belongs to."""
    url = settings.PUBLIC_URL + reverse("meetings:packs", args=[seat.meeting.reference])
    body = render_to_string("email/tasking/papers.txt", {"seat": seat, "url": url}).strip() + "\n"
    host = urlsplit(settings.PUBLIC_URL).hostname
    for number, address in enumerate(to):
        EmailMessage(
            f"Meeting {seat.meeting}: papers for your agency",
            body,
            to=[address],
            headers={"Message-ID": f"<papers-{seat.pk}-{work}-{number}@{host}>"},
        ).send()
