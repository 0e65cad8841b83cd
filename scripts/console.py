"""What the scripts say to the person at the terminal."""

import contextlib
import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
MAKE_CATCHES: dict[int, str] = {}


class Problem(Exception):
    """Something the person can mend. The message is one line and says how."""


class Stopped(BaseException):
    """Ctrl-C, or a signal that means the same."""


def say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone while we still have parts to stop
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def stop_on_signals() -> None:
    """Turn every polite way to end us into one exception, so that what we started is stopped with us."""

    def stop(_number: int, _frame: object) -> None:
        ignore_signals()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, stop)


def end_with_make() -> None:
    """When `make` started us and is killed, so are we. Started by hand, we live as anything does."""
    if make := make_process():
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        MAKE_CATCHES[make] = caught_signals(make)


def make_was_stopped() -> bool:
    """Told SIGINT or SIGHUP, and we not, `make` puts that signal's handler back and waits in silence."""
    return any(caught_signals(make) != before for make, before in MAKE_CATCHES.items())


def make_process() -> int:
    parent = os.getppid()
    try:
        return parent if Path(f"/proc/{parent}/comm").read_text() == "make\n" else 0
    except OSError:
        return 0


def caught_signals(process: int) -> str:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return ""
    return next(line for line in status.splitlines() if line.startswith("SigCgt"))


def ignore_signals() -> None:
    """From here on we are stopping, and a second Ctrl-C must not leave half of the parts behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def run_main(main: Callable[[], int | None]) -> None:
    """Run a script's `main`, and turn what can go wrong on somebody's machine into one clear line."""
    stop_on_signals()
    end_with_make()
    try:
        sys.exit(main() or 0)
    except Problem as problem:
        sys.exit(f"Error: {problem}")
    except Stopped:
        sys.exit(130)
    except OSError as error:
        if line := explain(error):
            sys.exit(f"Error: {line}")
        raise


def explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full. Free some space, then run the same command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"you may not use {error.filename}. Run as the user who owns it, or set another DATA_DIR."
    return ""
