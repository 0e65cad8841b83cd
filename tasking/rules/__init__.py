"""Who may do what with meetings. Whether it can be done now is for the services to say."""

from tasking.rules import measures, meetings, referrals

__all__ = ["measures", "meetings", "referrals"]
