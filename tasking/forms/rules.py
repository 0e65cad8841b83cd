"""The room's lists as the administrator words them."""

from typing import ClassVar

from django import forms

from cases.forms.rules import RuleForm, whole_number
from csp.agencies.rulebook import RuleBook
from tasking.models import MeetingOutcome, ReferralGroup

FIELDS = ["code", "label", "position"]
COLUMNS = (("Label", "label"), ("Code", "code"), ("Order", "position"))


def code_box(example: str) -> forms.SlugField:
    return forms.SlugField(
        label="Code", help_text=f"Short, in small letters, such as {example}", max_length=40
    )


class ReferralGroupForm(RuleForm):
    class Meta:
        model = ReferralGroup
        fields: ClassVar[list[str]] = FIELDS

    code = code_box("repeat-victims")
    position = whole_number("Place in the order", 0, 1000)


class MeetingOutcomeForm(RuleForm):
    class Meta:
        model = MeetingOutcome
        fields: ClassVar[list[str]] = FIELDS

    code = code_box("joint-visit")
    position = whole_number("Place in the order", 0, 1000)


BOOKS = (
    RuleBook(
        slug="referral-groups",
        title="Referral groups of meetings",
        explanation="Whom the meetings are for. Who refers something chooses one.",
        model=ReferralGroup,
        form_class=ReferralGroupForm,
        columns=COLUMNS,
        starts=None,
        ends="retired_on",
        sort=("position", "label"),
        position=80,
    ),
    RuleBook(
        slug="meeting-outcomes",
        title="Outcomes of meetings",
        explanation="What a meeting achieves for an item. It may have several, and each is counted once.",
        model=MeetingOutcome,
        form_class=MeetingOutcomeForm,
        columns=COLUMNS,
        starts=None,
        ends="retired_on",
        sort=("position", "label"),
        position=81,
    ),
)
