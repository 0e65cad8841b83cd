"""What people write down about a case, each entry for those who may see it."""

from typing import Any, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.enums import Audience, ContactResult, ContactWay, EvidenceKind, NoteKind
from cases.models.cases import Case
from cases.models.people import Person
from cases.models.triage import Contact
from csp.agencies.models import Partner, User
from csp.core.models import StoredFile

NOTE_WORDS = SearchVector("text", config="english")
"""What a search for words looks in. The index holds the very same expression, and never the source."""
EVIDENCE_WORDS = SearchVector("description", config="english")
A_CONFIDENTIAL_SOURCE = "A confidential source"


class ForSomeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Entries on cases the user may read in full that are for them: for all, the team, or by name."""
        team = Q(partner__in=user.partner_ids) | Q(case__lead__in=user.partner_ids)
        through: Any = self.model.named.through
        named = through.objects.filter(**{str(self.model._meta.model_name): OuterRef("pk"), "user": user.pk})
        audience = (
            Q(audience=Audience.SHARED)
            | Q(audience=Audience.TEAM) & team
            | Q(audience=Audience.NAMED) & (Q(by=user.pk) | Exists(named))
        )
        return self.filter(audience, case__in=Case.objects.readable_by(user))


class ForSome(models.Model):
    """Something written on a case, by somebody, for some."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)s_set")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    """For whom the writer acted."""
    audience = models.CharField(max_length=8, choices=Audience)
    named = models.ManyToManyField(User, related_name="+", blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ForSomeQuerySet.as_manager()

    class Meta:
        abstract = True


@pghistory.track()
class Note(ForSome):
    kind = models.CharField(max_length=12, choices=NoteKind)
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True, help_text="Who or what it comes from")
    source_confidential = models.BooleanField(
        default=False, help_text="Only our team and the leading team learn the source"
    )
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was typed into: a form sent twice makes one note."""
    edited_at = models.DateTimeField(null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    """A note whose time for changes has run out is put right by another."""

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at", "-id"], name="note_case"),
            GinIndex(NOTE_WORDS, name="note_words"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.case}"

    @property
    def kind_words(self) -> str:
        """As others read it."""
        return f"What {self.partner} knows" if self.kind == NoteKind.INFORMATION else self.get_kind_display()

    def source_for(self, user: User) -> str:
        """A confidential source is for the writer's team and the team that leads the case."""
        if self.source_confidential and not user.partner_ids & {self.partner_id, self.case.lead_id}:
            return A_CONFIDENTIAL_SOURCE
        return self.source


@pghistory.track()
class Evidence(ForSome):
    kind = models.CharField(max_length=14, choices=EvidenceKind)
    description = models.TextField()
    obtained_on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at", "-id"], name="evidence_case"),
            GinIndex(EVIDENCE_WORDS, name="evidence_words"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.case}"


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(evidence__in=Evidence.objects.visible_to(user))


@pghistory.track()
class EvidenceFile(StoredFile):
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files")

    objects = EvidenceFileQuerySet.as_manager()


@pghistory.track()
class CaseContact(ForSome):
    """An entry in the contact log: we were in touch with somebody, or tried."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=8, choices=ContactWay)
    result = models.CharField(max_length=10, choices=ContactResult)
    text = models.TextField(blank=True)
    message = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="log_entries")
    """The letter or e-mail that was sent."""

    class Meta:
        indexes = [models.Index(fields=["case", "-at", "-id"], name="case_contact_case")]

    def __str__(self) -> str:
        return f"{self.get_way_display()} on {self.case}"


@pghistory.track()
class ProblemSheet(models.Model):
    """Problem solving: objective, scanning, analysis, response, assessment (OSARA)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="problem_sheet")
    objective = models.TextField(blank=True)
    measure = models.TextField(blank=True, help_text="How we shall know that the objective is met")
    problem = models.TextField(blank=True)
    pattern = models.TextField(blank=True, help_text="When, where and how often")
    victim = models.TextField(blank=True, help_text="The victim, and who guards them")
    offender = models.TextField(blank=True, help_text="The offender, and who handles them")
    location = models.TextField(blank=True, help_text="The location, and who manages it")
    tried = models.TextField(blank=True)
    hypothesis = models.TextField(blank=True, help_text="Why we think it happens")
    response = models.TextField(blank=True, help_text="What is done; give it to an agency as an action")
    process = models.TextField(blank=True, help_text="Was it done as planned?")
    impact = models.TextField(blank=True, help_text="What changed?")
    count_what = models.CharField(max_length=120, blank=True, help_text="Such as reports in a month")
    count_before = models.PositiveIntegerField(null=True, blank=True)
    count_after = models.PositiveIntegerField(null=True, blank=True)
    legacy = models.TextField(blank=True, help_text="What stays when we have gone")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Problem solving for {self.case}"
