from pathlib import Path

import pytest

from cases.models import ImportMapping
from cases.services.imports import mapping
from cases.services.imports.mapping import MappingInvalid, as_dict, from_toml, read_spec
from cases.services.imports.saved import SHIPPED, mappings_for, shipped
from tests.cases.imports.conftest import AT, SPEC
from tests.cases.imports.files import POLICE_HEADER
from tests.factories.agencies import PartnershipFactory

DOCS = Path(__file__).resolve().parents[3] / "docs" / "imports.md"
FULL = """
name = "Housing export"
system = "Housing"
changing = ["Last changed"]
split_categories_at = ";"

[file]
encoding = "cp1252"
delimiter = ";"

[columns]
reference = "Ref"
what_happened = ["Summary", "Details"]
occurred = "Date"
occurred_time = "Time"
categories = "Kind"
status = "State"

[formats]
occurred = "DD/MM/YYYY"

[constants]
status = "recorded"
categories = ["noise"]

[translations.categories]
"Loud Music" = ["noise"]
Mixed = ["noise", "damage"]
Other = []

[translations.status]
Open = "new"

[[filter]]
column = "Team"
in = ["ASB", "Estates"]

[[filter]]
column = "Kind"
not_in = ["Repairs"]
"""


def problems_of(spec, **changes):
    with pytest.raises(MappingInvalid) as refused:
        read_spec({**SPEC, **changes})
    return [(problem.where, problem.words) for problem in refused.value.problems]


def test_toml_and_json_are_the_same_mapping():
    spec = from_toml(FULL)

    assert read_spec(as_dict(spec)) == spec
    assert spec.columns["what_happened"] == ("Summary", "Details")
    assert spec.translations["categories"] == {
        "loud music": ("noise",), "mixed": ("noise", "damage"), "other": (),
    }  # fmt: skip
    assert spec.category_codes == {"noise", "damage"}
    assert [condition.as_dict() for condition in spec.conditions] == [
        {"column": "Team", "in": ["ASB", "Estates"]},
        {"column": "Kind", "not_in": ["Repairs"]},
    ]
    assert (spec.layout.encoding, spec.layout.delimiter) == ("cp1252", ";")


def test_toml_that_is_none_says_where():
    with pytest.raises(MappingInvalid, match=r"not TOML: .*line 2"):
        from_toml("name = 1\nsystem = x")


def test_mapping_needs_a_system_what_happened_and_a_date():
    with pytest.raises(MappingInvalid) as refused:
        read_spec({})

    assert [problem.where for problem in refused.value.problems] == ["system", "what_happened", "occurred"]
    assert str(refused.value) == (
        "Enter the name of the system the file comes from. "
        "Choose a column for what happened, or enter a text for all rows. "
        "Choose a column that says when it happened or was reported"
    )


