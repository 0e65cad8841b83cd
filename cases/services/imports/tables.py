"""What a file of rows is, whichever program wrote it."""

from dataclasses import dataclass

CSV, XLSX = "csv", "xlsx"
MAX_COLUMNS = 200


@dataclass(frozen=True)
class Layout:
    """How a file is written. Empty parts are found out from the file."""

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """All there are to choose from, in a workbook."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text. `problem` says why it could not be read."""

    line: int
    cells: list[str]
    last_line: int
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.problem and not any(self.cells)
