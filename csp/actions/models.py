import datetime as dt
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from csp.actions.enums import ACTION_TRANSITIONS, OUTSTANDING, ActionStatus, UpdateKind
from csp.agencies.access import held_by, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import GroupPermission, Partner, Partnership, User
from csp.core.calendar import add_working_days, end_of_day, start_of_day
from csp.core.clock_words import in_words
from csp.core.clocks import Clock, Unit
from csp.core.models import ClockReading, StoredFile, Workflow

AMBER_DAYS = 3
"""Working days before an action is due when its agency is warned."""


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        """Actions asked of, or asked by, a partner of the user. A restricted one: only for those named."""
        named = ActionNamed.objects.current().filter(action=OuterRef("pk"), user=user.pk)
        held = held_by(user, ActionGroupPermission, Action, ShareLevel.SUMMARY)
        return self.filter(held, Q(restricted=False) | Exists(named))

    def outstanding(self) -> Self:
        return self.filter(status__in=OUTSTANDING)

    def ended(self) -> Self:
        return self.exclude(status__in=OUTSTANDING)

    def late(self, on: dt.date) -> Self:
        return self.outstanding().filter(due_on__lt=on)

    def due_by(self, day: dt.date) -> Self:
        """Outstanding and due on that day or before it, the late ones included."""
        return self.outstanding().filter(due_on__lte=day)

    def owned_by(self, partner_ids: set[int]) -> Self:
        return self.filter(owner__in=partner_ids)

    def asked_by_partners(self, partner_ids: set[int]) -> Self:
        """Asked by these partners of others."""
        return self.filter(lead__in=partner_ids).exclude(owner__in=partner_ids)


@pghistory.track()
class Action(Workflow):
    """A task one partner gives an agency, hung on a report, a case, a meeting item or a plan."""

    transitions = ACTION_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="actions")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="actions_asked")
    """The partner that asks."""
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="actions")
    """The partner that is asked. Another one means another action: each agency keeps its own."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.TextField()
    due_on = models.DateField()
    wanted_due_on = models.DateField(null=True, blank=True)
    """The later date the owner asks for, until the asker has answered."""
    status = models.CharField(max_length=12, choices=ActionStatus, default=ActionStatus.OPEN)
    outcome = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    restricted = models.BooleanField(default=False)
    """It hangs on a restricted record: only the people named there see it."""
    transferred_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="transferred_to"
    )
    target_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    target_id = models.BigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_type", "target_id")

    objects = ActionQuerySet.as_manager()

    class Meta:
        permissions = [*level_permissions("action")]
        indexes = [
            models.Index(
                fields=["owner", "due_on", "id"],
                condition=Q(status__in=OUTSTANDING),
                name="action_outstanding",
            ),
            models.Index(
                fields=["lead", "due_on", "id"], condition=Q(status__in=OUTSTANDING), name="action_asked"
            ),
            models.Index(
                fields=["owner", "-ended_at", "-id"],
                condition=~Q(status__in=OUTSTANDING),
                name="action_ended",
            ),
            models.Index(
                fields=["lead", "-ended_at", "-id"],
                condition=~Q(status__in=OUTSTANDING),
                name="action_asked_ended",
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(status__in=OUTSTANDING), name="action_to_chase"
            ),
            models.Index(fields=["target_type", "target_id"], name="action_target"),
            models.Index(fields=["partnership", "due_on"], name="action_due"),
            models.Index(fields=["partnership", "asked_at"], name="action_given"),
        ]
        constraints = [
            models.CheckConstraint(
                name="action_ended_iff_not_outstanding",
                condition=Q(status__in=OUTSTANDING, ended_at=None)
                | ~Q(status__in=OUTSTANDING) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="action_complete_has_outcome",
                condition=~Q(status=ActionStatus.COMPLETE) | ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="action_more_time_only_while_outstanding",
                condition=Q(wanted_due_on=None) | Q(status__in=OUTSTANDING),
            ),
            models.CheckConstraint(
                name="action_hangs_on_a_whole_target",
                condition=Q(target_type=None, target_id=None)
                | Q(target_type__isnull=False, target_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.reference])

    def named_now(self) -> Any:
        """Who may see it, where it is restricted; None where it is not."""
        return self.named.current() if self.restricted else None

    @property
    def is_outstanding(self) -> bool:
        return self.status in OUTSTANDING

    @property
    def person_now(self) -> Any:
        """The person who looks after it, while their account is open. Otherwise it is the partner's."""
        return self.person if self.person and self.person.is_active else None

    @property
    def amber_on(self) -> dt.date:
        return add_working_days(self.due_on, -AMBER_DAYS)

    @property
    def clock(self) -> ClockReading:
        """As a page shows it now."""
        return self.clock_reading(timezone.now())

    def clock_reading(self, at: dt.datetime) -> ClockReading:
        due = end_of_day(self.due_on)
        amber = start_of_day(self.amber_on)
        clock = Clock(self.asked_at, due, amber, Unit.CALENDAR_DAYS, stopped_at=self.ended_at)
        return ClockReading(clock.state(at), in_words(clock, at), due)


class ActionGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Action, models.CASCADE, related_name="permission_rows")


class ActionNamedQuerySet(models.QuerySet["ActionNamed"]):
    def current(self) -> Self:
        """Those who may see it now, by the database's own clock."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Now()))


class ActionNamed(models.Model):
    """Somebody who may see a restricted action. These rows follow the list of the record it hangs on."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="named")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ActionNamedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "user"], name="action_named_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.action}"


class ActionUpdate(models.Model):
    """What was said of an action, and when. Their number tells whether somebody answered meanwhile."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="updates")
    kind = models.CharField(max_length=12, choices=UpdateKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=ActionStatus)
    due_on = models.DateField(null=True, blank=True)
    """The date that was set, asked for or refused, where the update is about one."""
    told_at = models.DateTimeField(null=True, blank=True)
    """When the other side was sent an e-mail of it, so that a task run twice sends one."""

    class Meta:
        indexes = [models.Index(fields=["action", "id"], name="action_updates")]

    def __str__(self) -> str:
        return f"{self.action} {self.get_kind_display()}"


class ActionFileQuerySet(models.QuerySet["ActionFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(action__in=Action.objects.visible_to(user))


@pghistory.track()
class ActionFile(StoredFile):
    """Evidence that an action was done, such as a photo or a letter."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="files")

    objects = ActionFileQuerySet.as_manager()
