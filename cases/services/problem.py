"""The problem-solving sheet of a case (OSARA). Of two people at once, the second is told what changed."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cases.models import Case, ProblemSheet
from cases.services.cases import lock_case
from cases.services.prints import Prints, prints, refuse_unseen
from csp.agencies.models import User
from csp.audit.services import record
from csp.core.errors import RuleBroken


class CannotChangeSheet(RuleBroken): ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the sheet says, in the shape in which it is typed."""

    objective: str = ""
    measure: str = ""
    problem: str = ""
    pattern: str = ""
    victim: str = ""
    offender: str = ""
    location: str = ""
    tried: str = ""
    hypothesis: str = ""
    response: str = ""
    process: str = ""
    impact: str = ""
    count_what: str = ""
    count_before: int | None = None
    count_after: int | None = None
    legacy: str = ""


NAMES = [field.name for field in dataclasses.fields(Sheet)]


def sheet_of(case: Case) -> Sheet:
    row = ProblemSheet.objects.filter(case=case).first()
    return values_of(row) if row else Sheet()


def values_of(row: ProblemSheet) -> Sheet:
    return Sheet(**{name: getattr(row, name) for name in NAMES})


def prints_of(sheet: Sheet) -> Prints:
    return prints(dataclasses.asdict(sheet))


@transaction.atomic
def edit_sheet(
    *, case: Case, sheet: Sheet, seen: Mapping[str, str], by: User, at: dt.datetime
) -> ProblemSheet | None:
    """`seen` are the prints of what the editor had before them. Raises `ChangedMeanwhile`."""
    current = lock_case(case)
    if not current.is_open:
        raise CannotChangeSheet(f"{current} is {current.get_status_display().lower()}. Reopen it first")
    before = sheet_of(current)
    was, becomes = prints_of(before), prints_of(sheet)
    refuse_unseen(was, seen, before, "sheet")
    changed = [name for name in NAMES if becomes[name] != was[name]]
    if not changed:
        return ProblemSheet.objects.filter(case=current).first()
    values = dataclasses.asdict(sheet) | {"changed_by": by, "changed_at": at}
    row, _ = ProblemSheet.objects.update_or_create(case=current, defaults=values)
    record("problem.edited", by=by, target=current, fields=changed)
    return row


def change_words(before: int | None, after: int | None) -> str:
    """What the two counts say, in words: computed, never typed."""
    if before is None or after is None:
        return ""
    if before == after:
        return "No change"
    more = after - before
    words = f"{abs(more)} {'more' if more > 0 else 'fewer'}"
    return words if before == 0 else f"{words} ({round(100 * more / before):+d}%)"
