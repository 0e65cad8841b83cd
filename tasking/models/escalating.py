"""Which late actions given at meetings can be taken further today."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from csp.actions.models import ActionQuerySet
from csp.core.calendar import add_working_days, start_of_day
from tasking.enums import EscalationLevel
from tasking.models.papers import Escalation

BOARD_AFTER = 5
"""Working days that the agency's lead has before the board hears of it."""


def can_go_on(actions: ActionQuerySet, today: dt.date) -> ActionQuerySet:
    """Those that can be escalated today, to whichever level is next."""
    told = Escalation.objects.filter(action=OuterRef("pk"))
    lead, board = (told.filter(level=level) for level in EscalationLevel)
    tomorrow = today + dt.timedelta(days=1)
    before = start_of_day(add_working_days(tomorrow, -BOARD_AFTER))
    ready = Exists(lead.filter(at__lt=before)) & ~Exists(board)
    late = actions.late(today).filter(given_at__isnull=False)
    return late.filter(Q(~Exists(lead)) | Q(ready))
