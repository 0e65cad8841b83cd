"""Leaves the database as the migrations left it, after tests that commit.

Django's own way truncates every table and then rebuilds permissions. Ours cannot: the database refuses to
truncate events and seals, and rows that migrations wrote would be gone for good. So the rows present after
migrating are kept aside once; after such a test whatever is over goes and whatever is missing comes back,
under the same keys.
"""

import pgtrigger
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

KEPT = "seeded"
MARK = "of_these_migrations"


def remember_seeded_rows() -> None:
    """Once per database, and again when a kept database has been migrated further."""
    applied = str(sorted(MigrationRecorder(connection).applied_migrations()))
    if _remembered_for() == applied:
        restore_seeded_rows()  # a run killed half way may have left rows
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE")
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in _tables_with_rows(_tables("public")):
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')
        cursor.execute(f"CREATE TABLE {KEPT}.{MARK} AS SELECT %s AS applied", [applied])


def restore_seeded_rows() -> None:
    """Deletes are checked at commit, so the order of tables does not matter."""
    kept = _tables(KEPT) - {MARK}
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        changed = {table for table in kept if _differs(table)}
        for table in changed | _tables_with_rows(_tables("public") - kept):
            cursor.execute(f'DELETE FROM public."{table}"')
        for table in changed:
            cursor.execute(f'INSERT INTO public."{table}" TABLE {KEPT}."{table}"')


def _tables(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {name for (name,) in cursor.fetchall()} - {"django_migrations"}


def _tables_with_rows(tables: set[str]) -> set[str]:
    if not tables:
        return set()
    asks = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asks))
        return {name for (name,) in cursor.fetchall()}


def _differs(table: str) -> bool:
    now, then = f'TABLE public."{table}"', f'TABLE {KEPT}."{table}"'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (({now} EXCEPT ALL {then}) UNION ALL ({then} EXCEPT ALL {now}))")
        return cursor.fetchone()[0]


def _remembered_for() -> str | None:
    if MARK not in _tables(KEPT):
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT applied FROM {KEPT}.{MARK}")
        return cursor.fetchone()[0]
