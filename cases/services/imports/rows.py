"""From the cells of one row to what a report will say, or why not."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.enums import ContactMethod, HateStrand, Precision, ReportStatus
from cases.models import Category
from cases.services.imports.dates import EARLIEST, When, read_time, read_when
from cases.services.imports.fields import BY_NAME
from cases.services.imports.mapping import ImportSpec, fold_value
from cases.services.imports.reading import Table
from cases.services.imports.refusals import RowRejected
from cases.services.imports.tables import XLSX, Row
from csp.core.typed import read_postcode

YES = frozenset(["yes", "y", "true", "t", "1", "x"])
NO = frozenset(["", *["no", "n", "false", "f", "0", "none"], "not recorded", "not known", "unknown", "n/a"])
SPANNING = "It has {count} values, but the header names {width} columns"


@dataclass(frozen=True, slots=True)
class Caller:
    name: str = ""
    phone: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(slots=True)
class MappedRow:
    """What one row says, in our words. Coordinates stay as they were given until they are looked up."""

    line: int
    cells: Sequence[str]
    reference: str
    what_happened: str
    occurred: When | None
    received: When | None
    location: str
    postcode: str
    latitude: str
    longitude: str
    lsoa: str
    categories: tuple[str, ...]
    status: ReportStatus
    hate: bool
    hate_strands: tuple[str, ...]
    caller: Caller
    contact_method: str
    contact_when: str
    contact_avoid: str
    subjects: str
    notes: list[str] = field(default_factory=list)


class RowMapper:
    """Reads rows of one file by one mapping. `map` gives None for a row the filter does not want."""

    def __init__(
        self, spec: ImportSpec, table: Table, *, categories: Iterable[Category], today: dt.date
    ) -> None:
        header = table.header
        self.spec, self.width, self.today = spec, len(header), today
        self.may_end_early = table.layout.kind == XLSX
        places = {fold_value(name): n for n, name in enumerate(header)}
        self.places = {
            name: [places[fold_value(column)] for column in columns] for name, columns in spec.columns.items()
        }
        self.conditions = [(places[fold_value(each.column)], each) for each in spec.conditions]
        self.kinds: dict[str, tuple[str, ...]] = {}
        for category in categories:
            self.kinds |= dict.fromkeys(map(fold_value, (category.code, category.label)), (category.code,))
        self.kinds |= {said: tuple(codes) for said, codes in spec.translations.get("categories", {}).items()}
        self.statuses = self._meanings("status", {each.label: each for each in ReportStatus})
        self.strands = self._meanings("hate", {each.label: each for each in HateStrand})
        self.methods = self._meanings("contact_method", {each.label: each for each in ContactMethod})

    def _meanings(self, name: str, labels: dict[str, str]) -> dict[str, str]:
        own = {fold_value(label): value for label, value in labels.items()}
        return own | {value: value for value in labels.values()} | dict(self.spec.translations.get(name, {}))

    def map(self, row: Row) -> MappedRow | None:
        cells = self._whole(row)
        if not all(condition.holds(cells[n]) for n, condition in self.conditions):
            return None
        text = {name: self._text(name, cells) for name in self.places}
        get: Callable[[str], str] = lambda name: text.get(name, "")  # noqa: E731
        notes: list[str] = []
        occurred, received = self._occurred(get), self._when("received", get("received"))
        if occurred is None and received is None:
            raise RowRejected("It has no date")
        hate, strands = self._hate(get("hate"))
        return MappedRow(
            line=row.line,
            cells=cells,
            reference=get("reference"),
            what_happened=self._what_happened(get("what_happened")),
            occurred=occurred,
            received=received,
            location=get("location") or self.spec.constants.get("location", ""),
            postcode=self._postcode(get("postcode"), notes),
            latitude=get("latitude"),
            longitude=get("longitude"),
            lsoa=get("lsoa"),
            categories=self._categories(get("categories")),
            status=self._status(get("status")),
            hate=hate,
            hate_strands=strands,
            caller=Caller(get("caller_name"), get("caller_phone"), self._email(get("caller_email"), notes)),
            contact_method=self._method(get("contact_method")),
            contact_when=get("contact_when"),
            contact_avoid=get("contact_avoid"),
            subjects=get("subjects"),
            notes=notes,
        )

    def _whole(self, row: Row) -> list[str]:
        """As many cells as the header. Workbooks leave out empty ones at the end of a row; CSV does not."""
        if row.problem:
            raise RowRejected(row.problem)
        cells = row.cells
        if len(cells) > self.width and not any(cells[self.width :]):
            cells = cells[: self.width]
        if len(cells) == self.width:
            return cells
        if len(cells) < self.width and self.may_end_early:
            return cells + [""] * (self.width - len(cells))
        words = SPANNING.format(count=len(cells), width=self.width)
        if row.last_line > row.line:
            words += f". It goes on to line {row.last_line}: look for a quotation mark too many"
        raise RowRejected(words)

    def _text(self, name: str, cells: Sequence[str]) -> str:
        joined = ", ".join(cells[n] for n in self.places[name] if cells[n])
        field = BY_NAME[name]
        if field.longest and len(joined) > field.longest:
            raise RowRejected(f"{field.label} is longer than {field.longest} characters")
        return joined

    def _what_happened(self, said: str) -> str:
        if words := said or self.spec.constants.get("what_happened", ""):
            return str(words)
        raise RowRejected("Nothing says what happened")

    def _occurred(self, get: Callable[[str], str]) -> When | None:
        when = self._when("occurred", get("occurred"))
        if not (clock := get("occurred_time")):
            return when
        time = read_time(clock)
        if time is None:
            raise RowRejected(f"“{clock}” is not a time like 21:30")
        if when is None:
            raise RowRejected("It has a time of day but no date")
        return when if when.precision == Precision.MONTH else When(when.on, time, Precision.TIME)

    def _when(self, name: str, said: str) -> When | None:
        if not said:
            return None
        when = read_when(said, self.spec.formats[name])
        if when is None:
            raise RowRejected(f"“{said}” is not a date like {self.spec.formats[name]}")
        if when.on > self.today:
            raise RowRejected(f"“{said}” is in the future")
        if when.on < EARLIEST:
            raise RowRejected(f"“{said}” is before {EARLIEST.year}")
        return when

    def _postcode(self, said: str, notes: list[str]) -> str:
        code = read_postcode(said) if said else ""
        if code is None:
            notes.append(f"“{said}” is not a postcode")
        return code or ""

    def _email(self, said: str, notes: list[str]) -> str:
        try:
            validate_email(said or "nobody@example.org")
        except ValidationError:
            notes.append("What is given as the caller's e-mail address is not one")
            return ""
        return said.lower()

    def _categories(self, said: str) -> tuple[str, ...]:
        sign = self.spec.split_categories_at
        parts = [part.strip() for part in said.split(sign)] if sign else [said]
        codes: list[str] = []
        for part in filter(None, parts):
            if (known := self.kinds.get(fold_value(part))) is None:
                raise RowRejected(f"The mapping does not say which kind of behaviour “{part}” is")
            codes += known
        return tuple(sorted(set(codes or self.spec.constants.get("categories", ()))))

    def _status(self, said: str) -> ReportStatus:
        if not said:
            return ReportStatus(self.spec.constants.get("status", ReportStatus.NEW))
        found = self.statuses.get(fold_value(said))
        if found not in (ReportStatus.NEW, ReportStatus.RECORDED):
            raise RowRejected(f"The mapping does not say what the status “{said}” means")
        return ReportStatus(found)

    def _hate(self, said: str) -> tuple[bool, tuple[str, ...]]:
        folded = fold_value(said)
        found = self.strands.get(folded)
        if found in HateStrand.values:
            return True, (str(found),)
        if found == "yes" or (found is None and folded in YES):
            return True, ()
        if found == "no" or folded in NO:
            return False, ()
        raise RowRejected(f"The mapping does not say whether “{said}” means motivated by hate")

    def _method(self, said: str) -> str:
        if not said:
            return ""
        if (found := self.methods.get(fold_value(said))) is None:
            raise RowRejected(f"The mapping does not say which way of contact “{said}” is")
        return str(found)
