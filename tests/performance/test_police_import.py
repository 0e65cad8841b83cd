"""Street-level files of the police: which rows come in, where they lie, and what a second file does."""

import csv
import datetime as dt
import gzip
import io
import json
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.services.imports.refusals import CannotImport
from csp.agencies.enums import AreaKind
from csp.agencies.models import Lsoa, Postcode, Ward
from csp.audit.models import Event
from performance.models import PoliceFile, PoliceIncident
from performance.services.police_import import LOADED, REPLACED, UNCHANGED, load_police_file
from tests.factories.agencies import AreaFactory, PartnershipFactory
from tests.factories.police import ASB, FORCE, nowhere, police_bytes, police_row

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
FILES = {
    "2018-06": (18_188, 1_697),
    "2024-01": (15_606, 348),
    "2024-02": (15_016, 334),
    "2024-03": (16_160, 351),
    "2024-04": (16_194, 298),
}
"""Rows, and rows without a place among them, as the notes on the data say."""
HERE = ("South Oxfordshire", "Vale of White Horse")


@pytest.fixture
def partnership():
    return PartnershipFactory(name="South and Vale", slug="south-and-vale")


@pytest.fixture
def south(partnership):
    return AreaFactory(
        partnership=partnership, kind=AreaKind.DISTRICT, name="South Oxfordshire", codes=["E07000179"]
    )


@pytest.fixture
def vale(partnership):
    return AreaFactory(
        partnership=partnership, kind=AreaKind.DISTRICT, name="Vale of White Horse", codes=["E07000180"]
    )


@pytest.fixture
def benson(south):
    town = AreaFactory(
        partnership=south.partnership, kind=AreaKind.LOCAL_AREA, name="Wallingford", parent=south
    )
    area = AreaFactory(partnership=south.partnership, name="Benson", parent=town, codes=["E05009733"])
    ward = Ward.objects.create(
        code="E05009733", name="Benson", district_code="E07000179", district_name="South Oxfordshire"
    )
    Lsoa.objects.create(code="E01028641", name="South Oxfordshire 001A", ward=ward)
    return area


def load(partnership, *rows, content=None, name="2024-04-made-up-street.csv", **options):
    file = io.BytesIO(content or police_bytes(*rows))
    return load_police_file(partnership=partnership, file=file, name=name, by=None, at=NOW, **options)


def test_a_row_lies_where_its_lsoa_lies(partnership, benson, south):
    load(partnership, police_row("Drugs", ref="a" * 64, outcome="Under investigation"))

    row = PoliceIncident.objects.get()
    assert (row.ward, row.local_area, row.district) == (benson, benson.parent, south)
    assert (row.crime_type, row.crime_id, row.outcome) == ("Drugs", "a" * 64, "Under investigation")
    assert (row.latitude, row.longitude, row.month) == (51.750231, -1.267367, dt.date(2024, 4, 1))
    assert row.location == "On or near Mill Road"


def test_an_lsoa_that_is_not_in_the_list_lies_in_the_district_of_its_name(partnership, south, vale):
    load(partnership, police_row(lsoa="E01035999", name="Vale of White Horse 017F"))

    row = PoliceIncident.objects.get()
    assert (row.district, row.local_area, row.ward) == (vale, None, None)


def test_such_a_row_gets_the_ward_of_the_nearest_postcode(partnership, benson):
    Postcode.objects.create(
        code="OX106AA", latitude=51.7503, longitude=-1.2674, ward=Ward.objects.get(code="E05009733")
    )

    load(partnership, police_row(lsoa="E01035999", name="South Oxfordshire 017F"))

    assert PoliceIncident.objects.get().ward == benson


def test_but_not_of_a_postcode_in_another_district(partnership, benson, vale):
    Postcode.objects.create(
        code="OX106AA", latitude=51.7503, longitude=-1.2674, ward=Ward.objects.get(code="E05009733")
    )

    load(partnership, police_row(lsoa="E01035999", name="Vale of White Horse 017F"))

    row = PoliceIncident.objects.get()
    assert (row.district, row.ward) == (vale, None)


def test_rows_of_other_districts_are_counted_and_left_out(partnership, south):
    counts = load(
        partnership, police_row(), police_row(lsoa="E01028500", name="Oxford 001A"), nowhere(), nowhere()
    ).counts

    assert (counts.read, counts.kept, counts.elsewhere, counts.without_place) == (4, 1, 1, 2)
    file = PoliceFile.objects.get()
    assert (file.rows, file.without_place, file.incidents.count()) == (4, 2, 1)
    assert (str(file), file.name) == (f"{FORCE}, April 2024", "2024-04-made-up-street.csv")


