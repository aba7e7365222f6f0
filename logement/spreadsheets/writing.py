"""Exports: an ordered table « French title -> typed getter », as XLSX or CSV. No text ever becomes a formula."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import xlsxwriter

from logement.text import clean_text

PARIS = ZoneInfo("Europe/Paris")
LONGEST = 32_767  # characters of a cell; XlsxWriter would leave out a longer text, in silence
MAX_DIGITS = 15  # a spreadsheet rounds a longer number: it is written as text
FIRST_DAY = date(1900, 3, 1)  # a spreadsheet's calendar is wrong before
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORMATS = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm"}


def to_xlsx(columns, rows, *, title):
    """The bytes of a workbook of one sheet called `title`, headings frozen and filtered.

    `columns`: {French title: row -> str, number, date, moment, bool or None}. Numbers and days stay what they are.
    """
    output = BytesIO()
    book = open_book(output, title=title)
    sheet = book.add_worksheet("".join(character for character in title if character not in "[]:*?/\\'")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in FORMATS.items()}
    widths = []
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading, bold)
        widths.append(min(len(heading), 24))
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, getter in enumerate(columns.values()):
            value = _plain(getter(row))
            widths[column] = max(widths[column], min(len(_printed(value)), 60))
            _write(sheet, last, column, value, formats)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    book.close()
    return output.getvalue()


def open_book(output, **properties):
    """A workbook of XlsxWriter where text stays text; the same content gives the same file."""
    book = xlsxwriter.Workbook(
        output,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({**properties, "created": datetime(2000, 1, 1, tzinfo=UTC)})
    return book


def to_csv(columns, rows):
    """The same table for a French spreadsheet: UTF-8 with its mark, semicolons, decimal comma, day/month/year."""
    output = StringIO(newline="")
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(heading) for heading in columns])
    for row in rows:
        values = [_plain(getter(row)) for getter in columns.values()]
        writer.writerow([_harmless(v) if isinstance(v, str) else _printed(v) for v in values])
    return b"\xef\xbb\xbf" + output.getvalue().encode()


def _plain(value):
    """The value as one of: None, str, int, float, Decimal, date, datetime of Paris without its zone."""
    match value:
        case None:
            return None
        case bool():
            return "oui" if value else "non"
        case datetime():
            return value.astimezone(PARIS).replace(tzinfo=None) if value.tzinfo else value
        case date() | float():
            return value
        case int() | Decimal():
            return value
        case _:
            return clean_text(str(value))


def _write(sheet, row, column, value, formats):
    match value:
        case None | "":
            return
        case datetime() if value.date() >= FIRST_DAY:
            sheet.write_datetime(row, column, value, formats[datetime])
        case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, formats[date])
        case float():
            sheet.write_number(row, column, value)
        case int() | Decimal() if len(str(abs(value))) <= MAX_DIGITS:
            sheet.write_number(row, column, value)
        case _:
            text = _printed(value)
            sheet.write_string(row, column, text if len(text) <= LONGEST else text[: LONGEST - 4] + " […]")


def _printed(value):
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case int() | float():
            return str(value).replace(".", ",")
        case _:
            return value


def _harmless(text):
    return f"'{text}" if text.startswith(FORMULA) else text
