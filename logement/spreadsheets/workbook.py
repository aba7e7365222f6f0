"""Reads a workbook in a process of its own, with little memory and little time. Imports nothing of ours.

A cell in row 1,048,576 makes the reader reserve seventeen thousand million cells, and Rust ends a process that cannot
have them: this one ends, the web process says so. On its input the file, on its output lines of JSON: what the sheet
is, then one list per row, from the first row and column of the sheet. Asked for every sheet (`--all`), one line per
sheet: see `all_sheets`.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice
from math import isfinite
from xml.parsers import expat
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MEMORY = 1024 * 1024 * 1024
SECONDS = 20
FORM_ROWS, FORM_COLUMNS = 1_000, 60  # of each sheet, when all are read: a form is small
FORM_MEMORY = 256 * 1024 * 1024


def encode(value):
    """What JSON cannot hold, as an object of one key; a cell error or nothing is None."""
    match value:
        case None | "" | timedelta():
            return None
        case bool() | int() | str():
            return value
        case float() if not isfinite(value):
            return str(value)  # no number: whoever parses it says so
        case float():
            return int(value) if value.is_integer() else {"number": format(value, ".15g")}
        case Decimal():
            return {"number": str(value)}
        case datetime() if value.time() == time():
            return {"date": value.date().isoformat()}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case _:
            return str(value)


def decode(encoded):
    """The object of one key that `encode` made, back to its value."""
    ((kind, text),) = encoded.items()
    return {"number": Decimal, "date": date.fromisoformat, "moment": datetime.fromisoformat}[kind](text)


def chosen(workbook, name):
    """The sheet of this name; without a name, the first that is visible and holds something."""
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    wanted = [name] if name else visible
    sheets = [workbook.get_sheet_by_name(found) for found in wanted if found in visible]
    return visible, next((sheet for sheet in sheets if sheet.start is not None), None)


def main(name):
    raw = sys.stdin.buffer.read()
    try:
        visible, sheet = chosen(CalamineWorkbook.from_filelike(BytesIO(raw)), name)
    except (CalamineError, MemoryError) as error:
        sys.exit(str(error))
    last_row, last_column = sheet.end if sheet else (-1, -1)
    head = {
        "sheets": visible,
        "sheet": sheet.name if sheet else None,
        "height": last_row + 1,
        "width": last_column + 1,
    }
    sys.stdout.write(json.dumps(head) + "\n")
    if sheet and head["height"] <= MAX_ROWS and head["width"] <= MAX_COLUMNS:
        before = [None] * sheet.start[1]  # the reader leaves out the empty columns on the left
        for row in sheet.iter_rows():
            sys.stdout.write(json.dumps(before + [encode(value) for value in row]) + "\n")


# --- Every sheet, hidden ones included, each cell at its address ---


def all_sheets():
    """Writes {name, is_visible, rows, unread} per sheet; `unread`: [[row, column], …] of the cells in error.

    The reader gives a cell in error as an empty one, and an empty answer takes an answer away: they are found in the
    file itself.
    """
    raw = sys.stdin.buffer.read()
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(raw))
        unread = cells_in_error(raw)
        for found in workbook.sheets_metadata:
            if found.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(found.name)
                described = {
                    "name": found.name,
                    "is_visible": found.visible == SheetVisibleEnum.Visible,
                    "rows": rows_of(sheet),
                    "unread": unread.get(found.name, []),
                }
                sys.stdout.write(json.dumps(described) + "\n")
    except (CalamineError, MemoryError, expat.ExpatError, KeyError, ValueError) as error:
        sys.exit(str(error))


def rows_of(sheet):
    if sheet.start is None:
        return []
    before = [None] * sheet.start[1]
    return [
        (before + [encode(value) for value in row[:FORM_COLUMNS]])[:FORM_COLUMNS]
        for row in islice(sheet.iter_rows(), FORM_ROWS)
    ]


def cells_in_error(raw):
    """{name of the sheet: [(row, column), …]}, ranks from 0."""
    with ZipFile(BytesIO(raw)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return Ods().read(archive.read("content.xml"))
        names = Names().read(archive.read("xl/workbook.xml"))
        targets = Targets().read(archive.read("xl/_rels/workbook.xml.rels"))
        parts = {name: targets[key].lstrip("/") for name, key in names.items() if key in targets}
        known = set(archive.namelist())
        parts = {name: part if part in known else f"xl/{part}" for name, part in parts.items()}
        return {name: Xlsx().read(archive.read(part)) for name, part in parts.items() if part in known}


class Reader:
    """Sees the beginning and the end of each element; `found` is what it gives. A DOCTYPE is refused: it may bomb."""

    def __init__(self):
        self.found = {}

    def read(self, content):
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.refuse
        parser.Parse(content, True)
        return self.found

    def start(self, name, attributes):
        raise NotImplementedError

    def end(self, name):
        """Nothing, for most."""

    def refuse(self, *declared):
        raise ValueError("DOCTYPE")


class Names(Reader):
    """{name of the sheet: key of its part}"""

    def start(self, name, attributes):
        if bare(name) == "sheet":
            key = next((value for word, value in attributes.items() if bare(word) == "id"), "")
            self.found[attributes.get("name", "")] = key


class Targets(Reader):
    """{key: part}"""

    def start(self, name, attributes):
        if bare(name) == "Relationship":
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class Xlsx(Reader):
    def __init__(self):
        self.found, self.row, self.column = [], -1, -1

    def start(self, name, attributes):
        match bare(name):
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            case "c":
                self.column = rank_of(attributes["r"]) if "r" in attributes else self.column + 1
                if attributes.get("t") == "e" and within(self.row, self.column):
                    self.found.append((self.row, self.column))


class Ods(Reader):
    def __init__(self):
        super().__init__()
        self.sheet, self.row, self.column, self.repeated = "", 0, 0, 1

    def start(self, name, attributes):
        match bare(name):
            case "table":
                self.sheet, self.row = attributes.get("table:name", ""), 0
                self.found[self.sheet] = []
            case "table-row":
                self.column, self.repeated = 0, int(attributes.get("table:number-rows-repeated", 1))
            case "table-cell" | "covered-table-cell":
                is_error = attributes.get("calcext:value-type") == "error"
                if is_error and within(self.row, self.column):
                    self.found[self.sheet].append((self.row, self.column))
                self.column += int(attributes.get("table:number-columns-repeated", 1))

    def end(self, name):
        if bare(name) == "table-row":
            self.row += self.repeated


def bare(name):
    return name.rpartition(":")[2]


def rank_of(address):
    """« B12 » -> 1"""
    rank = 0
    for letter in address.rstrip("0123456789"):
        rank = rank * 26 + ord(letter.upper()) - ord("A") + 1
    return rank - 1


def within(row, column):
    return 0 <= row < FORM_ROWS and 0 <= column < FORM_COLUMNS


if __name__ == "__main__":
    if sys.argv[1:] == ["--all", ""]:
        all_sheets()
    else:
        main(sys.argv[1])
