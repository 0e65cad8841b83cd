"""The page on which a person says what the columns hold."""

import pytest
from django.urls import reverse

from cases.enums import ImportState
from cases.models import ImportMapping, ImportRun
from cases.services.imports import runs
from csp.core.models import LongTask
from tests.cases.imports.conftest import AT, HEADER, SPEC, errors_of, row, text_of
from tests.cases.imports.files import csv_bytes, police_sample, xlsx_bytes

pytestmark = pytest.mark.django_db

CHOSEN = {
    "column_0": "reference", "column_1": "occurred", "column_2": "what_happened", "column_3": "location",
    "column_4": "", "column_5": "", "format_occurred": "DD/MM/YYYY", "system": "Housing",
    "status": "recorded",
}  # fmt: skip
"""What is filled in on the page of columns."""


def test_mapping_shows_what_is_in_the_file_and_guesses_by_names(signed_in, upload):
    response = signed_in.get(reverse("imports:mapping", args=[upload().pk]))

    page = text_of(response)
    assert "CSV, comma between columns, UTF-8." in page
    assert "Mill Road" in page
    initial = response.context["form"].initial
    assert [initial[f"column_{n}"] for n in range(6)] == [
        "reference", "occurred", "what_happened", "location", "categories", "status",
    ]  # fmt: skip
    assert (initial["format_occurred"], initial["system"]) == ("DD/MM/YYYY", "Police")


def test_mapping_offers_what_fits_the_file_and_starts_from_it(signed_in, upload, team):
    run = upload(csv_bytes(police_sample()))

    response = signed_in.get(reverse("imports:mapping", args=[run.pk]))

    initial = response.context["form"].initial
    assert response.context["used"] == "shipped-police-street"
    assert initial["filter_column_0"] == "Crime type"
    assert initial["filter_values_0"] == "Anti-social behaviour"
    assert (initial["status"], initial["format_occurred"]) == ("recorded", "YYYY-MM")
    other = signed_in.get(reverse("imports:mapping", args=[run.pk]), {"use": "guess"})
    assert other.context["form"].initial["system"] == "Police"


def test_mapping_starts_from_a_saved_one_that_was_asked_for(signed_in, upload, team):
    several = SPEC | {
        "system": "Saved",
        "constants": {"categories": ["noise", "damage"], "location": "Estate"},
    }
    saved = ImportMapping.objects.create(
        partnership=team.partnership, name="Housing export", saved_at=AT,
        spec=several | {"filter": [{"column": "Kind", "not_in": ["Repairs"]}], "changing": ["State"]},
    )  # fmt: skip
    run = upload()
    url = reverse("imports:mapping", args=[run.pk])

    response = signed_in.get(url, {"use": f"saved-{saved.pk}"})

    page, initial = text_of(response), response.context["form"].initial
    assert "Housing export" in page
    assert "Noise + Vandalism or damage" in page
    assert (initial["filter_test_0"], initial["column_5"]) == ("not_in", "changing")
    signed_in.post(f"{url}?use=saved-{saved.pk}", CHOSEN | {"categories": initial["categories"]})
    run.refresh_from_db()
    assert run.spec["constants"]["categories"] == ["noise", "damage"]
    assert run.spec["constants"]["location"] == "Estate"
    assert run.spec["translations"]["status"] == {"open": "new", "closed": "recorded"}


def test_mapping_is_kept_and_checked_at_once_where_no_value_needs_a_meaning(signed_in, upload, officer):
    run = upload()
    chosen = CHOSEN | {
        "column_5": "changing", "name": "Housing export", "filter_column_0": "Kind",
        "filter_test_0": "not_in", "filter_values_0": "Repairs\r\n\r\n Lifts ", "what_happened": "A report",
        "categories": "noise",
    }  # fmt: skip

    response = signed_in.post(reverse("imports:mapping", args=[run.pk]), chosen)

    run.refresh_from_db()
    assert response.url == reverse("imports:detail", args=[run.pk])
    assert (run.state, run.dry_run) == (ImportState.QUEUED, True)
    assert run.spec == {
        "name": "Housing export", "system": "Housing", "file": {}, "changing": ["State"],
        "columns": {
            "reference": ["Ref"], "occurred": ["Date"], "what_happened": ["Details"], "location": ["Place"],
        },
        "formats": {"occurred": "DD/MM/YYYY"}, "split_categories_at": "", "translations": {},
        "constants": {"what_happened": "A report", "status": "recorded", "categories": ["noise"]},
        "filter": [{"column": "Kind", "not_in": ["Repairs", "Lifts"]}],
    }  # fmt: skip
    assert ImportMapping.objects.get().name == "Housing export"


