"""The whole instance, or one territory -> a file. See rows.py and archive.py."""

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from logement import audit
from logement.backup import Refused, archive, rows, territory
from logement.instants import consistent_read

FORMAT = 1
WHOLE, TERRITORY = "instance", "territoire"
ACT = "Sauvegarde"  # in the trail: when the last one was made


def save(folder, *, key="", by="exploitation"):
    """Saves the whole instance in a folder, encrypted for a public key of `age` if one is given. Gives the file.

    Rows are of one instant. Files never change: those that these rows keep are read after. Raises Refused.
    """
    path = _place(folder, "sauvegarde", key)
    missing = _write(
        path, key, nature=WHOLE, tables=[(model._base_manager.all(), {}) for model in rows.tables()]
    )
    audit.record(by=by, act=ACT, about=path.name, detail=_said(missing))
    return path, missing


def save_territory(place, folder, *, key="", by="exploitation"):
    """Saves all of a territory, and of the people and organisations only those it names. As `save`."""
    path = _place(folder, f"territoire-{place.code}", key)
    tables = [
        (queryset, territory.REPLACED.get(queryset.model._meta.label, {}))
        for queryset in territory.rows_of(place)
    ]
    missing = _write(path, key, nature=TERRITORY, tables=tables)
    audit.record(by=by, act="Archive du territoire", about=path.name, territory=place, detail=_said(missing))
    return path, missing


def _place(folder, name, key):
    if not folder.is_dir():
        raise Refused(f"Le dossier {folder} n'existe pas : créez-le, puis recommencez.")
    return folder / f"{name}-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz{'.age' if key else ''}"


def _write(path, key, *, nature, tables):
    """Gives the names of the files that rows keep and that are nowhere."""
    files = set()
    with archive.writing(path, key=key) as writer:
        with consistent_read():
            writer.describe(
                {
                    "format": FORMAT,
                    "nature": nature,
                    "faite le": timezone.now().isoformat(timespec="seconds"),
                    "migrations": migrations(),
                }
            )
            for queryset, replaced in tables:
                lines = rows.lines_of(
                    queryset, replaced=replaced, seen=lambda row: files.update(rows.files_of(row))
                )
                writer.add(f"tables/{queryset.model._meta.label}", lines)
        missing = [name for name in sorted(files) if not default_storage.exists(name)]
        for name in sorted(files.difference(missing)):
            with default_storage.open(name) as file:
                writer.add(f"fichiers/{name}", file.chunks())
    return missing


def migrations():
    """The migrations that made this database, as « axes.0001_initial »."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _said(missing):
    return f"Fichiers absents : {', '.join(missing)}" if missing else ""
