"""A file -> an empty instance. All is checked first: what is refused changes nothing."""

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.utils import validate_file_name
from django.db import DatabaseError, DataError, IntegrityError, transaction

from logement.backup import Refused, archive, rows, saving

NOT_MIGRATED = "La base n'a pas ses tables : lancez « ./manage.py migrate », puis recommencez."
NOT_EMPTY = (
    "La base n'est pas vide : restaurez dans une base neuve. Pour remplacer tout ce qu'elle contient par cette "
    "sauvegarde, ajoutez --force."
)
OTHER_VERSION = (
    "Cette sauvegarde a été faite avec une autre version du logiciel ({}). Installez la version qui l'a faite, "
    "restaurez, puis mettez à jour."
)
#: What a line raises that no backup wrote: no JSON, no such column, too few values, a value that the table refuses.
UNREADABLE = (
    *(ValueError, TypeError, KeyError, StopIteration, OverflowError, RecursionError),
    *(ValidationError, IntegrityError, DataError),
)


def restore(path, *, key="", force=False):
    """Writes what a file holds: (number of rows, number of files). Raises Refused.

    `force` replaces all that the database holds; a territory is only taken back by an empty one.
    """
    with archive.reading(path, key=key) as reader:
        _check(reader, force=force)
        whole = reader.description["nature"] == saving.WHOLE
        names = reader.under("fichiers")
        try:
            with transaction.atomic():
                if whole:
                    rows.clear()
                written = sum(_fill(reader, label) for label in reader.under("tables"))
                rows.reset_sequences()
                for name in names:  # last: no file of a backup whose rows are refused
                    _put_back(reader, name, force=force)
        except IntegrityError as error:  # PostgreSQL looks at some rules at the end only
            raise Refused(archive.DAMAGED.format("ses tables ne vont pas ensemble")) from error
        return written, len(names)


def _check(reader, *, force):
    try:
        here, empty = saving.migrations(), rows.is_empty()
    except DatabaseError as error:
        raise Refused(NOT_MIGRATED) from error
    there = reader.description["migrations"]
    if not here:
        raise Refused(NOT_MIGRATED)
    if reader.description["format"] != saving.FORMAT or here != there:
        different = ", ".join(sorted({*here} ^ {*there})) or f"format {reader.description['format']}"
        raise Refused(OTHER_VERSION.format(different))
    if not empty and reader.description["nature"] == saving.TERRITORY:
        raise Refused(
            "L'archive d'un territoire ne se reprend que dans une instance vide : --force n'y peut rien."
        )
    if not empty and not force:
        raise Refused(NOT_EMPTY)
    ours = {model._meta.label for model in rows.tables()}
    for label in reader.under("tables"):
        if label not in ours:
            raise Refused(archive.DAMAGED.format(f"la table « {label} » n'existe pas ici"))
    for name in reader.under("fichiers"):
        try:
            validate_file_name(name, allow_relative_path=True)
        except SuspiciousFileOperation as error:
            raise Refused(archive.DAMAGED.format(f"« {name} » sortirait du dossier des fichiers")) from error


def _put_back(reader, name, *, force):
    """A file takes its place; one that is there already is the same, or it is refused."""
    with reader.open(f"fichiers/{name}") as kept:
        if default_storage.exists(name):
            with default_storage.open(name) as present:
                if present.read() == kept.read():
                    return
            if not force:
                raise Refused(
                    f"Un autre fichier est déjà à la place de « {name} » : videz le dossier des fichiers."
                )
            default_storage.delete(name)
            kept.seek(0)
        default_storage.save(name, File(kept))


def _fill(reader, label):
    try:
        with reader.open(f"tables/{label}") as lines:
            return rows.insert(apps.get_model(label), lines)
    except UNREADABLE as error:
        raise Refused(archive.DAMAGED.format(f"la table « {label} » ne se lit pas")) from error
