"""A workbook given back -> what was typed in each row, at its address. Nothing is judged here."""

import json
from dataclasses import dataclass, field
from datetime import date

from axes.submissions.sheets.schema import (
    AGAIN,
    FIGURES,
    HEADINGS,
    MARK,
    TEXTS,
    WORDS,
    Asked,
    Schema,
    verified,
)
from logement.spreadsheets import SpreadsheetError
from logement.spreadsheets.book import address, read_book
from logement.spreadsheets.table import Value
from logement.spreadsheets.workbook import decode, encode
from logement.text import clean_text

CORNERS = {FIGURES: "des chiffres", TEXTS: "des textes"}
SEARCHED = 40  # a corner is on the first row; rows and columns may have been inserted before it


@dataclass(slots=True)
class Row:
    """A row of answers: where it stands (ranks from 0) and {code of the column: what was typed}.

    `unread`: the codes of the cells in error. `twin`: the number of the first row of the same question.
    """

    key: str
    sheet: str
    number: int
    columns: dict[str, int]
    values: dict[str, Value]
    unread: list[str] = field(default_factory=list)
    twin: int | None = None

    def place(self, code):
        """« D12 »"""
        return address(self.number, self.columns.get(code, min(self.columns.values())))


@dataclass(slots=True)
class Filled:
    """A workbook as it was given back. `notices`: what is worth telling and stops nothing, in French."""

    name: str
    schema: Schema
    rows: list[Row]
    notices: list[str]


def read(raw, *, name, submission):
    """The Filled of an XLSX or ODS made for this submission. Raises SpreadsheetError: a French sentence."""
    sheets = read_book(raw, name=name)
    schema = verified(signed_cell(sheets), submission)
    rows, notices, seen = [], [], {}
    for sheet, corner, place in corners_of(sheets, schema):
        columns = columns_of(sheet, corner, place, schema)
        for number in range(place[0] + 1, len(sheet.rows)):
            key = sheet.at(number, place[1])
            values = {code: sheet.at(number, column) for code, column in columns.items()}
            if key in schema.questions:
                unread = [code for code, column in columns.items() if (number, column) in sheet.unread]
                row = Row(key, sheet.name, number, columns, values, unread, seen.get(key))
                seen.setdefault(key, number + 1)
                rows.append(row)
            elif key != HEADINGS and any(value is not None for value in values.values()):
                notices.append(
                    f"Feuille « {sheet.name} », ligne {number + 1} : cette ligne n'est pas du questionnaire, "
                    "elle n'est pas lue."
                )
    return Filled(clean_text(name)[:200], schema, rows, notices)


def signed_cell(sheets):
    for sheet in sheets:
        for line in sheet.rows[:SEARCHED]:
            for value in line[:SEARCHED]:
                if isinstance(value, str) and value.startswith(MARK):
                    return value
    raise SpreadsheetError(
        f"Ce fichier n'est pas le tableur de ce bilan, ou sa feuille cachée a été supprimée. {AGAIN}"
    )


def corners_of(sheets, schema):
    """[(sheet, corner, (row, column))] of the sheets of answers, each there once."""
    found = [
        (sheet, value, (row, column))
        for sheet in sheets
        for row, line in enumerate(sheet.rows[:SEARCHED])
        for column, value in enumerate(line[:SEARCHED])
        if value in schema.columns
    ]
    for corner in schema.columns:
        holding = [sheet.name for sheet, held, _ in found if held == corner]
        if not holding:
            raise SpreadsheetError(f"La feuille {CORNERS[corner]} a disparu de ce tableur. {AGAIN}")
        if len(holding) > 1:
            names = " et ".join(f"« {name} »" for name in holding)
            raise SpreadsheetError(
                f"La feuille {CORNERS[corner]} y est plusieurs fois ({names}) : gardez celle qui est à jour, "
                "supprimez les autres, puis redonnez le fichier."
            )
    return found


def columns_of(sheet, corner, place, schema):
    """{code: rank}, by the hidden row of codes."""
    found = {}
    for column, value in enumerate(sheet.rows[place[0]]):
        if value in schema.columns[corner]:
            if value in found:
                raise SpreadsheetError(
                    f"Feuille « {sheet.name} » : la colonne « {WORDS[value]} » y est deux fois "
                    f"(cellules {address(place[0], found[value])} et {address(place[0], column)}) : supprimez la copie."
                )
            found[value] = column
    for code in schema.columns[corner]:
        if code not in found:
            raise SpreadsheetError(
                f"Feuille « {sheet.name} » : la colonne « {WORDS[code]} » a disparu. {AGAIN}"
            )
    return found


def dump(filled):
    """As text, for a row of the database; `load` gives it back, equal."""
    schema = filled.schema
    return json.dumps(
        {
            "name": filled.name,
            "submission": schema.submission,
            "made_on": schema.made_on.isoformat(),
            "questions": {key: [a.question, a.stamp, a.base] for key, a in schema.questions.items()},
            "columns": schema.columns,
            "notices": filled.notices,
            "rows": [
                [
                    row.key,
                    row.sheet,
                    row.number,
                    row.columns,
                    {code: [encode(value)] for code, value in row.values.items()},
                    row.unread,
                    row.twin,
                ]
                for row in filled.rows
            ],
        },
        ensure_ascii=False,
    )


def load(text):
    data = json.loads(text)
    schema = Schema(
        data["submission"],
        date.fromisoformat(data["made_on"]),
        {key: Asked(*asked) for key, asked in data["questions"].items()},
        data["columns"],
    )
    rows = [
        Row(key, sheet, number, columns, {code: decoded(v) for code, (v,) in values.items()}, unread, twin)
        for key, sheet, number, columns, values, unread, twin in data["rows"]
    ]
    return Filled(data["name"], schema, rows, data["notices"])


def decoded(value):
    return decode(value) if isinstance(value, dict) else value
