"""Rows that an older version of the tables cannot hold: going back puts them aside, coming forth takes them back."""

from django.db import migrations


def put_aside(model, name, **condition):
    """A migration operation, to follow those that let in the rows of `model` (« app.Model ») under `condition`.

    Backward they leave for a table of their own, « <table>_<name> », where the older version does not see them;
    forward they come back as they were, key included.
    """

    def tables(apps, schema_editor):
        held = apps.get_model(*model.split("."))
        quote = schema_editor.connection.ops.quote_name
        table = held._meta.db_table
        return held, f"{table}_{name}", quote(table), quote(f"{table}_{name}")

    def backward(apps, schema_editor):
        held, _, table, aside = tables(apps, schema_editor)
        rows, values = held.objects.filter(**condition).query.sql_with_params()
        schema_editor.execute(f"CREATE TABLE {aside} AS {rows}", values)
        schema_editor.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM {aside})")  # noqa: S608  our own names

    def forward(apps, schema_editor):
        connection = schema_editor.connection
        held, name_aside, table, aside = tables(apps, schema_editor)
        if name_aside not in connection.introspection.table_names():
            return
        columns = ", ".join(connection.ops.quote_name(field.column) for field in held._meta.concrete_fields)
        schema_editor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}")  # noqa: S608  the same
        schema_editor.execute(f"DROP TABLE {aside}")
        connection.check_constraints()  # at once: PostgreSQL alters no table that waits for checks of its keys

    return migrations.RunPython(forward, backward)
