import csv
import datetime as dt
import io

import pytest

from cases.enums import CallerKind, Channel, Precision, ReportStatus, Risk
from cases.models import ImportedRow, Report, ReportPerson
from cases.services.imports import running
from cases.services.imports.mapping import MappingInvalid
from cases.services.imports.refusals import CannotImport
from csp.agencies.models import Lsoa, Ward
from csp.audit.models import Event
from tests.cases.imports.conftest import AT, HEADER, SPEC, rejected_rows, reports, row, told
from tests.cases.imports.files import csv_file, police_row, police_sample, xlsx_bytes
from tests.factories.agencies import AreaFactory, user_at

pytestmark = pytest.mark.django_db
POLICE = {
    "system": "data.police.uk",
    "columns": {
        "what_happened": "Crime type", "occurred": "Month", "location": "Location",
        "latitude": "Latitude", "longitude": "Longitude", "lsoa": "LSOA code",
    },
    "formats": {"occurred": "YYYY-MM"},
    "constants": {"status": "recorded"},
    "filter": [{"column": "Crime type", "is": "Anti-social behaviour"}],
}  # fmt: skip


def test_a_row_becomes_a_report_of_the_team(bring_in, team, police, officer):
    run = bring_in([row(ref="H-1", state="Open")], by=officer)

    report = reports(team).get()
    assert told(run) == (1, 0, 0, 0, 0)
    assert report.reference == f"{team.partnership.code}-R-24-000001"
    assert (report.lead, report.source_partner, report.channel) == (team, police, Channel.IMPORT)
    assert (report.what_happened, report.location) == ("Shouting", "Mill Road")
    assert (report.occurred_on, report.occurred_precision) == (dt.date(2024, 4, 3), Precision.DAY)
    assert (report.received_at, report.logged_at, report.logged_by) == (AT, AT, officer)
    assert [category.code for category in report.categories.all()] == ["noise"]
    assert (report.source_system, report.source_key, report.source_reference) == ("Housing", "H-1", "H-1")
    assert (report.imported_by_run, report.caller_kind) == (run, CallerKind.AGENCY)


def test_a_report_is_seen_by_the_team_and_by_nobody_else(bring_in, team, police, officer):
    bring_in([row()])

    report = reports(team).get()
    assert set(Report.objects.visible_to(officer)) == {report}
    assert officer.has_perm("reports.contribute", report)
    assert not Report.objects.visible_to(user_at(police)).exists()


def test_every_step_is_recorded(bring_in, team, police, officer):
    run = bring_in([row("1"), row("2")], by=officer)

    events = Event.objects.filter(verb="report.imported").order_by("pk")
    made = list(reports(team))
    assert [event.target for event in events] == made
    assert [event.reference for event in events] == [report.reference for report in made]
    assert [event.detail for event in events] == [{"run": run.pk, "line": 2}, {"run": run.pk, "line": 3}]
    assert {(event.actor, event.actor_partner, event.partner, event.kind) for event in events} == {
        (officer, team, police, "collection")
    }
    ran = Event.objects.get(verb="import.ran")
    assert ran.detail["counts"] == {
        "read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0, "left_out": 0,
    }  # fmt: skip
    history = Report.pgh_event_model.objects.select_related("pgh_context")
    assert [each.pgh_context.metadata["import_run"] for each in history] == [run.pk, run.pk]
    assert history[0].pgh_context.metadata["user"] == officer.pk


def test_references_go_on_without_gaps(bring_in, team):
    bring_in([row(str(n)) for n in range(3)])
    bring_in([row("bad", date="")])
    bring_in([row(str(n)) for n in range(2, 5)])

    assert [report.reference[-6:] for report in reports(team)] == [f"{n:06}" for n in range(1, 6)]


def test_what_is_only_recorded_has_no_clock_and_came_in_when_it_happened(bring_in, team):
    bring_in([row(state="Closed", kind="Vandalism or damage")])

    report = reports(team).get()
    assert (report.status, report.clock) == (ReportStatus.RECORDED, None)
    assert report.received_at == dt.datetime(2024, 4, 2, 23, tzinfo=dt.UTC)  # midnight in London
    assert (report.risk, report.risk_reasons) == (Risk.MEDIUM, ["This kind of behaviour is medium risk"])


def test_identical_rows_are_separate_incidents_and_the_same_file_is_recognised(bring_in, team):
    first = bring_in(file=csv_file(police_sample()), spec=POLICE)
    keys = set(reports(team).values_list("source_key", flat=True))
    history = Report.pgh_event_model.objects.count()

    again = bring_in(file=csv_file(police_sample()), spec=POLICE)

    assert told(first) == (9, 0, 0, 0, 2)
    assert len(keys) == 9
    assert told(again) == (0, 0, 9, 0, 2)
    assert reports(team).count() == 9
    assert Report.pgh_event_model.objects.count() == history


