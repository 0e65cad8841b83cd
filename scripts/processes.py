"""Child processes that never outlive us."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

from scripts.console import Problem

PR_SET_PDEATHSIG = 1
LONGEST_LOG = 5_000_000

Command = Sequence[str | Path]


class Rights(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def as_user(user: int | None) -> Rights:
    """Arguments that make `subprocess` drop root's rights for those of `user`."""
    if user is None or user == os.geteuid():
        return {}
    return {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def end_with_parent(stop_signal: int) -> Callable[[], None]:
    """For a child, between fork and exec: the kernel sends it `stop_signal` when we die, even by kill -9."""
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:  # we died before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child


@dataclass
class Part:
    """One long-running child, leader of its own process group."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int
    grace: float
    asked_at: float | None = None

    @classmethod
    def start(
        cls,
        name: str,
        command: Command,
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 10,
    ) -> "Part":
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_suffix(".old.log"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(stop_signal),  # noqa: PLW1509 -- we have no threads
                **as_user(user),
            )
        return cls(name, process, log, stop_signal, grace)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def how(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def ask_to_stop(self) -> None:
        if not self.ended and self.asked_at is None:
            self.process.send_signal(self.stop_signal)
            self.asked_at = time.monotonic()

    def stop(self) -> None:
        """Stop in good order, then by force; whatever it started goes with it. Grace runs since asked."""
        self.ask_to_stop()
        waited = time.monotonic() - (self.asked_at or 0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(self.grace - waited, 0))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self.ended or time.monotonic() > deadline:
                self.stop()
                raise Problem(f"{self.name} did not start: {last_words(self.log)} (all of it: {self.log})")
            time.sleep(0.05)


def last_words(log: Path) -> str:
    """The line of a log that most likely says what went wrong."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    said = [line for line in lines[-20:] if re.search("fatal|error", line, re.IGNORECASE)] or lines
    return said[-1] if said else "it said nothing"


def stop_all(parts: Sequence[Part]) -> None:
    """Ask all at once, then wait for each, the last started first."""
    for part in reversed(parts):
        part.ask_to_stop()
    for part in reversed(parts):
        part.stop()


def call(command: Command, *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """Run one command to its end, with our terminal. It is stopped with us."""
    process = subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- we have no threads
    )
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def begin(
    command: Command, *, env: Mapping[str, str], cwd: Path, output: IO[str]
) -> "subprocess.Popen[bytes]":
    """Start one command that says what it says into a file. It is stopped with us."""
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- we have no threads
    )


def is_held(path: Path) -> bool:
    """Whether another process holds this lock now."""
    try:
        os.close(hold_lock(path, what=""))
    except Problem:
        return True
    return False


def hold_lock(path: Path, *, what: str) -> int:
    """Hold `path` until this process ends, however it ends; say who holds it if somebody else does."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise Problem(
            f"{what} is already running here (process {holder}). Stop it, or set another DATA_DIR."
        ) from None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock
