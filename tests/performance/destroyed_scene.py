"""Records whose time is over, and their destruction."""

import datetime as dt

from cases.enums import CaseStatus, ReportStatus
from cases.models import Case, Disposal, Report
from cases.services import erasing
from csp.agencies.models import Partner, User
from tests.factories.cases import CaseFactory, ReportFactory

JUNE = dt.datetime(2021, 6, 8, 9, tzinfo=dt.UTC)
MAY = dt.datetime(2022, 5, 3, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


def disposal_of(kept: Case | Report, by: User) -> Disposal:
    return Disposal.objects.create(
        partnership=kept.partnership, reference=kept.reference, status="proposed", reason="Time over",
        by=by, at=NOW,
    )  # fmt: skip


def destroy(kept: Case | Report, by: User) -> None:
    if isinstance(kept, Case):
        erasing.erase_case(case=kept, disposal=disposal_of(kept, by), at=NOW)
    else:
        erasing.erase_report(report=kept, disposal=disposal_of(kept, by), at=NOW)


def old_report(team: Partner, **more: object) -> Report:
    clock = {"clock_started_at": JUNE, "clock_stopped_at": JUNE, "clock_due_at": JUNE, "clock_amber_at": JUNE}
    return ReportFactory(lead=team, **{"received_at": JUNE, "status": ReportStatus.ADVICE} | clock | more)


def old_case(team: Partner, **more: object) -> Case:
    closed = {"status": CaseStatus.CLOSED, "opened_at": JUNE, "ended_at": MAY}
    return CaseFactory(lead=team, **closed | more)
