import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.enums import ImportState
from cases.models import ImportMapping, ImportRun
from cases.services.imports import runs
from cases.services.imports.mapping import read_spec
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.models import LongTask
from tests.cases.imports.conftest import AT, HEADER, SPEC, row
from tests.cases.imports.files import csv_bytes, police_sample, xlsx_bytes
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.imports import ImportRunFactory

pytestmark = pytest.mark.django_db
CONTENT = csv_bytes([HEADER, row("1", state="Open"), row("2"), row("3", date="", state="Parked")])


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def upload(team, police, officer):
    """An upload whose columns are not chosen yet."""

    def make(content=CONTENT, **fields):
        return ImportRunFactory(lead=team, source_partner=police, by=officer, content=content, **fields)

    return make


@pytest.fixture
def mapped(upload, officer):
    def make(content=CONTENT, spec=SPEC):
        return runs.choose_mapping(run=upload(content), spec=read_spec(spec), by=officer, at=AT)

    return make


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def errors_of(response):
    return [error for errors in response.context["form"].errors.values() for error in errors]


CHOSEN = {
    "column_0": "reference", "column_1": "occurred", "column_2": "what_happened", "column_3": "location",
    "column_4": "", "column_5": "", "format_occurred": "DD/MM/YYYY", "system": "Housing",
    "status": "recorded",
}  # fmt: skip
"""What is filled in on the page of columns."""

PAGES = {
    "list": lambda run: reverse("imports:list"),
    "new": lambda run: reverse("imports:new"),
    "detail": lambda run: reverse("imports:detail", args=[run.pk]),
    "mapping": lambda run: reverse("imports:mapping", args=[run.pk]),
    "values": lambda run: reverse("imports:values", args=[run.pk]),
    "rejected": lambda run: reverse("imports:rejected", args=[run.pk]),
}
ACTIONS = {
    "start": lambda run: reverse("imports:start", args=[run.pk]),
    "layout": lambda run: reverse("imports:layout", args=[run.pk]),
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_not_there_for_strangers_and_not_for_colleagues_who_do_not_import(
    client, mapped, team, police, page
):
    url = PAGES[page](mapped())
    elsewhere = PartnerFactory(receiving=True)

    for user, status in (
        (user_at(police, Role.MANAGER), 404),
        (user_at(elsewhere, Role.OFFICER), 404 if page not in ("list", "new") else 200),
        (user_at(team, Role.ADMINISTRATOR), 404),
        (user_at(team, Role.PRACTITIONER), 403),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_refused_to_strangers_and_to_colleagues_who_do_not_import(
    client, mapped, team, police, action
):
    run = mapped()
    for user, status in ((user_at(police), 404), (user_at(team, Role.PRACTITIONER), 403)):
        client.force_login(user)
        assert client.post(ACTIONS[action](run)).status_code == status
    assert not LongTask.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_not_for_looking(signed_in, mapped, action):
    assert signed_in.get(ACTIONS[action](mapped())).status_code == 405


def test_list_says_what_to_do_where_there_is_nothing(signed_in):
    response = signed_in.get(reverse("imports:list"))

    assert "Nothing has been imported yet" in text_of(response)


def test_list_shows_the_imports_of_the_team_newest_first(signed_in, upload, officer, team):
    upload(file_name="old.csv", at=AT.replace(year=2020))
    upload(file_name="new.csv", state=ImportState.DONE, rows_created=1234)
    ImportRunFactory(file_name="theirs.csv")

    page = text_of(signed_in.get(reverse("imports:list")))

    assert page.index("new.csv") < page.index("old.csv")
    assert "1,234" in page
    assert "theirs.csv" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(signed_in, upload, django_assert_num_queries, count):
    for _ in range(count):
        upload()

    with django_assert_num_queries(5):
        signed_in.get(reverse("imports:list"))


def test_new_takes_a_file_to_its_columns(signed_in, police, officer):
    file = SimpleUploadedFile("June.csv", CONTENT)

    response = signed_in.post(reverse("imports:new"), {"source": police.pk, "file": file})

    run = ImportRun.objects.get()
    assert response.url == reverse("imports:mapping", args=[run.pk])
    assert (run.file_name, run.by, run.source_partner) == ("June.csv", officer, police)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "The file is empty. Choose another file"),
        ("header.csv", b"a,b\r\n", "The file has a header and no rows. Choose another file"),
        ("twice.csv", b"a,A\r\n1,2\r\n", "Two columns are named “a”"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "The file is not text"),
        ("sheet.xlsx", b"PK\x03\x04nonsense", "not an Excel workbook we can open"),
    ],
)
def test_new_refuses_what_is_no_table_and_keeps_the_agency(signed_in, police, name, content, words):
    file = SimpleUploadedFile(name, content)

    response = signed_in.post(reverse("imports:new"), {"source": police.pk, "file": file})

    assert words in " ".join(errors_of(response))
    assert response.context["form"]["source"].value() == str(police.pk)
    assert not ImportRun.objects.exists()


def test_new_refuses_a_file_that_is_too_large(signed_in, police, settings):
    settings.IMPORT_MAX_BYTES = 20
    file = SimpleUploadedFile("large.csv", CONTENT)

    response = signed_in.post(reverse("imports:new"), {"source": police.pk, "file": file})

    assert "The file is too large" in " ".join(errors_of(response))


def test_new_asks_for_agency_and_file(signed_in):
    response = signed_in.post(reverse("imports:new"), {"source": ""})

    assert errors_of(response) == ["Choose the agency the file is from", "Choose a CSV or Excel (.xlsx) file"]


