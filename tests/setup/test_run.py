import socket
import stat
import subprocess

import pytest

from scripts import run
from scripts.console import Problem
from scripts.places import PYTHON, ROOT


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind((run.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_in_use_is_told_with_what_to_type(taken_port):
    with pytest.raises(Problem, match=rf"port {taken_port} is in use\. Type: make run PORT={taken_port + 1}"):
        run.need_port(taken_port)


@pytest.mark.parametrize("port", ["", "0", "65536", "80a", "-1"])
def test_port_is_a_number_of_a_port(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr(run, "need_port", lambda _port: None)

    if port:
        with pytest.raises(Problem, match="PORT is a number from 1 to 65535"):
            run.wanted_port()
    else:
        assert run.wanted_port() == 8000


def test_secret_key_is_made_once_and_private(tmp_path):
    path = tmp_path / "secret-key"

    first = run.secret_key(path)

    assert len(first) > 50
    assert run.secret_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_the_person_set_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("BIND", "0.0.0.0:1")

    env = run.environment(tmp_path, 8123)

    assert env["DEMO"] == "0"
    assert env["BIND"] == "127.0.0.1:8123"


def test_manage_finds_the_addresses_of_make_run(tmp_path, bare_env):
    env = run.environment(tmp_path, 8123) | {"DATABASE_URL": "postgresql:///x", "REDIS_URL": "unix:///y?db=0"}
    run.tell_manage(tmp_path / "env", env)
    show = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.REDIS_URL)"
    command = [PYTHON, ROOT / "manage.py", "shell", "--no-imports", "--command", show]

    done = subprocess.run(
        command, env=bare_env | {"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.stdout.split() == ["x", "unix:///y?db=0"]
    assert stat.S_IMODE((tmp_path / "env").stat().st_mode) == 0o600


def test_manage_without_settings_names_what_is_missing_in_one_line(tmp_path, bare_env):
    command = [PYTHON, ROOT / "manage.py", "check"]

    done = subprocess.run(
        command, env=bare_env | {"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Error: Set SECRET_KEY, DATABASE_URL, REDIS_URL, PUBLIC_URL, EMAIL_HOST")
    assert done.stderr.count("\n") == 1


def test_nobody_answers_on_a_port_without_a_web_process():
    with socket.socket() as probe:
        probe.bind((run.HOST, 0))
        assert run.answers(probe.getsockname()[1]) is False
