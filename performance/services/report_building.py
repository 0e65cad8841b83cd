"""A report as a PDF: asked for on a page, made by a worker, kept with the report.

What is signed off is printed once. Its bytes are a function of what was frozen, so making it again changes
nothing.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core import progress
from csp.core.calendar import Period
from csp.core.errors import RuleBroken
from performance import tasks
from performance.models import PerformanceReport
from performance.services.report_content import Content, content_of, kind_of, live
from performance.services.report_files import MAKERS, as_pdf


class CannotPrint(RuleBroken): ...


@dataclass(frozen=True)
class Made:
    content: bytes
    frozen: bool


def bytes_of(partnership: Partnership, period: Period, file_format: str, at: dt.datetime) -> Made:
    """Of the report that stands for this period; where none is signed off, of the figures as they are now."""
    report = standing(partnership, period)
    if report is None:
        return Made(MAKERS[file_format](live(partnership, period, at)), frozen=False)
    if file_format == "pdf" and (kept := _kept(report)):
        return Made(kept, frozen=True)
    return Made(MAKERS[file_format](content_of(report, at)), frozen=True)


def _kept(report: PerformanceReport) -> bytes | None:
    """As a worker printed it. Where the file was lost, printing what was frozen gives the same again."""
    if (opened := opened_file(report)) is None:
        return None
    with opened as file:
        content: bytes = file.read()
        return content


def opened_file(report: PerformanceReport) -> FieldFile | None:
    """None where there is no PDF yet, and where its file was lost: after restoring a database without it."""
    try:
        return report.file.open("rb") if report.file else None
    except FileNotFoundError:
        return None


def size_of(report: PerformanceReport) -> int | None:
    try:
        return report.file.size if report.file else None
    except FileNotFoundError:
        return None


def standing(partnership: Partnership, period: Period) -> PerformanceReport | None:
    """The one signed off last, restatements included."""
    found = PerformanceReport.objects.filter(
        partnership=partnership, kind=kind_of(period), first_on=period.first, frozen__isnull=False
    )
    return found.order_by("-frozen_at", "-pk").first()


def being_made(report: PerformanceReport, at: dt.datetime) -> bool:
    work = report.progress
    return work is not None and not work.is_finished and not work.can_retry(at)


@transaction.atomic
def request_pdf(*, report: PerformanceReport, by: User, at: dt.datetime) -> PerformanceReport:
    """Have a worker print it. One that is signed off and printed already stays as it is, unless its file was
    lost: then it is printed again, the same bytes.

    Asking twice makes one.
    """
    current = lock(report)
    if (current.is_frozen and size_of(current) is not None) or being_made(current, at):
        return current
    current.progress = progress.queue(
        tasks.build_report, kind="report", title=f"PDF of {current}", by=by, report_id=current.pk
    )
    current.save(update_fields=["progress"])
    return current


def lock(report: PerformanceReport) -> PerformanceReport:
    rows = PerformanceReport.objects.select_for_update(of=("self",))
    return rows.select_related("partnership", "progress", "restates").get(pk=report.pk)


def carry_out(*, report_id: int, bar: progress.Bar, at: dt.datetime) -> None:
    """The worker's part. Nothing is held while it prints; what changed meanwhile is printed by the next."""
    report = PerformanceReport.objects.select_related("partnership").filter(pk=report_id).first()
    if report is None:
        raise CannotPrint("This report is gone")
    bar.expect(2)
    content = content_of(report, at)
    bar.advance(message="The figures are counted")
    printed = as_pdf(content)
    bar.advance(message="The pages are printed")
    _keep(report, content, printed, bar, at)


def _keep(
    report: PerformanceReport, content: Content, printed: bytes, bar: progress.Bar, at: dt.datetime
) -> None:
    new = report.file.field.storage.save(f"report-{report.pk}.pdf", ContentFile(printed))
    try:
        with transaction.atomic():
            current = lock(report)
            must_be_as_printed(current, report)
            old = current.file.name
            current.file.name, current.built_at = new, at
            current.sha256 = hashlib.sha256(printed).hexdigest()
            current.save(update_fields=["file", "sha256", "built_at"])
            record("performance_report.printed", by=bar.work.owner, target=current, bytes=len(printed))
            transaction.on_commit(lambda: report.file.field.storage.delete(old) if old else None)
            bar.finish(
                message=f"{len(content['sections'])} sections",
                result_url=reverse("performance:report", args=[report.pk]),
                result_text="Go to the report and its PDF",
            )
    except Exception:
        report.file.field.storage.delete(new)
        raise


def must_be_as_printed(current: PerformanceReport, printed: PerformanceReport) -> None:
    if current.frozen != printed.frozen:
        raise CannotPrint("The report was changed while it was printed. Make its PDF again")


def hand_out(*, report: PerformanceReport, file_format: str, by: User) -> None:
    """Record that somebody takes the file."""
    record("performance_report.downloaded", by=by, target=report, format=file_format)
