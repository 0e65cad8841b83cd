"""A person's meetings in their own calendar: a secret address that their calendar asks, without signing in.

It tells the name, time, place and reference of each meeting that they may see, and where to read more after
signing in. Nothing of what is discussed, and nobody's name.
"""

import datetime as dt
import hashlib
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from icalendar import Calendar, Event

from csp.agencies.models import User
from csp.audit.services import record
from tasking.enums import MeetingStatus
from tasking.models import CalendarFeed, Meeting

LOOKS_BACK = dt.timedelta(days=90)
ASKED_AGAIN = "PT4H"
PRODUCT = "-//CSP Casework//Meetings//EN"


@transaction.atomic
def make_feed(*, user: User, at: dt.datetime) -> str:
    """A new secret for the address, told this once. One made before opens nothing any longer."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(user=user, defaults={"token_hash": print_of(secret), "made_at": at})
    record("calendar_feed.made", by=user, target=user)
    return secret


@transaction.atomic
def withdraw_feed(*, user: User) -> None:
    """The address opens nothing any longer. Without one nothing happens."""
    gone, _ = CalendarFeed.objects.filter(user=user).delete()
    if gone:
        record("calendar_feed.withdrawn", by=user, target=user)


def reader_of(secret: str) -> User | None:
    """Whose address it is; None where it is nobody's, or the account does not work any longer."""
    feed = CalendarFeed.objects.filter(token_hash=print_of(secret), user__is_active=True)
    found = feed.select_related("user").first()
    return found.user if found else None


def print_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def calendar_of(*, user: User, at: dt.datetime) -> bytes:
    """What the user may see at the moment of asking, from three months ago on."""
    calendar = Calendar()
    head = {
        "prodid": PRODUCT,
        "version": "2.0",
        "method": "PUBLISH",
        "x-wr-calname": "Partnership meetings",
        "x-published-ttl": ASKED_AGAIN,
    }
    for name, value in head.items():
        calendar.add(name, value)
    meetings = Meeting.objects.visible_to(user).filter(starts_at__gte=at - LOOKS_BACK)
    for meeting in meetings.select_related("series").order_by("starts_at", "pk"):
        calendar.add_component(_entry(meeting, at))
    written: bytes = calendar.to_ical()
    return written


def _entry(meeting: Meeting, at: dt.datetime) -> Event:
    cancelled = meeting.status == MeetingStatus.CANCELLED
    link = settings.PUBLIC_URL + meeting.get_absolute_url()
    said: dict[str, Any] = {
        "uid": f"{meeting.reference}@{urlsplit(settings.PUBLIC_URL).hostname}",
        "dtstamp": at.astimezone(dt.UTC),
        "dtstart": meeting.starts_at.astimezone(dt.UTC),
        "dtend": meeting.ends_at.astimezone(dt.UTC),
        "summary": meeting.series.name,
        "description": f"Meeting {meeting.reference}. Sign in to read more: {link}",
        "url": link,
        "status": "CANCELLED" if cancelled else "CONFIRMED",
        "sequence": meeting.changes,
    }
    if meeting.venue:
        said["location"] = meeting.venue
    entry = Event()
    for name, value in said.items():
        entry.add(name, value)
    return entry
