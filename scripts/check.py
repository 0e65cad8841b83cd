"""What can be said about the code without running it: `python3 -m scripts.check [fix | diagrams]`."""

import contextlib
import sys
import tempfile
from pathlib import Path

from scripts import setup
from scripts.console import Problem, run_main, say
from scripts.places import PYTHON, ROOT, VENV
from scripts.processes import Command, begin, call

RUFF: list[str | Path] = [PYTHON, "-m", "ruff"]
DJLINT: list[str | Path] = [PYTHON, "-m", "djlint", "templates", "--quiet"]
MANAGE: list[str | Path] = [PYTHON, "-W", "ignore", ROOT / "manage.py"]
Steps = dict[str, Command]
DIAGRAMS: Steps = {"diagrams": [*MANAGE, "state_diagrams"]}
FIXES: Steps = {
    "lint": [*RUFF, "check", "--fix", "--quiet"],
    "format": [*RUFF, "format", "--quiet"],
    "templates": [*DJLINT, "--reformat"],
}
CHECKS: Steps = {
    "format": [*RUFF, "format", "--check", "--quiet"],
    "lint": [*RUFF, "check", "--quiet"],
    "templates: format": [*DJLINT, "--check"],
    "templates: lint": [*DJLINT, "--lint"],
    "types": [PYTHON, "-m", "mypy", "--no-error-summary", "."],
    "imports": [PYTHON, VENV / "bin" / "lint-imports", "--no-logo"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "production settings": [*MANAGE, "check", "--deploy", "--fail-level=WARNING"],
    "diagrams": [*MANAGE, "state_diagrams", "--check"],
}


def failing(steps: Steps) -> list[str]:
    env = setup.unconnected()
    failed = []
    for name, command in steps.items():
        say(f"- {name}")
        if call(command, env=env, cwd=ROOT):
            failed.append(name)
    return failed


def failing_at_once(steps: Steps) -> list[str]:
    """All begin together, so that no core waits; what each says comes in the order of the steps."""
    env, failed = setup.unconnected(), []
    with contextlib.ExitStack() as stack:
        begun = []
        for name, command in steps.items():
            words = stack.enter_context(tempfile.TemporaryFile("w+"))
            begun.append((name, words, stack.enter_context(begin(command, env=env, cwd=ROOT, output=words))))
        for name, words, process in begun:
            say(f"- {name}")
            if process.wait():
                failed.append(name)
            words.seek(0)
            sys.stdout.write(words.read())
    return failed


def main() -> None:
    setup.ensure()
    changes = {"fix": FIXES, "diagrams": DIAGRAMS}.get("".join(sys.argv[1:]))
    if failed := failing(changes) if changes else failing_at_once(CHECKS):
        raise Problem(f"these did not pass: {', '.join(failed)}. `make fix` mends format and more.")


if __name__ == "__main__":
    run_main(main)
