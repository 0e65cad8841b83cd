"""Who has a report. Taken in one click; of two who click at once, the second is told who was first."""

import datetime as dt

from django.db import transaction

from cases.models import Report
from cases.services.staff import colleagues
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.errors import RuleBroken
from csp.core.words import moment_words


class CannotClaim(RuleBroken): ...


@transaction.atomic
def claim(*, report: Report, by: User, at: dt.datetime) -> Report:
    current = _lock(report)
    if current.officer == by:
        return current
    if current.officer is not None and current.claimed_at is not None:
        since = moment_words(current.claimed_at)
        raise CannotClaim(f"{current.officer} has {current}, since {since}. Ask them to release it")
    return _give(current, by, by, at, "report.claimed")


@transaction.atomic
def release(*, report: Report, by: User, at: dt.datetime) -> Report:
    """Put it back, so that anybody may claim it."""
    current = _lock(report)
    if current.officer is None:
        return current
    return _give(current, None, by, at, "report.released")


@transaction.atomic
def assign(*, report: Report, to: User, by: User, at: dt.datetime) -> Report:
    current = _lock(report)
    if not colleagues(current.lead, local_day(at)).filter(pk=to.pk).exists():
        raise CannotClaim(f"{to} does not do casework for {current.lead}. Choose somebody else")
    if current.officer == to:
        return current
    return _give(current, to, by, at, "report.assigned")


def _lock(report: Report) -> Report:
    # No join here: after a wait, PostgreSQL reads the locked row anew but not the rows joined to it.
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not current.awaits_triage:
        raise CannotClaim(f"{current} has been decided: {current.get_status_display()}")
    return current


def _give(report: Report, officer: User | None, by: User, at: dt.datetime, verb: str) -> Report:
    was = report.officer_id
    report.officer, report.claimed_at = officer, at if officer else None
    report.save(update_fields=["officer", "claimed_at"])
    record(verb, by=by, target=report, officer=officer.pk if officer else None, was=was)
    return report