def test_mapping_goes_on_to_values_that_need_a_meaning(signed_in, upload):
    run = upload()

    response = signed_in.post(reverse("imports:mapping", args=[run.pk]), CHOSEN | {"column_5": "status"})

    assert response.url == reverse("imports:values", args=[run.pk])
    assert not LongTask.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"system": ""}, "system", "Enter the name of the system the file comes from"),
        ({"column_2": ""}, "what_happened", "Choose a column for what happened, or enter a text for all"),
        ({"column_1": ""}, "__all__", "Choose a column that says when it happened or was reported"),
        ({"format_occurred": ""}, "format_occurred", "Choose how dates are written: when it happened"),
        ({"column_4": "reference"}, "column_4", "Choose one column only for “Reference in the other"),
        ({"column_4": "latitude"}, "column_4", "Choose columns for both latitude and longitude, or"),
        ({"filter_column_0": "Kind"}, "filter_values_0", "Enter the values of “Kind” that rows must or"),
    ],
)
def test_mapping_says_what_is_wrong_and_keeps_what_was_chosen(signed_in, upload, change, field, words):
    run = upload()

    response = signed_in.post(reverse("imports:mapping", args=[run.pk]), CHOSEN | change)

    form = response.context["form"]
    [error] = form.errors[field]
    assert words in error
    assert form["column_3"].value() == "location"
    run.refresh_from_db()
    assert run.spec == {}


def test_mapping_of_a_running_or_finished_import_is_not_changed(signed_in, mapped):
    run = mapped()
    for state in (ImportState.RUNNING, ImportState.DONE):
        ImportRun.objects.update(state=state)
        for page in ("mapping", "values"):
            response = signed_in.post(reverse(f"imports:{page}", args=[run.pk]), CHOSEN)
            assert response.url == reverse("imports:detail", args=[run.pk])


def test_mapping_tells_where_the_file_cannot_be_read_any_more(signed_in, upload):
    run = upload(b"\x00\x01")

    response = signed_in.get(reverse("imports:mapping", args=[run.pk]), follow=True)

    assert "The file is not text" in text_of(response)


@pytest.mark.parametrize("page", ["mapping", "values"])
def test_columns_chosen_while_a_colleague_starts_the_import_say_so(signed_in, mapped, monkeypatch, page):
    def started_meanwhile(**_details):
        raise runs.CannotStart("This import is under way already")

    run = mapped()
    monkeypatch.setattr(runs, "choose_mapping", started_meanwhile)
    chosen = CHOSEN | {"categories_0": "noise", "status_0": "new", "status_1": "new", "status_2": "new"}

    response = signed_in.post(reverse(f"imports:{page}", args=[run.pk]), chosen)

    assert errors_of(response) == ["This import is under way already"]


@pytest.mark.parametrize("count", [1, 3])
def test_mapping_query_count(signed_in, upload, django_assert_num_queries, count):
    run = upload(csv_bytes([[f"Column {n}" for n in range(count)], *[["x"] * count] * count]))

    with django_assert_num_queries(8):
        signed_in.get(reverse("imports:mapping", args=[run.pk]))


def test_layout_reads_the_file_in_another_way(signed_in, mapped):
    run = mapped()

    signed_in.post(reverse("imports:layout", args=[run.pk]), {"encoding": "cp1252", "delimiter": ";"})

    response = signed_in.get(reverse("imports:mapping", args=[run.pk]))
    assert response.context["preview"].header == [",".join(HEADER)]
    refused = signed_in.post(reverse("imports:layout", args=[run.pk]), {"encoding": "ebcdic"}, follow=True)
    assert "The encoding must be one of" in text_of(refused)


def test_layout_of_a_workbook_is_its_sheet(signed_in, upload):
    run = upload(xlsx_bytes([HEADER, row("1")], sheet="Data"), file_name="export.xlsx")

    page = text_of(signed_in.get(reverse("imports:mapping", args=[run.pk])))

    assert "Excel workbook, sheet “Data”." in page
    assert 'name="sheet"' in page
    assert 'name="delimiter"' not in page
