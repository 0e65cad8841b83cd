"""The files of the project as git knows them: written by us, not built and not downloaded."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings


@cache
def files() -> tuple[Path, ...]:
    """Relative to the project. Those that are not added yet count as well."""
    git = shutil.which("git")
    if git is None or not (settings.BASE_DIR / ".git").exists():
        pytest.skip("this copy of the project is not a git checkout")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    found = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in found if (settings.BASE_DIR / path).is_file()))


def ending(*suffixes: str) -> list[Path]:
    return [path for path in files() if path.suffix in suffixes]


@cache
def text_of(path: Path) -> str:
    return (settings.BASE_DIR / path).read_text(errors="replace")
