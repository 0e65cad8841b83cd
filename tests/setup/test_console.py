import errno
import os
import signal
import subprocess
import sys

import pytest

from scripts.console import Problem, caught_signals, explain, run_main
from scripts.places import ROOT


@pytest.fixture(autouse=True)
def keep_signal_handlers():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def raising(error):
    def main():
        raise error

    return main


def test_problem_becomes_one_line_and_exit_status_1():
    with pytest.raises(SystemExit) as stopped:
        run_main(raising(Problem("port 8000 is in use")))

    assert stopped.value.code == "Error: port 8000 is in use"


def test_full_disk_becomes_one_line():
    with pytest.raises(SystemExit) as stopped:
        run_main(raising(OSError(errno.ENOSPC, "No space left on device")))

    assert stopped.value.code == "Error: the disk is full. Free some space, then run the same command again."


def test_folder_of_somebody_else_becomes_one_line():
    assert explain(PermissionError(errno.EACCES, "Permission denied", "/data")) == (
        "you may not use /data. Run as the user who owns it, or set another DATA_DIR."
    )


def test_unknown_error_keeps_its_traceback():
    with pytest.raises(ConnectionResetError):
        run_main(raising(ConnectionResetError("surprise")))


def test_exit_status_of_main_is_ours():
    with pytest.raises(SystemExit) as stopped:
        run_main(lambda: 5)

    assert stopped.value.code == 5


def test_caught_signals_change_when_a_handler_does():
    before = caught_signals(os.getpid())
    signal.signal(signal.SIGHUP, lambda *_: None)

    assert caught_signals(os.getpid()) != before


def test_caught_signals_of_nobody_are_empty():
    assert caught_signals(2**22 + 1) == ""


def test_old_python_is_told_in_one_line():
    script = "import sys; sys.version_info = (3, 9, 2); exec(open('scripts/__init__.py').read())"

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: Python 3.11 or later is needed and this is 3.9. Type: make PYTHON=python3.11 run\n"
    )
