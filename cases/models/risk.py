"""Risk assessment by a versioned template: a score for each victim, never mixed with DASH."""

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from cases.enums import AssessmentKind, Risk
from cases.models.case_links import OfCaseQuerySet
from cases.models.cases import Case
from cases.models.people import Person
from csp.agencies.models import DatedRule, User

USED_AS_IT_IS = """
    IF TG_OP = 'DELETE' THEN
        version = {old};
    ELSE
        version = {new};
    END IF;
    today = (now() AT TIME ZONE 'Europe/London')::date;
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM cases_riskassessment WHERE template_id = version) THEN
            RAISE EXCEPTION 'Risk was scored with these questions already: start a new version';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM cases_risktemplate WHERE id = version AND starts_on <= today) THEN
        RAISE EXCEPTION 'The questions of a version that has started stay: start a new version';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


def questions_stay(old: str, new: str) -> pgtrigger.Trigger:
    """A version is put together before anybody is scored with it. From the day it starts its words stay."""
    return pgtrigger.Trigger(
        name="questions_stay",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("version", "bigint"), ("today", "date")],
        func=USED_AS_IT_IS.format(old=old, new=new),
    )


class RiskTemplate(DatedRule):
    """The questions and cut-offs in force. A change is a new version from a day on."""

    name = models.CharField(max_length=120)
    illustrative = models.BooleanField(
        default=False, help_text="Shipped as an example; agree your own before you rely on it"
    )
    medium_from = models.PositiveSmallIntegerField()
    high_from = models.PositiveSmallIntegerField()

    class Meta(DatedRule.Meta):
        constraints = [
            *DatedRule.Meta.constraints,
            models.UniqueConstraint(fields=["partnership", "starts_on"], name="risk_template_starts_once"),
            models.CheckConstraint(
                name="risk_template_bands_in_order",
                condition=Q(medium_from__gt=0, high_from__gt=F("medium_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def band(self, score: int) -> Risk:
        if score >= self.high_from:
            return Risk.HIGH
        return Risk.MEDIUM if score >= self.medium_from else Risk.STANDARD


class RiskQuestion(models.Model):
    template = models.ForeignKey(RiskTemplate, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "position"], name="risk_question_order")]
        triggers = [questions_stay("OLD.template_id", "NEW.template_id")]

    def __str__(self) -> str:
        return self.text


class RiskOption(models.Model):
    question = models.ForeignKey(RiskQuestion, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=160)
    score = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="risk_option_order")]
        triggers = [
            questions_stay(
                "(SELECT template_id FROM cases_riskquestion WHERE id = OLD.question_id)",
                "(SELECT template_id FROM cases_riskquestion WHERE id = NEW.question_id)",
            )
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class RiskAssessment(models.Model):
    """How much one victim is at risk, at one time. Written once; another assessment follows it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assessments")
    template = models.ForeignKey(RiskTemplate, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=AssessmentKind)
    score = models.PositiveSmallIntegerField()
    scored = models.PositiveSmallIntegerField(choices=Risk)
    """The band that the score falls into."""
    risk = models.PositiveSmallIntegerField(choices=Risk)
    """The band that holds: the scored one, or the one put over it by professional judgement."""
    override_reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "person", "-at", "-id"], name="assessment_latest"),
            models.Index(fields=["at"], name="assessment_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="assessment_override_says_why",
                condition=Q(risk=F("scored")) | ~Q(override_reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_risk_display()} for {self.case}"


class RiskAnswer(models.Model):
    assessment = models.ForeignKey(RiskAssessment, models.CASCADE, related_name="answers")
    question = models.ForeignKey(RiskQuestion, models.PROTECT, related_name="+")
    option = models.ForeignKey(RiskOption, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "question"], name="risk_answered_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.option}"


class RiskNotice(models.Model):
    """An e-mail about risk that went out: of a review that fell due, or of high risk. Each goes once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    assessment = models.ForeignKey(RiskAssessment, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "due_on"], name="risk_notice_once_for_a_day"),
            models.UniqueConstraint(fields=["assessment"], name="risk_notice_once_for_a_score"),
            models.CheckConstraint(
                name="risk_notice_is_about_one_thing",
                condition=Q(due_on=None, assessment__isnull=False) | Q(due_on__isnull=False, assessment=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.due_on or self.assessment}"


MARAC_TICKS = 14
"""Ticks on the DASH list from which the risk counts as visibly high."""


@pghistory.track()
class DashAssessment(models.Model):
    """The result of a DASH risk checklist for domestic abuse. The list itself is filled in elsewhere."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="dash_assessments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_on = models.DateField()
    ticks = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField(default=24)
    judged_high = models.BooleanField(default=False)
    judgement = models.TextField(blank=True)
    marac_on = models.DateField(null=True, blank=True, help_text="When it was referred to MARAC")
    no_marac_reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: Any = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="dash_ticks_in_range", condition=Q(ticks__lte=F("questions"))),
            models.CheckConstraint(
                name="dash_judgement_says_why", condition=Q(judged_high=False) | ~Q(judgement="")
            ),
        ]

    def __str__(self) -> str:
        return f"DASH {self.ticks} of {self.questions} for {self.case}"

    @property
    def suggests_marac(self) -> bool:
        return self.judged_high or self.ticks >= MARAC_TICKS
