from cases import notifications
from cases.models import HandOver


def tell(*, hand_over_id: int, news: str) -> None:
    """Safe to run twice: mail servers know the message by its id. `news` is the status it is about."""
    parties = ("case", "from_partner", "to_partner", "asked_by")
    asked = HandOver.objects.select_related(*parties).filter(pk=hand_over_id).first()
    if asked is not None:
        notifications.hand_over_news(asked, news)
