import csv
import gzip
import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from csp.agencies.models import Area, Lsoa, Postcode, Ward
from csp.agencies.services import gazetteer
from csp.audit.models import Event
from tests.factories.agencies import AreaFactory, PartnershipFactory

pytestmark = pytest.mark.django_db

POSTCODES = """Postcode,Positional_quality_indicator,Latitude,Longitude,Admin_district_code,Admin_ward_code,\
Admin_district_name,Admin_ward_name
OX1 1AA,10,51.750231,-1.267367,E07000178,E05006547,Oxford District (B),Carfax Ward
OX9 3AB,50,51.747,-0.974,E07000179,E05006592,South Oxfordshire District,Thame North Ward
ox93 ae,,,,E07000179,E05006592,South Oxfordshire District,Thame North Ward
"""
AREAS = """FID,LSOA11CD,LSOA11NM,WD19CD,WD19NM,LAD19CD,LAD19NM
1,E01028640,South Oxfordshire 001A,E05009749,Thame,E07000179,South Oxfordshire
2,E01028641,South Oxfordshire 001B,E05009733,Benson & Crowmarsh,E07000179,South Oxfordshire
3,E01028720,Vale of White Horse 003A,E05011714,Cumnor,E07000180,Vale of White Horse
4,E01028500,Oxford 001A,E05006547,Carfax,E07000178,Oxford
"""


@pytest.fixture
def postcodes_file(tmp_path):
    path = tmp_path / "postcodes.csv"
    path.write_text(POSTCODES)
    return path


@pytest.fixture
def areas_file(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text(AREAS)
    return path


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_load_postcodes_keeps_centres_and_wards_under_plain_names(postcodes_file):
    assert run("load_postcodes", postcodes_file) == {
        "read": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip

    carfax = Postcode.objects.get(pk="OX11AA")
    assert (str(carfax), carfax.latitude, carfax.longitude) == ("OX1 1AA", 51.750231, -1.267367)
    assert (carfax.ward.name, carfax.ward.district_name) == ("Carfax", "Oxford")
    bare = Postcode.objects.get(pk="OX93AE")
    assert (bare.latitude, bare.quality, bare.ward.name) == (None, 10, "Thame North")


def test_load_postcodes_twice_changes_nothing(postcodes_file):
    run("load_postcodes", postcodes_file)
    before = list(Postcode.objects.order_by("pk").values()), Event.objects.count()

    again = run("load_postcodes", postcodes_file)

    assert (again["unchanged"], again["created"], again["updated"]) == (3, 0, 0)
    assert (list(Postcode.objects.order_by("pk").values()), Event.objects.count()) == before


def test_load_postcodes_updates_what_a_later_release_changed(postcodes_file, tmp_path):
    run("load_postcodes", postcodes_file)
    later = tmp_path / "later.csv.gz"
    later.write_bytes(gzip.compress(POSTCODES.replace("51.750231", "51.750300").encode("utf-8-sig")))

    again = run("load_postcodes", later)

    assert (again["updated"], again["unchanged"]) == (1, 2)
    assert Postcode.objects.get(pk="OX11AA").latitude == 51.7503


def test_load_postcodes_rejects_broken_rows_with_their_lines(postcodes_file, tmp_path):
    with postcodes_file.open("a") as file:
        file.write("NOWHERE,10,51.7,-1.2,E07000178,E05006547,Oxford,Carfax\n")
        file.write("OX1 1AD,10,0,0,E07000178,E05006547,Oxford,Carfax\n\n")
        file.write("OX1 1AE,10,51.7\n")
        file.write("OX1 1AA,10,51.7,-1.2,E07000178,E05006547,Oxford,Carfax\n")
        file.write("OX1 1AF,good,51.7,-1.2,E07000178,E05006547,Oxford,Carfax\n")
        file.write("OX1 1AG,10,51.7,-1.2,E07000178,Carfax,Oxford,Carfax\n")
        file.write("=OX1,10,51.7,-1.2,E07000178,E05006547,Oxford,Carfax\n")
        file.write("OX1 1AJ,10,51.7,-1.2,E07000178,E05006548,Oxford, \n")
    rejected = tmp_path / "rejected.csv"

    told = run("load_postcodes", postcodes_file, rejected=rejected)

    assert (told["read"], told["created"], told["rejected"]) == (11, 3, 8)
    assert told["rejected_file"] == str(rejected)
    rows = list(csv.reader(rejected.read_text().splitlines()))
    assert rows[0][:3] == ["Line", "Reason", "Postcode"]
    assert [row[:2] for row in rows[1:]] == [
        ["5", "NOWHERE is not a postcode"],
        ["6", "The coordinates are outside Great Britain"],
        ["8", "It has 3 values, but the header names 8 columns"],
        ["9", "OX11AA is on line 2 already"],
        ["10", "good is not a quality from 10 to 90"],
        ["11", "Carfax is not a ward code"],
        ["12", "'=OX1 is not a postcode"],
        ["13", "The ward has no name"],
    ]
    assert rows[7][2] == "'=OX1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file has no column for: code"),
        (b"Postcode,Latitude\n", "no column for: longitude"),
        (b"\xff\xfe\x00", "is not a CSV file in UTF-8"),
        (gzip.compress(POSTCODES.encode())[:40], "cannot be read"),
    ],
)
def test_load_postcodes_refuses_another_file_and_leaves_nothing(tmp_path, content, words):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        call_command("load_postcodes", path)

    assert not Postcode.objects.exists()


