"""The empty database of the tests: migrated once, while the workers start, then copied for each of them.

Migrating takes twelve seconds of a core, copying a tenth of one: `python -m tests.schema` is what pytest starts first.
It leaves a marker in the folder of the tests; on a PostgreSQL of one's own the database stays until the next run.
"""

import fcntl
import subprocess
import sys

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
    """Waits for the migrated database, and connects this process to a copy of its own. Gives the name before."""
    with place("lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    if not place("ready").exists():
        raise RuntimeError(f"The migrations failed:\n{place('log').read_text()}")
    before, creation = connection.settings_dict["NAME"], connection.creation
    connect(creation._get_test_db_name())
    creation.clone_test_db(worker, verbosity=0)
    connect(creation.get_test_db_clone_settings(worker)["NAME"])
    return before


def connect(name):
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def main():
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    place("ready").touch()


if __name__ == "__main__":
    main()
