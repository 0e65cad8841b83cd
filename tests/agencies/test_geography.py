import pytest

from csp.agencies.models import Lsoa, Postcode, Ward
from csp.agencies.services import geography
from csp.agencies.services.area_index import folded_name, plain_name
from csp.agencies.services.geography import Located, Locator, Whereabouts
from tests.factories.agencies import AreaFactory, PartnershipFactory

SOUTH = {"district_code": "E07000179", "district_name": "South Oxfordshire"}


@pytest.fixture
def partnership(db):
    return PartnershipFactory()


@pytest.fixture
def areas(partnership):
    """South Oxfordshire with one local area; Thame lies right below its district."""
    district = AreaFactory(
        partnership=partnership, kind="district", name="South Oxfordshire", codes=["E07000179"]
    )
    didcot = AreaFactory(partnership=partnership, kind="local_area", name="Didcot", parent=district)
    return {
        "didcot": didcot,
        "west": AreaFactory(partnership=partnership, name="Didcot West", codes=["E05009740"], parent=didcot),
        "south": AreaFactory(
            partnership=partnership, name="Didcot South", codes=["E05011703"], parent=didcot
        ),
        "thame": AreaFactory(partnership=partnership, name="Thame", codes=["E05009749"], parent=district),
        "benson": AreaFactory(
            partnership=partnership, name="Benson & Crowmarsh", codes=["E05009733"], parent=district
        ),
    }


def add_postcode(code, latitude, longitude, ward):
    return Postcode.objects.create(code=code, latitude=latitude, longitude=longitude, ward=ward)


def add_ward(code, name, **district):
    return Ward.objects.create(code=code, name=name, **(district or SOUTH))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Oxford District (B)", "Oxford"),
        ("Carfax Ward", "Carfax"),
        ("Kingham| Rollright and Enstone Ward", "Kingham, Rollright and Enstone"),
        ("Wardington", "Wardington"),
        ("West Berkshire", "West Berkshire"),
    ],
)
def test_plain_name_drops_what_publishers_add(name, plain):
    assert plain_name(name) == plain


def test_folded_name_is_one_spelling():
    assert (
        folded_name("St. Mary's & Holton Ward")
        == folded_name("st marys and  HOLTON")
        == "st marys and holton"
    )
    assert folded_name("Bryn-y-Môr") == "bryn y mor"


def test_postcode_is_found_however_it_is_typed(db):
    ward = add_ward("E05009749", "Thame")
    row = add_postcode("OX93AB", 51.747, -0.974, ward)

    assert geography.postcode(" ox9 3ab") == geography.postcode("OX93AB") == row
    assert geography.postcode("OX9 3AE") is None
    assert geography.postcode("nonsense") is None


def test_locate_by_postcode_gives_its_centre_ward_and_local_area(partnership, areas):
    add_postcode("OX117AA", 51.61, -1.25, add_ward("E05009740", "Didcot West"))

    found = geography.locate(partnership=partnership, postcode="ox11 7aa")

    assert found == Located(51.61, -1.25, areas["west"], areas["didcot"])


def test_locate_keeps_the_point_given_and_uses_the_postcode_for_the_ward(partnership, areas):
    add_postcode("OX117AA", 51.61, -1.25, add_ward("E05009740", "Didcot West"))

    found = geography.locate(partnership=partnership, postcode="OX117AA", latitude="51.6", longitude="-1.2")

    assert (found.latitude, found.longitude, found.ward) == (51.6, -1.2, areas["west"])


def test_locate_by_lsoa(partnership, areas):
    Lsoa.objects.create(code="E01028640", name="South Oxfordshire 001A", ward=add_ward("E05009749", "Thame"))

    found = geography.locate(partnership=partnership, lsoa=" e01028640 ")

    assert found == Located(None, None, areas["thame"], None)


def test_locate_by_point_takes_the_nearest_postcode_within_a_kilometre(partnership, areas):
    add_postcode("OX93AB", 51.7470, -0.9740, add_ward("E05009749", "Thame"))
    add_postcode("OX93AE", 51.7471, -0.9700, add_ward("E05009733", "Benson & Crowmarsh"))
    add_postcode("OX93AD", 51.7470, -0.9739, None)

    near = geography.locate(partnership=partnership, latitude=51.7470, longitude=-0.9738)
    far = geography.locate(partnership=partnership, latitude=51.7600, longitude=-0.9740)
    corner = geography.locate(partnership=partnership, latitude=51.7470 - 0.008, longitude=-0.9740 - 0.013)

    assert near.ward == areas["thame"]
    assert (far.ward, far.latitude) == (None, 51.76)
    assert corner.ward is None  # inside the box, outside the circle


