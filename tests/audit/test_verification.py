import random

import pgtrigger
import pytest
from django.db import connection

from csp.audit import seals
from csp.audit.models import Seal
from csp.audit.verification import verify
from tests.audit.days import days_ago, noon
from tests.audit.tampering import tamper, trigger_names, triggers_off
from tests.factories.audit import EventFactory, event_at

pytestmark = pytest.mark.django_db

CHANGES = {
    "at": "at + interval '1 second'",
    "verb": "'report.changed'",
    "kind": "'disclosure'",
    "target_type": "'cases.case'",
    "target_id": "4711",
    "reference": "'SV-R-26-999999'",
    "reason": "'because'",
    "detail": """'{"level": 4}'""",
    "request_id": "'other'",
}


def problems():
    return [(problem.day, problem.event, problem.what) for problem in verify().problems]


def test_an_untouched_record_verifies(sealed):
    found = verify()

    assert found.problems == []
    assert (found.days, found.events, found.unsealed, found.last.day) == (3, 9, 1, days_ago(1))


def test_an_empty_record_verifies():
    assert verify().as_json() == {
        "ok": True,
        "days": 0,
        "events": 0,
        "unsealed": 0,
        "unused_numbers": 0,
        "sealed_to": None,
        "digest": None,
        "problems": [],
    }


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_event_is_named(sealed, column):
    event = sealed[4]

    tamper(f"UPDATE audit_event SET {column} = {CHANGES[column]} WHERE id = %s", event.pk)

    assert problems() == [(days_ago(2), event.pk, f"event {event.pk} was changed after the day was sealed")]


@pytest.mark.parametrize("at", [0, 4, 8], ids=["first", "middle", "last"])
def test_a_removed_event_is_named(sealed, at):
    event = sealed[at]

    tamper("DELETE FROM audit_event WHERE id = %s", event.pk)

    day = (days_ago(3), days_ago(2), days_ago(1))[at // 3]
    assert problems() == [(day, event.pk, f"event {event.pk} was removed after the day was sealed")]


def test_an_event_added_to_a_sealed_day_is_named(sealed):
    event = event_at(noon(days_ago(2)))

    assert problems() == [(days_ago(2), event.pk, f"event {event.pk} was added after the day was sealed")]


def test_an_event_added_before_the_first_sealed_day_is_named(sealed):
    event = event_at(noon(days_ago(9)))

    assert problems() == [(days_ago(3), event.pk, f"event {event.pk} was added before the first sealed day")]


def test_an_event_moved_to_another_day_is_missed_there_and_found_here(sealed):
    event = sealed[0]

    tamper("UPDATE audit_event SET at = at + interval '1 day' WHERE id = %s", event.pk)

    assert [(day, number) for day, number, _ in problems()] == [
        (days_ago(3), event.pk),
        (days_ago(2), event.pk),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "digest = repeat('0', 64)",
        "marks = ''::bytea",
        "count = 2",
        "marks = overlay(marks placing 'xx' from 9)",
    ],
)
def test_a_changed_seal_is_named(sealed, change):
    tamper(f"UPDATE audit_seal SET {change} WHERE day = %s", days_ago(1), table="audit_seal")

    assert problems() == [(days_ago(1), None, "the seal itself was changed")]


def test_a_day_sealed_anew_breaks_the_chain(sealed):
    tamper("UPDATE audit_event SET reason = 'x' WHERE id = %s", sealed[0].pk)
    first = Seal.objects.earliest("day")
    leaves = list(seals.leaves_of(first.day))
    forged = seals.digest_of(first.day, "", leaves), seals.marks_of(leaves), first.pk
    tamper("UPDATE audit_seal SET digest = %s, marks = %s WHERE id = %s", *forged, table="audit_seal")

    assert problems() == [(days_ago(2), None, "this seal does not follow from the one before it")]


def test_a_removed_seal_is_missed(sealed):
    tamper("DELETE FROM audit_seal WHERE day = %s", days_ago(2), table="audit_seal")

    assert problems() == [
        (days_ago(2), None, "this day has no seal"),
        (days_ago(1), None, "this seal does not follow from the one before it"),
    ]


def test_seals_removed_from_the_end_are_missed(sealed):
    tamper("DELETE FROM audit_seal WHERE day >= %s", days_ago(2), table="audit_seal")

    assert problems() == [(days_ago(2), None, "this day has no seal")]


def test_yesterday_may_wait_for_its_seal():
    event_at(noon(days_ago(1)))

    assert verify().problems == []


def test_a_record_that_was_never_sealed_is_a_problem():
    event_at(noon(days_ago(2)))

    assert problems() == [(days_ago(2), None, "this day has no seal")]


def test_everything_sealed_anew_is_found_by_a_digest_noted_down_elsewhere(sealed):
    noted = Seal.objects.latest("day")
    with triggers_off("audit_seal") as cursor:
        cursor.execute("DELETE FROM audit_seal")
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[0].pk)
    seals.seal_up_to_yesterday()

    assert verify().problems == []
    assert str(verify({noted.day: noted.digest}).problems[0]).endswith(
        "not the seal that was noted down elsewhere"
    )
    assert str(verify({days_ago(30): "5f3a"}).problems[0]).endswith("that was noted down elsewhere is gone")


def test_a_trigger_switched_off_or_missing_is_a_problem(sealed):
    with triggers_off():
        assert [str(problem) for problem in verify().problems] == [
            f"the trigger {name} of audit.Event is switched off"
            for name in ("append_only", "no_truncate", "database_clock")
        ]
    with triggers_off("agencies_userevent") as cursor:
        (name,) = trigger_names("agencies_userevent", "pgtrigger_no_truncate%")
        cursor.execute(f"DROP TRIGGER {name} ON agencies_userevent")
    assert [what for *_, what in problems()] == [
        "the trigger no_truncate of agencies.UserEvent is missing or not the one we ship"
    ]


def test_a_trigger_that_does_something_else_is_a_problem(sealed):
    (name,) = trigger_names("audit_seal", "pgtrigger_append_only%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql"
        )

    assert [what for *_, what in problems()] == [
        "the trigger append_only of audit.Seal is missing or not the one we ship"
    ]


def test_triggers_that_are_all_passed_by_are_a_problem(sealed):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
            "AS 'BEGIN RETURN true; END' LANGUAGE plpgsql"
        )

    assert len(problems()) == len(list(pgtrigger.registered()))


def test_numbers_that_were_never_used_are_no_problem(sealed):
    with triggers_off() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))")
    EventFactory()

    found = verify()

    assert (found.unused_numbers, found.problems) == (1, [])


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_done_to_sealed_events_is_found(seed):
    """Any history of a few days, any number of changes to any columns, removals and additions."""
    chance = random.Random(seed)
    moments = [noon(days_ago(chance.randint(1, 4))) for _ in range(chance.randint(1, 12))]
    events = [
        event_at(at, reason=chance.choice(["", "x", "ä\n"]), detail={"n": chance.random()}) for at in moments
    ]
    seals.seal_up_to_yesterday()
    assert verify().problems == []

    touched = set()
    for event in chance.sample(events, chance.randint(0, len(events))):
        touched.add(event.pk)
        if chance.random() < 0.5:
            tamper("DELETE FROM audit_event WHERE id = %s", event.pk)
        else:
            column = chance.choice(sorted(CHANGES))
            tamper(f"UPDATE audit_event SET {column} = {CHANGES[column]} WHERE id = %s", event.pk)
    if not touched or chance.random() < 0.3:
        touched.add(event_at(noon(min(moments).date())).pk)

    assert {problem.event for problem in verify().problems} == touched
