"""Numbers that may be cut as the reader likes, for one who does not see small ones.

Held back alone, a small number could be had by taking one cut from another. Rounded down to fives, two cuts
leave open which of one to four lies between them.
"""

from dataclasses import replace

from performance.services.small_numbers import LEAST, Shown, ShownTable

ROUNDED = "rounded down to fives"


def rounded_down(table: ShownTable) -> ShownTable:
    """What is shown of a table from which small numbers were taken already."""
    return ShownTable([_down(row) for row in table.rows], _down(table.total) if table.total else None)


def _down(row: Shown) -> Shown:
    if not row.number:
        return row
    number = row.number - row.number % LEAST
    return replace(row, number=number, words=f"{number:,} or more")
