"""The police page: the monthly trend, files loaded, and loading more through a worker."""

import csv
import datetime as dt
import gzip
import io
from collections import Counter

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from csp.agencies.enums import AreaKind
from csp.core.enums import LongTaskStatus
from csp.core.models import LongTask
from performance.models import PoliceFile, PoliceIncident, PoliceUpload
from performance.services.police_import import load_police_file
from performance.services.police_trend import ASB, last_months, months_loaded, trend
from performance.tasks import load_police_upload
from tests.factories.agencies import AreaFactory
from tests.factories.police import FORCE, nowhere, police_bytes, police_row

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
HERE = ("South Oxfordshire", "Vale of White Horse")
MONTHS = ("2018-06", "2024-01", "2024-02", "2024-03", "2024-04")


@pytest.fixture
def south(team):
    return AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT, name="South Oxfordshire")


@pytest.fixture
def vale(team):
    return AreaFactory(partnership=team.partnership, kind=AreaKind.DISTRICT, name="Vale of White Horse")


def load(partnership, content, name="x.csv"):
    return load_police_file(partnership=partnership, file=io.BytesIO(content), name=name, by=None, at=NOW)


@pytest.fixture
def loaded(team, south, vale):
    here = team.partnership
    load(here, police_bytes(*[police_row(month="2024-02")] * 3, police_row("Drugs", month="2024-02")))
    load(here, police_bytes(police_row(), police_row("Drugs", name="Vale of White Horse 001A"), nowhere()))
    return here


def page(name, *args):
    return reverse(f"performance:{name}", args=args)


def test_a_month_without_a_file_is_not_nought(loaded):
    months = last_months(months_loaded(loaded), 13)

    found = trend(loaded, months, months_loaded(loaded))

    assert [f"{month:%Y-%m}" for month in found.months] == ["2024-02", "2024-03", "2024-04"]
    assert {row.crime_type: row.numbers for row in found.rows} == {ASB: (3, None, 1), "Drugs": (1, None, 1)}
    assert found.total.numbers == (4, None, 2)
    assert found.without(ASB) == (1, None, 1)
    assert found.row("Robbery").numbers == (0, None, 0)


def test_the_trend_of_one_area_and_type(loaded, vale):
    months = months_loaded(loaded)

    found = trend(loaded, months, months, area=vale)

    assert {row.crime_type: row.numbers for row in found.rows} == {"Drugs": (1, 0)}


@pytest.mark.parametrize("month", MONTHS)
def test_the_trend_is_what_plain_python_counts(team, south, vale, month):
    path = settings.SHARED_DATA_DIR / f"{month}-thames-valley-street.csv.gz"
    if not path.exists():
        pytest.skip("the open data samples are not on this machine (SHARED_DATA_DIR)")
    here = team.partnership
    load(here, path.read_bytes(), path.name)
    with gzip.open(path, "rt", newline="") as text:
        rows = [
            row for row in csv.DictReader(text) if row["LSOA name"].startswith(("South Oxf", "Vale of W"))
        ]

    months = months_loaded(here)
    whole, there = trend(here, months, months), trend(here, months, months, area=south)

    assert {row.crime_type: row.numbers[0] for row in whole.rows} == Counter(
        row["Crime type"] for row in rows
    )
    assert {row.crime_type: row.numbers[0] for row in there.rows} == Counter(
        row["Crime type"] for row in rows if row["LSOA name"].startswith("South")
    )


def test_readers_see_the_trend_and_the_files(client, lead, loaded):
    client.force_login(lead)

    response = client.get(page("police"))

    text = " ".join(response.content.decode().split())
    assert "Incidents that the police recorded" in text
    assert "not loaded" in text
    assert FORCE in text
    assert page("police_upload") not in text


def test_the_filter_cuts_to_a_type_and_an_area(client, lead, loaded, vale):
    client.force_login(lead)

    response = client.get(page("police"), {"crime_type": "Drugs", "area": vale.pk, "months": "all"})

    assert [row.numbers for row in response.context["rows"]] == [(0, 1)]
    assert "Drugs in Vale of White Horse" in response.content.decode()


def test_a_filter_that_makes_no_sense_filters_nothing(client, lead, loaded):
    client.force_login(lead)

    response = client.get(page("police"), {"crime_type": "x", "area": "0", "months": "9"})

    assert response.context["rows"][-1].numbers == (4, None, 2)


