from tasking.tasks.escalation import tell_escalation
from tasking.tasks.meetings import plan_ahead, tell_meeting
from tasking.tasks.papers import build_pack, delete_old_packs, send_papers, tell_papers
from tasking.tasks.referrals import tell_referral
from tasking.tasks.returns import chase_returns, discard_return_drafts, remind_of_return, tell_return_missing

__all__ = [
    "build_pack",
    "chase_returns",
    "delete_old_packs",
    "discard_return_drafts",
    "plan_ahead",
    "remind_of_return",
    "send_papers",
    "tell_escalation",
    "tell_meeting",
    "tell_papers",
    "tell_referral",
    "tell_return_missing",
]
