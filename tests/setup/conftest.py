import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}


@contextmanager
def a_folder() -> Iterator[Path]:
    """A short folder that every user may pass through, as projects usually are; pytest's own is private."""
    path = Path(tempfile.mkdtemp(prefix="csp-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    with a_folder() as path:
        yield path


@pytest.fixture
def bare_env() -> dict[str, str]:
    """The environment of a person who has set nothing."""
    return {name: value for name, value in os.environ.items() if name in KEPT}


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
