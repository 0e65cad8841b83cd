"""Numbers of reports for other authorities: nobody can be found in them, and that they left is recorded."""

import csv
import datetime as dt
import io
import zipfile
from collections import Counter

import pytest
from django.urls import reverse

from cases.enums import Precision
from csp.agencies.enums import AreaKind, Role
from csp.audit.models import Event
from performance.services.depersonalised import depersonalised, put_together
from tests.factories.agencies import AreaFactory, PartnerFactory, user_at
from tests.factories.cases import CategoryFactory, ReportFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("performance:depersonalised")
JUNE, MAY = dt.date(2026, 6, 1), dt.date(2026, 5, 1)
ASKED = {"first": "2026-06", "last": "2026-06", "recipient": "Thames Valley Police", "file_format": "csv"}


@pytest.fixture(autouse=True)
def autumn(time_machine):
    time_machine.move_to(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def officer(client, team):
    client.force_login(user_at(team, Role.OFFICER))
    return client


def told(team, number, **fields):
    at = dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC)
    return [ReportFactory(lead=team, **{"received_at": at} | fields) for _ in range(number)]


def test_groups_of_five_stay_and_smaller_ones_are_put_together():
    counted = Counter(
        {
            (JUNE, "Abbey", "Noise", "Night"): 5,
            (JUNE, "Abbey", "Noise", "Morning"): 4,
            (JUNE, "Abbey", "Noise", "Evening"): 1,
            (JUNE, "Didcot", "Noise", "Night"): 3,
            (JUNE, "Thame", "Noise", "Night"): 2,
            (MAY, "Thame", "Noise", "Night"): 4,
            (JUNE, "Thame", "Litter", "Night"): 4,
        }
    )
    found = put_together(counted)

    assert found.rows == [
        ((JUNE, "Abbey", "Noise", "Any time"), 5),
        ((JUNE, "Abbey", "Noise", "Night"), 5),
        ((JUNE, "Any ward", "Noise", "Any time"), 5),
    ]
    assert found.held_back == 2


def test_reports_by_month_ward_category_and_time_of_day(team):
    ward = AreaFactory(partnership=team.partnership, kind=AreaKind.WARD, name="Abbey")
    noise = CategoryFactory(lead=team, label="Noise")
    timed = {"occurred_precision": Precision.TIME, "occurred_on": JUNE}
    for report in told(team, 5, ward=ward, occurred_at=dt.time(5, 59), **timed):
        report.categories.add(noise)
    told(team, 6, occurred_at=dt.time(6, 0), **timed)
    told(PartnerFactory(receiving=True), 9)

    assert depersonalised(team.partnership, JUNE, JUNE).rows == [
        ((JUNE, "Abbey", "Noise", "Midnight to 6am"), 5),
        ((JUNE, "Ward not known", "Category not known", "6am to midday"), 6),
    ]


def test_the_file_holds_numbers_and_nothing_else(officer, team):
    told(team, 5, what_happened="Ann shouted", location="Behind 4 Mill Road", postcode="OX14 3HG")
    answer = officer.post(PAGE, ASKED)
    text = answer.content.decode("utf-8-sig")
    *_, head, row = csv.reader(io.StringIO(text))

    assert head == ["Month", "Ward", "Category", "Time of day", "Reports"]
    assert row == ["June 2026", "Ward not known", "Category not known", "Time not known", "5"]
    assert "For Thames Valley Police" in text
    assert not any(word in text for word in ("Ann", "Mill Road", "OX14", "SV-R"))
    name = f"reports-depersonalised-{team.partnership.slug}-2026-06-to-2026-06.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_that_it_left_is_recorded_with_whom_it_was_for(officer, team):
    told(team, 5)
    officer.post(PAGE, ASKED)
    event = Event.objects.get(verb="depersonalised.exported")

    assert event.reason == "Thames Valley Police"
    assert event.detail == {"rows": 1, "first": "2026-06-01", "last": "2026-06-01"}


def test_as_a_spreadsheet(officer, team):
    told(team, 4)
    answer = officer.post(PAGE, ASKED | {"file_format": "ods"})
    content = zipfile.ZipFile(io.BytesIO(answer.content)).read("content.xml").decode()

    assert "1 group still had fewer and is not here." in content
    assert "June 2026</text:p>" not in content.replace("behaviour, June 2026", "")


def test_it_begins_with_the_quarter_before(officer):
    form = officer.get(PAGE).context["form"]

    assert (form.initial["first"], form.initial["last"]) == ("2026-07", "2026-09")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"recipient": " "}, "Enter who it is for"),
        ({"file_format": ""}, "Select a kind of file"),
        ({"first": "2026-06", "last": "2026-05"}, "The last month must not be before the first"),
        ({"first": "2025-06", "last": "2026-06"}, "Choose 12 months or fewer"),
        ({"first": "1999-01"}, "Select the first month"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(officer, team, given, message):
    told(team, 1, received_at=dt.datetime(2025, 6, 2, tzinfo=dt.UTC))
    page = officer.post(PAGE, ASKED | given)

    assert message in page.content.decode()
    assert given.get("recipient") or "Thames Valley Police" in page.content.decode()
    assert not Event.objects.filter(verb="depersonalised.exported").exists()


def test_twelve_months_are_not_too_many(officer, team):
    assert officer.post(PAGE, ASKED | {"first": "2025-11", "last": "2026-10"})["Content-Type"].startswith(
        "text/csv"
    )


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.BOARD, Role.AUDITOR])
def test_for_the_team_alone(client, team, role):
    client.force_login(user_at(team, role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, ASKED).status_code == 403
