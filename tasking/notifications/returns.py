import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from csp.core.words import date_words
from tasking.models import MeetingPartner


def return_missing(seat: MeetingPartner, to: list[str], today: dt.date) -> None:
    """The reference, the date and a link: not who or what the meeting talks about."""
    meeting = seat.meeting
    late = today > meeting.returns_due_on
    context = {
        "meeting": meeting,
        "partner": seat.partner,
        "due": date_words(meeting.returns_due_on),
        "late": late,
        "url": settings.PUBLIC_URL + reverse("meetings:return", args=[meeting.reference]),
    }
    body = render_to_string("email/tasking/return_missing.txt", context).strip() + "\n"
    subject = f"Your return is {'late' if late else 'wanted'}: meeting {meeting.reference}"
    for address in to:
        EmailMessage(subject, body, to=[address]).send()
