"""E-mails about actions: a reference and a link, never what the action says."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from csp.actions.enums import UpdateKind
from csp.actions.models import Action, ActionUpdate
from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Membership, Partner, User

FOR_OWNER = frozenset(
    {
        UpdateKind.GIVEN,
        UpdateKind.REASSIGNED,
        UpdateKind.TIME_AGREED,
        UpdateKind.TIME_REFUSED,
        UpdateKind.CHANGED,
    }
)
FOR_ASKER = frozenset(
    {UpdateKind.COMPLETE, UpdateKind.MORE_TIME, UpdateKind.HANDED_BACK, UpdateKind.TRANSFERRED}
)


def addresses(partner: Partner, person: User | None) -> list[str]:
    """Of the person, while they work there; else the partner's mailbox; else those who lead the agency."""
    seats = Membership.objects.current(timezone.localdate()).filter(partner=partner, user__is_active=True)
    if person is not None and seats.filter(user=person, role__in=CASEWORK_ROLES).exists():
        return [person.email]
    if partner.email:
        return [partner.email]
    leads = seats.filter(role__in=[Role.AGENCY_LEAD, Role.MANAGER])
    return sorted(set(leads.values_list("user__email", flat=True)))


def updated(said: ActionUpdate) -> None:
    """Tell the side that did not say it. Nobody is told what they said themselves."""
    action = said.action
    to_owner = is_for_owner(said)
    partner, person = (action.owner, action.person) if to_owner else (action.lead, action.asked_by)
    to = [each for each in addresses(partner, person) if said.by is None or each != said.by.email]
    _send(to, said.get_kind_display(), "updated", action, to_owner=to_owner, kind=said.get_kind_display())


def is_for_owner(said: ActionUpdate) -> bool:
    if said.kind in FOR_OWNER | FOR_ASKER:
        return said.kind in FOR_OWNER
    return said.by is None or said.action.owner_id not in said.by.partner_ids


def due(action: Action, today: dt.date) -> bool:
    """Remind the agency. False where it has nobody to write to."""
    late = action.due_on < today
    subject = "late" if late else "due today" if action.due_on == today else "due soon"
    return _send(addresses(action.owner, action.person), subject, "due", action, late=late)


def _send(to: list[str], subject: str, template: str, action: Action, **context: Any) -> bool:
    url = settings.PUBLIC_URL + action.get_absolute_url()
    body = render_to_string(f"email/actions/{template}.txt", {"action": action, "url": url, **context})
    for address in to:
        send_mail(
            f"Action {action.reference}: {subject[:1].lower()}{subject[1:]}",
            body.strip() + "\n",
            settings.DEFAULT_FROM_EMAIL,
            [address],
        )
    return bool(to)
