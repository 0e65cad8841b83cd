import pytest

from cases.enums import ReportStatus, Risk
from cases.models import ImportedRow, Report, ReportPerson
from cases.services import claims
from csp.audit.models import Event
from tests.cases.imports.conftest import HEADER, SPEC, reports, row, told
from tests.factories.cases import NOON

pytestmark = pytest.mark.django_db
CALLER = SPEC | {"columns": SPEC["columns"] | {"caller_name": "Name", "caller_phone": "Phone"}}
CALLER_HEADER = [*HEADER, "Name", "Phone"]


def test_a_later_export_updates_what_it_tells_differently(bring_in, team, police, officer):
    bring_in([row("1"), row("2")])

    run = bring_in([row("1"), row("2", details="Shouting and damage", kind="damage")], by=officer)

    first, second = reports(team)
    assert told(run) == (0, 1, 1, 0, 0)
    assert (first.what_happened, second.what_happened) == ("Shouting", "Shouting and damage")
    assert [category.code for category in second.categories.all()] == ["damage"]
    event = Event.objects.get(verb="report.updated")
    assert (event.target, event.actor, event.partner) == (second, officer, police)
    assert event.detail == {"run": run.pk, "line": 3, "fields": ["what_happened", "categories"], "kept": []}
    history = Report.pgh_event_model.objects.filter(pgh_obj=second).order_by("pk")
    assert [each.what_happened for each in history] == ["Shouting", "Shouting and damage"]
    assert told(bring_in([row("1"), row("2", details="Shouting and damage", kind="damage")])) == (
        0,
        0,
        2,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"date": "04/04/2024"}, "occurred_on", "2024-04-04"),
        ({"place": "High Street"}, "location", "High Street"),
        ({"place": ""}, "location", ""),
    ],
)
def test_each_part_is_updated(bring_in, team, change, field, expected):
    bring_in([row("1")])

    assert told(bring_in([row("1", **change)])) == (0, 1, 0, 0, 0)
    assert str(getattr(reports(team).get(), field)) == expected


def test_what_a_person_changed_stays(bring_in, team):
    bring_in([row("1")])
    reports(team).update(location="12 Mill Road")

    run = bring_in([row("1", place="Mill Road, Thame", details="Shouting again")])

    report = reports(team).get()
    assert told(run) == (0, 1, 0, 0, 0)
    assert (report.location, report.what_happened) == ("12 Mill Road", "Shouting again")
    assert Event.objects.get(verb="report.updated").detail["kept"] == ["location"]
    assert ImportedRow.objects.get().notes == (
        "The file now says something else about the place in words. It was changed here, so it stays"
    )


def test_what_a_person_changed_stays_however_often_the_file_comes(bring_in, team):
    bring_in([row("1")])
    reports(team).update(location="12 Mill Road")

    for place in ("A", "B", "B", "A"):
        assert told(bring_in([row("1", place=place)])) == (0, 0, 1, 0, 0)

    assert reports(team).get().location == "12 Mill Road"
    assert not Event.objects.filter(verb="report.updated").exists()


def test_kinds_that_a_person_changed_stay(bring_in, team):
    bring_in([row("1")])
    reports(team).get().categories.clear()

    assert told(bring_in([row("1", kind="damage")])) == (0, 0, 1, 0, 0)
    assert not reports(team).get().categories.exists()


def test_a_decision_and_who_has_it_are_never_touched(bring_in, team, officer):
    bring_in([row("1", state="Open")])
    report = reports(team).get()
    claims.claim(report=report, by=officer, at=NOON)
    reports(team).update(status=ReportStatus.ADVICE)

    bring_in([row("1", state="Closed", details="More")])

    report.refresh_from_db()
    assert (report.status, report.officer, report.what_happened) == (ReportStatus.ADVICE, officer, "More")


def test_a_status_that_changes_in_the_other_system_changes_nothing_here(bring_in, team):
    bring_in([row("1", state="Open")])

    assert told(bring_in([row("1", state="Closed")])) == (0, 0, 1, 0, 0)
    assert reports(team).get().status == ReportStatus.NEW


def test_what_still_awaits_triage_is_weighed_again(bring_in, team):
    bring_in([row("1", state="Open"), row("2", state="Closed")])

    bring_in([row("1", state="Open", kind="damage"), row("2", state="Closed", kind="damage")])

    assert [report.risk for report in reports(team)] == [Risk.MEDIUM, Risk.STANDARD]


def test_a_file_with_another_mapping_brings_what_the_first_left_out(bring_in, team):
    less = SPEC | {"columns": {k: v for k, v in SPEC["columns"].items() if k != "location"}}
    bring_in([row("")], spec=less)

    assert told(bring_in([row("")])) == (0, 1, 0, 0, 0)
    assert reports(team).get().location == "Mill Road"


def test_when_it_was_reported_stays_where_the_file_no_longer_says(bring_in, team):
    dated = SPEC | {
        "columns": SPEC["columns"] | {"received": "Reported"},
        "formats": SPEC["formats"] | {"received": "DD/MM/YYYY"},
    }
    header = [*HEADER, "Reported"]
    bring_in([[*row("1"), "05/04/2024"]], spec=dated, header=header)
    before = reports(team).get().received_at

    assert told(bring_in([[*row("1"), ""]], spec=dated, header=header)) == (0, 0, 1, 0, 0)
    assert reports(team).get().received_at == before
    assert told(bring_in([[*row("1"), "06/04/2024"]], spec=dated, header=header)) == (0, 1, 0, 0, 0)
    assert reports(team).get().received_at.day == 5  # midnight of the 6th in London


def test_another_caller_takes_the_place_of_the_first(bring_in, team):
    bring_in([[*row("1"), "Ann Brown", "07700 900123"]], spec=CALLER, header=CALLER_HEADER)

    run = bring_in([[*row("1"), "Bob Brown", "07700 900456"]], spec=CALLER, header=CALLER_HEADER)

    assert told(run) == (0, 1, 0, 0, 0)
    assert ReportPerson.objects.get(is_caller=True).person.name == "Bob Brown"
    assert told(bring_in([[*row("1"), "", ""]], spec=CALLER, header=CALLER_HEADER)) == (0, 0, 1, 0, 0)


def test_a_caller_comes_late(bring_in, team):
    bring_in([[*row("1"), "", ""]], spec=CALLER, header=CALLER_HEADER)

    bring_in([[*row("1"), "Ann Brown", "07700 900123"]], spec=CALLER, header=CALLER_HEADER)

    assert ReportPerson.objects.get(is_caller=True).person.name == "Ann Brown"
    assert reports(team).get().caller_kind == "person"


def test_a_caller_whom_a_person_took_out_stays_out(bring_in, team):
    bring_in([[*row("1"), "Ann Brown", "07700 900123"]], spec=CALLER, header=CALLER_HEADER)
    ReportPerson.objects.all().delete()

    run = bring_in([[*row("1"), "Bob Brown", "07700 900456"]], spec=CALLER, header=CALLER_HEADER)

    assert told(run) == (0, 0, 1, 0, 0)
    assert not ReportPerson.objects.exists()


def test_a_report_without_a_record_of_its_import_is_left_alone(bring_in, team):
    bring_in([row("1")])
    ImportedRow.objects.all().delete()

    assert told(bring_in([row("1", place="High Street")])) == (0, 0, 1, 0, 0)
    assert reports(team).get().location == "Mill Road"
