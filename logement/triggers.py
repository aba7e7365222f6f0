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


def altered(table, operations):
    """`operations` on an append-only table: SQLite rebuilds a table it alters, and forgets its triggers."""
    guard = append_only(table)
    return [migrations.RunPython(guard.reverse_code, guard.code), *operations, append_only(table)]


# A journal: never changed, and erased only once it is old. The database's own clock says what is old.
SQLITE_KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
WHEN OLD.{column} > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{months} months')
BEGIN SELECT RAISE(ABORT, '{table} is kept {months} months'); END
"""
POSTGRESQL_KEPT_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse_young() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF OLD.{column} > now() - interval '{months} months' THEN
    RAISE EXCEPTION '{table} is kept {months} months' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$
"""
POSTGRESQL_KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse_young()
"""


def kept(table, *, column, months):
    """A migration operation after which a row of `table` can be deleted only `months` after its moment `column`."""
    names = {"table": table, "column": column, "months": months}

    def forward(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL_KEPT_FUNCTION.format(**names), params=None)
        statement = {"sqlite": SQLITE_KEPT, "postgresql": POSTGRESQL_KEPT}[schema_editor.connection.vendor]
        schema_editor.execute(statement.format(**names), params=None)

    def backward(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_young()")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_kept")

    return migrations.RunPython(forward, backward)
