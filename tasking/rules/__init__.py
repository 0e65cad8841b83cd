"""Who may do what with meetings. Whether it can be done now is for the services to say."""

from tasking.rules import actions, measures, meetings, referrals

__all__ = ["actions", "measures", "meetings", "referrals"]
