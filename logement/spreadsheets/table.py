"""A table as it was read: headings and rows, each value with the address that it has in the file."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from logement.spreadsheets.workbook import decode, encode

#: A number is an int when it is whole, else a Decimal; a cell that is empty or in error is None.
Value = str | int | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its rank (from 0) in the file and the words on top of it."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the file and one value per heading of its table."""

    number: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file. `sheet` is "" and `sheets` empty in a CSV. Rows without any value are left out."""

    name: str
    sheet: str
    sheets: tuple[str, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]

    def address(self, row, rank):
        """« B12 »: where the value of that rank of a row stands."""
        return f"{letters(self.headings[rank].column)}{row.number}"

    def keeping(self, ranks):
        """The table with these columns alone."""
        return Table(
            self.name,
            self.sheet,
            self.sheets,
            tuple(self.headings[rank] for rank in ranks),
            tuple(Row(row.number, tuple(row.values[rank] for rank in ranks)) for row in self.rows),
        )


def letters(column):
    """The name of a column by its rank: 0 -> « A », 27 -> « AB »."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def dump(table):
    """The table as text, for a row of the database; `load` gives it back, equal."""
    return json.dumps(
        {
            "name": table.name,
            "sheet": table.sheet,
            "sheets": table.sheets,
            "headings": [[heading.column, heading.text] for heading in table.headings],
            "rows": [[row.number, *map(encode, row.values)] for row in table.rows],
        },
        ensure_ascii=False,
    )


def load(text):
    data = json.loads(text)
    rows = ([decode(v) if isinstance(v, dict) else v for v in row] for row in data["rows"])
    return Table(
        data["name"],
        data["sheet"],
        tuple(data["sheets"]),
        tuple(Heading(*heading) for heading in data["headings"]),
        tuple(Row(number, tuple(values)) for number, *values in rows),
    )
