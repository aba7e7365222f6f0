"""The empty database of the tests: migrated once, while the workers start, then copied for each of them.

Migrating takes twelve seconds of a core, copying a tenth of one: `python -m tests.schema` is what pytest starts first.
It leaves a marker in the folder of the tests; on a PostgreSQL of one's own the database stays until the next run.
A migrated SQLite database is kept in var/, under the hash of what migrates it: the next run begins with it.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import connection


def place(name):
    return settings.VAR_DIR / f"schema.{name}"


def start():
    """Begins to migrate in a process of its own, which holds the lock as long as it lives."""
    with place("lock").open("w") as lock, place("log").open("w") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.schema"],
            cwd=settings.BASE_DIR,
            pass_fds=[lock.fileno()],
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def copy(worker):
    """Waits for the migrated database, and connects this process to a copy of its own."""
    with place("lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    if not place("ready").exists():
        raise RuntimeError(f"The migrations failed:\n{place('log').read_text()}")
    creation = connection.creation
    connect(creation._get_test_db_name())
    creation.clone_test_db(worker, verbosity=0)
    connect(creation.get_test_db_clone_settings(worker)["NAME"])


def connect(name):
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def make():
    """Makes the test database, from the one kept where nothing that migrates it has changed, and connects to it."""
    if connection.vendor != "sqlite":
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        return
    kept, name = kept_database(), connection.creation._get_test_db_name()
    if not kept.exists():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        keep(name, kept)
    shutil.copyfile(kept, name)
    connect(name)


def kept_database():
    root = settings.BASE_DIR
    digest = hashlib.sha256((root / "uv.lock").read_bytes())
    # The triggers are written by a module that the migrations import.
    for file in [root / "logement/triggers.py", *sorted(root.glob("*/migrations/*.py"))]:
        digest.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return root / f"var/tests-schema-{digest.hexdigest()[:16]}.sqlite3"


def keep(name, kept):
    """Whole or not at all; those of other migrations go."""
    kept.parent.mkdir(exist_ok=True)
    for old in kept.parent.glob("tests-schema-*"):
        old.unlink(missing_ok=True)
    aside = Path(f"{name}.kept")
    shutil.copyfile(name, aside)
    shutil.move(aside, kept)


def main():
    django.setup()
    make()
    connection.close()
    place("ready").touch()


if __name__ == "__main__":
    main()
