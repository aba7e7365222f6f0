"""Tables that come in (XLSX, ODS, CSV) and go out (XLSX, CSV). Pure: imports no Django.

table = read_table(raw, name="suivi.xlsx")      # or SpreadsheetError: a French sentence
for row in table.rows:
    for column, value in enumerate(row.values): table.address(row, column)     # « B12 »

COLUMNS = {"Code": lambda household: show_code(household.code), "Adultes": attrgetter("adults")}
to_xlsx(COLUMNS, households, title="Ménages")   # bytes; to_csv(COLUMNS, households) likewise
"""

from logement.spreadsheets.reading import MAX_BYTES, SpreadsheetError, read_table
from logement.spreadsheets.table import Heading, Row, Table, dump, load
from logement.spreadsheets.writing import to_csv, to_xlsx

__all__ = [
    "MAX_BYTES",
    "Heading",
    "Row",
    "SpreadsheetError",
    "Table",
    "dump",
    "load",
    "read_table",
    "to_csv",
    "to_xlsx",
]
