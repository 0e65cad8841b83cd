"""Two people act at the same moment, each over a database connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from csp.core.errors import RuleBroken

PATIENCE = 30


def together(*acts: Callable[[], Any]) -> tuple[list[Any], list[RuleBroken]]:
    """What came of it: the results, and the refusals."""
    start = threading.Barrier(len(acts))
    done: list[Any] = []
    refused: list[RuleBroken] = []
    broken: list[BaseException] = []

    def act(what: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            done.append(what())
        except RuleBroken as refusal:
            refused.append(refusal)
        except BaseException as problem:  # noqa: BLE001 -- raised again in the test's own thread
            broken.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(what,)) for what in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if broken:
        raise broken[0]
    return done, refused
