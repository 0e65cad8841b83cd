import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from csp.agencies.enums import AgencyKind, AreaKind, YearStart

if TYPE_CHECKING:
    from csp.agencies.models.users import User


class Partnership(models.Model):
    """One community safety partnership. Every casework row carries one."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    code = models.CharField(
        max_length=6, unique=True, help_text="Opens every reference, such as SV in SV-R-26-000123"
    )
    year_start = models.PositiveSmallIntegerField(choices=YearStart, default=YearStart.FINANCIAL)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    survey_url = models.URLField(blank=True, help_text="Where people say how we dealt with their case")
    receiving_partner = models.OneToOneField(
        "agencies.Partner", models.PROTECT, null=True, blank=True, related_name="receives_for"
    )
    """The community safety team: public reports, referrals and imports reach this partner first."""

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """An organisation, which may sit in many partnerships."""

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)

    def __str__(self) -> str:
        return self.name


class PartnerQuerySet(models.QuerySet["Partner"]):
    def current(self, on: dt.date) -> Self:
        return self.filter(Q(left_on=None) | Q(left_on__gt=on), joined_on__lte=on)

    def visible_to(self, user: "User") -> Self:
        """Who is in a partnership is no secret to anybody who works in it."""
        return self.filter(partnership__in=[seat.partner.partnership_id for seat in user.seats])


class Partner(models.Model):
    """An agency's seat in one partnership. Its group holds the permission rows of its casework users."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="partners")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="partners")
    group = models.OneToOneField(Group, models.PROTECT, related_name="partner")
    name = models.CharField(
        max_length=80, help_text="What people call it here, such as Soha or Community Safety"
    )
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True, help_text="First day it is no longer a member")
    email = models.EmailField(blank=True, help_text="Shared mailbox for notices that carry no personal data")
    phone = models.CharField(max_length=30, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("partnership", Lower("name"), name="partner_name_once_in_a_partnership"),
            models.CheckConstraint(
                name="partner_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, area: "Area") -> Self:
        """`area` itself and everything below it."""
        return self.filter(path__startswith=area.path)


class Area(models.Model):
    """Partnership > district > local area > ward or parish > place. `path` ends with a slash: /1/4/9/."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="areas")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12, choices=AreaKind)
    name = models.CharField(max_length=120)
    codes = models.JSONField(
        default=list, blank=True, help_text="GSS codes, such as E05006547, past and present"
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="area_path_prefix"),
        ]
        constraints = [
            models.UniqueConstraint(
                "partnership",
                "parent",
                "kind",
                Lower("name"),
                name="area_name_once_in_its_parent",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name
