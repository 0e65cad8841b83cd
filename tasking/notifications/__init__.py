"""E-mails of the room: a reference and a link, no personal data."""

from tasking.notifications.papers import papers_out
from tasking.notifications.referrals import referral_news

__all__ = ["papers_out", "referral_news"]
