import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from csp.audit import seals
from csp.audit.models import Event, Seal
from csp.audit.tasks import seal_yesterday
from tests.audit.days import days_ago, noon
from tests.factories.audit import EventFactory, event_at


@pytest.mark.django_db
def test_sealing_covers_every_day_from_the_first_event_to_yesterday():
    event_at(noon(days_ago(3)))
    event_at(noon(days_ago(3)))
    event_at(noon(days_ago(1)))
    EventFactory()

    made = seals.seal_up_to_yesterday()

    assert [(seal.day, seal.count) for seal in made] == [(days_ago(3), 2), (days_ago(2), 0), (days_ago(1), 1)]
    assert [seal.previous_digest for seal in made] == ["", made[0].digest, made[1].digest]
    assert len({seal.digest for seal in made}) == 3
    assert str(made[0]) == f"{days_ago(3)} {made[0].digest[:12]}"


@pytest.mark.django_db
def test_sealing_twice_changes_nothing():
    event_at(noon(days_ago(1)))

    assert len(seals.seal_up_to_yesterday()) == 1
    assert seals.seal_up_to_yesterday() == []
    assert Seal.objects.count() == 1


@pytest.mark.django_db
def test_sealing_an_empty_record_makes_no_seal():
    assert seals.seal_up_to_yesterday() == []


@pytest.mark.django_db
def test_a_day_goes_from_midnight_to_midnight_in_london():
    summer = dt.date(2026, 7, 1)
    last_moment = dt.datetime(2026, 7, 1, 22, 59, 59, tzinfo=dt.UTC)
    event_at(last_moment)
    event_at(last_moment + dt.timedelta(seconds=1))

    assert seals.seal_day(day=summer).count == 1


@pytest.mark.django_db
def test_today_cannot_be_sealed():
    with pytest.raises(seals.CannotSeal, match="is not over yet"):
        seals.seal_day(day=days_ago(0))


@pytest.mark.django_db
def test_days_are_sealed_in_order():
    seals.seal_day(day=days_ago(5))

    with pytest.raises(seals.CannotSeal, match=f"{days_ago(4)} is the next day to seal"):
        seals.seal_day(day=days_ago(3))
    with pytest.raises(seals.CannotSeal, match=f"{days_ago(4)} is the next day to seal"):
        seals.seal_day(day=days_ago(5))


@pytest.mark.django_db
def test_the_digest_is_kept_in_the_log_too(caplog):
    caplog.set_level("INFO", "csp.audit")

    seal = seals.seal_day(day=days_ago(1))

    assert seal.digest in caplog.text


@pytest.mark.django_db
def test_the_nightly_task_seals():
    event_at(noon(days_ago(1)))

    seal_yesterday.apply(kwargs={"something_new": 1}, throw=True)

    assert Seal.objects.get().day == days_ago(1)


def in_another_session(work):
    """Run `work` on a connection of its own, and return what went wrong there."""
    failures = []

    def run():
        try:
            work()
        except Exception as failure:  # noqa: BLE001 -- handed to the test
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failures


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_an_event_that_is_still_being_written(monkeypatch):
    monkeypatch.setattr(seals, "LOCK_WAIT", "10s")
    written, over = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            event_at(noon(days_ago(1)))
            written.set()
            over.wait(1)

    thread, failures = in_another_session(write_slowly)
    written.wait(5)
    made = seals.seal_up_to_yesterday()
    thread.join()

    assert failures == []
    assert [seal.count for seal in made] == [1]


@pytest.mark.django_db(transaction=True)
def test_sealing_gives_up_rather_than_hold_up_everybody(monkeypatch):
    monkeypatch.setattr(seals, "LOCK_WAIT", "50ms")
    event_at(noon(days_ago(1)))

    with transaction.atomic():
        EventFactory()
        thread, failures = in_another_session(seals.seal_up_to_yesterday)
        thread.join()

    assert [str(failure) for failure in failures] == [
        "Events are still being written. Seal again in some minutes"
    ]
    assert not Seal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_chain():
    event_at(noon(days_ago(4)))

    first, first_failures = in_another_session(seals.seal_up_to_yesterday)
    second, second_failures = in_another_session(seals.seal_up_to_yesterday)
    first.join()
    second.join()

    assert all(isinstance(failure, seals.CannotSeal) for failure in first_failures + second_failures)
    seals.seal_up_to_yesterday()
    made = list(Seal.objects.order_by("day"))
    assert [seal.day for seal in made] == [days_ago(n) for n in (4, 3, 2, 1)]
    assert [seal.previous_digest for seal in made[1:]] == [seal.digest for seal in made[:-1]]


@pytest.mark.django_db(transaction=True)
def test_sealing_leaves_the_lock_time_of_the_session_as_it_was():
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '7s'")
        seals.wait_for_open_events()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)
    assert not Event.objects.exists()
