"""Times a page as a signed-in person would meet it: in process, with its database time and queries apart."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from csp.agencies.models import User

WARM_UP = 3
RUNS = 20


@dataclass
class Timing:
    """Medians, in milliseconds."""

    total: float
    database: float
    queries: int


@dataclass
class Watched:
    seconds: float = 0.0
    queries: int = 0
    runs: list[float] = field(default_factory=list)


@contextmanager
def watched_database() -> Iterator[Watched]:
    watched = Watched()

    def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            watched.seconds += time.perf_counter() - start
            watched.queries += 1

    with connection.execute_wrapper(watch):
        yield watched


def time_page(user: User, url: str, code: int = 200) -> Timing:
    """Median of `RUNS` after `WARM_UP`. Raises `ValueError` where the page is not what it should be."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)

    def load() -> None:
        answer = client.get(url, secure=True)
        if answer.status_code != code:
            raise ValueError(
                f"{url} answers {answer.status_code} to {user}: {answer.headers.get('Location')}"
            )

    return time_call(load)


def time_call(call: Callable[[], Any], runs: int = RUNS) -> Timing:
    for _ in range(WARM_UP):
        call()
    totals, databases, queries = [], [], 0
    for _ in range(runs):
        with watched_database() as watched:
            start = time.perf_counter()
            call()
            totals.append(time.perf_counter() - start)
        databases.append(watched.seconds)
        queries = watched.queries
    return Timing(1000 * statistics.median(totals), 1000 * statistics.median(databases), queries)
