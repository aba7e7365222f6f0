"""Every sheet of a workbook that somebody gives back, hidden ones included, each cell at its address.

For the forms that the application makes and reads again; `reading.py` is for the tables that people make.
"""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from logement.spreadsheets.reading import (
    BROKEN,
    TOO_LARGE,
    SpreadsheetError,
    check_archive,
    check_name,
    check_not_wrapped,
    lines_of,
    run_reader,
)
from logement.spreadsheets.table import Value, letters
from logement.spreadsheets.workbook import FORM_MEMORY, decode
from logement.text import clean_text

MAX_BOOK_BYTES = 2 * 1024 * 1024  # a form of 60 questions is 20 kB
MAX_BOOK_UNPACKED = 16 * 1024 * 1024
SECONDS = 5
NOT_A_WORKBOOK = "Ce fichier n'est pas un tableur : redonnez le fichier .xlsx ou .ods rempli."


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first rows of a sheet, from its first cell. `unread`: {(row, column), …} of the cells in error (#REF!)."""

    name: str
    is_visible: bool
    rows: tuple[tuple[Value, ...], ...]
    unread: frozenset[tuple[int, int]]

    def at(self, row, column):
        """The value at these ranks, from 0; None outside."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        return line[column] if 0 <= column < len(line) else None


def address(row, column):
    """« D12 », of ranks from 0."""
    return f"{letters(column)}{row + 1}"


def read_book(raw, *, name):
    """The sheets of `raw`, bytes of an XLSX or ODS file. Raises SpreadsheetError: a French sentence."""
    if len(raw) > MAX_BOOK_BYTES:
        raise SpreadsheetError(
            f"Ce fichier dépasse {MAX_BOOK_BYTES // 1024**2} Mo : le tableur d'un bilan est bien plus petit. "
            "Retirez-en les images et les feuilles ajoutées, puis redonnez-le."
        )
    check_not_wrapped(raw)
    if not raw.startswith(b"PK"):
        raise SpreadsheetError(NOT_A_WORKBOOK)
    _check_unpacked(raw)
    ending = Path(name.replace("\\", "/")).name.lower().rpartition(".")[2]
    check_name(clean_text(ending)[:20], check_archive(raw))
    return [_sheet(json.loads(line, object_hook=_decoded)) for line in lines_of(*_run(raw))]


def _check_unpacked(raw):
    """The sizes that the archive declares, before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise SpreadsheetError(BROKEN) from error
    if size > MAX_BOOK_UNPACKED:
        raise SpreadsheetError(TOO_LARGE)


def _run(raw):
    """(return code, output) of the reader, for every sheet."""
    return run_reader(raw, "--all", "", memory=FORM_MEMORY, seconds=SECONDS)


def _decoded(data):
    return data if "rows" in data else decode(data)


def _sheet(data):
    return Sheet(
        data["name"],
        data["is_visible"],
        tuple(tuple(map(_cleaned, row)) for row in data["rows"]),
        frozenset(map(tuple, data["unread"])),
    )


def _cleaned(value):
    return clean_text(value).strip() or None if isinstance(value, str) else value