def test_rows_that_look_alike_are_separate_incidents(partnership, south):
    load(partnership, police_row(), police_row(), police_row())

    assert PoliceIncident.objects.count() == 3


def test_the_same_file_again_tells_of_the_same_rows(partnership, south):
    rows = police_bytes(police_row(), police_row(name="Elsewhere 001A"), nowhere(), police_row(month="soon"))
    first, second = (load(partnership, content=rows).counts for _ in range(2))

    assert second == first
    assert first.rejected == 1


def test_a_crime_id_used_twice_is_two_rows(partnership, south):
    load(partnership, police_row("Drugs", ref="b" * 64), police_row("Drugs", ref="b" * 64, outcome="Charged"))

    assert PoliceIncident.objects.filter(crime_id="b" * 64).count() == 2


def test_a_point_outside_the_country_is_left_out_and_the_row_stays(partnership, south):
    load(partnership, police_row(lon="12.5", lat="41.9"), police_row(lon="", lat=""))

    assert list(PoliceIncident.objects.values_list("latitude", "longitude")) == [(None, None)] * 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (police_row(month="2024-13"), "“2024-13” is not a month. Write it like 2024-04"),
        (police_row(month="04/2024"), "“04/2024” is not a month. Write it like 2024-04"),
        (police_row(month="2024-07"), "The month 2024-07 is in the future"),
        (police_row(force=""), "It does not say which force it is from"),
        (police_row(""), "It has no crime type"),
        (police_row("x" * 61), "Its crime type is longer than 60 characters"),
        (police_row(ref="x" * 65), "Its crime ID is longer than 64 characters"),
        (police_row(lsoa="W99"), "“W99” is not an LSOA code"),
        (police_row(lat="north"), "The coordinates are not numbers"),
        (police_row(lat=""), "Only one of latitude and longitude was given"),
        (police_row()[:11], "It has 11 values, but the header names 12 columns"),
        ([*police_row(), "more"], "It has 13 values, but the header names 12 columns"),
    ],
)
def test_a_wrong_row_is_rejected_with_its_line_and_reason(partnership, south, row, reason):
    loaded = load(partnership, police_row(), row)

    assert (loaded.counts.kept, loaded.counts.rejected) == (1, 1)
    header, rejected = csv.reader(io.StringIO(loaded.rejected.decode("utf-8-sig")))
    assert header[:3] == ["Line in the file", "Why it was rejected", "Crime ID"]
    assert rejected[:2] == ["3", reason]


def test_this_month_is_not_in_the_future(partnership, south):
    assert load(partnership, police_row(month="2024-06")).counts.kept == 1


def test_the_same_file_again_changes_nothing(partnership, south):
    load(partnership, police_row(), nowhere())
    before = list(PoliceIncident.objects.values_list("pk", flat=True))
    events = Event.objects.count()

    again = load(partnership, content=police_bytes(police_row(), nowhere(), packed=True), name="copy.csv.gz")

    assert again.outcome == UNCHANGED
    assert again.as_dict() | {"file": ""} == {
        "file": "", "force": FORCE, "month": "2024-04", "outcome": "unchanged",
        "read": 2, "kept": 1, "elsewhere": 0, "without_place": 1, "rejected": 0,
    }  # fmt: skip
    assert list(PoliceIncident.objects.values_list("pk", flat=True)) == before
    assert Event.objects.count() == events


def test_a_corrected_file_takes_the_place_of_its_month(partnership, south):
    load(partnership, police_row(month="2024-03"), police_row(month="2024-03"), name="march")
    first = load(partnership, police_row(), police_row("Drugs"))

    second = load(partnership, police_row("Burglary"))

    assert (first.outcome, second.outcome) == (LOADED, REPLACED)
    assert second.file.pk == first.file.pk
    assert Counter(PoliceIncident.objects.values_list("month__month", "crime_type")) == {
        (3, ASB): 2,
        (4, "Burglary"): 1,
    }
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "police_file.loaded",
        "police_file.loaded",
        "police_file.replaced",
    ]


def test_other_forces_and_partnerships_keep_their_month(partnership, south):
    other = AreaFactory(kind=AreaKind.DISTRICT, name="South Oxfordshire").partnership
    load(partnership, police_row())
    load(partnership, police_row(force="Railway Police"))
    load(other, police_row())

    assert PoliceFile.objects.count() == PoliceIncident.objects.count() == 3