def test_new_refuses_an_agency_of_another_partnership(signed_in):
    file = SimpleUploadedFile("June.csv", CONTENT)

    response = signed_in.post(reverse("imports:new"), {"source": PartnerFactory().pk, "file": file})

    assert len(errors_of(response)) == 1
    assert not ImportRun.objects.exists()


def test_new_says_that_the_team_is_missing(signed_in, police, team, monkeypatch):
    def refuse(**_details):
        raise runs.CannotImport("The partnership has no team")

    monkeypatch.setattr(runs, "receive", refuse)
    file = SimpleUploadedFile("June.csv", CONTENT)

    response = signed_in.post(reverse("imports:new"), {"source": police.pk, "file": file})

    assert errors_of(response) == ["The partnership has no team"]


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


@pytest.mark.parametrize("count", [1, 3])
def test_mapping_query_count(signed_in, upload, django_assert_num_queries, count):
    run = upload(csv_bytes([[f"Column {n}" for n in range(count)], *[["x"] * count] * count]))

    with django_assert_num_queries(7):
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


def test_values_lists_what_the_columns_hold_with_what_it_seems_to_mean(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {}})

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    fields = response.context["form"].fields
    assert [(field.label, field.initial) for field in fields.values()] == [
        ("Noise", "noise"), ("Closed", ""), ("Open", ""), ("Parked", ""),
    ]  # fmt: skip


def test_values_are_kept_and_the_file_is_checked(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {"status": {"Old": "new"}}})
    chosen = {"categories_0": "-", "status_0": "recorded", "status_1": "new", "status_2": "new"}

    response = signed_in.post(reverse("imports:values", args=[run.pk]), chosen)

    run.refresh_from_db()
    assert response.url == reverse("imports:detail", args=[run.pk])
    assert run.spec["translations"] == {
        "status": {"old": "new", "closed": "recorded", "open": "new", "parked": "new"},
        "categories": {"noise": []},
    }
    assert (run.state, run.dry_run) == (ImportState.QUEUED, True)


def test_values_asks_for_each_and_keeps_what_was_chosen(signed_in, mapped):
    run = mapped(spec=SPEC | {"translations": {}})

    response = signed_in.post(reverse("imports:values", args=[run.pk]), {"status_0": "recorded"})

    assert "Choose what “Open” means" in errors_of(response)
    assert response.context["form"]["status_0"].value() == "recorded"
    assert not LongTask.objects.exists()


def test_values_of_every_kind_of_list(signed_in, mapped):
    header = [*HEADER, "Hate", "Way"]
    columns = SPEC["columns"] | {"hate": "Hate", "contact_method": "Way"}
    rows = [[*row("1"), "Race", "E-mail"], [*row("2", kind="Both"), "No", "Post"]]
    run = mapped(
        csv_bytes([header, *rows]),
        SPEC | {"columns": columns, "translations": {"categories": {"Both": ["noise", "damage"]}}},
    )

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    initial = {field.label: field.initial for field in response.context["form"].fields.values()}
    both = initial.pop("Both")
    assert initial == {
        "Noise": "noise", "Closed": "", "No": "no", "Race": "race", "E-mail": "email", "Post": "",
    }  # fmt: skip
    assert sorted(both.split(",")) == ["damage", "noise"]


def test_values_says_where_there_are_too_many_to_list(signed_in, mapped):
    rows = [row(str(n), kind=f"Kind {n}") for n in range(120)]
    run = mapped(csv_bytes([HEADER, *rows]))

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    assert "“Kind of behaviour” has too many different values to list" in text_of(response)


def test_values_before_columns_goes_to_the_columns(signed_in, upload):
    run = upload()

    response = signed_in.get(reverse("imports:values", args=[run.pk]))

    assert response.url == reverse("imports:mapping", args=[run.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_values_query_count(signed_in, mapped, django_assert_num_queries, count):
    run = mapped(csv_bytes([HEADER, *(row(str(n), kind=f"Kind {n}") for n in range(count))]))

    with django_assert_num_queries(6):
        signed_in.get(reverse("imports:values", args=[run.pk]))


def test_what_a_file_holds_is_never_run_as_a_page(signed_in, upload, officer):
    bad = "<script>alert(1)</script>"
    run = upload(csv_bytes([[bad, "Date", "Kind"], [bad, "03/04/2024", bad]]))
    url = reverse("imports:mapping", args=[run.pk])
    chosen = {"column_0": "reference", "column_1": "reference", "system": bad, "filter_column_0": bad}

    pages = [signed_in.get(url), signed_in.post(url, chosen)]
    spec = {"system": bad, "columns": {"what_happened": bad, "occurred": "Date", "categories": "Kind"},
            "formats": {"occurred": "DD/MM/YYYY"}}  # fmt: skip
    runs.choose_mapping(run=run, spec=read_spec(spec), by=officer, at=AT)
    pages += [signed_in.get(reverse(f"imports:{page}", args=[run.pk])) for page in ("values", "detail")]
    pages.append(signed_in.post(reverse("imports:values", args=[run.pk])))

    for page in pages:
        assert bad not in page.content.decode()


def test_events_of_the_way_to_an_import(signed_in, mapped):
    run = mapped()

    signed_in.post(reverse("imports:start", args=[run.pk]), {"check": "yes"})

    assert list(Event.objects.values_list("verb", flat=True)) == ["import.mapped"]
    run.refresh_from_db()
    assert run.state == ImportState.QUEUED
