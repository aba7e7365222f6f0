"""A file given by somebody, checked before it is opened, then read. Every refusal is a French sentence."""

from dataclasses import replace
from pathlib import Path

from logement import limited
from logement.archives import OLE, ArchiveError, Fault, has_macros, is_encrypted, opened
from logement.documents import child
from logement.documents.stored import load
from logement.text import clean_text

MAX_BYTES = 20 * 1024 * 1024
MAX_PART = 50 * 1024 * 1024  # of what is read: a report of 300 pages is 3 MB
MEMORY = 768 * 1024 * 1024
SECONDS = 20
ODT = b"application/vnd.oasis.opendocument.text"
#: The names that a kind of file may have.
ENDINGS = {"docx": {"docx", "dotx"}, "odt": {"odt", "ott"}}
ASK = "redonnez-le"
PASSWORD = f"Ce document est protégé par un mot de passe : enregistrez-le sans mot de passe, puis {ASK}."
MACROS = f"Ce document contient des macros : enregistrez-le au format .docx ou .odt sans macros, puis {ASK}."
BROKEN = (
    f"Ce document est abîmé ou incomplet : ouvrez-le dans Word ou LibreOffice, enregistrez-le, puis {ASK}."
)
TOO_LARGE = "Ce document est trop gros une fois déplié : retirez-en les images, puis redonnez-le."
OLD = f"Ce format est trop ancien : ouvrez le document dans Word, enregistrez-le au format .docx, puis {ASK}."
NOT_A_DOCUMENT = "Ce fichier n'est pas un document Word ou LibreOffice : donnez un fichier .docx ou .odt."
FAULTS = {Fault.TOO_LARGE: TOO_LARGE, Fault.PASSWORD: PASSWORD, Fault.BROKEN: BROKEN}
#: What the child says -> what is said here.
REFUSALS = {
    "broken": BROKEN,
    "doctype": "Ce document déclare des entités, ce que ni Word ni LibreOffice ne font : il n'est pas ouvert.",
    "large": TOO_LARGE,
    "long": "Ce document a plus de 400 000 mots : donnez seulement le rapport.",
}


class DocumentError(ValueError):
    """The file is refused; the text is the sentence shown."""


def read_document(raw, *, name):
    """The Document held by `raw` (bytes of a DOCX or ODT file). The format is told by the content.

    Raises DocumentError. It is read in a process of its own; nothing that the file links to is opened.
    """
    if len(raw) > MAX_BYTES:
        raise DocumentError(
            f"Ce document dépasse {MAX_BYTES // 1024**2} Mo : retirez-en les images, puis {ASK}."
        )
    name = clean_text(Path(name.replace("\\", "/")).name)[:200]
    if raw.startswith(OLE):
        raise DocumentError(PASSWORD if is_encrypted(raw) else OLD)
    if not raw.startswith(b"PK"):
        raise DocumentError(NOT_A_DOCUMENT)
    kind = _kind_of(raw)
    _check_name(name, kind)
    return replace(load(_read(raw, kind)), name=name)


def _kind_of(raw):
    """« docx » or « odt ». The sizes that the archive declares are read before anything of it is unpacked."""
    try:
        with opened(raw, most=MAX_BYTES) as archive:
            names = set(archive.namelist())
            if has_macros(archive):
                raise DocumentError(MACROS)
            if any(
                part.file_size > MAX_PART for part in archive.infolist() if part.filename.endswith(".xml")
            ):
                raise DocumentError(TOO_LARGE)
            if "[Content_Types].xml" in names and b"wordprocessingml" in archive.read("[Content_Types].xml"):
                return "docx"
            if "mimetype" in names and archive.read("mimetype").strip().startswith(ODT):
                return _unless_encrypted(archive, names)
    except ArchiveError as error:
        raise DocumentError(FAULTS[error.fault]) from error
    raise DocumentError(NOT_A_DOCUMENT)


def _unless_encrypted(archive, names):
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise DocumentError(PASSWORD)
    return "odt"


def _check_name(name, kind):
    ending = name.lower().rpartition(".")[2]
    if ending not in ENDINGS[kind]:
        raise DocumentError(
            f"Le nom de ce fichier finit par « .{ending[:20]} », mais son contenu est au format .{kind} : "
            f"enregistrez-le de nouveau depuis Word ou LibreOffice, puis {ASK}."
        )


def _read(raw, kind):
    """What the reader wrote, in a process of its own."""
    try:
        code, output = limited.run(child.__file__, raw, kind, memory=MEMORY, seconds=SECONDS)
    except limited.OutOfTimeError as error:
        raise DocumentError(TOO_LARGE) from error
    if code:
        # 1: the reader itself refused; else the system stopped it for what it asked.
        raise DocumentError(REFUSALS.get(output.decode(), BROKEN) if code == 1 else TOO_LARGE)
    return output.decode()
