"""One database for each size, on the server that DATABASE_URL names."""

import sys
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from bench.build import Cast, build
from bench.importing import measure_import
from bench.measures import measure
from bench.partner_data import measure_police
from csp.agencies.models import User

EMPTY = "bench_empty"


def run(*, small: int, large: int, keep: bool) -> dict[str, Any]:
    home = connection.settings_dict["NAME"]
    figures: dict[str, Any] = {"small": small, "large": large, "pages": {}}
    for size, rows in (("at_small", small), ("at_large", large)):
        cast = _database(home, f"bench_{rows}", rows, keep)
        for name, timing in measure(cast).items():
            figures["pages"].setdefault(name, {})[size] = timing
    figures["import"] = measure_import()
    figures["police"] = measure_police()
    return figures


def _database(home: str, name: str, rows: int, keep: bool) -> Cast:
    """Move this process to a filled database of its own."""
    _connect(home)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone() is not None
        if there and not keep:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    if there and keep:
        _connect(name)
        return Cast(
            *[User.objects.get(email=f"{who}@bench.example") for who in ("manager", "police", "housing")]
        )
    _migrated(home)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{EMPTY}"')
    _connect(name)
    sys.stderr.write(f"Building {rows:,} reports\n")
    return build(rows)


def _migrated(home: str) -> None:
    """One database with the tables and nothing in them, of which the others are copies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [EMPTY])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{EMPTY}"')
    _connect(EMPTY)
    call_command("migrate", verbosity=0)
    _connect(home)


def _connect(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    cache.clear()
