"""Risk, clock and officer of many imported reports at once, by the same rules as for one."""

import datetime as dt
import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from cases.enums import ReportStatus, Risk
from cases.models import Category, ImportRun, Report
from cases.services import assessment, routing
from cases.services.imports.rows import MappedRow
from csp.agencies.services.geography import Located
from csp.core.calendar import local_day
from csp.core.clocks import Clock, Unit


class Triage:
    """What awaits triage gets its clock and goes to whom the rules name. The rest has its risk alone."""

    def __init__(self, run: ImportRun, categories: Mapping[str, Category]) -> None:
        self.run, self.categories = run, categories
        self._standards = cache(lambda day: assessment.standards_on(run.partnership, day))
        self._table = cache(lambda day: routing.RoutingTable(run.partnership, day))
        self._clock = lru_cache(4096)(self._clock_columns)
        self._later: list[tuple[int, bool, bool]] = []
        """Reports that need a closer look once all are written: to be routed elsewhere, to be compared."""

    def of(self, pk: int, row: MappedRow, said: Mapping[str, Any], place: Located) -> dict[str, Any]:
        """Columns of the report that follow from what it says."""
        kinds = [self.categories[code] for code in row.categories]
        risk, reasons = assessment.risk_from(
            category_risks=[kind.risk for kind in kinds],
            hate=row.hate,
            in_danger=False,
            effect=None,
            vulnerable=False,
            repeat=False,
        )
        columns: dict[str, Any] = {"risk": int(risk), "risk_reasons": json.dumps(reasons)}
        if row.status != ReportStatus.NEW:
            return columns
        received_at = said["received_at"]
        day = local_day(received_at)
        columns |= self._clock(received_at, day, Risk(risk))
        areas = [area.path for area in (place.ward, place.local_area) if area]
        routed = self._table(day).route(
            category_ids=[kind.pk for kind in kinds],
            area_paths=areas,
            received_at=received_at,
            lead=self.run.lead,
        )
        elsewhere = routed.partner is not None and routed.partner.pk != self.run.lead_id
        alike = bool(row.caller or (row.postcode and kinds))
        if elsewhere or alike:
            self._later.append((pk, elsewhere, alike))
        if not elsewhere and routed.because:
            columns["routed_because"] = routed.because
        if not elsewhere and routed.officer:
            columns |= {"officer_id": routed.officer.pk, "claimed_at": self.run.at}
        return columns

    def _clock_columns(self, start: dt.datetime, day: dt.date, risk: Risk) -> dict[str, Any]:
        standard = self._standards(day)[risk]
        clock = Clock.start(
            start, standard.amount, Unit(standard.unit), Fraction(standard.amber_percent, 100)
        )
        return {
            "clock_started_at": clock.started_at,
            "clock_due_at": clock.due_at,
            "clock_amber_at": clock.amber_at,
            "clock_unit": clock.unit,
        }

    def finish(self) -> None:
        """Repeats and likely duplicates need the other reports; handing over needs the report itself."""
        for pk, elsewhere, alike in self._later:
            report = Report.objects.select_related("partnership", "lead", "ward", "local_area").get(pk=pk)
            if alike:
                assessment.weigh(report=report)
            if elsewhere:
                routing.route(report=report, at=self.run.at)
