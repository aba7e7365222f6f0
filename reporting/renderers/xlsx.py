"""Document -> XLSX: its figures as typed cells, then its tables of actions, a sheet each; no formula, no link."""

from datetime import date
from decimal import Decimal
from io import BytesIO

from logement.spreadsheets.writing import FIRST_DAY, open_book
from reporting.renderers.reading import GENERATOR, running_words
from reporting.renderers.sheets import beginning, sheets_of, shown, typed

ACCENT, LINE = "#1D4F6E", "#C3CCD4"
A4 = 9
CELL = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": LINE}
FORMATS = {
    "text": CELL,
    "head": CELL | {"bold": True},
    "heading": CELL | {"bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "whole": CELL | {"num_format": "#,##0"},
    "decimal": CELL | {"num_format": "#,##0.0###"},
    "date": CELL | {"num_format": "dd/mm/yyyy"},
}
FACT = 255  # characters, all that Excel takes of a title, of an author…
EDGE = 220  # …and of what stands at the edge of a page, with its codes
LINE_HEIGHT, TALLEST = 15, 409  # points


def render(document) -> bytes:
    """The workbook. The same document gives the same bytes."""
    return workbook(document, sheets_of(document))


def workbook(document, sheets) -> bytes:
    """The workbook of these sheets, under the name of the document."""
    output = BytesIO()
    book = open_book(
        output,
        title=fact(document.title),
        subject=fact(document.running_title),
        author=fact(document.publisher),
        comments=GENERATOR,
    )
    formats = {name: book.add_format(properties) for name, properties in FORMATS.items()}
    for sheet in sheets:
        write(book, sheet, formats, foot=running_words(document))
    book.close()
    return output.getvalue()


def write(book, sheet, formats, *, foot):
    """One sheet: headings frozen, repeated and filtered; A4 on its side when printed."""
    page = book.add_worksheet(sheet.name)
    widths = sheet.widths
    for column, (heading, width) in enumerate(zip(sheet.headings, widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, heading, formats["heading"])
    for row, values in enumerate(sheet.rows, start=1):
        page.set_row(row, min(sheet.lines_of(values, widths) * LINE_HEIGHT, TALLEST))
        for column, value in enumerate(values):
            kind = "head" if column == sheet.heads and isinstance(value, str) else kind_of(value)
            put(page, row, column, value, formats[kind])
    page.freeze_panes(1, sheet.heads + 1 if len(sheet.headings) > 2 else 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), max(len(sheet.headings) - 1, 0))
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4)
    if sheet.is_readable_on_a_page:
        page.fit_to_pages(1, 0)
    page.set_header(f"&L{plain(sheet.title)}")
    page.set_footer(f"&L{plain(foot)}&R&P / &N")


def put(page, row, column, value, cell_format):
    match value:
        case None | "":
            page.write_blank(row, column, None, cell_format)
        case str():
            page.write_string(row, column, value, cell_format)
        case date() if value < FIRST_DAY:
            page.write_string(row, column, shown(value), cell_format)
        case date():
            page.write_datetime(row, column, value, cell_format)
        case _:
            page.write_number(row, column, value, cell_format)


def kind_of(value):
    """The name of a format."""
    match value:
        case date():
            return "date"
        case int():
            return "whole"
        case Decimal():
            return "whole" if value == value.to_integral_value() else "decimal"
        case _:
            return "text"


def fact(text):
    return beginning(typed(text), FACT)


def plain(text):
    """Text for the edge of a page, where & is a code of Excel's; a longer one would be refused."""
    return beginning(typed(text).replace("&", "&&"), EDGE).rstrip("&")
