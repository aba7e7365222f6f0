"""A file given by somebody, checked before it is opened, then read as a table. Every refusal is a French sentence."""

import csv
import json
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path

from logement import limited
from logement.archives import OLE, ArchiveError, Fault, has_macros, is_encrypted, opened
from logement.spreadsheets import workbook
from logement.spreadsheets.table import Heading, Row, Table, letters
from logement.spreadsheets.workbook import MAX_COLUMNS, MAX_ROWS, decode
from logement.text import clean_text

MAX_BYTES = 10 * 1024 * 1024
MAX_CELLS = 1_000_000
SEARCHED = 20  # the headings are among the first rows: a title may stand above them
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
PASSWORD = "Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe, puis redonnez-le."
MACROS = (
    "Ce fichier contient des macros : enregistrez-le au format .xlsx ou .ods sans macros, puis redonnez-le."
)
BROKEN = "Ce fichier est abîmé ou incomplet : ouvrez-le dans votre tableur, enregistrez-le, puis redonnez-le."
NOT_A_TABLE = "Ce fichier n'est pas un tableau : donnez un fichier .xlsx, .ods ou .csv."
TOO_LARGE = "Ce fichier est trop gros une fois déplié : gardez la feuille utile, sans image ni mise en forme."
FAULTS = {Fault.TOO_LARGE: TOO_LARGE, Fault.PASSWORD: PASSWORD, Fault.BROKEN: BROKEN}


class SpreadsheetError(ValueError):
    """The file is refused; the text is the sentence shown."""


def read_table(raw, *, name, sheet=""):
    """The table held by `raw` (bytes of an XLSX, ODS or CSV file): its first visible sheet, or the one named `sheet`.

    The format is told by the content; a name that says another is refused. Raises SpreadsheetError.
    """
    if len(raw) > MAX_BYTES:
        raise SpreadsheetError(f"Ce fichier dépasse {MAX_BYTES // 1024**2} Mo : gardez seulement le tableau.")
    name = clean_text(Path(name.replace("\\", "/")).name)[:200]
    ending = name.lower().rpartition(".")[2]
    check_not_wrapped(raw)
    if raw.startswith(b"PK"):
        check_name(ending, check_archive(raw))
        sheet, sheets, lines = _read_workbook(raw, sheet)
    else:
        check_name(ending, "csv")
        sheet, sheets, lines = "", (), _read_csv(raw)
    headings, rows = _headed(lines)
    return Table(name, sheet, sheets, headings, rows)


def check_not_wrapped(raw):
    """Refuses what Excel wrote before 2007, and what a password wraps."""
    if raw.startswith(OLE):
        raise SpreadsheetError(
            PASSWORD if is_encrypted(raw) else "Ce format est trop ancien : enregistrez-le en .xlsx."
        )


def check_name(ending, found):
    """Refuses a name that says another format than the one `found`."""
    if ending not in {"xlsx": {"xlsx"}, "ods": {"ods"}, "csv": {"csv", "txt", "tsv"}}[found]:
        raise SpreadsheetError(
            f"Le nom de ce fichier finit par « .{ending} », mais son contenu est au format .{found} : "
            "enregistrez-le de nouveau depuis votre tableur."
        )


def check_archive(raw):
    """« xlsx » or « ods ». The sizes that the archive declares are read before anything of it is unpacked."""
    try:
        with opened(raw, most=MAX_BYTES) as archive:
            return _kind_of(archive)
    except ArchiveError as error:
        raise SpreadsheetError(FAULTS[error.fault]) from error


def _kind_of(archive):
    names = set(archive.namelist())
    if has_macros(archive):
        raise SpreadsheetError(MACROS)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and archive.read("mimetype").strip() == ODS:
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise SpreadsheetError(PASSWORD)
        return "ods"
    raise SpreadsheetError(NOT_A_TABLE)


def _read_workbook(raw, wanted):
    """(name of the sheet, names of the visible sheets, every row from the first)."""
    head, *lines = lines_of(*run_reader(raw, wanted, memory=workbook.MEMORY, seconds=workbook.SECONDS))
    head = json.loads(head)
    if head["sheet"] is None:
        names = ", ".join(f"« {name} »" for name in head["sheets"])
        raise SpreadsheetError(
            f"La feuille « {wanted} » n'existe pas ou est vide. Feuilles du fichier : {names}."
            if wanted
            else "Ce fichier ne contient aucune valeur."
        )
    _check_size(head["height"], head["width"])
    return (
        head["sheet"],
        tuple(head["sheets"]),
        [json.loads(line, object_hook=decode) for line in lines],
    )


