"""The e-mail to who leads an agency: the reference of a late action and a link, no words of it."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string

from csp.actions.models import Action
from csp.agencies.enums import Role
from csp.agencies.models import Membership
from tasking.models import Escalation


def leads_of(action: Action, today: dt.date) -> QuerySet[Membership]:
    """Who leads the agency that has the action; of a restricted one only those named on it."""
    seats = Membership.objects.current(today).filter(
        partner=action.owner_id, role__in=[Role.AGENCY_LEAD, Role.MANAGER], user__is_active=True
    )
    named = action.named_now()
    return seats if named is None else seats.filter(user__in=named.values("user"))


def escalated(made: Escalation, today: dt.date) -> bool:
    """False where there is nobody to write to. Mail servers know each message by its id."""
    action = made.action
    url = settings.PUBLIC_URL + action.get_absolute_url()
    body = render_to_string("email/tasking/escalated.txt", {"action": action, "url": url})
    host = urlsplit(settings.PUBLIC_URL).hostname
    to = addresses(action, made.by_id, today)
    for number, address in enumerate(to):
        EmailMessage(
            f"Action {action.reference}: late, and escalated to you",
            body.strip() + "\n",
            to=[address],
            headers={"Message-ID": f"<escalation-{made.pk}-{number}@{host}>"},
        ).send()
    return bool(to)


def addresses(action: Action, by_id: int | None, today: dt.date) -> list[str]:
    """Nobody is told what they did themselves. Where nobody leads the agency its mailbox is told."""
    leads = dict(leads_of(action, today).values_list("user", "user__email"))
    if leads:
        return sorted({email for user, email in leads.items() if user != by_id})
    return [action.owner.email] if action.owner.email and not action.restricted else []
