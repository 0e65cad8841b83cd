"""Where things are: the project, its virtual environment, its data, and its sockets."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from scripts.console import Problem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def data_dir() -> Path:
    """The folder that `DATA_DIR` names, `.data` in the project otherwise. Ready to use."""
    path = (ROOT / os.environ.get("DATA_DIR", ".data")).resolve()
    if not path.is_dir():
        # Root's PostgreSQL runs as another user, who must be able to pass through here; what is inside has its own modes.
        path.mkdir(parents=True, mode=0o700)
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


def site_packages() -> Path:
    try:
        return next(VENV.glob("lib/python3*/site-packages"))
    except StopIteration:
        raise Problem("there is no virtual environment yet. Type: make setup") from None


def short_name(path: Path) -> str:
    """A name for what belongs to `path` but must stand somewhere else: the same each time."""
    return "csp-casework-" + hashlib.sha256(str(path).encode()).hexdigest()[:12]


def socket_dir(inside: Path, owner: int) -> Path:
    """A private folder for sockets: in `inside`, or a short one elsewhere when that path is too long for a socket."""
    wanted = inside / "sockets"
    if len(str(wanted)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET_PATH or not PLAIN_PATH.fullmatch(str(wanted)):
        # Only root may write to /run, so nobody can put a folder there before us.
        base = Path("/run") if os.geteuid() == 0 and os.access("/run", os.W_OK) else Path(tempfile.gettempdir())
        wanted = base / f"{short_name(inside)}-{os.geteuid()}"
    return private_dir(wanted, owner)


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