def test_rows_are_placed_anew_after_areas_changed(partnership, south):
    load(partnership, police_row(name="Didcot 001A"))
    south.name = "Didcot"
    south.save()

    assert load(partnership, police_row(name="Didcot 001A")).outcome == UNCHANGED
    assert load(partnership, police_row(name="Didcot 001A"), again=True).counts.kept == 1
    assert PoliceFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (police_bytes(), "The file has a header and no rows"),
        (b"name,age\nAnn,3\n", "has no column “Month”"),
        (police_bytes(police_row(), police_row(month="2024-05")), "more than one month or force"),
        (police_bytes(police_row(), police_row(force="Other Police")), "more than one month or force"),
        (police_bytes(police_row(month="x")), "No row of the file can be read"),
        (police_bytes(police_row(), packed=True)[:-9], "The packed file is broken"),
        (b"\xd0\xcf\x11\xe0 old", "This is an old Excel file"),
    ],
)
def test_a_file_that_cannot_be_loaded_leaves_the_month_as_it_was(partnership, south, content, words):
    load(partnership, police_row())

    with pytest.raises(CannotImport, match=words):
        load_police_file(partnership=partnership, file=io.BytesIO(content), name="bad.csv", by=None, at=NOW)

    assert PoliceIncident.objects.count() == PoliceFile.objects.count() == 1


def test_a_partnership_without_districts_is_told_so(partnership):
    with pytest.raises(CannotImport, match="has no districts yet"):
        load(partnership, police_row())


def run(*args, **options):
    out = io.StringIO()
    call_command("import_police_crimes", *args, partnership="south-and-vale", stdout=out, **options)
    return out.getvalue()


def test_the_command_loads_several_files_and_keeps_rejected_rows(partnership, south, tmp_path):
    march, april = tmp_path / "2024-03-street.csv", tmp_path / "2024-04-street.csv.gz"
    march.write_bytes(police_bytes(police_row(month="2024-03"), police_row(month="never")))
    april.write_bytes(police_bytes(police_row(), packed=True))

    facts = json.loads(run(march, april, json=True, rejected=tmp_path))["files"]

    assert [(each["month"], each["kept"], each["rejected"]) for each in facts] == [
        ("2024-03", 1, 1),
        ("2024-04", 1, 0),
    ]
    assert "is not a month" in (tmp_path / "2024-03-street-rejected.csv").read_text()
    assert facts[0]["rejected_file"] == str(tmp_path / "2024-03-street-rejected.csv")
    assert run(march) == f"{FORCE}, March 2024 was loaded from this file before, so nothing has changed\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"partnership": "nowhere"}, "There is no partnership nowhere"),
        ({"by": "nobody@example.com"}, "Nobody signs in as nobody@example.com"),
    ],
)
def test_the_command_says_who_is_unknown(partnership, south, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_police_crimes", "x.csv", **{"partnership": "south-and-vale"} | options)


def test_the_command_names_the_file_that_it_cannot_load(partnership, south, tmp_path):
    with pytest.raises(CommandError, match=r"missing\.csv"):
        run(tmp_path / "missing.csv")


def test_lsoas_are_loaded_without_touching_areas(partnership, south, tmp_path):
    path = tmp_path / "lsoas.csv"
    path.write_text(
        "FID,LSOA11CD,LSOA11NM,WD19CD,WD19NM,LAD19CD,LAD19NM\n"
        "1,E01028641,South Oxfordshire 001A,E05009733,Benson,E07000179,South Oxfordshire\n"
    )
    out = io.StringIO()

    call_command("load_lsoas", path, json=True, stdout=out)

    assert json.loads(out.getvalue())["created"] == 1
    assert Lsoa.objects.get(pk="E01028641").ward.district_code == "E07000179"
    assert partnership.areas.count() == 1


@pytest.mark.parametrize("month", FILES)
def test_a_real_file_comes_in_as_plain_python_counts_it(partnership, south, vale, month):
    path = settings.SHARED_DATA_DIR / f"{month}-thames-valley-street.csv.gz"
    if not path.exists():
        pytest.skip("the open data samples are not on this machine (SHARED_DATA_DIR)")
    with gzip.open(path, "rt", newline="") as text:
        rows = list(csv.DictReader(text))
    here = [row for row in rows if row["LSOA name"].rsplit(" ", 1)[0] in HERE]

    counts = load(partnership, content=path.read_bytes(), name=path.name).counts

    assert (counts.read, counts.without_place, counts.rejected) == (*FILES[month], 0)
    assert counts.kept == len(here)
    assert counts.elsewhere == len(rows) - len(here) - counts.without_place
    came_in = PoliceIncident.objects.values_list("district__name", "crime_type", "lsoa_code", "crime_id")
    assert Counter(came_in) == Counter(
        (row["LSOA name"].rsplit(" ", 1)[0], row["Crime type"], row["LSOA code"], row["Crime ID"])
        for row in here
    )
