"""PostgreSQL and Redis for one machine. `python3 -m scripts.servers` runs both until it is stopped."""

import argparse
import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts import places, postgres, redis_server
from scripts.console import Problem, Stopped, ignore_signals, make_was_stopped, run_main, say
from scripts.processes import Part, hold_lock, stop_all


@dataclass
class Servers:
    """What runs, and the addresses it answers at, as environment variables."""

    env: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def watch(self) -> None:
        """Wait until we are stopped, or one part ends, which none should."""
        with contextlib.suppress(Stopped):
            while not make_was_stopped():
                self.all_run()
                time.sleep(0.3)
        say("Stopping")

    def all_run(self) -> bool:
        for part in self.parts:
            if part.ended:
                raise Problem(f"{part.name} ended ({part.how}), so everything stops. Its log: {part.log}")
        return True


@contextlib.contextmanager
def running(data_dir: Path, *, durable: bool) -> Iterator[Servers]:
    """Run the servers that the environment does not already name; on the way out stop them and all parts."""
    places.need_space(data_dir, 200)
    lock = hold_lock(data_dir / "lock", what="CSP Casework")
    servers, ours = Servers(), 0
    try:
        if not os.environ.get("DATABASE_URL"):
            database = postgres.locate(data_dir)
            servers.parts.append(postgres.start(database, postgres.DURABLE if durable else postgres.FAST))
            servers.env["DATABASE_URL"] = database.ensure_database()
        if not os.environ.get("REDIS_URL"):
            broker = redis_server.locate(data_dir)
            servers.parts.append(redis_server.start(broker, durable=durable))
            servers.env["REDIS_URL"] = broker.url()
        ours = len(servers.parts)
        yield servers
    finally:
        ignore_signals()
        stop_all(servers.parts[ours:])
        stop_all(servers.parts[:ours])
        os.close(lock)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fast", action="store_true", help="for throw-away data: do not wait for the disk")
    options = parser.parse_args()
    with running(places.data_dir(), durable=not options.fast) as servers:
        for name, value in servers.env.items():
            say(f"export {name}='{value}'")
        servers.watch()


if __name__ == "__main__":
    run_main(main)
