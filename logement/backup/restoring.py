"""A file -> an empty instance. All is checked first: what is refused changes nothing."""

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

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


def restore(path, *, key="", force=False):
    """Writes what a file holds: (number of rows, number of files). Raises Refused.

    `force` replaces all that the database holds; a territory is only taken back by an empty one.
    """
    with archive.reading(path, key=key) as reader:
        _check(reader, force=force)
        whole = reader.description["nature"] == saving.WHOLE
        names = reader.under("fichiers")
        for name in names:
            _put_back(reader, name, force=force)
        with transaction.atomic():
            if whole:
                rows.clear()
            written = sum(_fill(reader, label) for label in reader.under("tables"))
            rows.reset_sequences()
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
    with reader.open(f"tables/{label}") as lines:
        return rows.insert(apps.get_model(label), lines)
