"""E-mails of the room: a reference and a link, no personal data."""

from tasking.notifications.escalation import escalated, leads_of
from tasking.notifications.meetings import meeting_news
from tasking.notifications.papers import papers_out
from tasking.notifications.referrals import referral_news
from tasking.notifications.returns import return_missing

__all__ = ["escalated", "leads_of", "meeting_news", "papers_out", "referral_news", "return_missing"]
