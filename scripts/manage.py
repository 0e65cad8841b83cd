"""One `manage.py` command on this machine's database: `python3 -m scripts.manage`. ARGS is the command."""

import os
import shlex
import sys

from scripts import places, run, setup
from scripts.console import run_main
from scripts.places import PYTHON, ROOT
from scripts.processes import Command, call, is_held
from scripts.servers import running


def main() -> int:
    setup.ensure()
    data_dir = places.data_dir()
    arguments = sys.argv[1:] or shlex.split(os.environ.get("ARGS", ""))
    command: Command = [PYTHON, ROOT / "manage.py", *arguments]
    if is_held(data_dir / "lock"):
        return call(command)  # manage.py finds the servers of `make run` by itself
    with running(data_dir, durable=True) as servers:
        return call(command, env=run.environment(data_dir, run.DEFAULT_PORT) | servers.env)


if __name__ == "__main__":
    run_main(main)
