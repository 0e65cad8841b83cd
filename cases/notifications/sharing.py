"""E-mails about who may see a case: the reference and a link, never what the case is about."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import RequestStatus
from cases.models import AccessRequest, CaseNamed, CaseShare
from csp.actions.notifications import addresses
from csp.agencies.models import User

ASKED = {
    RequestStatus.WAITING: "access asked for",
    RequestStatus.ACCEPTED: "access given",
    RequestStatus.DECLINED: "access declined",
    RequestStatus.WITHDRAWN: "access no longer asked for",
}


def share_news(share: CaseShare, by: User | None) -> None:
    """To the agency and to the team that leads the case, but not to who did it."""
    case = share.record
    to = {*addresses(share.to_partner, None), *addresses(case.lead, case.officer)}
    to -= {by.email} if by else set()
    news = "ended" if share.ended_at else "shared"
    subject = "no longer shared" if share.ended_at else f"shared with {share.to_partner}"
    url = reverse("cases:detail", args=[case.reference])
    context = {"case": case, "share": share, "news": news}
    _send(f"share-{share.pk}-{news}", to, f"Case {case}: {subject}", "share", url, context)


def access_request_news(asked: AccessRequest, news: str) -> None:
    case, mine = asked.case, news in (RequestStatus.WAITING, RequestStatus.WITHDRAWN)
    to = addresses(case.lead, case.officer) if mine else addresses(asked.partner, asked.asked_by)
    url = reverse("cases:sharing" if mine else "cases:detail", args=[case.reference])
    subject = f"Case {case}: {ASKED[RequestStatus(news)]}"
    context = {"case": case, "asked": asked, "news": news}
    _send(f"access-{asked.pk}-{news}", to, subject, "access_request", url, context)


def glass_broken(named: CaseNamed, managers: list[str]) -> None:
    case = named.case
    url = reverse("cases:glass", args=[case.reference, named.pk])
    to = managers or addresses(case.lead, None)
    subject = f"Case {case}: opened in an emergency"
    _send(f"glass-{named.pk}", to, subject, "glass_broken", url, {"case": case, "named": named})


def _send(
    key: str, to: Iterable[str], subject: str, template: str, path: str, context: dict[str, Any]
) -> None:
    url = settings.PUBLIC_URL + path
    body = render_to_string(f"email/cases/{template}.txt", context | {"url": url}).strip() + "\n"
    host = urlsplit(settings.PUBLIC_URL).hostname
    for number, address in enumerate(sorted(to)):
        headers = {"Message-ID": f"<{key}-{number}@{host}>"}
        EmailMessage(subject, body, to=[address], headers=headers).send()
