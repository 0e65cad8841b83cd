from tasking import notifications
from tasking.models import Referral


def tell(*, referral_id: int, news: str) -> None:
    """Safe to run twice: mail servers know the message by its id. `news` is the status it is about."""
    parties = ("meeting__chair", "lead", "from_partner", "made_by", "decided_by", "item")
    referral = Referral.objects.select_related(*parties).filter(pk=referral_id).first()
    if referral is not None:
        notifications.referral_news(referral, news)
