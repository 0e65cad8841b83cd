"""Measure the main pages on large data of its own: `python3 -m scripts.bench`. ARGS goes to `bench`."""

import os
import shlex

from scripts import places, run, setup
from scripts.console import Problem, run_main
from scripts.places import PYTHON, ROOT
from scripts.processes import Command, call
from scripts.servers import running


def main() -> None:
    setup.ensure()
    data_dir = places.data_dir("bench")
    places.need_space(data_dir, 10_000)
    with running(data_dir, durable=False) as servers:
        env = run.environment(data_dir, run.DEFAULT_PORT) | servers.env
        run.manage(env, "migrate --no-input --verbosity=0")
        command: Command = [PYTHON, "-m", "bench", *shlex.split(os.environ.get("ARGS", ""))]
        if call(command, env=env, cwd=ROOT):
            raise Problem("the measurement did not end well. Its own words are above.")


if __name__ == "__main__":
    run_main(main)
