"""What somebody with the database's own password could do to the record."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def triggers_off(table="audit_event"):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(sql, *params, table="audit_event"):
    with triggers_off(table) as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount, "nothing was tampered with"


def trigger_names(table, pattern):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s", [table, pattern]
        )
        return [name for (name,) in cursor.fetchall()]