def test_mapping_needs_the_form_of_each_date():
    assert problems_of(SPEC, formats={}) == [
        ("format_occurred", "Choose how dates are written: when it happened: date, or month")
    ]


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"colour": "red"}, "colour", "“colour” is not part of a mapping"),
        ({"system": 5}, "system", "“system” must be a text"),
        ({"system": "x" * 61}, "system", "must be 60 characters or fewer"),
        ({"columns": SPEC["columns"] | {"shoe": "Size"}}, "columns", "“shoe” is not something that columns"),
        ({"columns": SPEC["columns"] | {"postcode": ["A", "B"]}}, "postcode", "Choose one column only"),
        ({"columns": SPEC["columns"] | {"postcode": 7}}, "postcode", "must be a text or a list"),
        ({"columns": SPEC["columns"] | {"latitude": "Lat"}}, "latitude", "both latitude and longitude"),
        ({"columns": "Ref"}, "columns", "“columns” must be a table"),
        ({"formats": {"occurred": "soon"}}, "format_occurred", "“soon” is not a form of date we know"),
        ({"constants": {"status": "closed"}}, "status", "“closed” is not a status. Use new, recorded"),
        ({"translations": {"status": {"Open": "open"}}}, "status", "“open” is not a status"),
        ({"translations": {"hate": {"Race": ""}}}, "hate", "“” is not a hate"),
        ({"translations": {"status": "new"}}, "status", "must be a table"),
        ({"file": {"encoding": "ebcdic"}}, "file", "The encoding must be one of"),
        ({"file": {"delimiter": "ab"}}, "file", "The delimiter must be one sign"),
        ({"file": {"delimiter": '"'}}, "file", "The delimiter must be one sign"),
        ({"file": {"delimiter": 3}}, "file", "must be a text"),
        ({"filter": [{"column": "Kind"}]}, "filter", "A filter names a column and one of"),
        ({"filter": [{"column": "Kind", "is": []}]}, "filter", "Enter the values of “Kind”"),
        ({"filter": ["Kind"]}, "filter", "A filter names a column"),
        ({"split_categories_at": ["x"]}, "split_categories_at", "must be a text"),
    ],
)
def test_mapping_says_what_is_wrong(changes, where, words):
    found = problems_of(SPEC, **changes)

    assert where in [each for each, _ in found]
    assert words in " ".join(said for _, said in found)


def test_time_of_day_needs_its_date():
    columns = {"received": "Date", "what_happened": "Details", "occurred_time": "Time"}

    assert ("occurred_time", "A time of day needs a column with its date") in problems_of(
        SPEC, columns=columns, formats={"received": "DD/MM/YYYY"}
    )


def test_filter_may_be_one_table():
    spec = read_spec(SPEC | {"filter": {"column": "Kind", "is": "Noise"}})

    assert spec.conditions[0].holds(" noise ")
    assert not spec.conditions[0].holds("Damage")
    assert read_spec(SPEC | {"filter": {"column": "Kind", "not_in": ["Noise"]}}).conditions[0].holds("Damage")


def test_problems_with_header_names_what_the_file_lacks():
    spec = read_spec(SPEC | {"filter": {"column": "Team", "is": "ASB"}})

    found = mapping.problems_with_header(spec, [" ref", "DATE", "Details", "Kind", "State"])

    assert [problem.words for problem in found] == [
        "The file has no column “Place”", "The file has no column “Team”",
    ]  # fmt: skip


def test_problems_with_categories_names_unknown_codes():
    spec = read_spec(SPEC | {"constants": {"categories": ["noise", "vice"]}})

    assert [problem.words for problem in mapping.problems_with_categories(spec, ["noise"])] == [
        "There is no category with the code “vice” here"
    ]


def test_the_mappings_that_come_with_the_product_are_sound():
    assert {each.key for each in shipped()} == {f"shipped-{path.stem}" for path in SHIPPED.glob("*.toml")}
    for each in shipped():
        assert each.name
        assert read_spec(as_dict(each.spec)) == each.spec


def test_the_example_in_the_documentation_is_the_one_that_comes_with_the_product():
    example = (SHIPPED / "police-street.toml").read_text(encoding="utf-8")

    assert f"```toml\n{example}```" in DOCS.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_mappings_for_a_file_are_those_whose_columns_it_has():
    partnership = PartnershipFactory()
    for name, spec, of in (
        ("Old", SPEC, partnership),
        ("New", SPEC, partnership),
        ("Broken", {"columns": 3}, partnership),
        ("Theirs", SPEC, PartnershipFactory()),
        ("Other file", SPEC | {"filter": {"column": "Team", "is": "ASB"}}, partnership),
    ):
        ImportMapping.objects.create(
            partnership=of, name=name, spec=spec, saved_at=AT.replace(year=2025 if name == "New" else 2024)
        )

    assert [each.name for each in mappings_for(partnership, SPEC["columns"].values())] == ["New", "Old"]
    assert [each.key for each in mappings_for(partnership, POLICE_HEADER)] == ["shipped-police-street"]
