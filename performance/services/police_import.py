"""A month of crime and anti-social behaviour as the police publish it, brought in from its file.

All of a file comes in, or nothing. Only rows that lie in the partnership's districts are kept; the others are
counted. The same file again changes nothing, and a corrected file takes the place of its month.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import transaction

from cases.services.imports import reading
from cases.services.imports.copying import copy
from cases.services.imports.refusals import CannotImport, RowRejected
from cases.services.imports.rejecting import RejectedRows
from cases.services.imports.tables import Row
from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core.calendar import local_day
from csp.core.storage import sha256_of
from csp.core.text import count
from csp.core.uploads import clean_name
from performance.models import PoliceFile, PoliceIncident
from performance.services.police_places import Placer, Spot
from performance.services.police_rows import PoliceRow, reader_of

AT_ONCE = 5000
NONE_HERE = "none of them here. Check that it is the file of the right force"
LOADED, REPLACED, UNCHANGED = "loaded", "replaced", "unchanged"
COLUMNS = (
    "file_id", "partnership_id", "month", "crime_id", "crime_type", "location", "latitude", "longitude",
    "lsoa_code", "lsoa_name", "district_id", "local_area_id", "ward_id", "outcome",
)  # fmt: skip


class CannotLoadPolice(CannotImport): ...


class Bar(Protocol):
    def advance(self, n: int = 1, *, message: str | None = None) -> None: ...

    def expect(self, total: int) -> None: ...


@dataclass
class Counts:
    read: int = 0
    kept: int = 0
    elsewhere: int = 0
    without_place: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Loaded:
    """What came of a file. `rejected` is a CSV of the rows that did not come in, each with its reason."""

    file: PoliceFile
    outcome: str
    counts: Counts
    rejected: bytes = b""

    def as_dict(self) -> dict[str, Any]:
        facts = {"file": self.file.name, "force": self.file.force, "month": f"{self.file.month:%Y-%m}"}
        return facts | {"outcome": self.outcome} | asdict(self.counts)

    def words(self) -> str:
        if self.outcome == UNCHANGED:
            return f"{self.file} was loaded from this file before, so nothing has changed"
        counts = self.counts
        here = f"{counts.kept:,} of them here" if counts.kept else NONE_HERE
        there = f"{count(counts.read, 'row')} read, {here}"
        more = f", {counts.rejected:,} rejected" if counts.rejected else ""
        return f"{self.file}: {there}{more}"


@transaction.atomic
def load_police_file(
    *,
    partnership: Partnership,
    file: IO[bytes],
    name: str,
    by: User | None,
    at: dt.datetime,
    again: bool = False,
    bar: Bar | None = None,
) -> Loaded:
    """A CSV file, packed with gzip or not. With `again` its rows are placed anew, as after areas changed.

    Raises `CannotImport` where nothing of it can come in.
    """
    # Two files of one month at once would each miss what the other brings in.
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    with reading.unpacked(file, max_bytes=settings.IMPORT_MAX_BYTES) as content:
        print_ = sha256_of(content)
        known = PoliceFile.objects.filter(partnership=partnership, sha256=print_).first()
        if known and not again:
            return Loaded(known, UNCHANGED, _counts_of(known))
        return _load(content, PoliceFile(partnership=partnership, name=clean_name(name)[:200], sha256=print_,
                                         loaded_by=by, loaded_at=at), bar)  # fmt: skip


def _load(content: IO[bytes], made: PoliceFile, bar: Bar | None) -> Loaded:
    layout = reading.detect(content, max_bytes=settings.IMPORT_MAX_BYTES)
    if bar and (rows := reading.estimate_rows(content, layout)):
        bar.expect(rows)
    with reading.opened(content, layout) as table, RejectedRows(table.header) as rejected:
        reader = Reader(made, table, rejected, bar)
        kept = list(reader.kept())
        force, month = reader.force_and_month()
        reader.counts.rejected = rejected.count
        csv = rejected.finished().read() if rejected.count else b""
    made.force, made.month = force, dt.date.fromisoformat(f"{month}-01")
    made.rows, made.without_place = reader.counts.read, reader.counts.without_place
    made.rejected = reader.counts.rejected
    outcome = _take_place(made)
    copy(PoliceIncident._meta.db_table, COLUMNS, (_values(made, row, spot) for row, spot in kept))
    loaded = Loaded(made, outcome, reader.counts, csv)
    record(f"police_file.{outcome}", by=made.loaded_by, target=made, month=month, **asdict(reader.counts))
    return loaded


class Reader:
    """Goes through the rows of one file and keeps those that lie here."""

    def __init__(
        self, made: PoliceFile, table: reading.Table, rejected: RejectedRows, bar: Bar | None
    ) -> None:
        self.rows, self.rejected, self.bar = table.rows, rejected, bar
        self.read = reader_of(table, local_day(made.loaded_at))
        self.placer = Placer(made.partnership)
        if not self.placer.knows_districts:
            raise CannotLoadPolice(
                f"{made.partnership} has no districts yet, so nobody knows which rows are its own. "
                "Add its areas first"
            )
        self.counts = Counts()
        self.months: Counter[tuple[str, str]] = Counter()

    def kept(self) -> Iterator[tuple[PoliceRow, Spot]]:
        while batch := list(islice(self.rows, AT_ONCE)):
            self.counts.read += len(batch)
            sound = [row for each in batch if (row := self._sound(each))]
            self.months.update((row.force, row.month) for row in sound)
            placed = [row for row in sound if row.lsoa_code or row.lsoa_name]
            self.counts.without_place += len(sound) - len(placed)
            for row, spot in zip(placed, self.placer.place_many(placed), strict=True):
                if spot is None:
                    self.counts.elsewhere += 1
                else:
                    self.counts.kept += 1
                    yield row, spot
            if self.bar:
                self.bar.advance(len(batch), message="Reading")

    def _sound(self, row: Row) -> PoliceRow | None:
        try:
            return self.read(row)
        except RowRejected as problem:
            self.rejected.add(row.line, str(problem), row.cells)
            return None

    def force_and_month(self) -> tuple[str, str]:
        """A file that is of several would take the place of each of them, perhaps with a single row."""
        if not self.counts.read:
            raise CannotLoadPolice(reading.NO_ROWS)
        if not self.months:
            raise CannotLoadPolice("No row of the file can be read. Get it again and try once more")
        if len(self.months) > 1:
            several = ", ".join(f"{force} {month}" for force, month in sorted(self.months)[:4])
            raise CannotLoadPolice(
                f"The file holds more than one month or force ({several}). Load each month of a force from "
                "a file of its own"
            )
        return next(iter(self.months))


def _take_place(made: PoliceFile) -> str:
    """Save it, in the place of the file of the same month and force if there is one."""
    before = PoliceFile.objects.filter(
        partnership=made.partnership, force=made.force, month=made.month
    ).first()
    if before is None:
        made.save(force_insert=True)
        return LOADED
    PoliceIncident.objects.filter(file=before).delete()
    made.pk = before.pk
    made.save(force_update=True)
    return REPLACED


def _values(made: PoliceFile, row: PoliceRow, spot: Spot) -> tuple[Any, ...]:
    latitude, longitude = row.point or (None, None)
    return (
        made.pk, made.partnership_id, made.month, row.crime_id, row.crime_type, row.location, latitude,
        longitude, row.lsoa_code, row.lsoa_name, spot.district.pk, spot.local_area and spot.local_area.pk,
        spot.ward and spot.ward.pk, row.outcome,
    )  # fmt: skip


def _counts_of(file: PoliceFile) -> Counts:
    kept = file.incidents.count()
    elsewhere = file.rows - kept - file.without_place - file.rejected
    return Counts(file.rows, kept, elsewhere, file.without_place, file.rejected)
