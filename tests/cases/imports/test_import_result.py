"""The page of one import, from waiting to done, and its rejected rows."""

import pytest
from django.urls import reverse

from cases import tasks
from cases.enums import ImportState
from cases.models import ImportRun, Report
from cases.services.imports import runs
from cases.services.imports.mapping import read_spec
from csp.agencies.enums import Role
from csp.audit.models import Event
from csp.core.models import LongTask
from tests.cases.imports.conftest import AT, HEADER, SPEC, row, text_of
from tests.cases.imports.files import csv_bytes
from tests.factories.agencies import user_at
from tests.factories.imports import ImportRunFactory

pytestmark = pytest.mark.django_db
ROWS = [row("1"), row("2", place="Mill Road"), row("3", date=""), row("4", date="=1+1")]

BY_POSTCODE = SPEC | {
    "columns": {name: column for name, column in SPEC["columns"].items() if name != "location"}
    | {"postcode": "Place"}
}


@pytest.fixture
def ready(team, police, officer):
    """An upload whose columns are chosen."""

    def make(rows=ROWS, spec=SPEC):
        run = ImportRunFactory(
            lead=team,
            source_partner=police,
            by=officer,
            content=csv_bytes([HEADER, *rows]),
            file_name="June.csv",
        )
        return runs.choose_mapping(run=run, spec=read_spec(spec), by=officer, at=AT)

    return make


def start(client, run, what):
    response = client.post(reverse("imports:start", args=[run.pk]), {what: "yes"})
    assert response.url == reverse("imports:detail", args=[run.pk])
    run.refresh_from_db()
    return run


def work(run):
    task = LongTask.objects.get(pk=run.progress_id)
    tasks.run_import(long_task_id=str(task.pk), **task.task_arguments)
    run.refresh_from_db()


def page_of(client, run):
    return text_of(client.get(reverse("imports:detail", args=[run.pk])))


def test_before_the_columns_are_chosen_the_page_says_what_to_do(signed_in, team, police):
    run = ImportRunFactory(lead=team, source_partner=police, content=b"a,b\n1,2\n")

    assert "Choose what the columns hold" in page_of(signed_in, run)


def test_while_it_waits_the_page_shows_a_bar_and_looks_again_by_itself(signed_in, ready):
    run = start(signed_in, ready(), "check")

    page = page_of(signed_in, run)

    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    assert "You can leave this page" in page


def test_the_page_of_work_whose_worker_died_offers_to_try_again(signed_in, ready):
    run = start(signed_in, ready(), "check")
    LongTask.objects.update(status="RUNNING", heartbeat_at=AT, attempt=1)
    ImportRun.objects.update(state=ImportState.RUNNING)

    page = page_of(signed_in, run)

    assert "This stopped before it was finished" in page
    assert reverse("core:progress_retry", args=[run.progress_id]) in page


def test_a_colleague_watches_the_same_bar_and_cannot_begin_again(client, signed_in, ready, team):
    run = start(signed_in, ready(), "check")
    client.force_login(user_at(team, Role.MANAGER))

    assert f'data-progress="{reverse("imports:detail", args=[run.pk])}"' in page_of(client, run)
    LongTask.objects.update(status="RUNNING", heartbeat_at=AT, attempt=1)
    assert "Try again" not in page_of(client, run)


def test_the_page_that_replaces_the_bar_says_that_the_work_is_done(signed_in, ready):
    run = start(signed_in, ready(), "check")
    work(run)

    assert f'id="progress-{run.progress_id}" data-progress-state="done"' in page_of(signed_in, run)


def test_looking_at_an_import_is_recorded_and_the_bar_is_not(signed_in, ready, officer):
    run = ready()
    url = reverse("imports:detail", args=[run.pk])

    signed_in.get(url, headers={"X-Background": "true"})
    assert not Event.objects.filter(verb="importrun.viewed").exists()
    for each in (url, reverse("imports:mapping", args=[run.pk])):
        signed_in.get(each)
    assert Event.objects.get(verb="importrun.viewed").actor == officer


def test_check_then_import_then_see_what_came_of_it(signed_in, ready, officer):
    run = start(signed_in, ready(), "check")
    work(run)

    page = page_of(signed_in, run)
    assert "This is what would happen. Nothing has been written yet." in page
    assert "Import this file" in page
    assert "It has no date" in page
    assert not Report.objects.exists()

    start(signed_in, run, "import")
    work(run)

    page = page_of(signed_in, run)
    assert "New reports" in page
    assert "Import this file" not in page
    assert Report.objects.count() == 2
    assert Event.objects.get(verb="import.ran").actor == officer


def test_rows_with_a_note_are_listed_with_their_reports(signed_in, ready):
    run = start(signed_in, ready(spec=BY_POSTCODE), "import")
    work(run)

    page = page_of(signed_in, run)

    assert "“Mill Road” is not a postcode" in page
    assert Report.objects.order_by("pk").first().reference in page


def test_a_report_says_where_it_came_from_and_what_could_not_be_used(signed_in, ready):
    run = start(signed_in, ready(spec=BY_POSTCODE), "import")
    work(run)
    report = Report.objects.order_by("pk").first()

    page = text_of(signed_in.get(reverse("reports:detail", args=[report.reference])))

    assert "Imported from Housing, line 2 of" in page
    assert "“Mill Road” is not a postcode" in page


def test_a_failed_import_says_why_and_what_to_do(signed_in, ready):
    run = ready()
    ImportRun.objects.update(spec=run.spec | {"columns": run.spec["columns"] | {"location": ["Gone"]}})
    start(signed_in, run, "import")
    work(run)

    page = page_of(signed_in, run)

    assert "The file has no column “Gone”" in page
    assert "Nothing of this file has come in." in page
    assert "Change what the columns hold" in page


def test_started_twice_the_second_is_told(signed_in, ready):
    run = start(signed_in, ready(), "import")

    response = signed_in.post(reverse("imports:start", args=[run.pk]), {"import": "yes"}, follow=True)

    assert "This import is under way already" in text_of(response)
    assert LongTask.objects.count() == 1


def test_rejected_rows_are_a_file_and_taking_it_is_recorded(signed_in, ready, officer):
    run = start(signed_in, ready(), "check")
    work(run)

    response = signed_in.get(reverse("imports:rejected", args=[run.pk]))

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "Line in the file,Why it was rejected,Ref,Date,Details,Place,Kind,State",
        "4,It has no date,3,,Shouting,Mill Road,Noise,Closed",
        "5,“=1+1” is not a date like DD/MM/YYYY,4,'=1+1,Shouting,Mill Road,Noise,Closed",
    ]
    assert response["Content-Disposition"] == 'attachment; filename="June-rejected.csv"'
    event = Event.objects.get(verb="import.exported")
    assert (event.actor, event.detail) == (officer, {"rows": 2, "run": run.pk})


def test_without_rejected_rows_there_is_no_file(signed_in, ready):
    assert signed_in.get(reverse("imports:rejected", args=[ready().pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_result_query_count(signed_in, ready, django_assert_num_queries, count):
    run = start(signed_in, ready([row(str(n)) for n in range(count)], BY_POSTCODE), "import")
    work(run)

    with django_assert_num_queries(7):
        signed_in.get(reverse("imports:detail", args=[run.pk]))


def test_a_command_on_the_server_has_no_person(signed_in, bring_in, team):
    run = bring_in([row("1")])

    assert "A command on the server" in page_of(signed_in, run)
