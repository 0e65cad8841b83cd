import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, models, transaction
from django.test.utils import isolate_apps

from csp.core import checks
from csp.core.clocks import BreachReasonNeeded, ClockMisused, ClockState, Unit
from csp.core.errors import InvalidTransition, RuleBroken
from csp.core.models import Clocked, Counter

START = dt.datetime(2026, 7, 3, 9, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)


def started(model, at=START, hours=8, **more):
    job = model(**more)
    job.start_clock(at, hours, Unit.HOURS)
    return job


@pytest.mark.parametrize(("now", "then"), list(itertools.product(["NEW", "OPEN", "CLOSED"], repeat=2)))
def test_workflow_moves_along_its_arrows_only(job_model, now, then):
    job = job_model(status=now)

    if then in job_model.transitions[now]:
        job.move_to(then)
        assert job.status == then
    else:
        with pytest.raises(InvalidTransition):
            job.move_to(then)
        assert job.status == now


def test_workflow_refusal_is_written_for_people(job_model):
    with pytest.raises(RuleBroken, match=r"^Job 7 is closed and cannot become new$"):
        job_model(status="CLOSED").move_to("NEW")


def test_workflow_refusal_keeps_the_capitals_of_abbreviations(job_model):
    with pytest.raises(RuleBroken, match=r"cannot become NFA$"):
        job_model(status="NEW").move_to("NFA")


def test_workflow_refuses_a_status_that_nobody_knows(job_model):
    with pytest.raises(RuleBroken, match=r"cannot become LOST$"):
        job_model(status="NEW").move_to("LOST")


def test_clock_is_none_until_started(job_model):
    assert job_model().clock is None


@pytest.mark.parametrize(
    "misuse", [lambda j: j.pause_clock(START), lambda j: j.stop_clock(START), lambda j: j.undo_stop_clock()]
)
def test_clock_not_started_cannot_be_used(job_model, misuse):
    with pytest.raises(ClockMisused, match="has not been st"):
        misuse(job_model())


def test_clock_reads_its_state_and_words(job_model):
    reading = started(job_model).clock_reading(START + 5 * HOUR)

    assert (reading.state, reading.words, reading.due_at) == (
        ClockState.RUNNING,
        "due in 3 hours",
        START + 8 * HOUR,
    )


def test_clock_reads_the_present_moment(job_model, time_machine):
    time_machine.move_to(START + 7 * HOUR, tick=False)

    assert started(job_model).clock.state == ClockState.AMBER


def test_clock_pauses_and_runs_again(jobs):
    job = started(jobs.model)

    job.pause_clock(START + HOUR)
    job.save()
    job.refresh_from_db()
    job.resume_clock(START + 3 * HOUR)
    job.save()

    job.refresh_from_db()
    assert (job.clock_due_at, job.clock_paused_at) == (START + 10 * HOUR, None)


def test_stop_clock_in_time_keeps_no_reason(jobs):
    job = started(jobs.model)

    job.stop_clock(START + 8 * HOUR, breach_reason="just in case")
    job.save()

    job.refresh_from_db()
    assert (job.clock_stopped_at, job.clock_breach_reason) == (START + 8 * HOUR, "")


@pytest.mark.parametrize("reason", ["", "  "])
def test_stop_clock_late_needs_a_reason(job_model, reason):
    job = started(job_model)

    with pytest.raises(BreachReasonNeeded, match="Enter why"):
        job.stop_clock(START + 8 * HOUR + TICK, breach_reason=reason)

    assert job.clock_stopped_at is None


def test_stop_clock_late_keeps_the_reason(jobs):
    job = started(jobs.model)

    job.stop_clock(START + 8 * HOUR + TICK, breach_reason=" Nobody on duty ")
    job.save()

    job.refresh_from_db()
    assert job.clock_breach_reason == "Nobody on duty"


def test_undo_stop_clock_lets_it_run_on(jobs):
    job = started(jobs.model)
    job.stop_clock(START + 9 * HOUR, breach_reason="Nobody on duty")

    job.undo_stop_clock()
    job.save()

    assert (job.clock_reading(START + HOUR).state, job.clock_breach_reason) == (ClockState.RUNNING, "")


def test_start_clock_again_begins_from_nothing(job_model):
    job = started(job_model)
    job.stop_clock(START + 9 * HOUR, breach_reason="Nobody on duty")

    job.start_clock(START + 24 * HOUR, 1, Unit.HOURS)

    assert (job.clock_due_at, job.clock_stopped_at, job.clock_breach_reason) == (START + 25 * HOUR, None, "")


def test_queries_sort_clocks_by_their_state(jobs):
    waiting = jobs.create()
    running, paused, done, done_late = (started(jobs.model) for _ in range(4))
    paused.pause_clock(START + HOUR)
    done.stop_clock(START + HOUR)
    done_late.stop_clock(START + 9 * HOUR, "Nobody on duty")
    for job in (running, paused, done, done_late):
        job.save()
    amber, due = running.clock_amber_at, running.clock_due_at

    assert waiting not in jobs.running()
    assert list(jobs.running()) == [running]
    assert list(jobs.paused()) == [paused]
    assert list(jobs.stopped_late()) == [done_late]
    assert [bool(jobs.amber(at)) for at in (amber - TICK, amber, due, due + TICK)] == [
        False,
        True,
        True,
        False,
    ]
    assert [bool(jobs.late(at)) for at in (due - TICK, due, due + TICK)] == [False, False, True]


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("whole_or_none", {"clock_due_at": None}),
        ("whole_or_none", {"clock_amber_at": None}),
        ("whole_or_none", {"clock_started_at": None}),
        ("whole_or_none", {"clock_unit": ""}),
        ("whole_or_none", {"clock_unit": "FORTNIGHTS"}),
        ("in_order", {"clock_amber_at": START - TICK}),
        ("in_order", {"clock_amber_at": START + 9 * HOUR}),
        ("paused_or_stopped", {"clock_paused_at": START - TICK}),
        ("paused_or_stopped", {"clock_stopped_at": START - TICK}),
        ("paused_or_stopped", {"clock_paused_at": START, "clock_stopped_at": START}),
        ("late_has_reason", {"clock_stopped_at": START + 8 * HOUR + TICK}),
    ],
)
def test_database_refuses_a_clock_that_makes_no_sense(jobs, constraint, values):
    job = started(jobs.model)
    job.save()

    with pytest.raises(IntegrityError, match=f"core_job_clock_{constraint}"), transaction.atomic():
        jobs.update(**values)


def test_database_refuses_parts_of_a_clock_that_never_started(jobs):
    jobs.create()

    with pytest.raises(IntegrityError, match="core_job_clock_whole_or_none"), transaction.atomic():
        jobs.update(clock_breach_reason="Nobody on duty")


def test_check_finds_a_model_that_lost_its_clock_constraints(job_model, monkeypatch):
    with isolate_apps("csp.core"):

        class Forgetful(Clocked):
            class Meta:
                app_label = "core"

    monkeypatch.setattr(checks.apps, "get_models", lambda: [job_model, Forgetful, Counter])

    problems = checks.clocks_keep_their_constraints()

    assert [(problem.id, problem.obj) for problem in problems] == [("core.E001", Forgetful)]


def test_counter_reads_as_its_last_number():
    assert str(Counter(partnership_code="SV", kind="R", year=2026, last=7)) == "SV-R-26: 7"


def test_models_in_tests_leave_no_trace_in_the_registry():
    assert not any(
        issubclass(model, models.Model) and model.__name__ == "Job" for model in checks.apps.get_models()
    )
