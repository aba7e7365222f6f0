"""The figures of a document -> CSV for a French spreadsheet: UTF-8 with its mark, semicolons, decimal comma.

Its columns, their types and their words are published as a Frictionless table schema at `SCHEMA`, an address of this
site. Texts stand as they were typed; one that a spreadsheet would take for a formula begins with an apostrophe.
"""

from logement.spreadsheets import to_csv
from reporting.renderers.figure_columns import COLUMNS

SCHEMA = "/static/schemas/chiffres-1.schema.json"


def render(document) -> bytes:
    """The file: a line of names, then a line per figure."""
    return to_csv({column.name: column.of for column in COLUMNS}, document.figures)
