"""`make run` itself: it starts, answers, keeps its data, and leaves no process behind."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import run
from scripts.places import ROOT
from tests.setup.conftest import a_folder

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="`make` is not on this machine")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One for all: each of them starts the product several times, and to fill it takes longest."""
    with a_folder() as path:
        yield path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((run.HOST, 0))
        return probe.getsockname()[1]


def hear_ctrl_c() -> None:
    """A shell makes what it starts in the background deaf to SIGINT: tests there, and what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Started:
    """A running `make run`, and every process that belongs to its data folder."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.env = env | {"DATA_DIR": str(folder), "PORT": str(self.port)}

    def __enter__(self) -> "Started":
        self.make = self.start()
        self.said = []
        for line in self.make.stdout:
            self.said.append(line.rstrip())
            if line.startswith("Ready:"):
                break
        return self

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["make", "run"],
            cwd=ROOT, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 -- we have no threads
        )  # fmt: skip

    def __exit__(self, *_error: object) -> None:
        self.make.terminate()
        self.make.communicate(timeout=60)

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection(run.HOST, self.port, timeout=20)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def processes(self) -> dict[int, str]:
        """By number, what carries our data folder in its command or its environment."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command, env = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.folder) in command + env:
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return found

    def find(self, words: str) -> int:
        return min(number for number, command in self.processes().items() if words in command)

    def wait_until_nothing_is_left(self) -> None:
        deadline = time.monotonic() + 20
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)


@needs_make
def test_run_starts_answers_keeps_its_data_and_leaves_no_process(folder, bare_env):
    with Started(folder, bare_env) as first:
        assert first.said[-1] == f"Ready: http://127.0.0.1:{first.port}/", first.said
        assert "  officer@demo.example " in "\n".join(first.said)
        assert (first.get("/healthz"), first.get("/readyz"), first.get("/accounts/login/")) == (200, 200, 200)
    first.wait_until_nothing_is_left()

    with Started(folder, bare_env) as again:
        assert any("nothing loaded" in line for line in again.said)
        again.make.send_signal(signal.SIGINT)  # to `make` alone, as a supervisor would
        again.make.wait(30)
    again.wait_until_nothing_is_left()


@needs_make
def test_run_stops_whole_when_a_part_crashes_and_starts_again(folder, bare_env):
    env = bare_env | {"DEMO": "0"}  # the demo takes its time
    with Started(folder, env) as crashing:
        os.kill(crashing.find("bin/postgres -D"), signal.SIGKILL)
        assert "ended (SIGKILL), so everything stops" in crashing.make.communicate(timeout=60)[0]
        assert crashing.make.returncode != 0
    crashing.wait_until_nothing_is_left()

    with Started(folder, env) as killed:
        os.kill(killed.find("-m scripts.run"), signal.SIGKILL)
        killed.make.wait(30)
    killed.wait_until_nothing_is_left()

    with Started(folder, env) as after:
        assert after.get("/readyz") == 200
        second = Started(folder, env).start()
        told = f"already running here (process {after.find('-m scripts.run')})"
        assert told in second.communicate(timeout=60)[0]
        assert second.returncode != 0
