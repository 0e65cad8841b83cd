"""Which rows of a file are known from an earlier one.

Whatever has to be remembered of a whole file is kept in the database, so that a large file takes no more
memory than a small one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from cases.models import ImportRun, Report
from cases.services.imports.identity import RowIdentity, digest_of, key_of_reference, key_of_row
from cases.services.imports.rows import MappedRow

REMEMBER = """
DROP TABLE IF EXISTS import_row_times, import_references;
CREATE TEMP TABLE import_row_times (identity text PRIMARY KEY, times int) ON COMMIT DROP;
CREATE TEMP TABLE import_references (reference text PRIMARY KEY, line int, digest text) ON COMMIT DROP;
"""
COUNT_ROWS = """
INSERT INTO import_row_times AS before (identity, times)
SELECT * FROM unnest(%s::text[], %s::int[])
ON CONFLICT (identity) DO UPDATE SET times = before.times + excluded.times
RETURNING identity, times
"""
MEET_REFERENCES = """
INSERT INTO import_references (reference, line, digest)
SELECT * FROM unnest(%s::text[], %s::int[], %s::text[])
ON CONFLICT DO NOTHING
"""
FIRST_MET = "SELECT reference, line, digest FROM import_references WHERE reference = ANY(%s)"


@dataclass(slots=True)
class KnownRow:
    """A row with its key, and the report it is already, if it is one."""

    row: MappedRow
    key: str
    digest: str
    report_id: int | None = None
    same: bool = False
    """Nothing the mapping takes has changed since it last came in."""
    clashes_with: int | None = None
    """The line that says something else under the same reference."""


class Matcher:
    """Looks at one file from its first row to its last, inside one transaction."""

    def __init__(self, run: ImportRun, system: str, identity: RowIdentity) -> None:
        self.partnership_id, self.system, self.identity = run.partnership_id, system, identity
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER)

    def match(self, rows: Sequence[MappedRow]) -> list[KnownRow]:
        identities = iter(self._keys_of_rows([row for row in rows if not row.reference]))
        known = [
            KnownRow(
                row, key_of_reference(row.reference) if row.reference else next(identities), digest_of(row)
            )
            for row in rows
        ]
        self._meet([each for each in known if each.row.reference])
        self._find_reports(known)
        return known

    def _keys_of_rows(self, rows: Sequence[MappedRow]) -> Iterator[str]:
        """Rows that say the same are the first, second, third of them, in all of the file."""
        identities = [self.identity.of(row.cells) for row in rows]
        times = Counter(identities)
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ROWS, [list(times), list(times.values())])
            before = {identity: total - times[identity] for identity, total in cursor.fetchall()}
        for identity in identities:
            before[identity] += 1
            yield key_of_row(identity, before[identity])

    def _meet(self, known: Sequence[KnownRow]) -> None:
        """A reference stands for one report. A second row that says the same adds nothing; one that says
        something else cannot be told from a mistake.
        """
        if not known:
            return
        keys = [each.key for each in known]
        with connection.cursor() as cursor:
            cursor.execute(
                MEET_REFERENCES, [keys, [each.row.line for each in known], [each.digest for each in known]]
            )
            cursor.execute(FIRST_MET, [keys])
            first = {reference: (line, digest) for reference, line, digest in cursor.fetchall()}
        for each in known:
            line, digest = first[each.key]
            if line != each.row.line:
                each.same = digest == each.digest
                each.clashes_with = None if each.same else line

    def _find_reports(self, known: Sequence[KnownRow]) -> None:
        reports = Report.objects.filter(
            partnership=self.partnership_id,
            source_system=self.system,
            source_key__in=[each.key for each in known],
        ).values_list("source_key", "pk", "source_digest")
        found = {key: (pk, digest) for key, pk, digest in reports}
        for each in known:
            each.report_id, digest = found.get(each.key, (None, ""))
            each.same = each.same or (each.report_id is not None and digest == each.digest)
