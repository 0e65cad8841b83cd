"""Whatever the file, nothing is lost, nothing is merged, and a second time changes nothing."""

import csv
import io
from collections import Counter
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cases.models import Report
from cases.services.imports import reading, running
from cases.services.imports.csv_reading import DELIMITERS, clean
from cases.services.imports.refusals import CannotRead
from tests.cases.imports.conftest import HEADER, SPEC, row, told
from tests.cases.imports.files import csv_bytes, csv_file

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=150, deadline=None)
LATIN = st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), max_size=12)
CELL = LATIN.map(clean) | st.sampled_from(["", "a,b", 'say "no"', "two\nlines", ";", "x\ty", "=1+1", "-0.50"])


@st.composite
def tables(draw):
    """A header of plain words and rows of whatever people write, none of them blank."""
    header = draw(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=2, max_size=5, unique=True))
    cells = st.lists(CELL, min_size=len(header), max_size=len(header)).filter(any)
    return [header, *draw(st.lists(cells, max_size=6))]


def read(content):
    file = io.BytesIO(content)
    with reading.opened(file, reading.detect(file, max_bytes=10**7)) as table:
        return [list(table.header), *(each.cells for each in table.rows)]


def is_utf8(content):
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@MANY
@given(
    tables(),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from(sorted(DELIMITERS)),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_dialect_and_encoding_reads_back(rows, encoding, delimiter, line_end, quoting):
    if line_end == "\r":
        quoting = csv.QUOTE_ALL  # else the writer of the test leaves line feeds bare
    content = csv_bytes(rows, encoding=encoding, delimiter=delimiter, line_end=line_end, quoting=quoting)
    assume(encoding != "cp1252" or content.isascii() or not is_utf8(content))  # nobody can tell the two apart

    assert read(content) == [[clean(cell) for cell in line] for line in rows]


@MANY
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    with suppress(CannotRead):
        assert len(read(content)) >= 1


ROWS = st.lists(
    st.builds(
        row,
        ref=st.sampled_from(["", "", "1", "2"]),
        date=st.sampled_from(["03/04/2024", "04/04/2024", "31/02/2024", ""]),
        details=st.sampled_from(["Shouting", "Damage", ""]),
        place=st.sampled_from(["Mill Road", ""]),
        kind=st.sampled_from(["Noise", "Witchcraft", ""]),
        state=st.sampled_from(["Closed", ""]),
    ),
    min_size=1,
    max_size=12,
).filter(lambda rows: any(any(line) for line in rows))
FILTERED = SPEC | {"filter": [{"column": "Kind", "not_in": [""]}], "constants": {"status": "recorded"}}


@pytest.mark.django_db
@FEW
@given(rows=ROWS, at_once=st.sampled_from([1, 2, 1000]), random=st.randoms(use_true_random=False))
def test_import_twice_is_import_once(rows, at_once, random, bring_in, monkeypatch):
    """Counts add up, the second time changes nothing, and the order of rows does not matter."""
    monkeypatch.setattr(running, "AT_ONCE", at_once)
    system = f"System {uuid4()}"
    read_rows = [line for line in rows if any(line)]

    first = bring_in(rows, spec=FILTERED, system=system)
    held = content_of(system)
    again = bring_in(rows, spec=FILTERED, system=system)

    assert first.rows_read == again.rows_read == len(read_rows) == sum(told(first)) == sum(told(again))
    assert told(first)[1] == 0
    assert told(again) == (0, 0, first.rows_created + first.rows_unchanged, *told(first)[3:])
    assert content_of(system) == held
    assert sum(held.values()) == first.rows_created

    shuffled = random.sample(rows, len(rows))
    mixed = bring_in(shuffled, spec=FILTERED, system=f"{system} mixed")
    assert told(mixed) == told(first)
    without_reference = [key for key in held if key[0].startswith("row:")]
    assert {key: held[key] for key in without_reference} == {
        key: times for key, times in content_of(f"{system} mixed").items() if key[0].startswith("row:")
    }


def content_of(system):
    values = ("source_key", "what_happened", "occurred_on", "location")
    return Counter(Report.objects.filter(source_system=system).values_list(*values))


@pytest.mark.django_db
@FEW
@given(times=st.lists(st.integers(1, 4), min_size=1, max_size=4), random=st.randoms(use_true_random=False))
def test_identical_rows_are_never_merged(times, random, bring_in):
    rows = [row("", details=f"Kind {n}") for n, many in enumerate(times) for _ in range(many)]
    random.shuffle(rows)

    run = bring_in(file=csv_file([HEADER, *rows]), system=f"System {uuid4()}")

    assert told(run) == (sum(times), 0, 0, 0, 0)
