"""The whole product beside the tests: its own database, Redis, worker and web, with the demo in it."""

import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from redis import Redis

from csp.core.fonts import font_folder
from scripts import places, redis_server, run
from scripts.processes import Part, stop_all

KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SHARED_DATA_DIR"}
PATIENCE = 30


@dataclass
class Product:
    url: str
    folder: Path
    env: dict[str, str]
    cookies: dict[str, list] = field(default_factory=dict)
    """Of each person who signed in, so that most tests need not do it again."""

    def mail_to(self, address: str, subject: str = "") -> EmailMessage:
        """The newest message to somebody. The worker sends it, so it may take a moment."""
        deadline = time.monotonic() + PATIENCE
        while not (found := [each for each in self.mails(address) if subject in each["Subject"]]):
            assert time.monotonic() < deadline, f"no mail to {address}: {self.subjects()}"
            time.sleep(0.1)
        return found[-1]

    def mails(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.all_mails() if address in mail["To"]]

    def all_mails(self) -> list[EmailMessage]:
        """Oldest first. Django writes the messages of one connection into one file, with a line between."""
        files = sorted((self.folder / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        texts = [text for path in files for text in path.read_bytes().split(b"-" * 79 + b"\n")]
        return [message_from_bytes(text, policy=policy.default) for text in texts if text.strip()]

    def subjects(self) -> list[str]:
        return [f"{mail['To']}: {mail['Subject']}" for mail in self.all_mails()]

    def web_said(self) -> str:
        return (self.folder / "log" / "web.log").read_text()[-3000:]

    def end_session(self, key: str) -> None:
        """As time does: the session is gone, and the browser does not know."""
        self.ask("DELETE FROM django_session WHERE session_key = %s RETURNING 1", key)
        Redis.from_url(self.env["REDIS_URL"]).flushdb()

    def ask(self, question: str, *values: object) -> list[tuple]:
        with connected(self.env["DATABASE_URL"]) as cursor:
            cursor.execute(question, values)
            return cursor.fetchall()


@contextlib.contextmanager
def running(database_url: str) -> Iterator[Product]:
    """On the server that `database_url` names, in a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="csp-e2e-"))  # a short path, because of the sockets
    places.make_folder(folder)
    try:
        with a_database(database_url) as own_url:
            yield from started(folder, own_url)
    finally:
        shutil.rmtree(folder)


def started(folder: Path, database_url: str) -> Iterator[Product]:
    broker, port = redis_server.locate(folder), free_port()
    env = environment(folder, port) | {"DATABASE_URL": database_url, "REDIS_URL": broker.url()}
    parts = [redis_server.start(broker, durable=False)]
    lend_fonts(folder)
    try:
        run.prepare(env)
        parts += run.start_parts(folder, env)
        parts[-1].wait_until(lambda: none_ended(parts) and run.answers(port), seconds=120)
        yield Product(env["PUBLIC_URL"], folder, env)
        none_ended(parts)
    finally:
        stop_all(parts)
    assert left_running(folder) == []


def lend_fonts(folder: Path) -> None:
    """Unpacked once for all tests, since it takes a while. In its own test `make run` unpacks them itself."""
    (folder / "fonts").symlink_to(font_folder().parent)


def environment(folder: Path, port: int) -> dict[str, str]:
    """What `make run` sets, and nothing that somebody set for the tests."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({name: value for name, value in before.items() if name in KEPT})
    try:
        return run.environment(folder, port) | {"WEB_WORKERS": "1"}
    finally:
        os.environ.clear()
        os.environ.update(before)


def none_ended(parts: list[Part]) -> bool:
    for part in parts:
        assert not part.ended, f"{part.name}: {part.log.read_text()[-2000:]}"
    return True


@contextlib.contextmanager
def a_database(url: str) -> Iterator[str]:
    name, template = f"e2e_{os.getpid()}", os.environ.get("TEMPLATE_DATABASE", "template1")
    server = at(url, "postgres")
    with connected(server) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield at(url, name)
    finally:
        with connected(server) as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def connected(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def at(url: str, database: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{database}{query}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((run.HOST, 0))
        return probe.getsockname()[1]


def left_running(folder: Path) -> list[str]:
    """Every process that was started for this product and is still there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text())
    return found
