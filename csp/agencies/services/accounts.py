"""Accounts: made by a colleague's invitation, never by the person themselves."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from csp.agencies import tasks
from csp.agencies.enums import Role
from csp.agencies.models import Partner, User
from csp.agencies.rules import looks_after
from csp.agencies.services.memberships import add_membership, sync_groups
from csp.agencies.services.sessions import end_sessions
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotInvite(RuleBroken): ...


class CannotChangeAccount(RuleBroken): ...


def mailbox(email: str) -> str:
    """Where the e-mail ends up: capitals and a +tag make no other mailbox."""
    name, _, domain = email.strip().lower().rpartition("@")
    return f"{name.split('+')[0]}@{domain}"


@transaction.atomic
def invite(*, email: str, name: str, partner: Partner, role: Role, by: User, at: dt.datetime) -> User:
    """Give somebody a role at a partner, and an account to go with it unless they have one."""
    if mailbox(email) == mailbox(by.email):
        raise CannotInvite("You cannot invite yourself. Ask another administrator")
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        return _invite_new(email=email, name=name, partner=partner, role=role, by=by, at=at)
    if not user.is_active:
        raise CannotInvite("This person's account is disabled. Enable it first, or ask an administrator to")
    membership = add_membership(user=user, partner=partner, role=role, by=by, at=at)
    tasks.tell_role_added.delay_on_commit(membership_id=membership.pk)
    return user


def _invite_new(*, email: str, name: str, partner: Partner, role: Role, by: User, at: dt.datetime) -> User:
    user = User.objects.create_user(email=email, name=name.strip(), invited_at=at)
    record("user.invited", by=by, target=user, partnership=partner.partnership, partner=partner)
    add_membership(user=user, partner=partner, role=role, by=by, at=at)
    tasks.send_invitation.delay_on_commit(user_id=user.pk)
    return user


@transaction.atomic
def invite_again(*, user: User, by: User, at: dt.datetime) -> User:
    """A fresh link. The one before stops working."""
    user = _locked(user, by=by)
    if not user.is_invited:
        raise CannotChangeAccount(f"{user} has a password already, so there is nothing to invite them to")
    user.invited_at = at
    user.save(update_fields=["invited_at"])
    record("invitation.renewed", by=by, target=user)
    tasks.send_invitation.delay_on_commit(user_id=user.pk)
    return user


@transaction.atomic
def accept_invitation(*, user: User, password: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_invited:
        raise CannotChangeAccount("This invitation has been used. Sign in with the password you chose")
    user.set_password(password)
    user.save(update_fields=["password"])
    record("invitation.accepted", by=user, target=user)
    return user


@transaction.atomic
def disable(*, user: User, reason: str, by: User) -> User:
    """Nobody signs in with it any more, and whoever is signed in is out with their next click."""
    user = _locked(user, by=by)
    if not user.is_active:
        raise CannotChangeAccount(f"The account of {user} is disabled already")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    sync_groups(user)
    record("user.disabled", by=by, target=user, reason=reason)
    return user


@transaction.atomic
def enable(*, user: User, reason: str, by: User) -> User:
    user = _locked(user, by=by)
    if user.is_active:
        raise CannotChangeAccount(f"The account of {user} is enabled already")
    user.is_active = True
    user.save(update_fields=["is_active"])
    sync_groups(user)
    record("user.enabled", by=by, target=user, reason=reason)
    return user


@transaction.atomic
def require_new_password(*, user: User, reason: str, by: User, at: dt.datetime) -> User:
    """The password no longer works, every session ends, and a link to set a new one goes to their mailbox."""
    user = _locked(user, by=by)
    if not user.is_active:
        raise CannotChangeAccount(f"The account of {user} is disabled. Enable it first")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    record("user.password_withdrawn", by=by, target=user, reason=reason)
    tasks.send_password_reset.delay_on_commit(user_id=user.pk)
    return user


@transaction.atomic
def remove_second_steps(*, user: User, reason: str, by: User) -> User:
    """For a lost phone or key. The password stays, and the person is told."""
    user = _locked(user, by=by)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise CannotChangeAccount(f"{user} has no second step to remove")
    end_sessions(user)
    record("user.second_steps_removed", by=by, target=user, reason=reason)
    tasks.tell_sign_in_changed.delay_on_commit(user_id=user.pk, what="factors_reset")
    return user


@transaction.atomic
def change_own_details(*, user: User, name: str, phone: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = [field for field, value in (("name", name), ("phone", phone)) if getattr(user, field) != value]
    if changed:
        user.name, user.phone = name, phone
        user.save(update_fields=changed)
        record("user.changed", by=user, target=user, fields=changed)
    return user


@transaction.atomic
def sign_out_elsewhere(*, user: User) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    end_sessions(user)
    record("session.others_ended", by=user, target=user)
    return user


def _locked(user: User, *, by: User) -> User:
    """The account under lock, once it is sure that `by` looks after the whole of it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not looks_after.test(by, user):
        raise CannotChangeAccount(
            f"{user} also works where you do not look after accounts. "
            "End their role here, or ask an administrator"
        )
    return user