def test_load_postcodes_says_where_the_file_should_be(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_postcodes", tmp_path / "missing.csv")


def test_load_areas_grows_the_tree_of_the_named_districts(areas_file):
    partnership = PartnershipFactory(slug="south-and-vale", name="South and Vale")

    both = "South Oxfordshire, E07000180"
    told = run("load_areas", areas_file, partnership="south-and-vale", districts=both)

    assert (told["read"], told["created"], told["areas"]["created"]) == (4, 4, 6)
    assert Lsoa.objects.get(pk="E01028641").ward.name == "Benson & Crowmarsh"
    tree = Area.objects.filter(partnership=partnership).order_by("path")
    assert {(area.kind, area.name, *area.codes) for area in tree} == {
        ("partnership", "South and Vale"),
        ("district", "South Oxfordshire", "E07000179"),
        ("district", "Vale of White Horse", "E07000180"),
        ("ward", "Thame", "E05009749"),
        ("ward", "Benson & Crowmarsh", "E05009733"),
        ("ward", "Cumnor", "E05011714"),
    }
    thame = tree.get(name="Thame")
    assert thame.path == f"{thame.parent.path}{thame.pk}/"
    assert thame.parent.name == "South Oxfordshire"


def test_load_areas_twice_changes_nothing(areas_file):
    PartnershipFactory(slug="south-and-vale")
    run("load_areas", areas_file, partnership="south-and-vale", districts="South Oxfordshire")
    before = list(Area.objects.order_by("pk").values()), Event.objects.count()

    again = run("load_areas", areas_file, partnership="south-and-vale")

    assert (again["unchanged"], again["areas"]["created"], again["areas"]["updated"]) == (4, 0, 0)
    assert (list(Area.objects.order_by("pk").values()), Event.objects.count()) == before


def test_load_areas_leaves_a_ward_under_its_local_area_and_adds_the_new_code(areas_file):
    partnership = PartnershipFactory(slug="south-and-vale")
    district = AreaFactory(partnership=partnership, kind="district", name="South Oxfordshire District")
    local = AreaFactory(partnership=partnership, kind="local_area", name="Thame and Henley", parent=district)
    thame = AreaFactory(partnership=partnership, name="THAME", codes=["E05000001"], parent=local)

    told = run("load_areas", areas_file, partnership="south-and-vale", districts="E07000179")

    thame.refresh_from_db()
    assert (thame.parent, thame.name, thame.codes) == (local, "THAME", ["E05000001", "E05009749"])
    assert told["areas"]["updated"] == 2  # the ward, and the district that learnt its code


def test_load_areas_names_wards_of_postcodes_that_no_area_holds(postcodes_file, areas_file):
    PartnershipFactory(slug="south-and-vale")
    Ward.objects.create(
        code="E05006578", name="Didcot Park", district_code="E07000179", district_name="South Oxfordshire"
    )

    told = run("load_areas", areas_file, partnership="south-and-vale", districts="South Oxfordshire")

    assert told["areas"]["unplaced_wards"] == ["E05006578 Didcot Park"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"partnership": "nowhere"}, "There is no partnership nowhere"),
        ({"partnership": "south-and-vale"}, "Name its districts"),
        ({"partnership": "south-and-vale", "districts": "Mordor"}, "no district Mordor. It has: Oxford"),
    ],
)
def test_load_areas_refuses_and_leaves_nothing(areas_file, options, words):
    PartnershipFactory(slug="south-and-vale")

    with pytest.raises(CommandError, match=words):
        call_command("load_areas", areas_file, **options)

    assert not Lsoa.objects.exists()
    assert not Area.objects.exists()


def test_load_areas_rejects_broken_rows(areas_file, tmp_path, capsys):
    PartnershipFactory(slug="south-and-vale")
    with areas_file.open("a") as file:
        file.write("5,X01028640,Nowhere 001A,E05009749,Thame,E07000179,South Oxfordshire\n")
    rejected = tmp_path / "rejected.csv"

    call_command(
        "load_areas", areas_file, partnership="south-and-vale", districts="Oxford", rejected=rejected
    )

    assert "X01028640 is not an LSOA code" in rejected.read_text()
    told = capsys.readouterr().out
    assert "Rejected: 1" in told
    assert "Areas: 3 created, 0 updated, 0 unplaced wards" in told


def test_load_postcodes_and_areas_take_the_published_files():
    data = settings.SHARED_DATA_DIR
    if not (data / "ox-postcodes-2014.csv.gz").exists():
        pytest.skip("the open data samples are not on this machine (SHARED_DATA_DIR)")

    assert gazetteer.load_postcodes(path=data / "ox-postcodes-2014.csv.gz").as_dict()["created"] == 19_105
    areas = gazetteer.load_lsoas(path=data / "lsoa2011-ward2019-thames-valley-banes.csv")
    assert (areas.created, len(areas.rejected)) == (1530, 0)
    assert Ward.objects.filter(lsoas__isnull=False).distinct().count() == 379
