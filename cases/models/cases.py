import datetime as dt
from typing import Any, Self

import pghistory
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from cases.enums import AT_WORK, CASE_TRANSITIONS, ENDED, CaseStatus, Risk
from cases.models.people import Place
from cases.models.rules import Category
from csp.actions.models import Action
from csp.agencies.access import held_by, held_in_order, level_permissions
from csp.agencies.enums import ShareLevel
from csp.agencies.models import Area, GroupPermission, NamedPerson, Partner, Partnership, Share, User
from csp.core.models import Workflow

CASE_WORDS = SearchVector("title", "summary", config="english")
"""What a search for words looks in. The index holds the very same expression."""

NEVER = dt.date(9999, 12, 31)
NEXT_DUE = Coalesce(Least("update_due_on", "risk_due_on", "hold_until"), Value(NEVER))
"""The first of its clocks to run out; `NEVER` where none runs. An index ends a sort by it."""


def named_on(user: User, case: str) -> Exists:
    """The user is named on the restricted case that the outer row's field `case` points to."""
    return Exists(CaseNamed.objects.current().filter(case=OuterRef(case), user=user.pk))


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases a partner of the user leads or is shared, at summary level or above: the only read gate.

        A restricted case is open to the people named on it and to nobody else.
        """
        return self._held(user, ShareLevel.SUMMARY)

    def listed_for(self, user: User) -> Self:
        """The same cases as `visible_to`, for the pages of a list in the order of an index."""
        held = held_in_order(user, CaseGroupPermission, Case, ShareLevel.SUMMARY)
        return self.filter(held, Q(restricted=False) | named_on(user, "pk"))

    def readable_by(self, user: User) -> Self:
        """Cases open to the user in full: who is in them, and every word that is not for somebody else."""
        return self._held(user, ShareLevel.FULL)

    def open_to_add(self, user: User) -> Self:
        """Cases to which the user's partner may add what it knows."""
        return self._held(user, ShareLevel.CONTRIBUTE)

    def known_to(self, user: User) -> Self:
        """Cases of which the user may know that they exist, and nothing else: reference and lead."""
        return self.filter(held_by(user, CaseGroupPermission, Case, ShareLevel.EXISTENCE))

    def _held(self, user: User, level: ShareLevel) -> Self:
        held = held_by(user, CaseGroupPermission, Case, level)
        return self.filter(held, Q(restricted=False) | named_on(user, "pk"))

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def ended(self) -> Self:
        return self.exclude(ended_at=None)


@pghistory.track()
class Case(Workflow):
    """One household, place or group whose behaviour the partnership is tackling."""

    transitions = CASE_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="cases")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="cases")
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="cases")
    referring_partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="cases_referred"
    )
    """The agency whose report or request the case began with."""
    title = models.CharField(max_length=160)
    summary = models.TextField(
        blank=True, help_text="What is going on, without names: every agency it is shared with reads this"
    )
    categories = models.ManyToManyField(Category, related_name="cases", blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="cases")
    ward = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    local_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")

    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    held_from = models.CharField(max_length=12, choices=CaseStatus, blank=True)
    """The status it goes back to when it is released from hold."""
    hold_reason = models.TextField(blank=True)
    hold_until = models.DateField(null=True, blank=True)
    """When somebody looks at it again."""
    risk = models.PositiveSmallIntegerField(choices=Risk, default=Risk.STANDARD)
    """Its priority: the highest of its victims' latest scores, or of its reports where none is scored."""
    risk_due_on = models.DateField(null=True, blank=True)
    """When risk must be scored next: at once after a new incident, or at the next review."""
    risk_due_because = models.CharField(max_length=120, blank=True)
    update_due_on = models.DateField(null=True, blank=True)
    """When the complainant must have heard from us again."""
    update_reminded_for = models.DateField(null=True, blank=True)
    """The due date of which the officer was reminded."""

    restricted = models.BooleanField(default=False)
    restricted_because = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    """Set while it is part of another case. Nothing moves: what hangs on it keeps its own gate."""

    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    actions = GenericRelation(Action, content_type_field="target_type", object_id_field="target_id")

    objects = CaseQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("case")
        indexes = [
            models.Index(
                fields=["partnership", "-risk", "-opened_at", "id"],
                condition=Q(ended_at=None),
                name="case_open",
            ),
            models.Index(
                fields=["officer", "-risk", "-opened_at", "id"],
                condition=Q(ended_at=None),
                name="case_officer_open",
            ),
            models.Index(fields=["partnership", "-opened_at", "-id"], name="case_newest"),
            models.Index(
                F("partnership"), NEXT_DUE, F("id"), condition=Q(ended_at=None), name="case_next_due"
            ),
            models.Index(
                fields=["partnership", "-ended_at", "-id"],
                condition=Q(ended_at__isnull=False),
                name="case_ended",
            ),
            models.Index(fields=["update_due_on"], condition=Q(ended_at=None), name="case_update_due"),
            models.Index(fields=["risk_due_on"], condition=Q(ended_at=None), name="case_risk_due"),
            GinIndex(CASE_WORDS, name="case_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_ended_iff_closed_or_cancelled",
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | ~Q(status__in=ENDED) & Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="case_on_hold_knows_the_way_back",
                condition=Q(status=CaseStatus.ON_HOLD) & ~Q(held_from="") & ~Q(hold_reason="")
                | ~Q(status=CaseStatus.ON_HOLD) & Q(held_from="", hold_reason="", hold_until=None),
            ),
            models.CheckConstraint(
                name="case_restricted_says_why", condition=Q(restricted=False) | ~Q(restricted_because="")
            ),
            models.CheckConstraint(name="case_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(
                name="case_merged_is_cancelled",
                condition=Q(merged_into=None) | Q(status=CaseStatus.CANCELLED),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK

    def named_now(self) -> Any:
        """Who may see it and what hangs on it, where it is restricted; None where it is not."""
        return CaseNamed.objects.current().filter(case=self) if self.restricted else None

    @property
    def family(self) -> models.QuerySet[Any]:
        """This case and those merged into it. What hangs on each passes its own gate."""
        return Case.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))


class CaseGroupPermission(GroupPermission):
    content_object = models.ForeignKey(Case, models.CASCADE, related_name="permission_rows")


@pghistory.track()
class CaseShare(Share):
    record = models.ForeignKey(Case, models.PROTECT, related_name="shares")


@pghistory.track()
class CaseNamed(NamedPerson):
    case = models.ForeignKey(Case, models.PROTECT, related_name="named_people")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at=None), name="case_person_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.case}"
