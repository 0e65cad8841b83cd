"""E-mails about handing a case over: the reference and a link, never what the case is about."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import RequestStatus
from cases.models import HandOver
from csp.actions.notifications import addresses

SUBJECTS = {
    RequestStatus.WAITING: "asked of your agency",
    RequestStatus.ACCEPTED: "accepted",
    RequestStatus.DECLINED: "declined",
    RequestStatus.WITHDRAWN: "withdrawn",
}
FOR_BOTH = {RequestStatus.ACCEPTED}


def hand_over_news(asked: HandOver, news: str) -> None:
    """The side that waits is told; both are, once the case has changed hands."""
    asker = addresses(asked.from_partner, asked.asked_by)
    asked_ones = addresses(asked.to_partner, None)
    to = asked_ones if news in (RequestStatus.WAITING, RequestStatus.WITHDRAWN) else asker
    both = sorted({*asker, *asked_ones}) if news in FOR_BOTH else to
    url = settings.PUBLIC_URL + reverse("cases:hand_over", args=[asked.pk])
    context = {"asked": asked, "news": news, "url": url}
    body = render_to_string("email/cases/hand_over.txt", context).strip() + "\n"
    host = urlsplit(settings.PUBLIC_URL).hostname
    for number, address in enumerate(both):
        EmailMessage(
            f"Case {asked.case.reference}: hand-over {SUBJECTS[RequestStatus(news)]}",
            body,
            to=[address],
            headers={"Message-ID": f"<hand-over-{asked.pk}-{news}-{number}@{host}>"},
        ).send()
