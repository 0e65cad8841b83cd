from typing import Any, Self

import pghistory
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse

from cases.models import Case, CaseGroupPermission, CaseNamed, CaseShare, Category, Person, Place
from cases.models.cases import named_on
from csp.agencies.access import codename, held_by, level_permissions
from csp.agencies.enums import Consent, Gateway, ShareLevel
from csp.agencies.models import Area, GroupPermission, Partner, Partnership, Share, User
from csp.audit.models import Event
from csp.core.models import Workflow
from tasking.enums import (
    ITEM_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    UNDECIDED,
    ItemKind,
    ItemStatus,
    Known,
    ReferralStatus,
)
from tasking.models.meetings import Meeting, MeetingPartner
from tasking.models.series import MeetingOutcome, ReferralGroup

ONE_SUBJECT = {
    ItemKind.CASE: Q(case__isnull=False, person=None, place=None),
    ItemKind.PERSON: Q(case=None, person__isnull=False, place=None),
    ItemKind.PLACE: Q(case=None, person=None, place__isnull=False),
    ItemKind.STANDING: Q(case=None, person=None, place=None),
}


def subject_fits(*kinds: str) -> Q:
    """The row points to what its kind says and to nothing else."""
    fits = Q()
    for kind in kinds:
        fits |= Q(kind=kind) & ONE_SUBJECT[ItemKind(kind)]
    return fits


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> Self:
        """Referrals made by a partner of the user, or to a meeting that it runs.

        One of a restricted case: only for those named on it.
        """
        ours = user.partner_ids
        mine = Q(from_partner__in=ours) | Q(lead__in=ours)
        return self.filter(mine, Q(case=None) | Q(case__restricted=False) | named_on(user, "case"))

    def undecided(self) -> Self:
        return self.filter(status__in=UNDECIDED)

    def news_for(self, user: User) -> Self:
        """What the user referred, somebody else decided, and the user has not opened since."""
        read = Event.objects.filter(
            verb="referral.decision_read",
            target_type="tasking.referral",
            target_id=OuterRef("pk"),
            actor=user.pk,
            at__gte=OuterRef("decided_at"),
        )
        decided = self.visible_to(user).filter(made_by=user.pk, decided_at__isnull=False)
        return decided.exclude(decided_by=user.pk).filter(~Exists(read))


@pghistory.track()
class Referral(Workflow):
    """An agency brings a case, a person or a place into a meeting. The chair decides."""

    transitions = REFERRAL_TRANSITIONS

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meeting_referrals")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="referrals")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    """The partner that runs the meeting."""
    from_partner = models.ForeignKey(Partner, models.PROTECT, related_name="meeting_referrals")
    kind = models.CharField(max_length=10, choices=ItemKind)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="meeting_referrals")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=160, help_text="Without names: what it is about")
    group = models.ForeignKey(ReferralGroup, models.PROTECT, null=True, related_name="+")
    issue = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField()
    wanted = models.TextField(help_text="What the referring agency wants of the meeting")
    tried = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)
    urgent_because = models.TextField(blank=True)
    """Why it comes after referrals closed: an exception that the chair agrees to."""
    gateway = models.CharField(max_length=20, choices=Gateway)
    necessity = models.TextField()
    consent = models.CharField(max_length=12, choices=Consent)
    consent_note = models.TextField(blank=True)
    needed_by = models.ManyToManyField(Partner, blank=True, related_name="+")
    """The agencies that, in the referrer's view, need to see it."""
    status = models.CharField(max_length=10, choices=ReferralStatus, default=ReferralStatus.WAITING)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["meeting", "made_at"],
                condition=Q(status__in=UNDECIDED),
                name="meeting_referral_waits",
            ),
            models.Index(fields=["from_partner", "-made_at"], name="meeting_referral_own"),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_referral_one_subject",
                condition=subject_fits(ItemKind.CASE, ItemKind.PERSON, ItemKind.PLACE),
            ),
            models.CheckConstraint(
                name="meeting_referral_urgent_says_why",
                condition=Q(urgent=False) | ~Q(urgent_because=""),
            ),
            models.CheckConstraint(
                name="meeting_referral_no_says_why",
                condition=~Q(status__in=[ReferralStatus.DEFERRED, ReferralStatus.DECLINED]) | ~Q(decision=""),
            ),
            models.UniqueConstraint(
                fields=["meeting", "case"],
                condition=Q(status__in=UNDECIDED, case__isnull=False),
                name="meeting_case_referred_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:referral", args=[self.pk])

    @property
    def subject(self) -> Case | Person | Place | None:
        return self.case or self.person or self.place


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, user: User) -> Self:
        """Items tabled for a partner of the user: the only read gate.

        One about a case needs the case too: when the case's share ends, or the case is restricted to named
        people, its items go with it.
        """
        held = held_by(user, AgendaItemGroupPermission, AgendaItem, ShareLevel.SUMMARY)
        case = Case.objects.visible_to(user).filter(pk=OuterRef("case"))
        return self.filter(held, Q(case=None) | Exists(case))

    def open_to_partner(self, partner: Partner) -> Self:
        """What everybody who does casework for the partner may see: no restricted case is among it.

        For papers made for an agency as a whole.
        """
        item = AgendaItemGroupPermission.objects.filter(
            content_object=OuterRef("pk"),
            group=partner.group_id,
            permission__codename=codename(AgendaItem, ShareLevel.SUMMARY),
        )
        case = CaseGroupPermission.objects.filter(
            content_object=OuterRef("case"),
            group=partner.group_id,
            permission__codename=codename(Case, ShareLevel.SUMMARY),
        )
        return self.filter(Exists(item), Q(case=None) | Q(case__restricted=False) & Exists(case))

    def tabled(self) -> Self:
        return self.exclude(status=ItemStatus.WITHDRAWN)

    def in_open_part(self) -> Self:
        """Those whose depersonalised line every invited agency may read."""
        return self.filter(Q(case=None) | Q(case__restricted=False), closed=False)

    def in_order(self) -> Self:
        """As the meeting takes them: the closed part last, so that no gap in the numbers tells of it."""
        closed = Q(closed=True) | Q(case__restricted=True, case__isnull=False)
        last = ExpressionWrapper(closed, output_field=models.BooleanField())
        return self.order_by(last, "position", "pk")


