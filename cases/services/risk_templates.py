"""The questions by which risk is scored: an example to begin with, and new versions from a day on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cases.enums import Risk
from cases.models import RiskOption, RiskQuestion, RiskTemplate
from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words

ILLUSTRATIVE_NAME = "Illustrative: agree your own"
ILLUSTRATIVE_MEDIUM_FROM, ILLUSTRATIVE_HIGH_FROM = 13, 23
ILLUSTRATIVE: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    (
        "How often does it happen?",
        (
            ("It happened once", 0),
            ("Now and then", 1),
            ("About once a month", 2),
            ("About once a week", 3),
            ("Most days", 4),
            ("Every day", 5),
        ),
    ),
    (
        "Does this follow from something that happened before?",
        (("No", 0), ("It may", 1), ("Yes", 2)),
    ),
    ("Does it happen more often, or is it getting worse?", (("No", 0), ("Yes", 2))),
    (
        "Whom is it aimed at?",
        (
            ("Nobody in particular", 0),
            ("The neighbourhood", 1),
            ("Their household or family", 2),
            ("Them", 3),
        ),
    ),
    (
        "Do they think it is because of who they are: faith, race, sexuality, gender identity, disability?",
        (("No", 0), ("Yes", 3)),
    ),
    (
        "Do they know who does it?",
        (("No", 0), ("Yes, but they have no contact", 1), ("Yes, and they meet or are in touch", 2)),
    ),
    (
        "Is whoever does it known to have threatened or hurt anybody?",
        (
            ("Not known to", 0),
            ("It is suspected", 1),
            ("Yes, they have threatened somebody", 2),
            ("Yes, they have hurt somebody", 3),
        ),
    ),
    ("Have they told another agency about it?", (("No", 0), ("Yes", 1))),
    (
        "Is there anything about them or their life that makes it harder to cope?",
        (("No", 0), ("Yes, something", 2), ("Yes, a great deal", 3)),
    ),
    (
        "How much does it affect them?",
        (("Not at all", 0), ("A little", 1), ("Moderately", 2), ("A lot", 3), ("Extremely", 5)),
    ),
    (
        "Has their health suffered?",
        (("No", 0), ("Their physical health", 2), ("Their mental health", 2), ("Both", 3)),
    ),
    (
        "Who is there to support them?",
        (("People close to them", 0), ("A few people", 1), ("Nobody: they are isolated", 3)),
    ),
    (
        "Does anybody else in the household suffer from it?",
        (("No", 0), ("Yes, other adults", 1), ("Yes, children", 2)),
    ),
)
"""The themes and scores in common use in England. No agreed national sheet has been published."""


class CannotChangeTemplate(RuleBroken): ...


@dataclass(frozen=True)
class Question:
    """A question as it is typed, with what can be answered and the score of each answer."""

    text: str
    options: tuple[tuple[str, int], ...]
    help: str = ""


def illustrative_questions() -> list[Question]:
    return [Question(text, options) for text, options in ILLUSTRATIVE]


def template_on(partnership: Partnership, day: dt.date) -> RiskTemplate | None:
    return RiskTemplate.objects.on(day).filter(partnership=partnership).order_by("-starts_on").first()


def questions_of(template: RiskTemplate) -> list[RiskQuestion]:
    return list(template.questions.order_by("position").prefetch_related("options"))


def as_typed(template: RiskTemplate) -> list[Question]:
    """What a version asks, in the shape in which a new one is typed."""
    return [
        Question(
            question.text,
            tuple((option.label, option.score) for option in sorted_options(question)),
            question.help,
        )
        for question in questions_of(template)
    ]


def sorted_options(question: RiskQuestion) -> list[RiskOption]:
    return sorted(question.options.all(), key=lambda option: option.position)


def install_illustrative_template(partnership: Partnership, on: dt.date) -> None:
    """The example, for a partnership that has no questions of its own."""
    if RiskTemplate.objects.filter(partnership=partnership).exists():
        return
    template = RiskTemplate.objects.create(
        partnership=partnership,
        name=ILLUSTRATIVE_NAME,
        illustrative=True,
        medium_from=ILLUSTRATIVE_MEDIUM_FROM,
        high_from=ILLUSTRATIVE_HIGH_FROM,
        starts_on=on,
    )
    put_questions(template, illustrative_questions())


def put_questions(template: RiskTemplate, questions: Sequence[Question]) -> None:
    made = RiskQuestion.objects.bulk_create(
        RiskQuestion(template=template, position=place, text=question.text, help=question.help)
        for place, question in enumerate(questions, start=1)
    )
    RiskOption.objects.bulk_create(
        RiskOption(question=row, position=place, label=label, score=score)
        for row, question in zip(made, questions, strict=True)
        for place, (label, score) in enumerate(question.options, start=1)
    )


def highest_score(questions: Sequence[Question]) -> int:
    return sum(max(score for _, score in question.options) for question in questions)


@transaction.atomic
def start_version(
    *,
    partnership: Partnership,
    name: str,
    medium_from: int,
    high_from: int,
    questions: Sequence[Question],
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
) -> RiskTemplate:
    """New questions from a day on. The version before ends on that day, and what was scored with it stays."""
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    refuse_version(questions, medium_from, high_from)
    today = local_day(at)
    if starts_on < today:
        raise CannotChangeTemplate("Choose today or a later day: what held in the past stays as it was")
    make_way(partnership, starts_on, today)
    template = RiskTemplate.objects.create(
        partnership=partnership,
        name=name,
        medium_from=medium_from,
        high_from=high_from,
        starts_on=starts_on,
    )
    put_questions(template, questions)
    record(
        "risk_template.added",
        by=by,
        target=template,
        partnership=partnership,
        starts_on=starts_on.isoformat(),
        questions=len(questions),
    )
    return template


def refuse_version(questions: Sequence[Question], medium_from: int, high_from: int) -> None:
    if not questions:
        raise CannotChangeTemplate("Enter at least one question")
    for question in questions:
        if len(question.options) < 2:
            raise CannotChangeTemplate(f"Give “{question.text}” at least two answers to choose from")
    if not 0 < medium_from < high_from:
        raise CannotChangeTemplate(f"{Risk.HIGH.label} must begin above {Risk.MEDIUM.label.lower()}")
    most = highest_score(questions)
    if high_from > most:
        raise CannotChangeTemplate(f"No answers can score {high_from}: the highest possible score is {most}")


def make_way(partnership: Partnership, starts_on: dt.date, today: dt.date) -> None:
    versions = RiskTemplate.objects.select_for_update(of=("self",)).filter(partnership=partnership)
    planned = versions.filter(starts_on__gt=today).first()
    if planned:
        words = date_words(planned.starts_on)
        raise CannotChangeTemplate(f"A version from {words} is planned already. Cancel that first")
    if versions.filter(starts_on=starts_on).exists():
        raise CannotChangeTemplate("A version started today already. Choose tomorrow or a later day")
    for version in versions.on(starts_on):
        version.ends_on = starts_on
        version.save(update_fields=["ends_on"])


@transaction.atomic
def cancel_version(*, template: RiskTemplate, by: User, at: dt.datetime) -> None:
    """A version that has not started is as if it had never been planned; its event stays."""
    versions = RiskTemplate.objects.select_for_update(of=("self",))
    current = versions.get(pk=template.pk)
    if current.starts_on <= local_day(at):
        raise CannotChangeTemplate("This version holds already. Start a new version instead")
    record("risk_template.cancelled", by=by, target=current, partnership=current.partnership)
    before = versions.filter(partnership=current.partnership, ends_on=current.starts_on)
    before.update(ends_on=None)
    current.delete()