def with_numbers(line):
    """As Excel keeps coordinates once it has opened the file."""
    return [*line[:4], *(float(cell) if cell else None for cell in line[4:6]), *line[6:]]


@pytest.mark.parametrize(
    "again",
    [
        lambda rows: csv_file(rows, line_end="\n", encoding="utf-8-sig", delimiter=";"),
        lambda rows: csv_file(rows, encoding="cp1252", delimiter="\t", quoting=csv.QUOTE_ALL),
        lambda rows: csv_file([line[::-1] for line in rows]),
        lambda rows: csv_file([rows[0], *rows[:0:-1]]),
        lambda rows: csv_file([[*line, ""] for line in rows[:1]] + [[*line, " "] for line in rows[1:]]),
        lambda rows: io.BytesIO(xlsx_bytes(rows)),
        lambda rows: io.BytesIO(xlsx_bytes([rows[0], *map(with_numbers, rows[1:])])),
    ],
    ids=["line ends", "encoding", "columns", "rows", "empty column", "workbook", "numbers"],
)
def test_the_same_file_saved_in_another_way_changes_nothing(bring_in, team, again):
    bring_in(file=csv_file(police_sample()), spec=POLICE)

    assert told(bring_in(file=again(police_sample()), spec=POLICE)) == (0, 0, 9, 0, 2)


def test_one_more_row_that_says_the_same_is_one_more_incident(bring_in, team):
    bring_in(file=csv_file(police_sample()), spec=POLICE)

    assert told(bring_in(file=csv_file([*police_sample(), police_row()]), spec=POLICE)) == (1, 0, 9, 0, 2)


def test_identical_rows_far_apart_in_a_file_are_counted_on(bring_in, team, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)

    first = bring_in(file=csv_file(police_sample()), spec=POLICE)

    assert told(first) == (9, 0, 0, 0, 2)
    assert told(bring_in(file=csv_file(police_sample()), spec=POLICE)) == (0, 0, 9, 0, 2)


def test_rows_of_another_system_or_partnership_are_others(bring_in, team):
    bring_in([row("1")])

    assert told(bring_in([row("1")], system="Police"))[0] == 1
    assert reports(team).count() == 2


def test_blank_and_absurd_coordinates_are_no_point_and_the_rows_are_kept(bring_in, team):
    run = bring_in(file=csv_file(police_sample()), spec=POLICE)

    points = [(each.latitude, each.longitude) for each in reports(team)]
    assert points == [(51.750231, -1.267367)] * 3 + [(None, None)] * 5 + [(51.750231, -1.267367)]
    notes = ImportedRow.objects.filter(run=run).exclude(notes="").order_by("line")
    assert [(each.line, each.notes) for each in notes] == [
        (7, "The coordinates are outside Great Britain"),
        (8, "Latitude and longitude look swapped"),
        (9, "The coordinates are outside Great Britain"),
    ]


def test_a_report_gets_its_ward_and_local_area(bring_in, team):
    district = AreaFactory(partnership=team.partnership, kind="district", codes=["E07000178"])
    local = AreaFactory(partnership=team.partnership, kind="local_area", parent=district)
    ward = AreaFactory(partnership=team.partnership, codes=["E05006547"], parent=local)
    paper = Ward.objects.create(
        code="E05006547", name="Carfax", district_code="E07000178", district_name="Oxford"
    )
    Lsoa.objects.create(code="E01028500", name="Oxford 001A", ward=paper)

    bring_in(file=csv_file([*police_sample()[:2]]), spec=POLICE)

    assert (reports(team).get().ward, reports(team).get().local_area) == (ward, local)


def test_the_same_reference_twice_in_one_file(bring_in, team, monkeypatch):
    rows = [row("1"), row("2"), row("1"), row("2", details="Something else")]

    run = bring_in(rows)

    assert told(run) == (2, 0, 1, 1, 0)
    [rejected] = rejected_rows(run)[1:]
    assert rejected.startswith("5,Line 3 has the same reference and says something else,2,03/04/2024,")
    monkeypatch.setattr(running, "AT_ONCE", 1)
    assert told(bring_in(rows)) == (0, 0, 3, 1, 0)


def test_a_reference_whose_first_row_was_rejected_may_come_later(bring_in):
    assert told(bring_in([row("1", date=""), row("1")])) == (1, 0, 0, 1, 0)


