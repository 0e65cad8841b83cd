"""Stories that name no one: supplied by an agency, read by somebody else, printed in a report."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import Partner, User
from csp.audit.services import record
from csp.core.errors import RuleBroken
from performance.models import CaseStudy


class CannotTell(RuleBroken): ...


@dataclass(frozen=True)
class Story:
    title: str
    text: str
    quarter: dt.date


def story_of(study: CaseStudy) -> Story:
    return Story(study.title, study.text, study.quarter)


def prints_of(story: Story) -> Prints:
    return prints({"title": story.title, "text": story.text, "quarter": story.quarter})


@transaction.atomic
def supply(*, partner: Partner, story: Story, by: User, at: dt.datetime) -> CaseStudy:
    made = CaseStudy.objects.create(
        partnership=partner.partnership, supplied_by=partner, title=story.title, text=story.text,
        quarter=story.quarter, by=by, at=at,
    )  # fmt: skip
    record("case_study.added", by=by, target=made, partner=partner)
    return made


@transaction.atomic
def rewrite(*, study: CaseStudy, story: Story, seen: Prints, by: User, at: dt.datetime) -> CaseStudy:
    """Words that changed must be read again by somebody before a report prints them."""
    current = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    now = story_of(current)
    if story == now:
        return current
    refuse_unseen(prints_of(now), seen, now, "case study")
    current.title, current.text, current.quarter = story.title, story.text, story.quarter
    current.checked_by = current.checked_at = None
    current.by, current.at = by, at
    current.save(update_fields=["title", "text", "quarter", "checked_by", "checked_at", "by", "at"])
    record("case_study.edited", by=by, target=current)
    return current


@transaction.atomic
def check(*, study: CaseStudy, seen: Prints, by: User, at: dt.datetime) -> CaseStudy:
    """Somebody other than its writer read it, and found that it names no one."""
    current = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if current.by_id == by.pk:
        raise CannotTell("Somebody other than who wrote it must check that it names no one")
    refuse_unseen(prints_of(story_of(current)), seen, story_of(current), "case study")
    if current.checked_at is None:
        current.checked_by, current.checked_at = by, at
        current.save(update_fields=["checked_by", "checked_at"])
        record("case_study.checked", by=by, target=current)
    return current
