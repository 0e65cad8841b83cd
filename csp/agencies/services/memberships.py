"""Who holds which role where. Nobody changes what they hold themselves."""

import datetime as dt

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models import Membership, Partner, User
from csp.agencies.rules import roles_to_give
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotChangeRoles(RuleBroken): ...


def sync_groups(user: User) -> None:
    """The groups on the user follow the memberships that hold now, for whoever reads Django's own tables."""
    user.forget_seats()
    user.groups.set(Group.objects.filter(pk__in=user.partner_groups))


def sync_all_groups() -> None:
    """For memberships and partners that began or ended by date."""
    for user in User.objects.prefetch_related("groups").order_by("pk"):
        if {group.pk for group in user.groups.all()} != set(user.partner_groups):
            sync_groups(user)


@transaction.atomic
def add_membership(*, user: User, partner: Partner, role: Role, by: User, at: dt.datetime) -> Membership:
    _guard(user=user, partner=partner, role=role, by=by)
    membership = _start(user=user, partner=partner, role=role, at=at)
    record(
        "membership.added", by=by, target=user, partnership=partner.partnership, partner=partner, role=role
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, at: dt.datetime) -> Membership:
    """The role ends now: rights are read afresh with every request."""
    membership = _current(membership, at)
    partner = membership.partner
    _guard(user=membership.user, partner=partner, role=Role(membership.role), by=by)
    _end(membership, at)
    record(
        "membership.ended",
        by=by,
        target=membership.user,
        partnership=partner.partnership,
        partner=partner,
        role=membership.role,
    )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User, at: dt.datetime) -> Membership:
    """The same person at the same partner, in another role from now on."""
    membership = _current(membership, at)
    user, partner, before = membership.user, membership.partner, Role(membership.role)
    if role == before:
        raise CannotChangeRoles(f"{user} is {before.label.lower()} already")
    _guard(user=user, partner=partner, role=before, by=by)
    _guard(user=user, partner=partner, role=role, by=by)
    _end(membership, at)
    started = _start(user=user, partner=partner, role=role, at=at)
    record(
        "membership.changed",
        by=by,
        target=user,
        partnership=partner.partnership,
        partner=partner,
        role=role,
        before=before,
    )
    return started


def _guard(*, user: User, partner: Partner, role: Role, by: User) -> None:
    if user.pk == by.pk:
        raise CannotChangeRoles("You cannot change your own roles. Ask another administrator")
    if role not in roles_to_give(by, partner):
        raise CannotChangeRoles(f"You cannot give or take the role {role.label.lower()} at {partner}")


def _current(membership: Membership, at: dt.datetime) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",)).select_related("user", "partner__partnership")
    membership = locked.get(pk=membership.pk)
    if membership.ends_on is not None and membership.ends_on <= timezone.localdate(at):
        raise CannotChangeRoles("This role has ended already")
    return membership


def _start(*, user: User, partner: Partner, role: Role, at: dt.datetime) -> Membership:
    today = timezone.localdate(at)
    User.objects.select_for_update().get(pk=user.pk)  # two people giving the same role at once
    if not Partner.objects.current(today).filter(pk=partner.pk).exists():
        raise CannotChangeRoles(f"{partner} is not a member of the partnership now")
    if Membership.objects.current(today).filter(user=user, partner=partner, role=role).exists():
        raise CannotChangeRoles(f"{user} is {role.label.lower()} at {partner} already")
    membership = Membership.objects.create(user=user, partner=partner, role=role, starts_on=today)
    if role in CASEWORK_ROLES:
        sync_groups(user)
    return membership


def _end(membership: Membership, at: dt.datetime) -> None:
    membership.ends_on = timezone.localdate(at)
    membership.save(update_fields=["ends_on"])
    sync_groups(membership.user)
