from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, Self

import pghistory
import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from csp.agencies.enums import CASEWORK_ROLES, Role
from csp.agencies.models.partnerships import Partner, Partnership


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Colleagues at the user's own partners; for an administrator, everybody in the partnership."""
        run = [seat.partner.partnership_id for seat in user.seats if seat.role == Role.ADMINISTRATOR]
        seats = Membership.objects.filter(
            Q(partner__in=[seat.partner_id for seat in user.seats]) | Q(partner__partnership__in=run),
            user=OuterRef("pk"),
        )
        return self.filter(Exists(seats))

    def invited(self) -> Self:
        """Who has been invited and has not signed in yet."""
        return self.filter(
            is_active=True, last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX
        ).exclude(invited_at=None)

    def at(self, partners: Iterable[Partner]) -> Self:
        """People with a role at one of the partners, now or before."""
        return self.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), partner__in=partners)))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


@pghistory.track(exclude=["password", "last_login", "session_stamp"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. What they may do comes from their memberships alone."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=30, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the newest invitation was sent; it makes the links of earlier ones void."""
    session_stamp = models.PositiveIntegerField(default=0, editable=False)
    """Raised to end every session of this person at once."""
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this on every request: a new password or a raised stamp ends all sessions."""
        stamped = f"{self.password}:{self.session_stamp}"
        return salted_hmac("csp.agencies.User", stamped, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_invited(self) -> bool:
        """Has been invited and has not signed in yet."""
        return self.is_active and self.last_login is None and not self.has_usable_password()

    @cached_property
    def seats(self) -> list[Membership]:
        """The memberships that hold now, with their partner and partnership. Read once per request."""
        if not self.is_active:
            return []
        now = Membership.objects.current(timezone.localdate()).filter(user=self)
        return list(
            now.select_related("partner__partnership", "partner__agency").order_by(
                "partner__partnership", "pk"
            )
        )

    @property
    def partner_groups(self) -> list[int]:
        """Groups whose permission rows open casework to this user."""
        return sorted({seat.partner.group_id for seat in self.seats if seat.role in CASEWORK_ROLES})

    @property
    def partner_ids(self) -> set[int]:
        """Partners in which the user does casework."""
        return {seat.partner_id for seat in self.seats if seat.role in CASEWORK_ROLES}

    @property
    def partnerships(self) -> list[Partnership]:
        return list({seat.partner.partnership_id: seat.partner.partnership for seat in self.seats}.values())

    def has_role(
        self, *roles: Role, partnership: Partnership | None = None, partner: Partner | None = None
    ) -> bool:
        """Does the user hold one of `roles` now, in that partnership or partner if one is named?"""
        return any(
            seat.role in roles
            and (partnership is None or seat.partner.partnership_id == partnership.pk)
            and (partner is None or seat.partner_id == partner.pk)
            for seat in self.seats
        )

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Named permissions of the rooms' `rules.py` and nothing else: a superuser holds none of them."""
        return self.is_active and bool(rules.has_perm(perm, self, obj))

    def forget_seats(self) -> None:
        """After a membership changed in this process."""
        self.__dict__.pop("seats", None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User) -> Self:
        """Those at the user's own partners; for an administrator, all of the partnership."""
        run = [seat.partner.partnership_id for seat in user.seats if seat.role == Role.ADMINISTRATOR]
        own = [seat.partner_id for seat in user.seats]
        return self.filter(Q(partner__in=own) | Q(partner__partnership__in=run))

    def current(self, on: dt.date) -> Self:
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gt=on),
            Q(partner__left_on=None) | Q(partner__left_on__gt=on),
            partner__joined_on__lte=on,
            starts_on__lte=on,
        )


@pghistory.track()
class Membership(models.Model):
    """Puts a user in a partner with a role, from a date."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day it no longer holds")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partner", "role"],
                condition=Q(ends_on=None),
                name="membership_role_held_once",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.partner}"
