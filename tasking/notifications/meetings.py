"""E-mails about the date of a meeting: its reference and a link, and nothing of what is discussed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from csp.actions.notifications import addresses
from csp.agencies.models import Partner, User
from tasking.models import Meeting

SUBJECTS = {
    "changed": "has a new date, time or place",
    "approved": "minutes are approved",
    "cancelled": "is cancelled",
    "invited": "your agency is invited",
    "uninvited": "your agency is no longer invited",
}


def meeting_news(meeting: Meeting, news: str, *, partner_id: int | None, key: str) -> None:
    """Safe to run twice: mail servers know each message by its id."""
    url = settings.PUBLIC_URL + reverse("meetings:detail", args=[meeting.reference])
    body = render_to_string("email/tasking/meeting.txt", {"meeting": meeting, "news": news, "url": url})
    host = urlsplit(settings.PUBLIC_URL).hostname
    for partner, person in told(meeting, partner_id):
        for number, address in enumerate(addresses(partner, person)):
            EmailMessage(
                f"Meeting {meeting}: {SUBJECTS[news]}",
                body.strip() + "\n",
                to=[address],
                headers={"Message-ID": f"<meeting-{meeting.pk}-{news}-{key}-{partner.pk}-{number}@{host}>"},
            ).send()


def told(meeting: Meeting, partner_id: int | None) -> list[tuple[Partner, User | None]]:
    """One agency, which may be invited no longer; else all that are invited beside the team that runs it."""
    seats = meeting.invited.select_related("partner", "person")
    if partner_id is None:
        others = seats.sitting().exclude(partner=meeting.lead_id)
        return [(seat.partner, seat.person) for seat in others.order_by("pk")]
    seat = seats.filter(partner=partner_id).first()
    return [(seat.partner, seat.person)] if seat else [(Partner.objects.get(pk=partner_id), None)]
