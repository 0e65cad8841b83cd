import datetime as dt

from django.db.models import F, Q, QuerySet

from cases.enums import ContactKind, ContactMethod, ContactStatus
from cases.models import Contact
from csp.agencies.measures import Breakdown, Measure, Part, within
from csp.agencies.models import Partnership
from csp.core.calendar import Period

ROOM = "telling people"
IN_TIME = dt.timedelta(days=5)
REACHED = (ContactStatus.SENT, ContactStatus.DONE)

BY_KIND = Breakdown("kind", "What they were told", "kind", "kind", tuple(ContactKind.choices))
BY_METHOD = Breakdown("method", "Way of telling", "method", "method", tuple(ContactMethod.choices))
IN_TIME_FIELD = Q(status__in=REACHED, done_at__lte=F("made_at") + IN_TIME)


def messages(partnership: Partnership, period: Period) -> QuerySet[Contact]:
    made = Contact.objects.filter(within("made_at", period), partnership=partnership)
    return made.exclude(status=ContactStatus.WITHDRAWN)


def review_notices(partnership: Partnership, period: Period) -> QuerySet[Contact]:
    return messages(partnership, period).filter(kind=ContactKind.CASE_REVIEW, status__in=REACHED)


MEASURES = (
    Measure(
        name="people-told",
        label="People told what happens",
        unit="messages",
        one="message",
        rule="Letters, e-mails and calls to callers and complainants that were due in the period: that we "
        "received a report, what was decided, that a case opened or closed, and what has been done. In time "
        "are those that reached them within five days. One that was withdrawn does not count. One destroyed "
        "under the retention schedule still counts.",
        room=ROOM,
        records=messages,
        date_field="made_at",
        breakdowns=(BY_KIND, BY_METHOD),
        part=Part("told within five days", IN_TIME_FIELD),
        kept=True,
    ),
    Measure(
        name="case-review-notices",
        label="Case Review notices",
        unit="notices",
        one="notice",
        rule="Notices of the right to ask for an ASB Case Review that reached a victim, by the day on which "
        "they were made. One destroyed under the retention schedule still counts.",
        room=ROOM,
        records=review_notices,
        date_field="made_at",
        breakdowns=(BY_METHOD,),
        kept=True,
    ),
)
