from tasking.tasks.papers import build_pack, delete_old_packs, send_papers, tell_papers
from tasking.tasks.referrals import tell_referral

__all__ = ["build_pack", "delete_old_packs", "send_papers", "tell_papers", "tell_referral"]