def test_rejected_rows_say_line_and_reason_and_run_no_formulas(bring_in):
    rows = [row("1"), ["2", "31/02/2024", "=cmd|' /C calc'!A0", "@home", "-1", "+44"], ["3", "03/04/2024"]]

    run = bring_in(rows)

    assert told(run) == (1, 0, 0, 2, 0)
    assert list(csv.reader(rejected_rows(run))) == [
        ["Line in the file", "Why it was rejected", *HEADER],
        [
            "3", "“31/02/2024” is not a date like DD/MM/YYYY", "2", "31/02/2024", "'=cmd|' /C calc'!A0",
            "'@home", "-1", "+44",
        ],
        ["4", "It has 2 values, but the header names 6 columns", "3", "03/04/2024"],
    ]  # fmt: skip


def test_rejected_rows_corrected_and_imported_are_the_rows_they_were(bring_in, team):
    good, bad = row("", details="A"), row("", details="B", date="31/02/2024")
    run = bring_in([good, bad])
    corrected = "\r\n".join(rejected_rows(run)).replace("31/02/2024", "29/02/2024")

    assert told(bring_in(file=io.BytesIO(corrected.encode()))) == (1, 0, 0, 0, 0)
    whole = [good, row("", details="B", date="29/02/2024")]
    assert told(bring_in(whole)) == (0, 0, 2, 0, 0)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(bring_in, team):
    bring_in([row("1"), row("2")])
    before = list(Report.objects.values()), Event.objects.filter(verb__startswith="report").count()

    run = bring_in([row("1"), row("2", details="Changed"), row("3"), row("4", date="")], dry=True)

    assert told(run) == (1, 1, 1, 1, 0)
    assert run.state == "checked"
    assert (list(Report.objects.values()), Event.objects.filter(verb__startswith="report").count()) == before


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (csv_file([HEADER]), "a header and no rows"),
        (io.BytesIO(b"a,b\n1,2\n"), "The file has no column “Ref”"),
        (io.BytesIO(b""), "is empty"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(bring_in, file, words):
    with pytest.raises(CannotImport, match=words):
        bring_in(file=file)


def test_a_mapping_with_an_unknown_category_is_refused(bring_in):
    with pytest.raises(MappingInvalid, match="no category with the code “vice”"):
        bring_in([row()], spec=SPEC | {"constants": {"categories": ["vice"]}})


def test_a_file_that_breaks_half_way_leaves_nothing(bring_in, team, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 1)
    broken = csv_file([HEADER, row("1"), row("2", details="Changed")]).read() + b'3,"'
    bring_in([row("2")])
    before = list(Report.objects.values()), Event.objects.count(), ImportedRow.objects.count()

    with pytest.raises(CannotImport, match="never closed"):
        bring_in(file=io.BytesIO(broken))

    assert (list(Report.objects.values()), Event.objects.count(), ImportedRow.objects.count()) == before


def test_an_event_that_cannot_be_written_takes_the_import_with_it(bring_in, team, monkeypatch, files_kept):
    def fail(*_args, **_details):
        raise RuntimeError

    monkeypatch.setattr(running, "record", fail)

    with pytest.raises(RuntimeError):
        bring_in([row("1"), row("2", date="")])

    assert not Report.objects.exists()
    assert not files_kept()


def test_callers_come_in_with_their_reports(bring_in, team):
    columns = SPEC["columns"] | {"caller_name": "Name", "caller_phone": "Phone", "contact_method": "By"}
    header = [*HEADER, "Name", "Phone", "By"]
    rows = [
        [*row("1"), "Ann Brown", "07700 900123", "Phone"],
        [*row("2"), "ann  brown", "+44 7700 900123", ""],
        [*row("3"), "Ann Brown", "", ""],
        [*row("4"), "", "01235 555555", ""],
        [*row("5"), "", "", ""],
    ]

    bring_in(rows, header=header, spec=SPEC | {"columns": columns})

    links = ReportPerson.objects.filter(is_caller=True).order_by("report")
    people = [link.person_id for link in links]
    assert [link.person.name for link in links] == ["Ann Brown", "Ann Brown", "Ann Brown", "Name not given"]
    assert people[0] == people[1]  # by name and phone
    assert len(set(people)) == 3  # a name alone is not enough
    kinds = [report.caller_kind for report in reports(team)]
    assert kinds == [CallerKind.PERSON] * 4 + [CallerKind.AGENCY]
    assert reports(team)[0].contact_method == "phone"


def test_long_references_are_kept_as_keys(bring_in, team):
    bring_in([row("x" * 61), row("row:abc:1")])

    assert [(each.source_key, each.source_reference) for each in reports(team)] == [
        ("x" * 61, ""), ("ref:row:abc:1", "row:abc:1"),
    ]  # fmt: skip


def test_rows_without_a_reference_beside_rows_with_one(bring_in, team):
    rows = [row("1"), row(""), row(""), row("2")]

    assert told(bring_in(rows)) == (4, 0, 0, 0, 0)
    assert told(bring_in(rows)) == (0, 0, 4, 0, 0)
