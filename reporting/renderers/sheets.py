"""Document -> the sheets of a spreadsheet: what it is, its figures as data, its tables of actions. Pure.

XLSX and ODS write the same sheets. A cell is a str, an int, a Decimal, a date or None; never a formula.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from logement.richtext import plain
from logement.spreadsheets.writing import LONGEST, MAX_DIGITS
from logement.text import clean_text
from reporting.document import Charts, ContextFigures
from reporting.renderers.figure_columns import COLUMNS
from reporting.renderers.pictures import charts_of
from reporting.renderers.reading import flow, table_of
from reporting.typography import french

Value = str | int | Decimal | date | None
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
RESERVED = {"history", "historique"}  # Excel's own
CUT = " […]"
CHARTS = "Graphiques"
CHART_HEADINGS = ("Graphique", "Année", "Partie", "Valeur", "Nombre", "Remarque", "Cible", "Description")
WIDEST = 46  # characters
SPARE = 2
NARROW = 1.1  # characters of a text in the place of a digit, about
PAGE = 200  # characters on the side of an A4, made smaller


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of values under its headings; `heads` is the column that names each row. `widths` are in characters."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    heads: int

    @property
    def widths(self):
        return [
            min(max(len(line) for value in column for line in shown(value).split("\n")), WIDEST) + SPARE
            for column in zip(self.headings, *self.rows, strict=True)
        ]

    @property
    def is_readable_on_a_page(self):
        """Whether it may be made as narrow as a page when printed; a wider sheet takes several."""
        return sum(self.widths) <= PAGE

    def lines_of(self, row, widths):
        """About how many lines a row takes; XLSX has to say it, ODS leaves it to its reader."""
        return max(
            (
                sum(max(1, ceil(len(line) / width / NARROW)) for line in shown(value).split("\n"))
                for value, width in zip(row, widths, strict=True)
            ),
            default=1,
        )


def sheets_of(document):
    """The sheets of a document, each with a name of its own that every spreadsheet takes."""
    tables = list(tables_of(document))
    points = dict.fromkeys(row for chart in charts_of(document) for row in chart_rows(chart))
    captions = [*(table.caption for table in tables), *([CHARTS] if points else [])]
    names = named(["Rapport", "Chiffres", *captions])
    figures = Sheet(
        names[1],
        "Chiffres",
        tuple(column.title for column in COLUMNS),
        tuple(tuple(typed(column.of(figure)) for column in COLUMNS) for figure in document.figures),
        heads=3,
    )
    held = [figures, *(sheet_of(table, name) for table, name in zip(tables, names[2:], strict=False))]
    if points:
        held.append(Sheet(names[-1], CHARTS, tuple(map(typed, CHART_HEADINGS)), tuple(points), heads=0))
    return [front(document, names[0], held), *held]


def tables_of(document):
    """The tables of a document but for those of its figures, which are data already."""
    for section, _, _ in flow(document.sections):
        for node in section.content:
            table = table_of(node)
            if table is None or isinstance(node, Charts):
                continue
            is_figures = isinstance(node, ContextFigures) or "value" in {c.role for c in table.columns}
            if not (is_figures and document.figures):
                yield table


def chart_rows(chart):
    """A row for each point, its number typed; the same for a chart that the report shows twice."""
    for point in chart.points:
        year, part = (chart.year, point.label) if chart.shape == "parts" else (point.label, "")
        held = (chart.title, year, part, point.words, point.number, point.note, chart.target, chart.alt)
        yield tuple(map(typed, held))


def sheet_of(table, name):
    rows = tuple(
        tuple(typed(plain(cell.blocks, with_notes=True)) for cell in row.cells) for row in table.rows
    )
    first = table.rows[0].cells if table.rows else ()
    heads = next((at for at, cell in enumerate(first) if cell.is_header), 0)
    headings = tuple(typed(column.heading) for column in table.columns)
    return Sheet(name, typed(table.caption), headings, rows, heads)


def front(document, name, sheets):
    """What the workbook is, what each sheet holds, what each column of figures means."""
    facts = {
        "Titre": document.title,
        "Éditeur": document.publisher,
        "Exercice": document.date_label,
        "Mention": document.notice,
    }
    facts |= {f"Feuille « {sheet.name} »": f"{sheet.title} ({len(sheet.rows)} lignes)" for sheet in sheets}
    facts |= {f"Colonne « {column.title} » des chiffres": column.meaning for column in COLUMNS}
    rows = tuple((typed(fact), typed(words)) for fact, words in facts.items() if words)
    return Sheet(name, "Ce classeur", ("Ce classeur", "Contenu"), rows, heads=0)


def typed(value) -> Value:
    """A value as a cell holds it: text cleaned, typeset and cut; a number that a spreadsheet would round, as text."""
    match value:
        case bool():
            return "oui" if value else "non"
        case Decimal() if len(value.as_tuple().digits) > MAX_DIGITS:
            return f"{value:f}".replace(".", ",")
        case str():
            return cut(french(clean_text(value)))
        case _:
            return value


def cut(text):
    """The text, or its beginning and a sign that the rest is left out."""
    return text if beginning(text, LONGEST) == text else beginning(text, LONGEST - len(CUT)) + CUT


def beginning(text, length):
    """At most so many units of UTF-16, in which a spreadsheet counts; an emoji takes two."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def shown(value):
    """About what a cell shows."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)


def named(captions):
    """A name per caption, short (« Axe 1 » for « Axe 1 : Améliorer… »), legal and unlike the others."""
    used, names = set(RESERVED), []
    for caption in captions:
        short = FORBIDDEN.sub(" ", clean_text(caption).partition(" : ")[0])
        short = " ".join(short.split()).strip("'")
        short = beginning(short, LONGEST_NAME).strip(" '") or "Tableau"
        name, rank = short, 1
        while name.casefold() in used:
            rank += 1
            end = f" ({rank})"
            name = beginning(short, LONGEST_NAME - len(end)) + end
        used.add(name.casefold())
        names.append(name)
    return names
