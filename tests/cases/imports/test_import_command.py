import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import ImportRun, Report
from tests.cases.imports.conftest import HEADER, row
from tests.cases.imports.files import csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db
TOML = """
system = "Housing"
[columns]
reference = "Ref"
what_happened = "Details"
occurred = "Date"
[formats]
occurred = "DD/MM/YYYY"
[constants]
status = "recorded"
"""


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


@pytest.fixture
def command(team, police, mapping, tmp_path):
    def call(content, name="export.csv", **options):
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        out = StringIO()
        given = {"partnership": team.partnership.slug, "agency": police.agency.name, "mapping": mapping}
        call_command("import_reports", file, **given | {"json": True, "stdout": out} | options)
        return json.loads(out.getvalue()) if options.get("json", True) else out.getvalue()

    return call


def test_command_imports_and_prints_counts(command, officer, team):
    content = csv_bytes([HEADER, row("1"), row("2")])

    told = command(content, by=officer.email)

    assert told == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0, "left_out": 0}
    run = ImportRun.objects.get()
    assert (run.lead, run.by, run.file_name, run.state, run.file.name) == (
        team, officer, "export.csv", "done", "",
    )  # fmt: skip
    assert command(content, json=False).splitlines()[:2] == ["Read: 2", "Created: 0"]


@pytest.mark.parametrize(
    ("content", "name", "options"),
    [
        (gzip.compress(csv_bytes([HEADER, row("1")])), "export.csv.gz", {}),
        (xlsx_bytes([HEADER, row("1")], sheet="Data"), "export.xlsx", {"sheet": "Data"}),
        (
            csv_bytes([HEADER, row("1")], encoding="cp1252", delimiter="#"),
            "x.txt",
            {"delimiter": "#", "encoding": "cp1252"},
        ),
    ],
)
def test_command_takes_what_the_page_takes_and_gzip(command, content, name, options):
    assert command(content, name, **options)["created"] == 1


def test_command_dry_run_writes_nothing_but_rejected_rows(command, tmp_path, files_kept):
    rejected = tmp_path / "bad.csv"

    told = command(csv_bytes([HEADER, row("1"), row("2", date="")]), dry_run=True, rejected=rejected)

    assert (told["created"], told["rejected"], told["rejected_file"]) == (1, 1, str(rejected))
    assert "It has no date" in rejected.read_text(encoding="utf-8-sig")
    assert not Report.objects.exists()
    assert not ImportRun.objects.exists()
    assert not files_kept()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"partnership": "nowhere"}, "There is no partnership nowhere"),
        ({"agency": "Nobody"}, "Nobody is not in this partnership. Its agencies are: Agency"),
        ({"by": "nobody@example.org"}, "Nobody signs in as nobody@example.org"),
        ({"encoding": "utf-16"}, "is not written in UTF-16"),
    ],
)
def test_command_refuses_in_one_line(command, options, words):
    with pytest.raises(CommandError, match=words):
        command(csv_bytes([HEADER, row("1")]), **options)


def test_command_refuses_a_missing_file_and_a_bad_mapping(command, mapping):
    with pytest.raises(CommandError, match="No such file"):
        command(None)
    mapping.write_text("system = 3")
    with pytest.raises(CommandError, match="“system” must be a text"):
        command(csv_bytes([HEADER, row("1")]))


def test_command_refuses_a_partnership_without_a_team(command, team):
    team.partnership.receiving_partner = None
    team.partnership.save()

    with pytest.raises(CommandError, match="has no team that receives reports"):
        command(csv_bytes([HEADER, row("1")]))