def test_the_table_can_be_taken_away(client, lead, loaded):
    client.force_login(lead)

    response = client.get(page("police_download"), {"crime_type": "Drugs"})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [["Crime type", "2024-02", "2024-03", "2024-04"], ["Drugs", "1", "not loaded", "1"]]


def test_without_files_the_page_says_so(client, officer):
    client.force_login(officer)

    text = client.get(page("police")).content.decode()

    assert "No file of the police is loaded yet" in text
    assert page("police_upload") in text


def sent(content, name="2024-04-made-up-street.csv"):
    return SimpleUploadedFile(name, content)


def send(client, *files):
    return client.post(page("police_upload"), {"sent": list(files), "submit": "Load"})


def work(upload):
    load_police_upload(long_task_id=str(upload.progress_id), upload_id=upload.pk)
    upload.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_loaded_by_a_worker(client, officer, south):
    client.force_login(officer)

    response = send(client, sent(police_bytes(police_row(), nowhere(), police_row(month="x"), packed=True)))
    upload = PoliceUpload.objects.get()
    assert response["Location"] == page("police_upload_detail", upload.pk)
    assert "Waiting" in client.get(response["Location"]).content.decode()
    stored = upload.file.path
    work(upload)

    assert PoliceIncident.objects.count() == 1
    assert (upload.counts["kept"], upload.counts["rejected"], upload.file.name) == (1, 1, "")
    assert LongTask.objects.get().status == LongTaskStatus.DONE
    assert not upload.file.storage.exists(stored)
    text = client.get(response["Location"]).content.decode()
    assert page("police_rejected", upload.pk) in text
    rejected = b"".join(client.get(page("police_rejected", upload.pk)).streaming_content).decode("utf-8-sig")
    assert "“x” is not a month" in rejected


@pytest.mark.django_db(transaction=True)
def test_work_done_twice_changes_nothing(client, officer, south):
    client.force_login(officer)
    send(client, sent(police_bytes(police_row())))
    upload = PoliceUpload.objects.get()
    work(upload)
    LongTask.objects.update(status=LongTaskStatus.QUEUED, finished_at=None)

    work(upload)

    assert (PoliceIncident.objects.count(), upload.counts["outcome"]) == (1, "loaded")


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_loaded_says_why(client, officer, south):
    client.force_login(officer)
    response = send(client, sent(police_bytes(police_row(), police_row(month="2024-05"))))
    upload = PoliceUpload.objects.get()

    work(upload)

    assert LongTask.objects.get().status == LongTaskStatus.FAILED
    assert "more than one month or force" in client.get(response["Location"]).content.decode()
    assert (PoliceFile.objects.count(), upload.finished_at) == (0, None)


def test_several_files_are_sent_at_once(client, officer, south):
    client.force_login(officer)

    response = send(client, sent(police_bytes(police_row())), sent(police_bytes(police_row(month="2024-03"))))

    assert response["Location"] == page("police")
    assert PoliceUpload.objects.count() == LongTask.objects.count() == 2
    assert "2024-04-made-up-street.csv" in client.get(page("police")).content.decode()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose a street-level file of the police"),
        ([sent(b"name,age\nAnn,3\n", "people.csv")], "people.csv: This is not a street-level file"),
        ([sent(police_bytes(), "none.csv")], "none.csv: The file has a header and no rows"),
        ([sent(b"", "empty.csv")], "The file is empty"),
        ([sent(b"\x1f\x8b broken", "x.csv.gz")], "x.csv.gz: The packed file is broken"),
        ([sent(police_bytes(police_row()), f"{n}.csv") for n in range(13)], "Choose up to 12 files"),
    ],
)
def test_what_is_no_police_file_is_refused(client, officer, south, files, words):
    client.force_login(officer)

    response = send(client, *files)

    assert words in response.content.decode()
    assert not PoliceUpload.objects.exists()


def test_only_the_team_loads_files(client, lead, officer, south):
    client.force_login(officer)
    send(client, sent(police_bytes(police_row())))
    upload = PoliceUpload.objects.get()
    client.force_login(lead)

    assert client.get(page("police_upload")).status_code == 403
    assert client.get(page("police_upload_detail", upload.pk)).status_code == 404
    assert client.get(page("police_rejected", upload.pk)).status_code == 404


def test_there_may_be_no_rejected_rows(client, officer, south):
    client.force_login(officer)
    send(client, sent(police_bytes(police_row())))

    assert client.get(page("police_rejected", PoliceUpload.objects.get().pk)).status_code == 404
