"""Who may import, the list of imports, and uploading a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.enums import ImportState
from cases.models import ImportRun
from cases.services.imports import runs
from cases.services.imports.mapping import read_spec
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.models import LongTask
from tests.cases.imports.conftest import AT, CONTENT, errors_of, text_of
from tests.cases.imports.files import csv_bytes
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.imports import ImportRunFactory

pytestmark = pytest.mark.django_db

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

    with django_assert_num_queries(4):
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
