from tasking.tasks.referrals import tell_referral

__all__ = ["tell_referral"]
