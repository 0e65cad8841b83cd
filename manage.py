#!/usr/bin/env python
import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def join_make_run() -> None:
    """Typed beside `make run`, a command works on the same database, whose address is left in a file."""
    data_dir = Path(__file__).parent / os.environ.get("DATA_DIR", ".data")
    if "DATABASE_URL" not in os.environ and os.access(data_dir / "env", os.R_OK):
        for line in (data_dir / "env").read_text().splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)


if __name__ == "__main__":
    join_make_run()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csp.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"Error: {problem}")
