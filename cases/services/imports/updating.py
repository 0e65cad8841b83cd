"""Reports that a later file tells differently. What a person changed here stays as they left it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cases.enums import LinkRole
from cases.models import Category, ImportedRow, ImportRun, Person, Report, ReportPerson
from cases.services import assessment
from cases.services.imports import values
from cases.services.imports.callers import CallerBook
from cases.services.imports.matching import KnownRow
from cases.services.imports.rows import Caller
from cases.services.imports.values import CALLER, CALLER_IS, CATEGORIES, PARTS
from csp.agencies.services.geography import Located, Locator
from csp.audit.services import record

WEIGHS = frozenset(["hate", "where", "received", CATEGORIES, CALLER])
"""Parts on which risk, clock or repeats depend."""


class Updater:
    """Brings the reports of one run up to date, or with `dry` says which would be."""

    def __init__(
        self, run: ImportRun, *, locator: Locator, categories: Iterable[Category], dry: bool
    ) -> None:
        self.run, self.locator, self.dry = run, locator, dry
        self.categories = {category.code: category for category in categories}
        self.callers = CallerBook(run)

    def apply(self, known: Sequence[KnownRow]) -> list[bool]:
        """For each row, whether anything about its report changes."""
        if not known:
            return []
        wanted = Report.objects.filter(pk__in=[each.report_id for each in known])
        if not self.dry:
            wanted = wanted.select_for_update(of=("self",))
        reports = {each.pk: each for each in wanted.prefetch_related("categories").order_by("pk")}
        before = ImportedRow.objects.in_bulk(list(reports))
        links = ReportPerson.objects.filter(report__in=reports, is_caller=True)
        callers = {link.report_id: link for link in links}
        places = self.locator.locate_many([values.whereabouts(each.row) for each in known])
        return [
            self._one(each, place, reports[each.report_id or 0], before.get(each.report_id), callers)
            for each, place in zip(known, places, strict=True)
        ]

    def _one(
        self,
        known: KnownRow,
        place: Located,
        report: Report,
        before: ImportedRow | None,
        callers: Mapping[int, ReportPerson],
    ) -> bool:
        row = known.row
        said = values.values_of(row, place, values.received_at(row, report.received_at))
        told = values.prints_of(said, row.categories, row.caller)
        wrote = before.written if before else {}
        differ = [part for part in told if told[part] != wrote.get(part) and _is_said(part, known)]
        link = callers.get(report.pk)
        free = [part for part in differ if self._is_untouched(part, report, wrote, link)]
        if self.dry:
            return bool(free)
        kept = [part for part in differ if part not in free]
        person = self._write(report, known, said, free, link)
        report.source_digest = known.digest
        report.save(update_fields=[*_fields(free), "source_digest", "caller_kind"])
        self._remember(report, known, place, wrote, {part: told[part] for part in free}, kept, person)
        if free:
            if report.awaits_triage and WEIGHS.intersection(free):
                assessment.weigh(report=report)
            record(
                "report.updated", by=self.run.by, target=report, partner=self.run.source_partner,
                run=self.run.pk, line=row.line, fields=free, kept=kept,
            )  # fmt: skip
        return bool(free)

    def _is_untouched(
        self, part: str, report: Report, wrote: Mapping[str, Any], link: ReportPerson | None
    ) -> bool:
        """The report still says what the last import wrote."""
        if part == CALLER:
            return (link.person_id if link else None) == wrote.get(CALLER_IS)
        codes = tuple(category.code for category in report.categories.all())
        return values.prints_now(report, codes)[part] == wrote.get(part)

    def _write(
        self,
        report: Report,
        known: KnownRow,
        said: Mapping[str, Any],
        parts: Sequence[str],
        link: ReportPerson | None,
    ) -> int | None:
        """Put the new parts on the report. Returns who its caller is now."""
        for name in _fields(parts):
            setattr(report, name, said[name])
        if CATEGORIES in parts:
            report.categories.set([self.categories[code] for code in known.row.categories])
        person = link.person_id if link else None
        if CALLER not in parts or not known.row.caller:
            return person
        [person] = self.callers.people_for([known.row.caller])
        report.caller_kind = values.caller_kind(known.row)
        ReportPerson.objects.update_or_create(
            report=report,
            is_caller=True,
            defaults={"person": Person(pk=person)},
            create_defaults={"person": Person(pk=person), "role": LinkRole.COMPLAINANT},
        )
        return person

    def _remember(
        self,
        report: Report,
        known: KnownRow,
        place: Located,
        wrote: Mapping[str, Any],
        told: Mapping[str, str],
        kept: Sequence[str],
        person: int | None,
    ) -> None:
        notes = [*known.row.notes, *place.notes]
        if kept:
            parts = ", ".join(values.LABELS[part] for part in kept)
            notes.append(f"The file now says something else about {parts}. It was changed here, so it stays")
        ImportedRow.objects.update_or_create(
            report=report,
            defaults={
                "run": self.run,
                "line": known.row.line,
                "written": {**wrote, **told, CALLER_IS: person if CALLER in told else wrote.get(CALLER_IS)},
                "notes": "\n".join(notes),
            },
        )


def _is_said(part: str, known: KnownRow) -> bool:
    """A file that does not say when it was reported, or by whom, takes nothing back."""
    if part == "received":
        return known.row.received is not None
    return part != CALLER or known.row.caller != Caller()


def _fields(parts: Iterable[str]) -> list[str]:
    return [name for part in parts for name in PARTS.get(part, ())]
