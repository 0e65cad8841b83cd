"""The first step of an installation: a partnership, its team, and somebody who can do the rest on pages."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from csp.agencies import rulebook, tasks
from csp.agencies.enums import Role
from csp.agencies.models import Membership, Partner, Partnership, User
from csp.agencies.services.partners import add_partner
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotFound(RuleBroken): ...


@transaction.atomic
def found_partnership(
    *,
    name: str,
    slug: str,
    code: str,
    agency: str,
    kind: str,
    team: str,
    email: str,
    person: str,
    at: dt.datetime,
) -> Partnership:
    """Run by whoever runs the machine, so there is nobody signed in to name in the events."""
    partnership = Partnership(name=name, slug=slug, code=code.upper())
    _refuse_bad(partnership)
    partnership.save()
    today = timezone.localdate(at)
    partner = add_partner(
        partnership=partnership, agency_name=agency, kind=kind, name=team, joined_on=today, by=None
    )
    partnership.receiving_partner = partner
    partnership.save(update_fields=["receiving_partner"])
    record("partnership.added", target=partnership, partnership=partnership)
    _first_administrator(email=email, name=person, partner=partner, at=at)
    rulebook.start_with_defaults(partnership, today)
    return partnership


def _first_administrator(*, email: str, name: str, partner: Partner, at: dt.datetime) -> None:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = User(email=email.strip().lower(), name=name, invited_at=at)
        user.set_unusable_password()
        _refuse_bad(user)
        user.save()
        tasks.send_invitation.delay_on_commit(user_id=user.pk)
    Membership.objects.create(
        user=user, partner=partner, role=Role.ADMINISTRATOR, starts_on=timezone.localdate(at)
    )
    record(
        "membership.added",
        target=user,
        partnership=partner.partnership,
        partner=partner,
        role=Role.ADMINISTRATOR,
    )


def _refuse_bad(made: Partnership | User) -> None:
    try:
        made.full_clean()
    except ValidationError as problem:
        field, messages = next(iter(problem.message_dict.items()))
        raise CannotFound(f"{field}: {messages[0]}") from problem