def run_reader(raw, *arguments, memory, seconds):
    """(return code, output) of the reader of workbook.py, in a process of its own."""
    try:
        return limited.run(workbook.__file__, raw, *arguments, memory=memory, seconds=seconds)
    except limited.OutOfTimeError as error:
        raise SpreadsheetError(TOO_LARGE) from error


def lines_of(code, output):
    """The lines of JSON that the reader wrote, unless it did not end well."""
    if code:
        # 1: the reader itself refused; else the system stopped it for what it asked.
        raise SpreadsheetError(BROKEN if code == 1 else TOO_LARGE)
    return output.splitlines()


def _check_size(height, width):
    if height > MAX_ROWS:
        raise SpreadsheetError(
            f"Ce tableau va jusqu'à la ligne {height} ; le maximum est {MAX_ROWS}. Supprimez les lignes vides "
            "du bas, ou donnez-le en plusieurs fois."
        )
    if width > MAX_COLUMNS:
        raise SpreadsheetError(
            f"Ce tableau va jusqu'à la colonne {letters(width - 1)} ; le maximum est {letters(MAX_COLUMNS - 1)} "
            f"({MAX_COLUMNS} colonnes). Supprimez les colonnes inutiles."
        )
    if height * width > MAX_CELLS:
        raise SpreadsheetError("Ce tableau a plus d'un million de cellules : gardez les colonnes utiles.")


# --- CSV ---


def _read_csv(raw):
    text = _decoded(raw)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines = []
    try:
        for line in reader:
            lines.append([_unquoted(cell) for cell in line])
            _check_size(len(lines), len(line))
    except csv.Error as error:
        raise SpreadsheetError(
            f"Ligne {reader.line_num} : un guillemet n'est pas refermé, ou une cellule est démesurée."
        ) from error
    return lines


def _decoded(raw):
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\r\n\v\f" for character in set(text)):
            return text
    raise SpreadsheetError(NOT_A_TABLE)


def _delimiter(text):
    """The separator that cuts most of the first lines in the same number of cells."""

    def regularity(separator):
        try:
            first = list(islice(csv.reader(StringIO(text, newline=""), delimiter=separator), 50))
        except csv.Error:
            return (0, 0)
        widths = Counter(len(line) for line in first if line)
        alike = ((count, width) for width, count in widths.items() if width > 1 and count * 2 > len(first))
        return max(alike, default=(0, 0))

    return max(";\t,", key=regularity)


def _unquoted(cell):
    """`to_csv` writes « '=1 » for « =1 », as spreadsheets do for a text: read back, it is « =1 »."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@", "\t", "\r"} else cell


# --- Headings ---


def _headed(lines):
    """(headings, rows): the headings are the first of the top rows that is as full as the table is wide."""
    lines = [[_cleaned(value) for value in line] for line in lines]
    filled = [sum(value is not None for value in line) for line in lines]
    widest = max(filled[:SEARCHED], default=0)
    if not widest:
        raise SpreadsheetError("Ce fichier ne contient aucune valeur.")
    top = next(rank for rank, count in enumerate(filled) if count * 2 > widest)
    width = max(len(line) for line in lines[top:])
    padded = [[*line, *[None] * (width - len(line))] for line in lines[top:]]
    used = [column for column in range(width) if any(line[column] is not None for line in padded)]
    rows = [
        Row(number, tuple(line[column] for column in used))
        for number, line in enumerate(padded[1:], start=top + 2)
        if filled[number - 1]
    ]
    if not rows:
        raise SpreadsheetError("Ce tableau a des titres, mais aucune ligne en dessous.")
    return _named(padded[0], used), tuple(rows)


def _named(line, used):
    """A heading per column: one that is missing, or there twice, is told by its letter."""
    titles = {column: " ".join(str(line[column] or "").split()) for column in used}
    counts = Counter(title.casefold() for title in titles.values())
    return tuple(
        Heading(
            column,
            title
            if title and counts[title.casefold()] == 1
            else f"{title} (colonne {letters(column)})".strip(),
        )
        for column, title in titles.items()
    )


def _cleaned(value):
    if isinstance(value, str):
        return clean_text(value).strip() or None
    return value
