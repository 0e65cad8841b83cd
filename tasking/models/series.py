import datetime as dt
from typing import Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from csp.agencies.models import Area, Partner, Partnership, SharingAgreement, User
from tasking.enums import Cadence, SeriesKind, Weekday, WeekOfMonth


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> Self:
        """Series of the user's partnerships to which their agency is invited, or which it runs.

        How often a meeting takes place and who sits in it is no casework; what it discusses is.
        """
        ours = user.partner_ids
        invited = SeriesPartner.objects.filter(partner__in=ours).values("series")
        return self.filter(Q(lead__in=ours) | Q(pk__in=invited))

    def running(self, on: dt.date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on))


@pghistory.track()
class Series(models.Model):
    """Meetings of one kind that take place again and again, and what holds for each of them."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meeting_series")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="meeting_series")
    """The partner whose people prepare it and write it up."""
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SeriesKind)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    """Empty: the whole partnership."""
    chair = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    cadence = models.CharField(max_length=12, choices=Cadence, default=Cadence.MONTHLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.TUESDAY)
    week_of_month = models.SmallIntegerField(choices=WeekOfMonth, default=WeekOfMonth.SECOND)
    """For meetings every month or quarter."""
    first_on = models.DateField(help_text="The first meeting is on this day or the next that fits")
    begins_at = models.TimeField(default=dt.time(10))
    minutes_long = models.PositiveSmallIntegerField(
        default=120, validators=[MinValueValidator(15), MaxValueValidator(600)]
    )
    venue = models.CharField(max_length=200, blank=True)
    join_link = models.URLField(blank=True, help_text="To join online")

    referrals_days = models.PositiveSmallIntegerField(
        default=5, help_text="Working days before the meeting by which referrals are in"
    )
    returns_days = models.PositiveSmallIntegerField(
        default=2, help_text="Working days before the meeting by which agencies have answered"
    )
    papers_days = models.PositiveSmallIntegerField(
        default=1, help_text="Working days before the meeting by which papers are out"
    )
    minutes_days = models.PositiveSmallIntegerField(
        default=3, help_text="Working days after the meeting by which minutes are out"
    )
    share_days = models.PositiveSmallIntegerField(
        default=28, help_text="Calendar days after the meeting when what was shared for it ends"
    )
    confidentiality = models.TextField(help_text="Each attendee accepts this before the meeting begins")
    agreement = models.ForeignKey(
        SharingAgreement, models.PROTECT, null=True, blank=True, related_name="meeting_series"
    )
    """The information-sharing agreement that its shares rely on."""
    ended_on = models.DateField(null=True, blank=True, help_text="First day without its meetings")
    partners = models.ManyToManyField(Partner, through="SeriesPartner", related_name="invited_to_series")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="series_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetings:series", args=[self.pk])


class SeriesPartner(models.Model):
    """An agency invited to every meeting of a series, and who comes for it."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="invited")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Who usually comes, and is chased for the return; otherwise all who do casework there."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "partner"], name="series_partner_once")]

    def __str__(self) -> str:
        return f"{self.partner} in {self.series}"


class StandingItem(models.Model):
    """A heading that stands on every agenda of a series, such as modern slavery."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="standing_items")
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(default=5)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "title"], name="standing_item_once")]

    def __str__(self) -> str:
        return self.title


class ListEntry(models.Model):
    """One choice of a list that each partnership words itself."""

    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label


class ReferralGroup(ListEntry):
    """Whom the partnership's meetings are for."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="referral_groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="referral_group_code_once")
        ]


class MeetingOutcome(ListEntry):
    """What a meeting can achieve for an item. One item may have several, each counted once."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meeting_outcomes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="meeting_outcome_code_once")
        ]


class CalendarFeed(models.Model):
    """A person's secret address for the dates of their meetings. Only its print is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
