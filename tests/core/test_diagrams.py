import pytest
from django.core.management import CommandError, call_command

from csp.core.diagrams import diagram, state_machines
from csp.core.models import LongTask


@pytest.fixture
def docs(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs" / "state-machines.md"


def test_diagram_draws_each_move_and_each_end():
    lines = diagram(LongTask).splitlines()

    assert lines[0] == "## Long task"
    assert "    QUEUED: Waiting to start" in lines
    assert "    [*] --> QUEUED" in lines
    assert "    QUEUED --> RUNNING" in lines
    assert "    DONE --> [*]" in lines
    assert "    DONE --> QUEUED" not in lines


def test_diagram_of_records_without_a_first_status_shows_no_beginning(job_model):
    lines = diagram(job_model).splitlines()

    assert lines[2] == "One job, which takes more than a line to say."
    assert "    [*] --> " not in "\n".join(lines)


def test_state_machines_holds_every_workflow():
    assert "## Long task" in state_machines()
    assert state_machines().count("```mermaid") >= 3


def test_state_diagrams_writes_what_check_then_accepts(docs):
    call_command("state_diagrams")

    call_command("state_diagrams", "--check")

    assert docs.read_text() == state_machines()


@pytest.mark.parametrize("stale", [None, "# State machines\n"])
def test_state_diagrams_check_fails_where_the_file_is_stale(docs, stale):
    if stale:
        docs.write_text(stale)

    with pytest.raises(CommandError, match="is stale: run"):
        call_command("state_diagrams", "--check")
