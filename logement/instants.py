"""Reading the database as it was at one instant."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def consistent_read():
    """Everything read inside is of one instant: a repeatable-read transaction, or SQLite's only kind of transaction."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
