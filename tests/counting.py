"""Pages must cost the same however much they show."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(work: Callable[[], object]) -> list[str]:
    """What the work asks the database, in order. Run once before, for what is kept in the process."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries]
