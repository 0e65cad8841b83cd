"""The whole product on one machine: `python3 -m scripts.run`, or `make run`. All parts stop with it."""

import contextlib
import http.client
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts import places, setup
from scripts.console import Problem, run_main, say
from scripts.places import PYTHON, ROOT
from scripts.processes import Command, Part, call
from scripts.servers import Servers, running

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
SHARED = (
    "DATABASE_URL", "REDIS_URL", "DATA_DIR", "DEMO", "SECRET_KEY", "PUBLIC_URL", "ALLOWED_HOSTS", "HTTPS",
    "EMAIL_HOST", "EMAIL_FILE_PATH", "DEFAULT_FROM_EMAIL",
)  # fmt: skip


def main() -> None:
    port = wanted_port()
    setup.ensure()
    data_dir = places.data_dir()
    with product(data_dir, port) as servers:
        say(f"Logs and e-mails are in {data_dir}, folders log and mail. Press Ctrl-C to stop.")
        say(f"Ready: http://{HOST}:{port}/")
        servers.watch()


@contextlib.contextmanager
def product(data_dir: Path, port: int) -> Iterator[Servers]:
    """Everything that runs, from the database to the web, while the caller does something with it."""
    with running(data_dir, durable=True) as servers:
        need_port(port)
        env = environment(data_dir, port) | servers.env
        tell_manage(data_dir / "env", env)
        try:
            prepare(env)
            servers.parts += start_parts(data_dir, env)
            servers.parts[-1].wait_until(lambda: servers.all_run() and answers(port), seconds=120)
            yield servers
        finally:
            (data_dir / "env").unlink()


def wanted_port() -> int:
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Problem(f"PORT is a number from 1 to 65535, not {given}. Type: make run PORT=8001")
    need_port(int(given))
    return int(given)


def need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "may not be used by you" if isinstance(error, PermissionError) else "is in use"
            raise Problem(f"port {port} {why}. Type: make run PORT={port + 1}") from None


def environment(data_dir: Path, port: int) -> dict[str, str]:
    """Settings as in production, but for one machine without TLS. What the person set stays."""
    ours = {
        "DEMO": "1",
        "SECRET_KEY": secret_key(data_dir / "secret-key"),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "HTTPS": "0",
        "EMAIL_HOST": "localhost",
        "EMAIL_FILE_PATH": str(data_dir / "mail"),
        "DEFAULT_FROM_EMAIL": "CSP Casework <casework@demo.example>",
        "PYTHONUNBUFFERED": "1",
    }
    return ours | os.environ | {"DATA_DIR": str(data_dir), "BIND": f"{HOST}:{port}"}


def secret_key(path: Path) -> str:
    """Made once, so that people stay signed in when we start again."""
    try:
        key = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(key, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


def tell_manage(path: Path, env: Mapping[str, str]) -> None:
    """`manage.py`, typed in another terminal beside us, works on the same database."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w") as text:
        text.writelines(f"{name}={env[name]}\n" for name in SHARED if name in env)


def manage(env: Mapping[str, str], *commands: str) -> None:
    if call([PYTHON, "-m", "scripts.commands", *commands], env=env, cwd=ROOT):
        places.need_space(Path(env["DATA_DIR"]), 50)
        raise Problem(f"manage.py {', '.join(commands)} did not work. Its own words are above.")


def prepare(env: Mapping[str, str]) -> None:
    """Bring static files and database to this version of the code, and the demo into an empty database."""
    setup.ensure_static_files()
    say("Bringing the database up to date")
    demo = ("demo", "demo --sign-ins") if env["DEMO"] == "1" else ()
    manage(env, "migrate --no-input --verbosity=0", *demo)


def start_parts(data_dir: Path, env: Mapping[str, str]) -> list[Part]:
    """The worker, the clock that gives it work, and last the web."""
    celery: list[str | Path] = [PYTHON, "-m", "celery", "--app=csp", "--quiet"]
    commands: dict[str, Command] = {
        "worker": [
            *celery,
            "worker",
            "--concurrency=2",
            "--loglevel=INFO",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [
            *celery,
            "beat",
            f"--schedule={data_dir / 'beat-schedule'}",
            "--pidfile=",
            "--loglevel=INFO",
        ],
        "web": [PYTHON, "-m", "gunicorn", "--config=deploy/gunicorn.conf.py", "csp.wsgi"],
    }
    return [
        Part.start(name, command, log=data_dir / "log" / f"{name}.log", env=env, cwd=ROOT)
        for name, command in commands.items()
    ]


def answers(port: int) -> bool:
    # Not urllib, which would ask the machine's proxy.
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    run_main(main)
