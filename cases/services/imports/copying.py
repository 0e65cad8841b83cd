"""Rows into PostgreSQL by COPY, which takes thousands a second."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import JSONField

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def encoded(value: Any) -> str:
    """One value in the text form of COPY."""
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case str():
            return value.translate(ESCAPES)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case list():
            return "{" + ",".join(value) + "}"  # of plain codes only
        case _:
            return str(value)


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Values as `encoded` understands them; JSON as text."""
    out = io.StringIO()
    for row in rows:
        out.write("\t".join(map(encoded, row)) + "\n")
    out.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", out)


def bare_values(record: models.Model) -> dict[str, Any]:
    """Every column of an unsaved record with its value or default, as `encoded` understands it."""
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if isinstance(field, JSONField):
            value = json.dumps(value)
        elif isinstance(field, ArrayField):
            value = list(value)
        values[str(field.column)] = value
    return values


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """So many keys of rows that are to be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]
