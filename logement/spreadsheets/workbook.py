"""Reads one sheet of a workbook in a process of its own, with little memory and little time. Imports nothing of ours.

A cell in row 1,048,576 makes the reader reserve seventeen thousand million cells, and Rust ends a process that cannot
have them: this one ends, the web process says so. On its input the file, on its output lines of JSON: what the sheet
is, then one list per row, from the first row and column of the sheet.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MEMORY = 1024 * 1024 * 1024
SECONDS = 20


def encode(value):
    """What JSON cannot hold, as an object of one key; a cell error or nothing is None."""
    match value:
        case None | "" | timedelta():
            return None
        case bool() | int() | str():
            return value
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
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
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


if __name__ == "__main__":
    main(sys.argv[1])
