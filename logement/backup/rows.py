"""Rows <-> lines of JSON: the same text on every database, so that two databases are compared by their lines.

The first line of a table names its columns; each of the others is one row, in the order of the keys.
"""

import json
from itertools import islice

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

CHUNK = 500  # rows in memory at once
#: Open sessions and counted tries: they are those of a machine, not of its data.
LEFT = {"sessions.Session", "logement.CacheEntry"}
#: What the migrations write by themselves: a database that holds nothing else is empty.
WRITTEN_BY_MIGRATIONS = {"contenttypes.ContentType", "auth.Permission"}
NATIVE = (bool, int, str, list, dict, type(None))


def tables():
    """The models whose rows are saved, the tables between two others among them."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.label not in LEFT]


def is_empty():
    """Whether the database holds nothing but what its migrations wrote."""
    own = (model for model in tables() if model._meta.label not in WRITTEN_BY_MIGRATIONS)
    return not any(model._base_manager.exists() for model in own)


def lines_of(queryset, *, replaced=None, seen=lambda row: None):
    """The lines of a table. `replaced` gives other values for some columns; `seen` is told each row."""
    fields, replaced = queryset.model._meta.concrete_fields, replaced or {}
    yield _line([field.attname for field in fields])
    for row in queryset.order_by("pk").iterator(CHUNK):
        seen(row)
        yield _line([replaced.get(field.attname, _plain(field, row)) for field in fields])


def _plain(field, row):
    value = field.value_from_object(row)
    return value if isinstance(value, NATIVE) else field.value_to_string(row)


def _line(values):
    """PostgreSQL keeps the keys of an object in an order of its own: here they are sorted."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def insert(model, lines):
    """Writes the rows of these lines as they are: no default, no history, no new date. Gives how many."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in json.loads(next(lines))]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608  our own names
    written = 0
    with connection.cursor() as cursor:
        while chunk := [_stored(fields, json.loads(line)) for line in islice(lines, CHUNK)]:
            cursor.executemany(statement, chunk)
            written += len(chunk)
    return written


def _stored(fields, row):
    pairs = zip(fields, row, strict=True)
    return [field.get_db_prep_save(field.to_python(value), connection) for field, value in pairs]


def clear():
    """Empties every table. What may never change is emptied too: it is about to be written again."""
    names = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        for name in quoted:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608  our own names
        for _, statement in triggers:
            cursor.execute(statement)


def reset_sequences():
    """The next key of each table follows the last one written."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def file_fields(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]


def files_of(row):
    """The names of the files that this row keeps."""
    return filter(None, (getattr(row, field.attname).name for field in file_fields(type(row))))