def test_locate_takes_no_absurd_point_and_says_so(partnership, areas):
    add_postcode("OX117AA", 51.61, -1.25, add_ward("E05009740", "Didcot West"))

    assert geography.locate(partnership=partnership, latitude="0", longitude="0") == Located(
        notes=("The coordinates are outside Great Britain",)
    )
    swapped = geography.locate(partnership=partnership, postcode="OX11 7AA", latitude=-1.25, longitude=51.61)
    assert (swapped.latitude, swapped.ward) == (51.61, areas["west"])
    assert swapped.notes == ("Latitude and longitude look swapped",)


def test_locate_outside_the_partnership_has_its_point_and_no_ward(partnership, areas):
    oxford = add_ward("E05006547", "Carfax", district_code="E07000178", district_name="Oxford")
    add_postcode("OX11AA", 51.75, -1.26, oxford)

    found = geography.locate(partnership=partnership, postcode="OX1 1AA")

    assert found == Located(51.75, -1.26)


def test_locate_finds_a_ward_of_another_year(partnership, areas):
    for code, ward in {
        "OX93AB": add_ward("E05006592", "THAME Ward"),
        "OX106AA": add_ward("E05006570", "Benson"),
        "OX117BB": add_ward("E05006579", "Didcot Ladygrove"),
        "OX497AA": add_ward("E05006569", "Aston Rowant"),
    }.items():
        add_postcode(code, 51.7, -1.0, ward)

    def found(code):
        located = geography.locate(partnership=partnership, postcode=code)
        return located.ward, located.local_area

    assert found("OX93AB") == (areas["thame"], None)
    assert found("OX106AA") == (areas["benson"], None)
    assert found("OX117BB") == (None, areas["didcot"])  # both wards named after Didcot are in one local area
    assert found("OX497AA") == (None, None)


def test_locate_prefers_an_lsoa_that_has_a_ward_to_a_postcode_that_has_none(partnership, areas):
    add_postcode("OX497AA", 51.7, -1.0, add_ward("E05006569", "Aston Rowant"))
    Lsoa.objects.create(code="E01028640", name="South Oxfordshire 001A", ward=add_ward("E05009749", "Thame"))

    found = geography.locate(partnership=partnership, postcode="OX49 7AA", lsoa="E01028640")

    assert found.ward == areas["thame"]


def test_locate_never_gives_an_area_of_another_partnership(areas):
    add_postcode("OX117AA", 51.61, -1.25, add_ward("E05009740", "Didcot West"))

    assert geography.locate(partnership=PartnershipFactory(), postcode="OX11 7AA") == Located(51.61, -1.25)


@pytest.mark.parametrize("count", [1, 3])
def test_locator_asks_the_same_few_questions_for_any_number(
    partnership, areas, count, django_assert_num_queries
):
    ward = add_ward("E05009740", "Didcot West")
    wanted = []
    for n in range(count):
        add_postcode(f"OX117A{'ABD'[n]}", 51.61, -1.25, ward)
        wanted += [
            Whereabouts(postcode=f"OX11 7A{'ABD'[n]}"),
            Whereabouts(latitude=51.61, longitude=-1.25 - n / 1e4),
        ]
    locator = Locator(partnership)

    with django_assert_num_queries(3):
        found = locator.locate_many(wanted)

    assert {each.ward for each in found} == {areas["west"]}
    with django_assert_num_queries(1):  # points it has met are kept
        assert locator.locate_many(wanted) == found


def test_locator_forgets_points_when_it_holds_too_many(partnership, areas, monkeypatch):
    monkeypatch.setattr(geography, "KEPT_POINTS", 2)
    add_postcode("OX117AA", 51.61, -1.25, add_ward("E05009740", "Didcot West"))
    locator = Locator(partnership)
    wanted = [Whereabouts(latitude=51.61, longitude=-1.25 - n / 1e4) for n in range(5)]

    for _ in range(3):
        assert {each.ward for each in locator.locate_many(wanted)} == {areas["west"]}
