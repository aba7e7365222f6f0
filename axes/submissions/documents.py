"""What a partner may join: told by the content of the file, never by its name. Every refusal is a French sentence."""

import zipfile
import zlib
from pathlib import Path

import filetype
from django.core.exceptions import ValidationError

from logement.text import clean_text

MAX_BYTES = 10 * 1024**2
MAX_UNPACKED = 200 * 1024**2
MAX_PARTS = 5_000  # the files that an office document is made of
READ_BYTES = 8_192  # what the signatures need

OFFICE = "application/vnd.openxmlformats-officedocument."
#: {media type: the endings that its name may have}
TYPES = {
    "application/pdf": {"pdf"},
    f"{OFFICE}spreadsheetml.sheet": {"xlsx"},
    f"{OFFICE}wordprocessingml.document": {"docx"},
    "application/vnd.oasis.opendocument.spreadsheet": {"ods"},
    "application/vnd.oasis.opendocument.text": {"odt"},
    "text/csv": {"csv"},
    "image/png": {"png"},
    "image/jpeg": {"jpg", "jpeg"},
}
ARCHIVES = {media_type for media_type in TYPES if "opendocument" in media_type or OFFICE in media_type}
ACCEPT = ",".join(sorted(f".{ending}" for endings in TYPES.values() for ending in endings))
WORDS = "PDF, XLSX, ODS, DOCX, ODT, CSV, PNG ou JPEG"
BROKEN = "Ce fichier est abîmé ou incomplet : ouvrez-le, enregistrez-le de nouveau, puis joignez-le."
MACROS = "Ce fichier contient des macros : enregistrez-le sans macros, puis joignez-le."
TOO_LARGE = "Ce fichier est trop gros une fois déplié : allégez ses images, ou joignez-en un PDF."


def name_of(file):
    """The name to show and to give back: without folders nor control characters, ending kept."""
    name = clean_text(Path(file.name.replace("\\", "/")).name).replace("\n", " ").strip()
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:20]}"


def check(file):
    """The media type of an uploaded file, one of TYPES. Raises ValidationError {"file": sentence}."""
    try:
        return media_type_of(file)
    finally:
        file.seek(0)


def media_type_of(file):
    if not file.size:
        refuse("Ce fichier est vide : vérifiez-le, puis joignez-le de nouveau.")
    if file.size > MAX_BYTES:
        refuse(
            f"Ce fichier dépasse {MAX_BYTES // 1024**2} Mo : allégez-le, ou joignez-le en plusieurs parties."
        )
    name = name_of(file)
    ending = name.lower().rpartition(".")[2]
    head = file.read(READ_BYTES)
    file.seek(0)
    media_type = filetype.guess_mime(head) or filetype.guess_mime(file.read())
    if media_type is None and ending == "csv" and is_text(file):
        media_type = "text/csv"
    if media_type not in TYPES:
        refuse(f"« {name} » n'est pas d'un type accepté : joignez un fichier {WORDS}.")
    if ending not in TYPES[media_type]:
        endings = " ou ".join(f".{ending}" for ending in sorted(TYPES[media_type]))
        refuse(f"« {name} » : son contenu est au format {endings}, son nom dit autre chose. Renommez-le.")
    if media_type in ARCHIVES:
        check_archive(file)
    return media_type


def is_text(file):
    file.seek(0)
    raw = file.read()
    return b"\0" not in raw and raw.lstrip()[:1] != b"<"


def check_archive(file):
    """An office document is an archive: the sizes that it declares are read before anything is unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                refuse(TOO_LARGE)
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise ValidationError({"file": BROKEN}) from error
    if any(
        name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names
    ):
        refuse(MACROS)


def refuse(sentence):
    raise ValidationError({"file": sentence})