@pghistory.track()
class AgendaItem(Workflow):
    """One thing that a meeting discusses, open to the agencies it was tabled for."""

    number: int | None = None
    """Its number on the agenda, where a page or a paper set it."""
    is_draft = False
    """What its meeting decided is not for the reader before the minutes are approved, where a page set it."""
    transitions = ITEM_TRANSITIONS

    reference = models.CharField(max_length=24, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agenda_items")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="agenda_items")
    """The partner that runs the meeting."""
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=10)
    kind = models.CharField(max_length=10, choices=ItemKind)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    referral = models.OneToOneField(Referral, models.PROTECT, null=True, blank=True, related_name="item")
    referred_by = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    """The item of an earlier meeting that this one goes on from."""
    title = models.CharField(max_length=160, help_text="Without names")
    gist = models.TextField(blank=True, help_text="Two lines on what is going on")
    wanted = models.TextField(blank=True, help_text="What is asked of the meeting")
    tried = models.TextField(blank=True)
    group = models.ForeignKey(ReferralGroup, models.PROTECT, null=True, blank=True, related_name="+")
    issue = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    closed = models.BooleanField(default=False)
    """Only the agencies it was tabled for know that it is on the agenda at all."""
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.TABLED)
    status_because = models.TextField(blank=True)
    returns_on = models.DateField(null=True, blank=True)

    discussion = models.TextField(blank=True)
    decision = models.TextField(blank=True)
    outcomes = models.ManyToManyField(MeetingOutcome, blank=True, related_name="items")
    minute = models.TextField(blank=True, help_text="What the minutes say of it")
    version = models.PositiveIntegerField(default=0)
    """Goes up with every change of what is written here, so that of two writers the second is told."""
    discussed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        permissions = level_permissions("agendaitem")
        indexes = [
            models.Index(fields=["meeting", "position", "id"], name="agenda_order"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="agenda_of_case"),
            models.Index(
                fields=["lead", "returns_on"],
                condition=Q(status=ItemStatus.RETURNS),
                name="agenda_returns",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="agenda_item_one_subject", condition=subject_fits(*ItemKind)),
            models.CheckConstraint(
                name="agenda_item_returns_on_a_date",
                condition=Q(status=ItemStatus.RETURNS, returns_on__isnull=False)
                | ~Q(status=ItemStatus.RETURNS) & Q(returns_on=None),
            ),
            models.CheckConstraint(
                name="agenda_item_off_says_why",
                condition=~Q(status__in=[ItemStatus.OFF, ItemStatus.WITHDRAWN])
                | Q(kind=ItemKind.STANDING)
                | ~Q(status_because=""),
            ),
            models.UniqueConstraint(
                fields=["meeting", "case"],
                condition=Q(case__isnull=False) & ~Q(status=ItemStatus.WITHDRAWN),
                name="agenda_case_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("meetings:item", args=[self.reference])

    @property
    def subject(self) -> Case | Person | Place | None:
        return self.case or self.person or self.place

    @property
    def hangs_on(self) -> "Case | AgendaItem":
        """What actions for it hang on: its case, so that they close with that."""
        return self.case or self

    @property
    def minute_words(self) -> str:
        """What the minutes say of it: the note taken at the meeting, until somebody words it anew."""
        return self.minute or self.discussion

    @property
    def is_closed_part(self) -> bool:
        return self.closed or (self.case is not None and self.case.restricted)

    def named_now(self) -> Any:
        """Who may see it, where its case is restricted; None where it is not."""
        if self.case is None or not self.case.restricted:
            return None
        return CaseNamed.objects.current().filter(case=self.case)


class AgendaItemGroupPermission(GroupPermission):
    content_object = models.ForeignKey(AgendaItem, models.CASCADE, related_name="permission_rows")


@pghistory.track()
class ItemShare(Share):
    """That an item was tabled for an agency: the disclosure record. With a case goes the case's share."""

    record = models.ForeignKey(AgendaItem, models.PROTECT, related_name="shares")
    case_share = models.ForeignKey(
        CaseShare, models.PROTECT, null=True, blank=True, related_name="tabled_with"
    )
    """The share of the case that was made with it; none where the agency had one already."""


class ItemAnswerQuerySet(models.QuerySet["ItemAnswer"]):
    def visible_to(self, user: User) -> Self:
        """What agencies said of items the user may see: their own agency's, and others' once sent."""
        items = AgendaItem.objects.visible_to(user).filter(pk=OuterRef("item"))
        ready = Q(seat__partner__in=user.partner_ids) | Q(seat__sent_at__isnull=False)
        return self.filter(ready, Exists(items))


@pghistory.track()
class ItemAnswer(models.Model):
    """What an agency knows of an item and can offer, before the meeting."""

    seat = models.ForeignKey(MeetingPartner, models.PROTECT, related_name="answers")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="answers")
    known = models.CharField(max_length=10, choices=Known, blank=True)
    last_contact = models.CharField(max_length=120, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    risks = models.TextField(blank=True)
    in_progress = models.TextField(blank=True)
    offer = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = ItemAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "item"], name="item_answered_once")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_known_display() or 'not answered'}"

    @property
    def is_answered(self) -> bool:
        return bool(self.known)
