import pytest

from csp.core.models import Counter
from csp.core.pagination import CappedCount, capped_count

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "number", "more", "words"),
    [(0, 0, False, "0"), (2, 2, False, "2"), (3, 3, False, "3"), (4, 3, True, "3+"), (5, 3, True, "3+")],
)
def test_capped_count_is_exact_up_to_the_cap(rows, number, more, words):
    Counter.objects.bulk_create(Counter(partnership_code="SV", kind="R", year=2000 + n) for n in range(rows))

    counted = capped_count(Counter.objects.order_by("-year"), cap=3)

    assert (counted.number, counted.more, str(counted), bool(counted)) == (number, more, words, rows > 0)


def test_capped_count_lets_the_database_stop_at_the_cap(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        capped_count(Counter.objects.order_by("-year"))

    assert "LIMIT 101" in asked[0]["sql"]
    assert "ORDER BY" not in asked[0]["sql"]


def test_capped_count_reads_with_thousands():
    assert str(CappedCount(1000, more=True)) == "1,000+"
