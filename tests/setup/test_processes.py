import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.console import Problem
from scripts.places import ROOT
from scripts.processes import Part, call, hold_lock, is_held, last_words, stop_all

ON_TERM = "import signal, time; signal.signal(signal.SIGTERM, {}); print(1, flush=True); time.sleep(60)"
STUBBORN = ON_TERM.format("signal.SIG_IGN")
SLOW = ON_TERM.format("lambda *_: (time.sleep(1), exit())")
PARENT = """
import sys, time
from pathlib import Path
from scripts.processes import Part
part = Part.start("child", ["sleep", "60"], log=Path(sys.argv[1]))
print(part.process.pid, flush=True)
time.sleep(60)
"""


def start(command, folder: Path, **options) -> Part:
    return Part.start("part", command, log=folder / "part.log", **options)


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(process: int) -> None:
    deadline = time.monotonic() + 10
    while runs(process):
        assert time.monotonic() < deadline, f"{process} still runs"
        time.sleep(0.02)


def test_part_stops_when_asked(tmp_path):
    part = start(["sleep", "60"], tmp_path)

    part.stop()

    assert part.ended
    assert part.how == "SIGTERM"


def test_part_that_will_not_stop_is_killed(tmp_path):
    part = start([sys.executable, "-c", STUBBORN], tmp_path, grace=0.2)
    part.wait_until(lambda: part.log.read_text() != "", seconds=20)

    part.stop()

    assert part.how == "SIGKILL"


def test_what_a_part_started_stops_with_it(tmp_path):
    part = start(["sh", "-c", "sleep 60 & echo $!; wait"], tmp_path)
    part.wait_until(lambda: part.log.read_text().endswith("\n"), seconds=20)

    part.stop()

    wait_until_gone(int(part.log.read_text()))


def test_part_ends_when_its_parent_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert runs(child)
        parent.kill()

    wait_until_gone(child)


def test_stop_all_asks_every_part_at_once(tmp_path):
    parts = [Part.start(name, [sys.executable, "-c", SLOW], log=tmp_path / name) for name in "abc"]
    for part in parts:
        part.wait_until(lambda part=part: part.log.read_text() != "", seconds=20)
    began = time.monotonic()

    stop_all(parts)

    assert time.monotonic() - began < 2.5


def test_parts_that_will_not_stop_have_their_grace_at_the_same_time(tmp_path):
    parts = [
        Part.start(name, [sys.executable, "-c", STUBBORN], log=tmp_path / name, grace=1) for name in "abc"
    ]
    for part in parts:
        part.wait_until(lambda part=part: part.log.read_text() != "", seconds=20)
    began = time.monotonic()

    stop_all(parts)

    assert time.monotonic() - began < 2.5


def test_part_that_does_not_start_tells_its_last_words(tmp_path):
    part = start(["sh", "-c", "echo FATAL: no room; echo bye; exit 3"], tmp_path)

    with pytest.raises(Problem, match=r"part did not start: FATAL: no room \(all of it: .*part.log\)"):
        part.wait_until(lambda: False, seconds=20)

    assert part.how == "exit status 3"


def test_long_log_makes_room(tmp_path):
    (tmp_path / "part.log").write_bytes(b"x" * 6_000_000)

    start(["true"], tmp_path).process.wait()

    assert (tmp_path / "part.log").stat().st_size == 0
    assert (tmp_path / "part.old.log").stat().st_size == 6_000_000


def test_last_words_of_an_empty_log(tmp_path):
    (tmp_path / "log").touch()

    assert last_words(tmp_path / "log") == "it said nothing"


def test_call_gives_the_exit_status():
    assert call(["sh", "-c", "exit 7"]) == 7


def test_lock_has_one_holder_and_says_who(tmp_path):
    lock = hold_lock(tmp_path / "lock", what="The product")
    try:
        assert is_held(tmp_path / "lock")
        with pytest.raises(Problem, match=rf"The product is already running here \(process {os.getpid()}\)"):
            hold_lock(tmp_path / "lock", what="The product")
    finally:
        os.close(lock)

    assert not is_held(tmp_path / "lock")


def test_lock_is_free_after_its_holder_was_killed(tmp_path):
    script = "import sys, time; from pathlib import Path; from scripts.processes import hold_lock\n"
    script += "hold_lock(Path(sys.argv[1]), what=''); print(1, flush=True); time.sleep(60)"
    command = [sys.executable, "-c", script, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        assert is_held(tmp_path / "lock")
        holder.send_signal(signal.SIGKILL)

    assert not is_held(tmp_path / "lock")
