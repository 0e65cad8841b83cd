"""E-mails about a plan. It is a public paper, so its name may stand in them."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Membership, Partner
from csp.core.calendar import Period
from csp.core.words import date_words
from performance.models import Plan, PlanAction

LEADS = (Role.AGENCY_LEAD, Role.MANAGER)


def addresses(partner: Partner, actions: Iterable[PlanAction], today: dt.date) -> list[str]:
    """Of the people whom the actions name, and of those who lead the agency; else its mailbox."""
    seats = Membership.objects.current(today).filter(
        partner=partner, user__is_active=True, role__in=CASEWORK_ROLES
    )
    named = {each.person_id for each in actions}
    rows = seats.values_list("user", "role", "user__email")
    found = {email for user, role, email in rows if role in LEADS or user in named}
    return sorted(found) or [each for each in [partner.email] if each]


def updates_wanted(
    plan: Plan, quarter: Period, actions: int, due_on: dt.date, to: str, *, alone: bool
) -> None:
    """`alone`: to somebody whom actions name, not as one of an agency that leads them."""
    context = {
        "who": "you lead" if alone else "your agency leads",
        "plan": plan,
        "quarter": quarter,
        "actions": actions,
        "due": date_words(due_on),
        "url": settings.PUBLIC_URL + plan.get_absolute_url(),
    }
    body = render_to_string("email/performance/updates_wanted.txt", context).strip() + "\n"
    EmailMessage(f"How did it go in {quarter}? {plan}", body, to=[to]).send()
