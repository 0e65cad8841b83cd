import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from csp.core.models import Counter
from csp.core.references import ACTION, CASE, REPORT, next_reference, next_references

WORKERS, EACH = 6, 15


def in_own_connection(work):
    """Run in this thread, and leave no connection behind."""
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db
def test_next_reference_counts_from_one():
    assert [next_reference("SV", REPORT, 2026) for _ in range(3)] == [
        "SV-R-26-000001",
        "SV-R-26-000002",
        "SV-R-26-000003",
    ]


@pytest.mark.django_db
def test_next_reference_counts_each_partnership_kind_and_year_apart():
    next_reference("SV", REPORT, 2026)

    others = [("WO", REPORT, 2026), ("SV", CASE, 2026), ("SV", ACTION, 2026), ("SV", REPORT, 2027)]

    assert [next_reference(*other) for other in others] == [
        "WO-R-26-000001",
        "SV-C-26-000001",
        "SV-A-26-000001",
        "SV-R-27-000001",
    ]


@pytest.mark.django_db
def test_next_references_takes_a_run_of_numbers():
    next_reference("SV", REPORT, 2026)

    assert next_references("SV", REPORT, 2026, 2) == ["SV-R-26-000002", "SV-R-26-000003"]
    assert next_reference("SV", REPORT, 2026) == "SV-R-26-000004"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, -1])
def test_next_references_of_none_takes_none(count):
    assert next_references("SV", REPORT, 2026, count) == []
    assert not Counter.objects.exists()


@pytest.mark.django_db
def test_next_reference_goes_on_past_six_figures():
    Counter.objects.create(partnership_code="SV", kind=REPORT, year=2026, last=999_999)

    assert next_reference("SV", REPORT, 2026) == "SV-R-26-1000000"


@pytest.mark.django_db(transaction=True)
def test_next_reference_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError, match="in the transaction that saves"):
        next_reference("ZZ", REPORT, 2026)


@pytest.mark.django_db(transaction=True)
def test_next_reference_of_a_change_that_failed_is_given_again():
    with transaction.atomic():
        next_reference("ZZ", REPORT, 2026)
    with transaction.atomic():
        lost = next_reference("ZZ", REPORT, 2026)
        transaction.set_rollback(True)

    with transaction.atomic():
        assert next_reference("ZZ", REPORT, 2026) == lost == "ZZ-R-26-000002"


@pytest.mark.django_db(transaction=True)
def test_next_reference_waits_for_a_change_under_way_and_takes_its_number_if_it_fails():
    asked, answer = threading.Event(), []

    def other():
        with transaction.atomic():
            asked.set()
            answer.append(next_reference("ZZ", REPORT, 2026))

    with transaction.atomic():
        next_reference("ZZ", REPORT, 2026)
        thread = threading.Thread(target=in_own_connection, args=[other])
        thread.start()
        asked.wait(5)
        thread.join(0.2)
        assert not answer  # still waiting for us
        transaction.set_rollback(True)
    thread.join(5)

    assert answer == ["ZZ-R-26-000001"]


@pytest.mark.django_db(transaction=True)
def test_next_references_in_parallel_never_collide_and_leave_no_gap():
    def take(worker):
        taken = []
        for turn in range(EACH):
            with transaction.atomic():
                mine = next_references("ZZ", REPORT, 2026, 1 + turn % 3)
                if (worker + turn) % 4 == 0:
                    transaction.set_rollback(True)
                else:
                    taken += mine
        return taken

    with ThreadPoolExecutor(WORKERS) as pool:
        results = pool.map(lambda worker: in_own_connection(lambda: take(worker)), range(WORKERS))
        taken = sorted(reference for result in results for reference in result)

    assert taken == [f"ZZ-R-26-{n:06}" for n in range(1, len(taken) + 1)]
