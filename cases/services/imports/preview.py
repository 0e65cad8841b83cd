"""What a file holds, for the page on which its columns are chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings

from cases.models import ImportRun
from cases.services.imports import dates, reading
from cases.services.imports.csv_reading import DELIMITERS, ENCODINGS
from cases.services.imports.fields import TRANSLATED
from cases.services.imports.mapping import ImportSpec, fold_value
from cases.services.imports.tables import XLSX, Layout, Row

LOOKED_AT = 5000
SHOWN_ROWS = 5
SHOWN_VALUES = 3
MOST_VALUES = 100
"""A column with more different values than this is no list of kinds or states."""

NAMES = {
    "reference": "reference|ref|case reference|case ref|case id|crime id|incident number|incident id|id|urn",
    "what_happened": "what happened|description|details|summary|incident description|crime type|notes",
    "occurred": "month|date|incident date|date of incident|occurred|occurred on|date occurred|event date",
    "occurred_time": "time|incident time|time of incident|time occurred",
    "received": "received|date received|reported|date reported|report date|reported on|created|date created",
    "location": "location|address|incident address|street|place|site",
    "postcode": "postcode|post code|incident postcode",
    "latitude": "latitude|lat",
    "longitude": "longitude|long|lon|lng",
    "lsoa": "lsoa code|lsoa|lsoa11cd|lsoa21cd",
    "categories": "category|categories|type|incident type|asb type|kind|nature",
    "status": "status|state|case status",
    "hate": "hate|hate crime|hate incident|hate motivated",
    "caller_name": "caller|caller name|complainant|complainant name|reporter|reported by name|name",
    "caller_phone": "phone|telephone|caller phone|complainant phone|mobile",
    "caller_email": "email|e-mail|caller email|complainant email|email address",
    "subjects": "subject|subjects|perpetrator|alleged perpetrator|suspect",
}
FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split("|")}


@dataclass
class Column:
    """One column with what is in it, as far as we looked."""

    name: str
    values: dict[str, int] = field(default_factory=dict)
    many: bool = False

    def see(self, cell: str) -> None:
        if not cell:
            return
        if cell in self.values:
            self.values[cell] += 1
        elif len(self.values) < MOST_VALUES:
            self.values[cell] = 1
        else:
            self.many = True

    @property
    def samples(self) -> list[str]:
        return list(islice(self.values, SHOWN_VALUES))

    @property
    def date_form(self) -> str:
        return dates.likeliest(self.values)


@dataclass
class Preview:
    layout: Layout
    columns: list[Column]
    rows: list[Row]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def written_as(self) -> str:
        """How the file is written, in words."""
        if self.layout.kind == XLSX:
            return f"Excel workbook, sheet “{self.layout.sheet}”"
        sign = DELIMITERS.get(self.layout.delimiter, self.layout.delimiter)
        return f"CSV, {sign.lower()} between columns, {ENCODINGS[self.layout.encoding]}"

    def column(self, name: str) -> Column | None:
        return next((each for each in self.columns if fold_value(each.name) == fold_value(name)), None)


def look_at(run: ImportRun, asked: Layout | None = None) -> Preview:
    """The first rows of the uploaded file. Raises `CannotRead`."""
    with run.file.open("rb") as file:
        layout = reading.detect(file, max_bytes=settings.IMPORT_MAX_BYTES, asked=asked)
        with reading.opened(file, layout) as table:
            columns = [Column(name) for name in table.header]
            shown: list[Row] = []
            for row in islice(table.rows, LOOKED_AT):
                if len(shown) < SHOWN_ROWS:
                    shown.append(row)
                for column, cell in zip(columns, row.cells, strict=False):
                    column.see(cell)
    return Preview(layout, columns, shown)


def guess(preview: Preview, system: str) -> ImportSpec:
    """A mapping to start from, by the names of the columns and what is in them. A person corrects it."""
    columns: dict[str, tuple[str, ...]] = {}
    for column in preview.columns:
        name = FIELD_OF.get(fold_value(column.name))
        if name and name not in columns:
            columns[name] = (column.name,)
    formats = {}
    for name in ("occurred", "received"):
        found = preview.column(columns[name][0]) if name in columns else None
        if found and (form := found.date_form):
            formats[name] = form
    return ImportSpec(system=system, columns=columns, formats=formats)


def values_to_translate(preview: Preview, spec: ImportSpec, field: str) -> list[str]:
    """The different values of the columns behind a field, the most frequent first. Too many to list: none."""
    found: dict[str, int] = {}
    for name in spec.columns.get(field, ()):
        column = preview.column(name)
        if column is None or column.many:
            continue
        for value, times in column.values.items():
            for part in parts_of(value, spec.split_categories_at if field == "categories" else ""):
                found[part] = found.get(part, 0) + times
    return sorted(found, key=lambda value: (-found[value], value))


def parts_of(value: str, sign: str) -> Iterable[str]:
    parts = value.split(sign) if sign else [value]
    return [part.strip() for part in parts if part.strip()]


def needs_translating(preview: Preview, spec: ImportSpec) -> bool:
    return any(values_to_translate(preview, spec, name) for name in TRANSLATED)
