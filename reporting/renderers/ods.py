"""Document -> ODS: the sheets of the XLSX, with the same typed cells; written directly (docs/adr/0016)."""

from datetime import date
from decimal import Decimal

from logement.numbers import format_number
from reporting.renderers import odf
from reporting.renderers.parcel import xml
from reporting.renderers.sheets import sheets_of, shown

CHARACTER = 2.0  # millimetres, about
#: Rows as tall as their text; a sheet is printed on the pages of its master (see skeletons/ods/styles.xml).
STYLES = (
    '<style:style style:name="Ligne" style:family="table-row"><style:table-row-properties'
    ' style:use-optimal-row-height="true"/></style:style>'
) + "".join(
    f'<style:style style:name="{name}" style:family="table" style:master-page-name="{name}"><style:table-properties'
    ' table:display="true"/></style:style>'
    for name in ("Ajustee", "Large")
)


def render(document) -> bytes:
    """The workbook. The same document gives the same bytes."""
    return workbook(document, sheets_of(document))


def workbook(document, sheets) -> bytes:
    """The workbook of these sheets, under the name of the document."""
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    styles = STYLES + "".join(
        f'<style:style style:name="Colonne.{width}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{width * CHARACTER:.1f}mm"/></style:style>'
        for width in widths
    )
    ranges = "".join(filter_of(sheet, rank) for rank, sheet in enumerate(sheets))
    body = "".join(map(table, sheets)) + f"<table:database-ranges>{ranges}</table:database-ranges>"
    return odf.package(
        document, "ods", styles=styles, body=f"<office:spreadsheet>{body}</office:spreadsheet>"
    )


def table(sheet):
    """One sheet, its headings repeated on each page."""
    columns = "".join(
        f'<table:table-column table:style-name="Colonne.{width}" table:default-cell-style-name="Texte"/>'
        for width in sheet.widths
    )
    headings = "".join(cell(heading, "Entete") for heading in sheet.headings)
    rows = "".join(
        f'<table:table-row table:style-name="Ligne">{cells(sheet, row)}</table:table-row>'
        for row in sheet.rows
    )
    page = "Ajustee" if sheet.is_readable_on_a_page else "Large"
    return (
        f'<table:table table:name="{xml(sheet.name)}" table:style-name="{page}">'
        f"<table:title>{xml(sheet.title)}</table:title>{columns}"
        f'<table:table-header-rows><table:table-row table:style-name="Ligne">{headings}</table:table-row>'
        f"</table:table-header-rows>{rows}</table:table>"
    )


def cells(sheet, row):
    return "".join(
        cell(value, "Tete" if column == sheet.heads and isinstance(value, str) else kind_of(value))
        for column, value in enumerate(row)
    )


def kind_of(value):
    """The name of a style of cell."""
    match value:
        case date():
            return "Jour"
        case int():
            return "Entier"
        case Decimal():
            return "Entier" if value == value.to_integral_value() else "Decimal"
        case _:
            return "Texte"


def cell(value, style):
    """A typed cell; its text is what shows, one paragraph per line."""
    match value:
        case None | "":
            return f'<table:table-cell table:style-name="{style}"/>'
        case date():
            kind, words = f'"date" office:date-value="{value.isoformat()}"', shown(value)
        case int() | Decimal():
            kind, words = f'"float" office:value="{value:f}"', format_number(value)
        case _:
            kind, words = '"string"', value
    lines = "".join(f"<text:p>{xml(line)}</text:p>" for line in words.split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type={kind}>{lines}</table:table-cell>'


def filter_of(sheet, rank):
    """The button of a filter on each heading of a sheet."""
    name = xml(sheet.name.replace("'", "''"))
    last = f"{letters(len(sheet.headings))}{len(sheet.rows) + 1}"
    return (
        f"<table:database-range table:name=\"filtre-{rank}\" table:target-range-address=\"'{name}'.A1:'{name}'.{last}\""
        ' table:display-filter-buttons="true"/>'
    )


def letters(number):
    """The name of a column: 1 is A, 27 is AA."""
    rest, last = divmod(number - 1, 26)
    return (letters(rest) if rest else "") + chr(ord("A") + last)
