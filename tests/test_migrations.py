"""Every migration has its way back."""

from django.db.migrations.loader import MigrationLoader

APPS = ("logement", "axes", "bail_dabord", "prevention", "reporting")


def test_every_migration_has_its_way_back():
    ours = {key: found for key, found in MigrationLoader(None).disk_migrations.items() if key[0] in APPS}

    without = {
        key: [operation for operation in migration.operations if not operation.reversible]
        for key, migration in ours.items()
    }

    assert len(ours) > 20
    assert {key: operations for key, operations in without.items() if operations} == {}
