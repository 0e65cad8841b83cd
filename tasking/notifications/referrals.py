"""E-mails about referrals into a meeting: numbers and a link, never what a referral is about."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from csp.actions.notifications import addresses
from csp.agencies.models import Partner, User
from tasking.enums import ReferralStatus
from tasking.models import Referral

SUBJECTS = {
    ReferralStatus.WAITING: "waits for you to decide",
    ReferralStatus.ACCEPTED: "on the agenda",
    ReferralStatus.DEFERRED: "put off",
    ReferralStatus.DECLINED: "declined",
    ReferralStatus.WITHDRAWN: "withdrawn",
}
FOR_THE_TEAM = {ReferralStatus.WAITING, ReferralStatus.WITHDRAWN}


def referral_news(referral: Referral, news: str) -> None:
    """To the side that waits for it, and not to who did it."""
    if news in FOR_THE_TEAM:
        to = told(referral, referral.lead, referral.meeting.chair)
    else:
        to = told(referral, referral.from_partner, referral.made_by)
    did = referral.made_by if news == ReferralStatus.WAITING else referral.decided_by
    url = settings.PUBLIC_URL + reverse("meetings:referral", args=[referral.pk])
    context = {"referral": referral, "news": news, "url": url}
    body = render_to_string("email/tasking/referral.txt", context).strip() + "\n"
    host = urlsplit(settings.PUBLIC_URL).hostname
    key = f"meeting-referral-{referral.pk}-{news}-{referral.meeting_id}"
    for number, address in enumerate(sorted(to - {did.email if did else ""})):
        EmailMessage(
            f"Referral {referral.pk} to meeting {referral.meeting}: {SUBJECTS[ReferralStatus(news)]}",
            body,
            to=[address],
            headers={"Message-ID": f"<{key}-{number}@{host}>"},
        ).send()


def told(referral: Referral, partner: Partner, person: User | None) -> set[str]:
    """Of a restricted case nobody hears but those named on it."""
    named = referral.case.named_now() if referral.case else None
    if named is None:
        return set(addresses(partner, person))
    people = named.filter(user__groups=partner.group_id, user__is_active=True)
    return set(people.values_list("user__email", flat=True))
