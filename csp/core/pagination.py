"""How many there are, without counting a whole table. Long lists are paged by `csp.core.keyset`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

CAP = 100


@dataclass(frozen=True)
class CappedCount:
    """A number that stops being exact at a cap; reads as `987` or `1,000+`."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.more else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


def capped_count(records: QuerySet[Any], cap: int = CAP) -> CappedCount:
    """Count as far as the cap: the database stops looking there, however many rows there are."""
    found = records.order_by()[: cap + 1].count()
    return CappedCount(min(found, cap), more=found > cap)
