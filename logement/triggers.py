"""What the database itself refuses, on SQLite as on PostgreSQL: rows that may never change once written."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
)


def append_only(table, verbs=("update", "delete")):
    """A migration operation after which the database raises IntegrityError on UPDATE or DELETE of a row of `table`."""

    def forward(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRESQL_FUNCTION, params=None)  # no parameters: its % is PL/pgSQL's own
        statement = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]
        for verb in verbs:
            schema_editor.execute(statement.format(table=table, verb=verb))

    def backward(apps, schema_editor):
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for verb in verbs:
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}{on_table}")

    return migrations.RunPython(forward, backward)
