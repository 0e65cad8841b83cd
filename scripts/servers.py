"""PostgreSQL and Redis for one machine: `python3 -m scripts.servers [--fast]` runs both until it is stopped."""

import argparse
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import places, postgres, redis_server
from scripts.console import run_main, say
from scripts.processes import Part, hold_lock


@contextmanager
def running(data_dir: Path, *, durable: bool) -> Iterator[tuple[dict[str, str], list[Part]]]:
    """Run the servers that the environment does not already name. Gives their addresses, and the parts to watch."""
    hold_lock(data_dir / "lock", what="CSP Casework")
    addresses: dict[str, str] = {}
    parts: list[Part] = []
    try:
        database = postgres.locate(data_dir)
        if "DATABASE_URL" not in os.environ:
            parts.append(postgres.start(database, postgres.DURABLE if durable else postgres.FAST))
            addresses["DATABASE_URL"] = database.ensure_database()
        if "REDIS_URL" not in os.environ:
            broker = redis_server.locate(data_dir, database.sockets)
            parts.append(redis_server.start(broker, durable=durable))
            addresses["REDIS_URL"] = broker.url()
        yield addresses, parts
    finally:
        for part in reversed(parts):
            part.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="for throw-away data: do not wait for the disk")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with running(places.data_dir(), durable=not options.fast) as (addresses, parts):
        for name, value in addresses.items():
            say(f"export {name}='{value}'")
        while not any(part.ended for part in parts):
            time.sleep(0.5)


if __name__ == "__main__":
    run_main(main)
