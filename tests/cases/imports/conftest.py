import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import storages

from cases.models import Report
from cases.services.imports import runs
from cases.services.imports.mapping import read_spec
from csp.agencies.enums import Role
from tests.cases.imports.files import csv_bytes, csv_file
from tests.factories.agencies import PartnerFactory, user_at
from tests.factories.cases import CategoryFactory
from tests.factories.imports import ImportRunFactory

AT = dt.datetime(2024, 6, 3, 10, tzinfo=dt.UTC)


@pytest.fixture
def files_kept():
    """The files put into private storage since the test began."""

    def there():
        return {path for path in Path(storages["private"].location).rglob("*") if path.is_file()}

    before = there()
    return lambda: there() - before


@pytest.fixture
def team(db):
    """The community safety team of a partnership with two kinds of behaviour."""
    team = PartnerFactory(receiving=True)
    CategoryFactory(partnership=team.partnership, code="noise", label="Noise")
    CategoryFactory(partnership=team.partnership, code="damage", label="Vandalism or damage", risk=2)
    return team


@pytest.fixture
def police(team):
    return PartnerFactory(partnership=team.partnership, name="Police")


@pytest.fixture
def officer(team):
    return user_at(team, Role.OFFICER)


SPEC = {
    "system": "Housing",
    "columns": {
        "reference": "Ref",
        "occurred": "Date",
        "what_happened": "Details",
        "location": "Place",
        "categories": "Kind",
        "status": "State",
    },
    "formats": {"occurred": "DD/MM/YYYY"},
    "translations": {"status": {"Open": "new", "Closed": "recorded"}},
}
HEADER = ["Ref", "Date", "Details", "Place", "Kind", "State"]


@pytest.fixture
def bring_in(police):
    """Import rows under HEADER by SPEC, or whatever else is given. Returns the run."""

    def run(
        rows=(), *, spec=SPEC, header=HEADER, file=None, dry=False, by=None, at=AT, layout=None, **changes
    ):
        read = read_spec(spec)
        if changes:
            read = replace(read, **changes)
        return runs.run_at_once(
            partner=police,
            file=file or csv_file([header, *rows]),
            file_name="export.csv",
            spec=read,
            layout=layout or {},
            max_bytes=10_000_000,
            dry=dry,
            by=by,
            at=at,
        )

    return run


def told(run):
    """Counts of a run: created, updated, unchanged, rejected, left out."""
    return (
        run.rows_created,
        run.rows_updated,
        run.rows_unchanged,
        run.rows_rejected,
        run.rows_left_out,
    )


def reports(team):
    return Report.objects.filter(partnership=team.partnership).order_by("pk")


def row(ref="1", date="03/04/2024", details="Shouting", place="Mill Road", kind="Noise", state="Closed"):
    return [ref, date, details, place, kind, state]


def rejected_rows(run):
    with run.rejected_file.open("rb") as file:
        return file.read().decode("utf-8-sig").splitlines()


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
