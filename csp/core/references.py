"""References people read out on the phone, such as SV-R-26-000123: no gaps, never given twice."""

from django.db import connection
from django.db.transaction import TransactionManagementError

REPORT, CASE, ACTION, MEETING, AGENDA_ITEM = "R", "C", "A", "M", "I"

TAKE_NUMBERS = """
INSERT INTO core_counter AS counter (partnership_code, kind, year, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (partnership_code, kind, year) DO UPDATE SET last = counter.last + EXCLUDED.last
RETURNING last
"""


def next_reference(partnership_code: str, kind: str, year: int) -> str:
    return next_references(partnership_code, kind, year, 1)[0]


def next_references(partnership_code: str, kind: str, year: int, count: int) -> list[str]:
    """So many references at once, in order, for imports.

    The upsert locks the counter's row until the surrounding transaction ends, so whoever asks meanwhile
    waits, and a roll-back takes the numbers back. Outside a transaction the numbers would be gone even if
    the record never came, so that is refused.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Take a reference in the transaction that saves the record")
    if count < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBERS, [partnership_code, kind, year, count])
        (last,) = cursor.fetchone()
    return [f"{partnership_code}-{kind}-{year % 100:02}-{n:06}" for n in range(last - count + 1, last + 1)]
