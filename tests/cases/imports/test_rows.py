import datetime as dt

import pytest

from cases.enums import Precision
from cases.models import Category
from cases.services.imports.mapping import read_spec
from cases.services.imports.reading import Table
from cases.services.imports.refusals import RowRejected
from cases.services.imports.rows import Caller, RowMapper
from cases.services.imports.tables import CSV, XLSX, Layout, Row

TODAY = dt.date(2024, 6, 3)
CATEGORIES = [Category(code="noise", label="Noise"), Category(code="damage", label="Vandalism or damage")]
COLUMNS = {
    "reference": "Ref", "what_happened": ["Summary", "Details"], "occurred": "Date", "occurred_time": "Time",
    "received": "Reported", "location": "Place", "postcode": "Postcode", "latitude": "Lat",
    "longitude": "Lon", "lsoa": "LSOA", "categories": "Kind", "status": "State", "hate": "Hate",
    "caller_name": "Name", "caller_phone": "Phone", "caller_email": "Email",
    "contact_method": "Contact", "contact_when": "When", "contact_avoid": "Avoid", "subjects": "Subjects",
}  # fmt: skip
HEADER = ("Ref", "Summary", "Details", *list({**COLUMNS, "what_happened": ""}.values())[2:])
SPEC = {
    "system": "Housing",
    "columns": COLUMNS,
    "formats": {"occurred": "DD/MM/YYYY", "received": "DD/MM/YYYY HH:MM"},
    "split_categories_at": ";",
    "translations": {
        "categories": {"Music": ["noise"], "Other": []},
        "status": {"Open": "new", "Closed": "recorded"},
        "hate": {"Faith hate": "faith", "Maybe": "no"},
        "contact_method": {"Text": "phone"},
    },
}
GOOD = {"Ref": "1", "Details": "Shouting", "Date": "03/04/2024"}


def mapped(spec=SPEC, kind=CSV, **cells):
    table = Table(Layout(kind=kind), HEADER, iter(()))
    mapper = RowMapper(read_spec(spec), table, categories=CATEGORIES, today=TODAY)
    given = GOOD | cells
    return mapper.map(Row(2, [given.get(name, "") for name in HEADER], 2))


def reason(spec=SPEC, **cells):
    with pytest.raises(RowRejected) as refused:
        mapped(spec, **cells)
    return str(refused.value)


def test_a_row_says_what_its_columns_say():
    row = mapped(
        Summary="Noise", Time="21:30", Reported="04/04/2024 09:15", Place="Mill Road", Postcode="ox93ab",
        Lat="51.7", Lon="-1.2", LSOA="E01028640", Kind="Music; Vandalism or damage", State="closed",
        Hate="Race or ethnicity", Name="Ann Brown", Phone="07700 900123", Email="Ann@Example.org",
        Contact="text", When="After 6", Avoid="No letters", Subjects="Man in a red coat",
    )  # fmt: skip

    assert (row.line, row.reference, row.what_happened) == (2, "1", "Noise, Shouting")
    assert (row.occurred.on, row.occurred.at) == (dt.date(2024, 4, 3), dt.time(21, 30))
    assert row.occurred.precision == Precision.TIME
    assert row.received.moment == dt.datetime(2024, 4, 4, 8, 15, tzinfo=dt.UTC)
    assert (row.location, row.postcode, row.lsoa) == ("Mill Road", "OX9 3AB", "E01028640")
    assert (row.latitude, row.longitude) == ("51.7", "-1.2")
    assert (row.categories, row.status) == (("damage", "noise"), "recorded")
    assert (row.hate, row.hate_strands) == (True, ("race",))
    assert row.caller == Caller("Ann Brown", "07700 900123", "ann@example.org")
    assert (row.contact_method, row.contact_when, row.contact_avoid) == ("phone", "After 6", "No letters")
    assert (row.subjects, row.notes) == ("Man in a red coat", [])


def test_a_row_may_say_very_little():
    row = mapped()

    assert (row.status, row.categories, row.hate, bool(row.caller)) == ("new", (), False, False)
    assert row.occurred.precision == Precision.DAY


def test_constants_stand_where_a_row_says_nothing():
    constants = {"what_happened": "Reported to the landlord", "location": "Estate", "categories": ["noise"]}
    row = mapped(SPEC | {"constants": constants | {"status": "recorded"}}, Details="")

    assert (row.what_happened, row.location) == ("Reported to the landlord", "Estate")
    assert (row.categories, row.status) == (("noise",), "recorded")


