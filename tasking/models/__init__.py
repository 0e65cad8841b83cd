from tasking.models.agenda import (
    AgendaItem,
    AgendaItemGroupPermission,
    ItemAnswer,
    ItemShare,
    Referral,
)
from tasking.models.meetings import (
    Attendance,
    Meeting,
    MeetingGroupPermission,
    MeetingPartner,
)
from tasking.models.papers import (
    Escalation,
    ItemAction,
    Pack,
)
from tasking.models.returns import ReturnDraft
from tasking.models.series import (
    CalendarFeed,
    MeetingOutcome,
    ReferralGroup,
    Series,
    SeriesPartner,
    StandingItem,
)

__all__ = [
    "AgendaItem",
    "AgendaItemGroupPermission",
    "Attendance",
    "CalendarFeed",
    "Escalation",
    "ItemAction",
    "ItemAnswer",
    "ItemShare",
    "Meeting",
    "MeetingGroupPermission",
    "MeetingOutcome",
    "MeetingPartner",
    "Pack",
    "Referral",
    "ReferralGroup",
    "ReturnDraft",
    "Series",
    "SeriesPartner",
    "StandingItem",
]
