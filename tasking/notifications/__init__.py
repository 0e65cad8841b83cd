"""E-mails of the room: a reference and a link, no personal data."""

from tasking.notifications.referrals import referral_news

__all__ = ["referral_news"]
