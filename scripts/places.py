"""Where things are: the project, its virtual environment, its data, and its sockets."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from scripts.console import Problem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PRIVATE_FOLDERS = ("attachments", "log", "mail")
# Only root may write to /run, so nobody can put a folder there before us; the others are for everybody else.
SHORT_FOLDERS = (Path("/run"), Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 -- private_dir() checks
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")
# A comma means a second host to libpq, and a percent sign an escape to every URL.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def data_dir(name: str = "") -> Path:
    """The folder that `DATA_DIR` names, otherwise `.data` in the project; or one inside it."""
    path = (ROOT / os.environ.get("DATA_DIR", ".data")).resolve()
    make_folder(path)
    if name:
        path /= name
        make_folder(path)
    return path


def make_folder(path: Path) -> None:
    """Root's PostgreSQL runs as another user, who must pass through; what is inside has its own modes."""
    made = not path.is_dir()
    path.mkdir(parents=True, exist_ok=True)
    if made or path.is_relative_to(ROOT):
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in PRIVATE_FOLDERS:
        (path / name).mkdir(mode=0o700, exist_ok=True)


def site_packages() -> Path:
    for folder in VENV.glob("lib/python3*/site-packages"):
        return folder
    raise Problem("there is no virtual environment yet. Type: make setup")


def need_space(path: Path, megabytes: int) -> None:
    free = shutil.disk_usage(path).free // 1_000_000
    if free < megabytes:
        raise Problem(
            f"only {free} MB are free on the disk of {path}, and {megabytes} MB are needed. Free some space."
        )


def short_name(path: Path) -> str:
    """A name for what belongs to `path` but must stand somewhere else: the same each time."""
    return "csp-casework-" + hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def socket_dir(inside: Path, owner: int) -> Path:
    """A private folder for sockets: in `inside`, or elsewhere when that path is too long for a socket."""
    path = inside / "sockets"
    if not fits(path):
        name = f"{short_name(inside)}-{os.geteuid()}"
        path = next(base / name for base in SHORT_FOLDERS if os.access(base, os.W_OK) and fits(base / name))
    return private_dir(path, owner)


def fits(path: Path) -> bool:
    length = len(os.fsencode(path)) + LONGEST_SOCKET_NAME
    return length <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(path)) is not None


def private_dir(path: Path, owner: int) -> Path:
    """Make `path` a folder that `owner` alone may enter, and refuse one that somebody else put there."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
            raise Problem(f"{path} belongs to somebody else. Remove it, then run this again.") from None
    if path.lstat().st_uid != owner:
        os.chown(path, owner, -1)
    path.chmod(0o700)
    return path
