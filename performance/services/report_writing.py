"""What the team writes into a report: its sections' words, and comments on them."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import User
from csp.audit.services import record
from performance.models import PerformanceReport, ReportComment, ReportSection
from performance.services.report_building import lock
from performance.services.report_sections import BY_NAME
from performance.services.report_states import CannotReport


@dataclass(frozen=True)
class Words:
    """What a section's form says."""

    included: bool
    position: int
    narrative: str


def words_of(section: ReportSection) -> Words:
    return Words(section.included, section.position, section.narrative)


def prints_of(words: Words) -> Prints:
    return prints({"included": words.included, "position": words.position, "narrative": words.narrative})


def must_be_open(report: PerformanceReport) -> None:
    if report.is_frozen:
        state = report.get_status_display().lower()
        raise CannotReport(f"{report} is {state}, so its words and figures do not change any more")


@transaction.atomic
def write_section(
    *, section: ReportSection, words: Words, seen: Prints, by: User, at: dt.datetime
) -> ReportSection:
    """Raises `ChangedMeanwhile` where somebody else saved it since it was read."""
    report = lock(section.report)
    must_be_open(report)
    current = ReportSection.objects.select_for_update().get(pk=section.pk)
    now = words_of(current)
    if words == now:
        return current
    refuse_unseen(prints_of(now), seen, now, "section")
    current.included, current.narrative = words.included, words.narrative
    current.save(update_fields=["included", "narrative"])
    if words.position != now.position:
        _move_to(report, current, words.position)
    record("performance_report.section_written", by=by, target=report, section=current.name)
    return current


def _move_to(report: PerformanceReport, section: ReportSection, position: int) -> None:
    """The others close the gap, so that positions stay 1, 2, 3."""
    others = list(report.sections.exclude(pk=section.pk).order_by("position", "pk"))
    others.insert(position - 1, section)
    for place, each in enumerate(others, start=1):
        each.position = place
    ReportSection.objects.bulk_update(others, ["position"])


@transaction.atomic
def comment(
    *, report: PerformanceReport, section: str, text: str, by: User, at: dt.datetime
) -> ReportComment:
    current = lock(report)
    must_be_open(current)
    made = ReportComment.objects.create(
        report=current, section=section if section in BY_NAME else "", text=text, by=by, at=at
    )
    record("performance_report.commented", by=by, target=current, comment=made.pk)
    return made


@transaction.atomic
def settle(*, comment: ReportComment, by: User, at: dt.datetime) -> ReportComment:
    """Twice is as good as once."""
    current = (
        ReportComment.objects.select_for_update(of=("self",)).select_related("report").get(pk=comment.pk)
    )
    if current.resolved_at is None:
        current.resolved_by, current.resolved_at = by, at
        current.save(update_fields=["resolved_by", "resolved_at"])
        record("performance_report.comment_settled", by=by, target=current.report, comment=current.pk)
    return current
