"""Each migration undone and done again on a database of 44 territories x 10 years: a part of `make bench`.

It is that of the demonstration: its territory is copied `TERRITORIES` times, each with `YEARS` exercises. Going back
loses what the older version does not know, and that alone: what both versions have must come back equal, column by
column. What the older version has no place for:

- the columns and the tables that the migration adds, which go with it (a table is then compared at every migration
  that follows its own);
- what is cited by key figures, and that an indicator is computed: they go with the key figures and with the registers
  (`WITHOUT` says which rows are then left out);
- the secrets of second factors, sealed again under another nonce (`SEALED`).
"""

import hashlib
import os
import time
from io import StringIO

from tests.bench_instance import instance
from tests.measures import record

TERRITORIES, YEARS = int(os.environ.get("TERRITORIES", "44")), int(os.environ.get("YEARS", "10"))
APPS = ("logement", "axes", "bail_dabord", "prevention", "reporting")
OLDEST = {("logement", "0001_initial"), ("axes", "0001_initial"), ("axes", "0002_initial")}
#: Not ours to keep equal: what is open or counted now, and the migrations themselves.
LEFT = {"django_migrations", "django_session", "logement_cache"}
WITHOUT = {
    ("axes", "0010_key_figures"): {"axes_citation": "key_figure_id IS NOT NULL"},
    ("axes", "0004_registers"): {"axes_indicator": "source = 'register'"},
}
SEALED = ("mfa_authenticator", "data")
#: What comes before the command, to have such a database.
SERVED = {"postgresql": "python -m tests.services -- "}


def main():
    with instance():
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        call_command("demo", stdout=StringIO())
        print(f"Base : {connection.vendor}. {country()}", flush=True)
        start, steps, compared = time.monotonic(), 0, 0
        for name, columns, seconds in there_and_back():
            steps, compared = steps + 1, compared + columns
            print(f"{name:<56}  {columns:>5} colonnes égales  {seconds:>6.1f} s", flush=True)
        label = f"Migrations défaites et refaites ({compared} colonnes comparées, toutes égales)"
        print(f"{label:<72}  {steps:>5}  {time.monotonic() - start:.0f} s")
        record(
            f"tous.migrations-{connection.vendor}",
            label=f"Mises à jour de la base ({connection.display_name}) défaites puis refaites avec {TERRITORIES} "
            f"territoires et {YEARS} ans de données : colonnes dont le contenu a changé",
            value=0,
            aim="0",
            command=SERVED.get(connection.vendor, "") + "python -m tests.bench_migrations",
        )


def country():
    """Copies the demonstration's territory; says what is then in the database."""
    from django.db.models import F
    from django.utils import timezone

    from axes.models import Year
    from logement.models import Territory
    from tests.copies import copy_territory, copy_year

    original = Territory.objects.get(code="montpellier")
    original.memberships.filter(role="reader").update(ended_at=timezone.now(), ended_by=F("user"))
    copy_year(Year.objects.get(territory=original, number=2023), YEARS - original.years.count())
    copy_territory(original, TERRITORIES - 1)
    complete = [one for one in Territory.objects.all() if one.years.count() >= YEARS]
    if len(complete) < TERRITORIES:
        raise AssertionError(f"{len(complete)} territoires de {YEARS} exercices")
    return f"{len(complete)} territoires de {YEARS} exercices, {sum(counts().values())} lignes."


def there_and_back():
    """Undoes each migration after the oldest ones, does it again, and goes one further down.

    Yields (migration, columns compared, seconds).
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    before = states(executor)
    for migration in reversed(before):
        start = time.monotonic()
        compared = undone_and_redone(executor, before[migration], migration)
        executor.unapply_migration(before[migration].clone(), migration)
        yield f"{migration.app_label}.{migration.name}", compared, time.monotonic() - start


def undone_and_redone(executor, state, migration):
    """How many columns both versions have. Raises AssertionError where one of them or a table comes back changed."""
    key = (migration.app_label, migration.name)
    looked_at = all_but(WITHOUT.get(key, {}))
    before, schema = checksums(looked_at), shape()
    executor.unapply_migration(state.clone(), migration)
    known = columns()
    executor.apply_migration(state.clone(), migration)
    after = checksums(looked_at)
    common = [column for column in before if column in known]
    changed = [column for column in common if before[column] != after[column]]
    if changed or shape() != schema:
        raise AssertionError(f"{key} : {changed}, tables et contraintes égales : {shape() == schema}")
    return len(common)


def states(executor):
    """{migration: the state before it}, in order, of ours that came after the oldest ones."""
    from django.db.migrations.state import ProjectState

    graph, state, found = executor.loader.graph, ProjectState(), {}
    for migration, _ in executor.migration_plan(graph.leaf_nodes(), clean_start=True):
        key = (migration.app_label, migration.name)
        if key[0] in APPS and key not in OLDEST:
            found[migration] = state
        state = migration.mutate_state(state, preserve=True)
    return found


def all_but(left_out):
    """{table: the rows to look at, in SQL}: all but those there now that `left_out` selects ({table: SQL})."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table, condition in left_out.items():
            cursor.execute(f"SELECT id FROM {table} WHERE {condition}")  # noqa: S608  our own names
            found[table] = f"id NOT IN ({', '.join(str(key) for (key,) in cursor.fetchall()) or '0'})"
    return found


def counts():
    """{table: rows}."""
    return {table: count for table, (_, count) in tables({}).items()}


def columns():
    from django.db import connection

    return checksums(dict.fromkeys(connection.introspection.table_names(), "1 = 0")).keys()


def checksums(looked_at):
    """{(table, column): SHA-256 of its values, in the order of the keys}, less the sealed one."""
    return {
        (table, name): digest
        for table, (digests, _) in tables(looked_at).items()
        for name, digest in digests.items()
        if (table, name) != SEALED
    }


def tables(looked_at):
    """{table: ({column: SHA-256}, rows)}; `looked_at`: {table: a condition in SQL}, where not all of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        names = sorted({*connection.introspection.table_names(cursor)} - LEFT)
        return {table: table_read(cursor, table, looked_at.get(table, "1 = 1")) for table in names}


def table_read(cursor, table, rows):
    from django.db import connection

    key = (
        connection.introspection.get_primary_key_column(cursor, table) or "id"
    )  # what was put aside has none
    cursor.execute(f'SELECT * FROM "{table}" WHERE {rows} ORDER BY "{key}"')  # noqa: S608  our own names
    names = [column[0] for column in cursor.description]
    digests, count = [hashlib.sha256() for _ in names], 0
    while found := cursor.fetchmany(5000):
        count += len(found)
        for digest, values in zip(digests, zip(*found, strict=True), strict=True):
            digest.update(repr(values).encode())
    return {name: digest.hexdigest() for name, digest in zip(names, digests, strict=True)}, count


SHAPES = {
    "sqlite": (
        """SELECT held.name, col.name, col.type, col."notnull", col.pk
           FROM sqlite_master held, pragma_table_info(held.name) col WHERE held.type = 'table' ORDER BY 1, 2""",
        "SELECT type, name FROM sqlite_master WHERE type <> 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2",
    ),
    "postgresql": (
        """SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
           WHERE table_schema = 'public' ORDER BY 1, 2""",
        "SELECT contype, conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2, 3",
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    ),
}


def shape():
    """What the database knows of its tables: columns, indexes, constraints, triggers."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for query in SHAPES[connection.vendor]:
            cursor.execute(query)
            found.append(cursor.fetchall())
    return found


if __name__ == "__main__":
    main()
