"""The dashboard as files: one table, or the whole page."""

import csv
import io
import zipfile

import pytest
from django.conf import settings
from django.test import Client

from csp.agencies.enums import Role
from csp.agencies.models import Area, Partner, User
from csp.audit.models import Event
from csp.core.calendar import Period
from tests.factories.agencies import user_at
from tests.performance.dashboard_scene import (
    A_YEAR,
    JUNE,
    built,
    done,
    reported,
    show,
    table_of,
)

pytestmark = pytest.mark.django_db


def test_one_table_as_csv(client: Client, team: Partner, officer: User, area: Area) -> None:
    reported(team, 2, local_area=area)

    file = show(client, officer, "download", what="areas", format="csv")
    assert file["Content-Disposition"].endswith('-2021-22-areas.csv"')
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[:3] == [[settings.MARKING], [f"Performance of {team.partnership}"], ["2021-22"]]
    assert rows[4] == ["By area", "2021-22"]
    assert rows[6][:2] == ["Abingdon", "2"]
    event = Event.objects.get(verb="performance_figures.exported")
    assert event.actor == officer
    assert event.detail["table"] == "areas"


def test_the_whole_page_as_ods(client: Client, team: Partner, officer: User) -> None:
    reported(team, 2)

    file = show(client, officer, "download", format="ods")
    content = zipfile.ZipFile(io.BytesIO(file.content)).read("content.xml").decode()
    for title in ("Figures", "Late now", "Reports received", "By area", "By agency"):
        assert f'table:name="{title}"' in content


@pytest.mark.parametrize("file_format", ["csv", "ods"])
def test_a_file_of_the_months(client: Client, team: Partner, officer: User, file_format: str) -> None:
    reported(team, 2)

    query = {"by": "month", "what": "reports-over-time", "format": file_format}
    assert show(client, officer, "download", **query).status_code == 200
    event = Event.objects.get(verb="performance_figures.exported")
    assert event.detail.items() >= {"period": "2021-22", "trends": "month", "format": file_format}.items()


def test_a_row_of_the_file_says_of_what_part_its_number_is(team: Partner) -> None:
    done(team, team, late=False), done(team, team, late=True), done(team, team, late=False)

    rows = table_of(built(team, Period.named("2025-26")), "figures")
    assert ["Actions due: done on time", "2", "3", "67%"] in [row[:4] for row in rows]


def test_changes_in_the_file_are_told_apart(team: Partner) -> None:
    reported(team, at=JUNE - 2 * A_YEAR), reported(team, 10, JUNE - A_YEAR), reported(team, 12)

    assert ["up from 10, 20% more", "in 2020-21"] in [row[4:] for row in table_of(built(team), "figures")]


def test_numbers_of_the_sheets_can_be_added_up(client: Client, team: Partner, officer: User) -> None:
    reported(team, 2)

    file = show(client, officer, "download", format="ods")
    content = zipfile.ZipFile(io.BytesIO(file.content)).read("content.xml").decode()
    assert '<table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p>' in content
    assert 'table:name="About this file"' in content
    assert f"<text:p>{settings.MARKING}</text:p>" in content


def test_a_file_holds_no_more_than_the_page(client: Client, team: Partner) -> None:
    reported(team, 3)

    file = show(client, user_at(team, Role.BOARD), "download").content.decode("utf-8-sig")
    assert "Reports received,fewer than 5" in file


@pytest.mark.parametrize("query", [{"what": "secrets"}, {"format": "exe"}])
def test_there_is_no_file_of_what_is_not_there(client: Client, officer: User, query: dict[str, str]) -> None:
    assert show(client, officer, "download", **query).status_code == 404
