import re
import subprocess

import pytest

from scripts import check, test
from scripts.places import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z0-9]+):", MAKEFILE, re.MULTILINE)


def test_help_shows_every_target():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert re.findall(r"^make (\S+) +\S", done.stdout, re.MULTILINE) == TARGETS


def test_every_target_is_phony():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split()

    assert sorted(phony) == sorted(TARGETS)


def test_every_target_starts_a_module_that_is_there():
    modules = set(re.findall(r"-m (scripts\.\w+)", MAKEFILE))

    assert modules
    assert all((ROOT / (name.replace(".", "/") + ".py")).exists() for name in modules)


def test_ci_runs_the_commands_of_the_readme_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()

    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pinned_requirements_have_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^[a-z0-9].*==.*$", text, re.MULTILINE)

    assert len(pinned) > 50
    assert all(line.endswith("\\") for line in pinned)
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_each_requirement_says_why_it_is_here(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line[:1].isalpha()]

    assert [line for line in lines if " # " not in line and "  # " not in line] == []


def test_whole_run_is_held_to_the_floor_of_coverage():
    assert test.pytest_arguments([], []) == ["--numprocesses=auto", "--cov"]


def test_part_of_the_tests_is_not_held_to_the_floor_of_coverage():
    assert "--cov-fail-under=0" in test.pytest_arguments([], ["tests/core"])


def test_journeys_run_alone():
    assert test.pytest_arguments(["e2e"], ["-x"]) == ["tests/e2e", "-x"]


def test_settings_of_the_person_do_not_reach_the_tests(tmp_path, monkeypatch):
    monkeypatch.setenv("REQUIRE_SECOND_FACTOR", "1")

    assert "REQUIRE_SECOND_FACTOR" not in test.environment(tmp_path)


def test_migrations_of_every_app_are_watched():
    apps = {path.relative_to(ROOT).parts[-3] for path in test.migrations()}

    assert apps >= {"core", "audit", "agencies", "actions", "cases"}


def test_checks_run_at_once_and_speak_in_order(capsys):
    steps = {"slow": ["sh", "-c", "sleep 0.3; echo late"], "bad": ["sh", "-c", "echo early; exit 2"]}

    assert check.failing_at_once(steps) == ["bad"]
    assert capsys.readouterr().out.split() == ["-", "slow", "late", "-", "bad", "early"]


def test_failing_checks_are_all_named(capsys):
    steps = {"good": ["true"], "bad": ["false"], "worse": ["sh", "-c", "exit 3"]}

    assert check.failing(steps) == ["bad", "worse"]
