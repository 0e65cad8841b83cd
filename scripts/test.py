"""Every test, on real servers: `python3 -m scripts.test [e2e]`. ARGS goes to pytest."""

import os
import shlex
import sys
from pathlib import Path

from scripts import places, postgres, run, setup
from scripts.console import run_main
from scripts.places import PYTHON, ROOT
from scripts.processes import call
from scripts.servers import running


def main() -> int:
    setup.ensure(browser=True)
    data_dir = places.data_dir("test")
    arguments = pytest_arguments(sys.argv[1:], shlex.split(os.environ.get("ARGS", "")))
    with running(data_dir, durable=False) as servers:
        env = environment(data_dir) | servers.env
        # Databases of the last run are used again, unless the migrations changed or that run was cut short.
        stamp, wanted = data_dir / "databases", setup.digest(migrations())
        anew = not setup.done_before(stamp, wanted)
        stamp.unlink(missing_ok=True)
        if anew:
            arguments.append("--create-db")
        if "DATABASE_URL" in servers.env:
            env["TEMPLATE_DATABASE"] = template(data_dir, env, anew=anew)
        code = call([PYTHON, "-m", "pytest", *arguments], env=env, cwd=ROOT)
        if code in (0, 1):
            stamp.write_text(wanted)
        return code


def template(data_dir: Path, env: dict[str, str], *, anew: bool) -> str:
    """The database that is migrated once: every database of the tests is a copy of it."""
    server, name = postgres.locate(data_dir), "template_of_tests"
    if anew:
        server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    settings = {"DJANGO_SETTINGS_MODULE": "csp.settings_test", "DATABASE_URL": server.ensure_database(name)}
    run.manage(env | settings, "migrate --no-input --verbosity=0")
    return name


def pytest_arguments(what: list[str], extra: list[str]) -> list[str]:
    if what == ["e2e"]:
        return ["tests/e2e", *extra]
    # A part of the tests cannot cover the whole of the code.
    floor = ["--cov-fail-under=0"] if extra else []
    return ["--numprocesses=auto", "--cov", *floor, *extra]


def migrations() -> list[Path]:
    return [path for path in ROOT.glob("*/**/migrations/*.py") if ".venv" not in path.parts]


def environment(data_dir: Path) -> dict[str, str]:
    """Only what the tests need: what somebody set for `make run` must not change a test."""
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SHARED_DATA_DIR", "DATABASE_URL", "REDIS_URL"}
    return {name: value for name, value in os.environ.items() if name in kept} | {"DATA_DIR": str(data_dir)}


if __name__ == "__main__":
    run_main(main)
