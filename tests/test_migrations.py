"""Every migration has its way back, and what an older version cannot hold comes back as it was.

`tests/bench_migrations.py` does it for all of them, on a whole country; here, the newest one of each app.
"""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from axes.models import Citation
from logement.models import Membership
from tests.axes.citation_breaches import citation
from tests.bench_migrations import APPS, states, undone_and_redone
from tests.factories import KeyFigureFactory, MembershipFactory, TextBlockFactory


def operation(migration, name):
    """That of a migration (« app.name ») whose way back is the function of this name."""
    steps = import_module(migration.replace(".", ".migrations.")).Migration.operations
    codes = {step.reverse_code.__qualname__: step for step in steps if isinstance(step, RunPython)}
    return codes[name]


def rows(model):
    return list(model.objects.order_by("pk").values())


def test_every_migration_has_its_way_back():
    ours = {key: found for key, found in MigrationLoader(None).disk_migrations.items() if key[0] in APPS}

    without = {
        key: [operation for operation in migration.operations if not operation.reversible]
        for key, migration in ours.items()
    }

    assert len(ours) > 20
    assert {key: operations for key, operations in without.items() if operations} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("migration", ["logement.0005_writer_role", "logement.0007_people_come_in"])
def test_memberships_that_the_older_version_would_misread_leave_and_come_back(migration):
    kept = MembershipFactory(role="partner")
    MembershipFactory(role="writer", ended_at=timezone.now(), ended_by=kept.user)
    before, step, editor = (
        rows(Membership),
        operation(migration, "put_aside.<locals>.backward"),
        connection.schema_editor(),
    )

    step.reverse_code(apps, editor)
    assert list(Membership.objects.all()) == [kept]

    step.code(apps, editor)
    assert rows(Membership) == before
    assert not [table for table in connection.introspection.table_names() if "membership_" in table]


@pytest.mark.django_db
def test_what_key_figures_cite_goes_with_them_and_nothing_else():
    kept, gone = citation(text=TextBlockFactory()), citation(key_figure=KeyFigureFactory())
    Citation.objects.bulk_create([kept, gone])

    operation("axes.0010_key_figures", "forget_their_words").reverse_code(apps, connection.schema_editor())

    assert list(Citation.objects.all()) == [kept]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_newest_migrations_undone_and_done_again_change_no_value(demonstration):
    executor = MigrationExecutor(connection)
    before = states(executor)
    newest = {migration.app_label: migration for migration in before if not migration.initial}
    connection.check_constraints()  # else PostgreSQL alters no table: all this is one transaction

    compared = {name: undone_and_redone(executor, before[one], one) for name, one in newest.items()}

    assert compared.keys() == {"logement", "axes", "prevention", "reporting"}
    assert min(compared.values()) > 600
