"""A report from its beginning to its publication: drafted, reviewed, signed off, published, restated."""

import datetime as dt
from typing import Any

from django.db import transaction

from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import Period, local_day
from csp.core.errors import RuleBroken
from csp.core.words import date_words, moment_words
from performance.enums import ReportStatus
from performance.models import PerformanceReport, ReportSection
from performance.services.report_building import lock, request_pdf
from performance.services.report_content import Content, content_of, kind_of, print_of, title_of
from performance.services.report_sections import SECTIONS

SIGNED_FIELDS = (
    "status", "frozen", "frozen_at", "signed_off_by", "file", "sha256", "built_at", "progress",
)  # fmt: skip


class CannotReport(RuleBroken): ...


@transaction.atomic
def begin(*, partnership: Partnership, period: Period, by: User | None, at: dt.datetime) -> PerformanceReport:
    """A draft with the usual sections. There is one for a period, until it is restated."""
    # Two that begin it at once would each see that there is none.
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    there = PerformanceReport.objects.filter(
        partnership=partnership, kind=kind_of(period), first_on=period.first, restates=None
    ).first()
    if there is not None:
        raise CannotReport(
            f"There is a report of {period.name} already, {there.get_status_display().lower()}"
        )
    if period.first > local_day(at):
        raise CannotReport(f"{period.name} has not begun. Choose a period that has")
    made = _make(partnership, period, title_of(period), by, at)
    ReportSection.objects.bulk_create(
        ReportSection(
            report=made, name=each.name, position=position, included=made.kind in each.usual
        )
        for position, each in enumerate(SECTIONS, start=1)
    )  # fmt: skip
    record("performance_report.opened", by=by, target=made, period=period.name)
    return made


def _make(
    partnership: Partnership, period: Period, title: str, by: User | None, at: dt.datetime, **more: Any
) -> PerformanceReport:
    return PerformanceReport.objects.create(
        partnership=partnership, kind=kind_of(period), first_on=period.first, last_on=period.last,
        period_name=period.name, title=title, made_by=by, made_at=at, **more,
    )  # fmt: skip


@transaction.atomic
def submit(*, report: PerformanceReport, by: User, at: dt.datetime) -> PerformanceReport:
    current = lock(report)
    if not current.sections.filter(included=True).exists():
        raise CannotReport("The report has no section. Put at least one in, then submit it")
    return _move(current, ReportStatus.IN_REVIEW, "submitted", by)


@transaction.atomic
def send_back(*, report: PerformanceReport, by: User, at: dt.datetime) -> PerformanceReport:
    """From review to its writers."""
    current = lock(report)
    if current.status != ReportStatus.IN_REVIEW:
        raise CannotReport(f"{current} is not in review")
    return _move(current, ReportStatus.DRAFT, "sent_back", by)


@transaction.atomic
def sign_off(*, report: PerformanceReport, seen: str, by: User, at: dt.datetime) -> PerformanceReport:
    """From here on figures and words stay as they are; a worker prints the PDF once.

    What is signed is what the manager read: `seen` is its print, as `print_of` makes it.
    """
    current = lock(report)
    must_be_over(current, at)
    must_be_settled(current)
    current.move_to(ReportStatus.SIGNED_OFF)
    read = content_of(current, at)
    if print_of(read) != seen:
        raise CannotReport(
            "The report has changed since you opened it, so it is not signed off. Read it as it is now, then "
            "sign it off"
        )
    content = {**read, "state": "signed_off", **_signed(current, by, at)}
    current.frozen, current.frozen_at, current.signed_off_by = content, at, by
    _forget_file(current)
    current.save(update_fields=SIGNED_FIELDS)
    record("performance_report.signed_off", by=by, target=current, figures=len(content["figures"]))
    return request_pdf(report=current, by=by, at=at)


def must_be_over(report: PerformanceReport, at: dt.datetime) -> None:
    if report.last_on >= local_day(at):
        raise CannotReport(
            f"{report.period_name} ends on {date_words(report.last_on)}. Sign the report off after that, "
            "when its figures are complete"
        )


def must_be_settled(report: PerformanceReport) -> None:
    if number := report.comments.filter(resolved_at=None).count():
        those = "A comment is open. Settle it" if number == 1 else f"{number} comments are open. Settle them"
        raise CannotReport(f"{those} first, then sign the report off")


def _signed(report: PerformanceReport, by: User, at: dt.datetime) -> Content:
    said: Content = {"signed_off": {"by": str(by), "at": at.isoformat()}}
    if report.restates is not None and report.restates.published_at is not None:
        said["restates"] = {
            "published_on": moment_words(report.restates.published_at).partition(" at ")[0],
            "note": report.restatement_note,
        }
    return said


@transaction.atomic
def reopen(*, report: PerformanceReport, by: User, at: dt.datetime) -> PerformanceReport:
    """Before it is published a manager may take a signature back. Its figures are counted anew then."""
    current = lock(report)
    if current.status == ReportStatus.PUBLISHED:
        raise CannotReport("A published report does not change any more. Restate it, and say why")
    current.move_to(ReportStatus.DRAFT)
    current.frozen = current.frozen_at = current.signed_off_by = None
    _forget_file(current)
    current.save(update_fields=SIGNED_FIELDS)
    record("performance_report.reopened", by=by, target=current)
    return current


def _forget_file(report: PerformanceReport) -> None:
    """The printed draft is not the report that was signed."""
    name, storage = report.file.name, report.file.storage
    report.file, report.sha256, report.built_at, report.progress = "", "", None, None
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def publish(*, report: PerformanceReport, by: User, at: dt.datetime) -> PerformanceReport:
    """Open it to the board and everybody else who reads performance."""
    current = lock(report)
    current.move_to(ReportStatus.PUBLISHED)
    current.published_by, current.published_at = by, at
    current.save(update_fields=["status", "published_by", "published_at"])
    record("performance_report.published", by=by, target=current)
    return current


@transaction.atomic
def restate(*, report: PerformanceReport, note: str, by: User, at: dt.datetime) -> PerformanceReport:
    """A new draft that takes the published one's place once it is published itself."""
    current = lock(report)
    if current.status != ReportStatus.PUBLISHED:
        raise CannotReport("Only a published report is restated. Change this one instead")
    later = PerformanceReport.objects.filter(restates=current).first()
    if later is not None and later.status == ReportStatus.PUBLISHED:
        raise CannotReport(f"It was replaced already, by {later}. Restate the newest report instead")
    if later is not None:
        raise CannotReport(f"It is being restated already: {later}, {later.get_status_display().lower()}")
    title = f"{title_of(current.period)}, restated"
    made = _make(current.partnership, current.period, title, by, at, restates=current, restatement_note=note)
    ReportSection.objects.bulk_create(
        ReportSection(
            report=made, name=each.name, position=each.position, included=each.included,
            narrative=each.narrative,
        )
        for each in current.sections.order_by("position", "pk")
    )  # fmt: skip
    record("performance_report.restated", by=by, target=current, by_report=made.pk)
    return made


def _move(report: PerformanceReport, status: str, done: str, by: User) -> PerformanceReport:
    report.move_to(status)
    report.save(update_fields=["status"])
    record(f"performance_report.{done}", by=by, target=report)
    return report
