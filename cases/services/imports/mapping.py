"""How one system's columns become reports: read from a page or from TOML, and checked here, in one place."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.enums import ContactMethod, HateStrand, ReportStatus
from cases.services.imports.conditions import Condition, read_conditions
from cases.services.imports.csv_reading import ENCODINGS
from cases.services.imports.dates import form_named
from cases.services.imports.fields import BY_NAME, CONSTANT, DATED, TRANSLATED
from cases.services.imports.refusals import CannotImport
from cases.services.imports.tables import Layout

LONGEST_SYSTEM = 60
STATUSES = (ReportStatus.NEW, ReportStatus.RECORDED)
HATE = ("yes", "no", *HateStrand.values)
CHOICES = {"status": STATUSES, "hate": HATE, "contact_method": tuple(ContactMethod.values)}
PARTS = ("name", "system", "file", "columns", "changing", "formats", "split_categories_at", "constants",
         "translations", "filter")  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """Something wrong with a mapping. `where` is the part or field it is about, for the page."""

    where: str
    words: str


class MappingInvalid(CannotImport):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(". ".join(problem.words for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class ImportSpec:
    """A mapping that makes sense in itself. Whether it fits a file and a partnership is asked separately."""

    system: str
    name: str = ""
    layout: Layout = field(default_factory=Layout)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changing: frozenset[str] = frozenset()
    """Columns that differ from export to export, and so tell nothing about which row is which."""
    formats: Mapping[str, str] = field(default_factory=dict)
    split_categories_at: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    @property
    def used_columns(self) -> list[str]:
        named = [name for names in self.columns.values() for name in names]
        return [*named, *(condition.column for condition in self.conditions)]

    @property
    def category_codes(self) -> set[str]:
        translated = self.translations.get("categories", {}).values()
        return {code for codes in (self.constants.get("categories", ()), *translated) for code in codes}


def from_toml(text: str) -> ImportSpec:
    try:
        return read_spec(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise MappingInvalid([Problem("", f"The mapping is not TOML: {problem}")]) from problem


def read_spec(given: Mapping[str, Any]) -> ImportSpec:
    """The mapping, or `MappingInvalid` with everything that is wrong with it."""
    problems = [Problem(part, f"“{part}” is not part of a mapping") for part in given if part not in PARTS]
    reader = SpecReader(given, problems)
    spec = ImportSpec(
        name=reader.text("name", 80),
        system=reader.text("system", LONGEST_SYSTEM),
        layout=reader.layout(),
        columns=reader.columns(),
        changing=frozenset(reader.texts("changing", given.get("changing", []))),
        formats=reader.formats(),
        split_categories_at=reader.text("split_categories_at", 3, strip=False),
        constants=reader.constants(),
        translations=reader.translations(),
        conditions=read_conditions(given.get("filter", []), lambda words: reader.say("filter", words)),
    )
    problems += _missing(spec)
    if problems:
        raise MappingInvalid(problems)
    return spec


def _missing(spec: ImportSpec) -> list[Problem]:
    problems = []
    if not spec.system:
        problems.append(Problem("system", "Enter the name of the system the file comes from"))
    if "what_happened" not in spec.columns and not spec.constants.get("what_happened"):
        problems.append(
            Problem("what_happened", "Choose a column for what happened, or enter a text for all rows")
        )
    if not any(name in spec.columns for name in DATED):
        problems.append(Problem("occurred", "Choose a column that says when it happened or was reported"))
    if "occurred_time" in spec.columns and "occurred" not in spec.columns:
        problems.append(Problem("occurred_time", "A time of day needs a column with its date"))
    if ("latitude" in spec.columns) != ("longitude" in spec.columns):
        problems.append(Problem("latitude", "Choose columns for both latitude and longitude, or for neither"))
    for name in DATED:
        if name in spec.columns and name not in spec.formats:
            label = BY_NAME[name].label.lower()
            problems.append(Problem(f"format_{name}", f"Choose how dates are written: {label}"))
    return problems


class SpecReader:
    """Takes a mapping apart, and notes what is wrong instead of stopping at the first."""

    def __init__(self, given: Mapping[str, Any], problems: list[Problem]) -> None:
        self.given, self.problems = given, problems

    def say(self, where: str, words: str) -> None:
        self.problems.append(Problem(where, words))

    def text(self, part: str, longest: int, *, strip: bool = True) -> str:
        value = self.given.get(part, "")
        if not isinstance(value, str):
            self.say(part, f"“{part}” must be a text")
            return ""
        value = value.strip() if strip else value
        if len(value) > longest:
            self.say(part, f"“{part.replace('_', ' ')}” must be {longest} characters or fewer")
        return value

    def texts(self, where: str, value: Any) -> tuple[str, ...]:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self.say(where, f"“{where}” must be a text or a list of texts")
            return ()
        return tuple(each for each in values if each.strip())

    def table(self, part: str, known: Iterable[str]) -> dict[str, Any]:
        value = self.given.get(part, {})
        if not isinstance(value, Mapping):
            self.say(part, f"“{part}” must be a table")
            return {}
        for name in value:
            if name not in known:
                self.say(part, f"“{name}” is not something that {part} can hold")
        return {name: value[name] for name in value if name in known}

    def layout(self) -> Layout:
        told = self.table("file", ("encoding", "delimiter", "sheet"))
        told = {name: value for name, value in told.items() if self.texts("file", value)}
        if told.get("encoding", "") not in ("", *ENCODINGS):
            self.say("file", f"The encoding must be one of {', '.join(ENCODINGS)}")
        delimiter = told.get("delimiter", ",")
        if len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"\r\n ':
            self.say("file", "The delimiter must be one sign, such as a comma")
        return Layout(**told)

    def columns(self) -> dict[str, tuple[str, ...]]:
        columns = {}
        for name, value in self.table("columns", BY_NAME).items():
            names = self.texts(name, value)
            if len(names) > 1 and not BY_NAME[name].several:
                self.say(name, f"Choose one column only for “{BY_NAME[name].label}”")
            if names:
                columns[name] = names
        return columns

    def formats(self) -> dict[str, str]:
        formats = {}
        for name, value in self.table("formats", DATED).items():
            if form := form_named(str(value)):
                formats[name] = form
            elif value:
                self.say(f"format_{name}", f"“{value}” is not a form of date we know, such as DD/MM/YYYY")
        return formats

    def constants(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self.table("constants", CONSTANT).items():
            values = self.texts(name, value)
            if name == "categories":
                found[name] = values
            elif values:
                found[name] = self.choice(name, values[0].strip()) if name in CHOICES else values[0].strip()
        return found

    def translations(self) -> dict[str, dict[str, Any]]:
        tables = self.table("translations", TRANSLATED)
        found: dict[str, dict[str, Any]] = {}
        for name, pairs in tables.items():
            if not isinstance(pairs, Mapping):
                self.say(name, f"“translations.{name}” must be a table")
                continue
            found[name] = {fold_value(said): self.meaning(name, means) for said, means in pairs.items()}
        return found

    def meaning(self, name: str, value: Any) -> Any:
        values = self.texts(name, value)
        return values if name == "categories" else self.choice(name, values[0] if values else "")

    def choice(self, name: str, value: str) -> str:
        if value not in CHOICES[name]:
            self.say(name, f"“{value}” is not a {name.replace('_', ' ')}. Use {', '.join(CHOICES[name])}")
        return value


def read_layout(given: Mapping[str, Any]) -> Layout:
    """How somebody says that a file is to be read."""
    problems: list[Problem] = []
    layout = SpecReader({"file": given}, problems).layout()
    if problems:
        raise MappingInvalid(problems)
    return layout


def fold_value(value: str) -> str:
    """Two spellings of one value: case and blanks make no difference."""
    return " ".join(value.casefold().split())


def as_dict(spec: ImportSpec) -> dict[str, Any]:
    """The same as JSON and TOML hold it; `read_spec` gives the spec back."""
    layout = {name: getattr(spec.layout, name) for name in ("encoding", "delimiter", "sheet")}
    return {
        "name": spec.name,
        "system": spec.system,
        "file": {name: value for name, value in layout.items() if value},
        "columns": {name: list(names) for name, names in spec.columns.items()},
        "changing": sorted(spec.changing),
        "formats": dict(spec.formats),
        "split_categories_at": spec.split_categories_at,
        "constants": {k: list(v) if isinstance(v, tuple) else v for k, v in spec.constants.items()},
        "translations": {
            name: {said: list(means) if isinstance(means, tuple) else means for said, means in pairs.items()}
            for name, pairs in spec.translations.items()
        },
        "filter": [condition.as_dict() for condition in spec.conditions],
    }


def problems_with_header(spec: ImportSpec, header: Iterable[str]) -> list[Problem]:
    """Columns the mapping names and the file lacks."""
    known = {fold_value(name) for name in header}
    missing = dict.fromkeys(name for name in spec.used_columns if fold_value(name) not in known)
    return [Problem("columns", f"The file has no column “{name}”") for name in missing]


def problems_with_categories(spec: ImportSpec, codes: Iterable[str]) -> list[Problem]:
    unknown = sorted(spec.category_codes - set(codes))
    return [Problem("categories", f"There is no category with the code “{code}” here") for code in unknown]
