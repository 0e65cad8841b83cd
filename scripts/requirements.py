"""Pin what `requirements*.in` name: `python3 -m scripts.requirements`. ARGS=--upgrade takes newer ones."""

import os
import shlex
from pathlib import Path

from scripts import setup
from scripts.console import Problem, run_main
from scripts.places import PYTHON, ROOT
from scripts.processes import call

# The output names packages, versions and hashes, never an address they came from: that is each user's own.
COMPILE: list[str | Path] = [
    PYTHON, "-m", "piptools", "compile", "--quiet", "--allow-unsafe", "--generate-hashes", "--strip-extras",
    "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host",
]  # fmt: skip


def main() -> None:
    setup.ensure()
    env = os.environ | {"CUSTOM_COMPILE_COMMAND": "make requirements"}
    extra = shlex.split(os.environ.get("ARGS", ""))
    for sources, output in (
        (["requirements.in"], "requirements.txt"),
        (["requirements-dev.in", "requirements.in"], "requirements-dev.txt"),
    ):
        if call([*COMPILE, *extra, f"--output-file={output}", *sources], env=env, cwd=ROOT):
            raise Problem(f"{output} was not made")


if __name__ == "__main__":
    run_main(main)
