"""What the tasks of sharing send. Safe to run twice: mail servers know each message by its id."""

from django.utils import timezone

from cases import notifications
from cases.models import AccessRequest, CaseNamed, CaseShare
from cases.services.staff import managers
from csp.agencies.models import User


def share(*, share_id: int, by_id: int | None) -> None:
    parties = ("record__lead", "record__officer", "from_partner", "to_partner")
    made = CaseShare.objects.select_related(*parties).filter(pk=share_id).first()
    if made is not None:
        notifications.share_news(made, User.objects.filter(pk=by_id).first())


def access_request(*, request_id: int, news: str) -> None:
    parties = ("case__lead", "case__officer", "partner", "asked_by")
    asked = AccessRequest.objects.select_related(*parties).filter(pk=request_id).first()
    if asked is not None:
        notifications.access_request_news(asked, news)


def glass_broken(*, named_id: int) -> None:
    named = CaseNamed.objects.select_related("case__lead", "user").filter(pk=named_id).first()
    if named is not None:
        told = managers(named.case.lead, timezone.localdate()).exclude(pk=named.user_id)
        if not told.exists():  # the one manager opened it: whoever it was kept to hears of it
            others = CaseNamed.objects.current().filter(case=named.case, broke_glass=False)
            told = User.objects.filter(pk__in=others.values("user")).exclude(pk=named.user_id)
        notifications.glass_broken(named, [each.email for each in told])
