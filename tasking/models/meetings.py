import datetime as dt
from typing import Self

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from csp.agencies.access import held_by, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, GroupPermission, Partner, Partnership, User
from csp.core.calendar import local_day
from csp.core.models import Workflow
from tasking.enums import (
    BEFORE,
    HELD,
    MEETING_TRANSITIONS,
    PREPARED,
    WRITTEN_UP,
    AttendanceStatus,
    MeetingStatus,
)
from tasking.models.series import Series


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Meetings to which a partner of the user is invited, or which it runs: the only read gate.

        That opens date, place and agencies. What is discussed has the gate of each item.
        """
        return self.filter(held_by(user, MeetingGroupPermission, Meeting, ShareLevel.SUMMARY))

    def coming(self, at: dt.datetime) -> Self:
        return self.exclude(status=MeetingStatus.CANCELLED).filter(starts_at__gte=at)

    def prepared(self) -> Self:
        return self.filter(status__in=PREPARED)

    def held(self) -> Self:
        return self.filter(status__in=HELD)


@pghistory.track()
class Meeting(Workflow):
    """One meeting of a series. Its details were copied from the series when it was planned."""

    transitions = MEETING_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meetings")
    series = models.ForeignKey(Series, models.PROTECT, related_name="meetings")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="meetings")
    """The partner whose people prepare it, chair it and write it up."""
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    chair = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=200, blank=True)
    join_link = models.URLField(blank=True)
    status = models.CharField(max_length=12, choices=MeetingStatus, default=MeetingStatus.PLANNED)

    referrals_due_on = models.DateField()
    returns_due_on = models.DateField()
    papers_due_on = models.DateField()
    minutes_due_on = models.DateField()

    begun_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    current_item = models.ForeignKey(
        "tasking.AgendaItem", models.PROTECT, null=True, blank=True, related_name="+"
    )
    """What is being discussed now: the screens of the others follow it."""
    changes = models.PositiveIntegerField(default=0)
    """Goes up with everything that screens in the room show, so that they know when to look again."""
    opening = models.TextField(blank=True, help_text="What the minutes say before the first item")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_because = models.TextField(blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("meeting")
        indexes = [
            models.Index(fields=["partnership", "starts_at", "id"], name="meeting_dates"),
            models.Index(fields=["series", "starts_at"], name="meeting_series_dates"),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_begun_iff_held",
                condition=Q(status__in=HELD, begun_at__isnull=False) | ~Q(status__in=HELD) & Q(begun_at=None),
            ),
            models.CheckConstraint(
                name="meeting_closed_iff_written_up",
                condition=Q(status__in=WRITTEN_UP, closed_at__isnull=False)
                | ~Q(status__in=WRITTEN_UP) & Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="meeting_approved_iff_said_by_whom",
                condition=Q(status=MeetingStatus.APPROVED, approved_at__isnull=False)
                | ~Q(status=MeetingStatus.APPROVED) & Q(approved_at=None, approved_by=None),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_says_why",
                condition=Q(status=MeetingStatus.CANCELLED) & ~Q(cancelled_because="")
                | ~Q(status=MeetingStatus.CANCELLED) & Q(cancelled_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.reference])

    @property
    def title(self) -> str:
        return f"{self.series.name}, {self.day:%-d %B %Y}"

    @property
    def day(self) -> dt.date:
        return local_day(self.starts_at)

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes_long)

    @property
    def is_before(self) -> bool:
        return self.status in BEFORE

    @property
    def is_prepared(self) -> bool:
        return self.status in PREPARED

    @property
    def is_in_session(self) -> bool:
        return self.status == MeetingStatus.IN_SESSION

    @property
    def is_approved(self) -> bool:
        return self.status == MeetingStatus.APPROVED


class MeetingGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Meeting, models.CASCADE, related_name="permission_rows")


class MeetingPartnerQuerySet(models.QuerySet["MeetingPartner"]):
    def visible_to(self, user: User) -> Self:
        """One's own agency's, and all of them for the team that runs the meeting."""
        ours = user.partner_ids
        return self.filter(Q(partner__in=ours) | Q(meeting__lead__in=ours))

    def sitting(self) -> Self:
        """Agencies invited now that are in the partnership now. One that is so no longer keeps a return it
        has sent, and sees and hears nothing.
        """
        rows = MeetingGroupPermission.objects.filter(
            content_object=OuterRef("meeting"), group=OuterRef("partner__group")
        )
        left = Q(partner__left_on__lte=timezone.localdate())
        return self.filter(~left, Exists(rows))

    def missing(self) -> Self:
        """Returns that were not sent. The team that runs the meeting owes none."""
        return self.sitting().filter(sent_at=None).exclude(partner=models.F("meeting__lead"))


@pghistory.track()
class MeetingPartner(models.Model):
    """An agency invited to a meeting, and how far its return is."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invited")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="invited_to")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who comes for it and is chased; otherwise all who do casework there."""
    saved_at = models.DateTimeField(null=True, blank=True)
    """When something of its return was last typed."""
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    chased_on = models.DateField(null=True, blank=True)

    objects = MeetingPartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "partner"], name="meeting_partner_once"),
            models.CheckConstraint(
                name="meeting_return_sent_by_somebody",
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["partner", "meeting"], name="meeting_partner_own")]

    def __str__(self) -> str:
        return f"{self.partner} at {self.meeting}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def came(self) -> Self:
        return self.exclude(status=AttendanceStatus.APOLOGIES)


@pghistory.track()
class Attendance(models.Model):
    """Somebody who came to a meeting, or sent apologies. A guest has a name and no account."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=AttendanceStatus, default=AttendanceStatus.PRESENT)
    deputy_for = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When they accepted the confidentiality statement."""
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(user__isnull=False), name="attendance_once"
            ),
            models.CheckConstraint(
                name="attendance_deputy_says_for_whom",
                condition=~Q(status=AttendanceStatus.DEPUTY) | ~Q(deputy_for=""),
            ),
            models.CheckConstraint(
                name="attendance_absent_accepted_nothing",
                condition=~Q(status=AttendanceStatus.APOLOGIES) | Q(accepted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
