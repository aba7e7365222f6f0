"""The spreadsheet road of a submission: a workbook made for one partner, filled anywhere, read back.

made = write(submission)                        # bytes of an XLSX: writing.py
filled = read(raw, name="bilan.ods", submission=submission)   # or SpreadsheetError, a French sentence: reading.py
found = preview(submission, filled)             # what would change, what is wrong where: preview.py
found, done = confirm(…)                        # everything, or nothing

Cells are found by a signed hidden schema, a hidden row of column codes and a hidden column of keys: see schema.py.
"""

from axes.submissions.sheets.preview import Preview, confirm, preview
from axes.submissions.sheets.reading import Filled, dump, load, read
from axes.submissions.sheets.writing import write

__all__ = ["Filled", "Preview", "confirm", "dump", "load", "preview", "read", "write"]
