"""The partnership, its agencies and the seats they hold in it."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Agency, Membership, Partner, Partnership, User
from csp.agencies.services.memberships import sync_groups
from csp.agencies.services.sharing import end_shares_with
from csp.audit.services import record
from csp.core.errors import RuleBroken

GROUP_NAME_LENGTH = 150


class CannotChangePartner(RuleBroken): ...


def agency_called(*, name: str, kind: str, partnership: Partnership, by: User | None) -> Agency:
    """The organisation, which may sit in other partnerships already; else a new one."""
    agency, made = Agency.objects.get_or_create(name__iexact=name, defaults={"name": name, "kind": kind})
    if made:
        record("agency.added", by=by, target=agency, partnership=partnership)
    return agency


@transaction.atomic
def add_partner(
    *,
    partnership: Partnership,
    agency_name: str,
    kind: str,
    name: str,
    joined_on: dt.date,
    email: str = "",
    phone: str = "",
    by: User | None,
) -> Partner:
    """A seat for the agency in this partnership, with the group that will hold its permission rows."""
    agency = agency_called(name=agency_name, kind=kind, partnership=partnership, by=by)
    group = Group.objects.create(name=_free_group_name(partnership, name))
    try:
        with transaction.atomic():
            partner = Partner.objects.create(
                partnership=partnership,
                agency=agency,
                group=group,
                name=name,
                joined_on=joined_on,
                email=email,
                phone=phone,
            )
    except IntegrityError as clash:
        raise CannotChangePartner(f"Another partner is called {name} already. Choose another name") from clash
    record("partner.added", by=by, target=partner, partner=partner)
    return partner


@transaction.atomic
def change_partner(*, partner: Partner, by: User, **values: Any) -> Partner:
    """`values`: name, email, phone."""
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    changed = [field for field, value in values.items() if getattr(partner, field) != value]
    for field in changed:
        setattr(partner, field, values[field])
    try:
        with transaction.atomic():
            partner.save(update_fields=changed)
    except IntegrityError as clash:
        raise CannotChangePartner(
            f"Another partner is called {partner.name} already. Choose another name"
        ) from clash
    if changed:
        record("partner.changed", by=by, target=partner, partner=partner, fields=changed)
    return partner


@transaction.atomic
def leave(*, partner: Partner, on: dt.date, reason: str, by: User, at: dt.datetime) -> Partner:
    """From that day its people see nothing here. What was shared with it ends then too."""
    partner = Partner.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=partner.pk)
    today = timezone.localdate(at)
    if on < max(today, partner.joined_on):
        raise CannotChangePartner("Enter a day from today on, and not before they joined")
    if partner.partnership.receiving_partner_id == partner.pk:
        raise CannotChangePartner(
            f"{partner} receives the reports of this partnership. Choose another team for that first"
        )
    if Membership.objects.current(today).filter(user=by, partner=partner, role=Role.ADMINISTRATOR).exists():
        raise CannotChangePartner(
            "This is the partner you administer from. Another administrator must do this"
        )
    partner.left_on = on
    partner.save(update_fields=["left_on"])
    record("partner.left", by=by, target=partner, partner=partner, reason=reason, on=on.isoformat())
    if on <= today:
        end_shares_with(partner=partner, reason=f"{partner} left the partnership", by=by, at=at)
        _sync_people(partner)
    return partner


@transaction.atomic
def come_back(*, partner: Partner, reason: str, by: User) -> Partner:
    """A partner that left, or was about to, is a member again. Shares that ended stay ended."""
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if partner.left_on is None:
        raise CannotChangePartner(f"{partner} has not left")
    partner.left_on = None
    partner.save(update_fields=["left_on"])
    _sync_people(partner)
    record("partner.came_back", by=by, target=partner, partner=partner, reason=reason)
    return partner


@transaction.atomic
def change_partnership(*, partnership: Partnership, by: User, **values: Any) -> Partnership:
    """`values`: name, phone, email, address, survey_url, receiving_partner."""
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    team = values.get("receiving_partner")
    if team is not None and (team.partnership_id != partnership.pk or team.left_on is not None):
        raise CannotChangePartner("The team that receives reports must be a partner here now")
    changed = [field for field, value in values.items() if getattr(partnership, field) != value]
    for field in changed:
        setattr(partnership, field, values[field])
    if changed:
        partnership.save(update_fields=changed)
        record("partnership.changed", by=by, target=partnership, partnership=partnership, fields=changed)
    return partnership


def _sync_people(partner: Partner) -> None:
    seats = Membership.objects.filter(partner=partner, role__in=CASEWORK_ROLES)
    for user in User.objects.filter(memberships__in=seats).distinct().order_by("pk"):
        sync_groups(user)


def _free_group_name(partnership: Partnership, name: str) -> str:
    """Nobody sees it, but Django wants each to be its own."""
    wanted = f"{partnership.slug}/{name}"[:GROUP_NAME_LENGTH]
    taken = Group.objects.filter(name__startswith=wanted[:-5]).values_list("name", flat=True)
    names = [wanted, *(f"{wanted[:-5]} {number:04}" for number in range(1, len(taken) + 2))]
    return next(each for each in names if each not in set(taken))