def test_a_row_that_the_filter_does_not_want_is_left_out_whatever_else_is_wrong_with_it():
    spec = SPEC | {"filter": [{"column": "Kind", "not_in": ["Repairs"]}]}

    assert mapped(spec, Kind="repairs", Date="nonsense") is None
    assert mapped(spec, Kind="Music") is not None


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Date": ""}, "It has no date"),
        ({"Date": "31/02/2024"}, "“31/02/2024” is not a date like DD/MM/YYYY"),
        ({"Date": "04/06/2024"}, "“04/06/2024” is in the future"),
        ({"Date": "01/01/0204"}, "“01/01/0204” is before 1950"),
        ({"Reported": "soon"}, "“soon” is not a date like DD/MM/YYYY"),
        ({"Time": "25:00"}, "“25:00” is not a time like 21:30"),
        ({"Date": "", "Time": "21:30", "Reported": "03/04/2024 10:00"}, "It has a time of day but no date"),
        ({"Details": ""}, "Nothing says what happened"),
        ({"Kind": "Music;Witchcraft"}, "The mapping does not say which kind of behaviour “Witchcraft” is"),
        ({"State": "Parked"}, "The mapping does not say what the status “Parked” means"),
        ({"State": "Advice given"}, "The mapping does not say what the status “Advice given” means"),
        ({"Hate": "sort of"}, "The mapping does not say whether “sort of” means motivated by hate"),
        ({"Contact": "Pigeon"}, "The mapping does not say which way of contact “Pigeon” is"),
        ({"Place": "x" * 301}, "Place or address is longer than 300 characters"),
        ({"Ref": "x" * 101}, "Reference in the other system is longer than 100 characters"),
        ({"Avoid": "x" * 301}, "What to avoid when contacting is longer than 300 characters"),
    ],
)
def test_a_row_that_cannot_come_in_says_why(cells, words):
    assert reason(**cells) == words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", (False, ())), ("No", (False, ())), ("n/a", (False, ())), ("0", (False, ())),
        ("Maybe", (False, ())), ("Yes", (True, ())), ("x", (True, ())), ("TRUE", (True, ())),
        ("faith", (True, ("faith",))), ("Faith  HATE", (True, ("faith",))),
    ],
)  # fmt: skip
def test_hate_is_read_from_what_people_write(said, meant):
    row = mapped(Hate=said)

    assert (row.hate, row.hate_strands) == meant


def test_what_cannot_be_used_is_noted_and_the_row_is_kept():
    row = mapped(Postcode="near the shop", Email="ann at home", Name="Ann")

    assert (row.postcode, row.caller) == ("", Caller("Ann"))
    assert row.notes == [
        "“near the shop” is not a postcode",
        "What is given as the caller's e-mail address is not one",
    ]


def test_a_kind_without_a_translation_is_known_by_its_label_or_code():
    assert mapped(Kind="NOISE").categories == ("noise",)
    assert mapped(Kind="damage").categories == ("damage",)
    assert mapped(Kind="Other").categories == ()


def test_a_month_stays_a_month_whatever_the_time_of_day():
    spec = SPEC | {"formats": SPEC["formats"] | {"occurred": "YYYY-MM"}}

    assert mapped(spec, Date="2024-04", Time="21:30").occurred.precision == Precision.MONTH


def test_rows_of_another_width():
    table = Table(Layout(kind=CSV), HEADER, iter(()))
    mapper = RowMapper(read_spec(SPEC), table, categories=CATEGORIES, today=TODAY)
    whole = [GOOD.get(name, "") for name in HEADER]

    assert mapper.map(Row(2, [*whole, "", ""], 2)).reference == "1"
    with pytest.raises(RowRejected, match=f"It has {len(HEADER) + 1} values, but the header names"):
        mapper.map(Row(2, [*whole, "more"], 2))
    with pytest.raises(RowRejected, match="It goes on to line 9: look for a quotation mark too many"):
        mapper.map(Row(2, whole[:5], 9))
    with pytest.raises(RowRejected, match="in the wrong place"):
        mapper.map(Row(2, [], 2, "A quotation mark is in the wrong place"))


def test_rows_of_a_workbook_may_end_early():
    table = Table(Layout(kind=XLSX), HEADER, iter(()))
    mapper = RowMapper(read_spec(SPEC), table, categories=CATEGORIES, today=TODAY)

    assert mapper.map(Row(2, ["1", "", "Shouting", "03/04/2024"], 2)).reference == "1"
