"""Child processes that never outlive us."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.console import Problem

PR_SET_PDEATHSIG = 1


def end_with_parent(stop_signal: int) -> Callable[[], None]:
    """For a child, between fork and exec: the kernel sends it `stop_signal` when we die, even by kill -9."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    parent = os.getpid()

    def in_child() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:  # we died before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child


@dataclass
class Part:
    """One long-running child, leader of its own process group."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int = signal.SIGTERM
    grace: float = 10

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        user: int | None = None,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 10,
    ) -> "Part":
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(log.open("ab")) if log else None
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if log else None,
                start_new_session=True,
                preexec_fn=end_with_parent(stop_signal),
                **as_user(user),
            )
        return cls(name, process, stop_signal, grace)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if not self.ended:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Stop in good order, then by force; whatever it started goes with it."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def as_user(user: int | None) -> dict[str, object]:
    """Arguments that make `subprocess` drop root's rights for those of `user`."""
    if user is None or user == os.geteuid():
        return {}
    return {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def hold_lock(path: Path, *, what: str) -> int:
    """Hold `path` until this process ends, however it ends; say who holds it if somebody else does."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise Problem(f"{what} is already running here (process {holder}). Stop it, or set DATA_DIR to another folder.") from None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock


def wait_until(ready: Callable[[], bool], part: Part, *, seconds: float, log: Path | None = None) -> None:
    """Wait for a part to answer; a part that ends or never answers is a problem with the tail of its log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if part.ended or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines()[-1:] if log and log.exists() else []
            raise Problem(f"{part.name} did not start: {said[0] if said else 'it said nothing'} (log: {log})")
        time.sleep(0.05)
