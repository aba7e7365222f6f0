"""What every format of a page reads in a document the same way. Pure: imports no Django."""

import re
from dataclasses import replace

from logement.numbers import NO_BREAK_SPACE
from logement.richtext import List, Paragraph, Text, plain
from reporting.document import Cell, Charts, Column, ContextFigures, Row, Table
from reporting.typography import french

LABEL = 40  # percent of the width of the table beside charts, for what each row counts
TITLE = 3  # blocks of the cover that make its title; those that follow are the imprint, at its foot
LONG_ROW = 14  # lines; a shorter row is never cut by a page
LINE = 1.75  # characters of a landscape page's line, for each percent of its width
GENERATOR = "Suivi du plan Logement d’abord"
FIGURE_COLUMNS = (
    Column("Donnée", "label", 46),
    Column("Valeur", "value", 22),
    Column("Source", "source", 32),
)


def typeset(content):
    """The inlines of a paragraph or of a note, their words in French typography, across the edges of marks."""
    edges = ["", *(inline.text if isinstance(inline, Text) else "\ufffc" for inline in content), ""]
    return [
        replace(inline, text=french(inline.text, edges[i], edges[i + 2]))
        if isinstance(inline, Text)
        else inline
        for i, inline in enumerate(content)
    ]


def name_of(document):
    """The block of the cover that is the report's own name: the second paragraph (the plan's comes first), or the only
    one; None where the cover has no paragraph, and the document's title stands for it.
    """
    names = [block for block in document.cover if isinstance(block, Paragraph)]
    return names[min(len(names), 2) - 1] if names else None


def is_wide(section):
    """A heading with nothing under it goes on the wide page of its first subsection, not alone on a page before it."""
    return section.landscape or bool(
        not section.content and section.sections and is_wide(section.sections[0])
    )


def runs_of_pages(sections):
    """The sections in runs that share pages: from one run to the next, pages turn from upright to wide, or back."""
    runs, wide = [], None
    for section in sections:
        if not runs or is_wide(section) != wide:
            runs.append(())
        runs[-1] += (section,)
        wide = _ends_wide(section)
    return runs


def _ends_wide(section):
    return is_wide(section) or bool(section.sections and _ends_wide(section.sections[-1]))


def heights_of(row, columns):
    """About how many lines each cell takes on a landscape page."""
    return [
        sum(
            1 + len(line) // (column.share * LINE) for line in plain(cell.blocks, with_notes=True).split("\n")
        )
        for cell, column in zip(row.cells, columns, strict=True)
    ]


def running_words(document):
    """What heads or ends each page."""
    return " – ".join(filter(None, [document.notice, document.running_title, document.edition]))


def description_of(document):
    """What the file says of itself, beside its title."""
    return f"{document.running_title} – {document.publisher}, {document.date_label}"


def table_of(node):
    """The table that a node is or comes with; None for a text."""
    match node:
        case Table():
            return node
        case ContextFigures():
            return figures_table(node)
        case Charts():
            return charts_table(node)
    return None


def charts_table(node):
    """The table beside charts: a row for each series and each part, a column for each year, and what is aimed at."""
    years = sorted({year for chart in node.charts for year in years_of(chart)})
    aims = ["Cible"] if any(chart.target for chart in node.charts) else []
    share = (100 - LABEL) // (len(years) + len(aims))
    columns = (Column("Chiffre", "label", 100 - share * (len(years) + len(aims))),)
    columns += tuple(Column(heading, "period", share) for heading in [*years, *aims])
    rows = [row for chart in node.charts for row in chart_rows(chart, years, has_aims=bool(aims))]
    return Table(node.caption, columns, tuple(rows))


def years_of(chart):
    return [point.label for point in chart.points] if chart.shape == "series" else [chart.year]


def chart_rows(chart, years, *, has_aims):
    """A series is a row; a whole is another, followed by its parts."""
    if chart.shape == "series":
        held = {point.label: (point.words, point.note) for point in chart.points}
        yield _row([(chart.title,)], [held.get(year, ()) for year in years], [(chart.target,)] * has_aims)
        return
    rows = [(chart.title, chart.whole, ""), *((f"– {p.label}", p.words, p.note) for p in chart.points)]
    for label, *said in rows:
        yield _row([(label,)], [said if year == chart.year else () for year in years], [()] * has_aims)


def _row(*cells):
    head, *others = [lines for part in cells for lines in part]
    return Row("", (_lines(head, is_header=True), *map(_lines, others)))


def _lines(lines, is_header=False):
    return Cell(tuple(Paragraph((Text(breakable(line)),)) for line in lines if line), is_header)


def breakable(words):
    """« 34 500 demandeurs » may turn before its unit: in a narrow column, LibreOffice would cut the word itself."""
    return re.sub(rf"{NO_BREAK_SPACE}(?=[^\W\d_])", " ", words)


def figures_table(node):
    """The context figures as a table like the others."""
    rows = tuple(
        Row(
            "",
            tuple(_cell(words, at) for at, words in enumerate((figure.label, figure.value, figure.source))),
        )
        for figure in node.figures
    )
    return Table(node.caption, FIGURE_COLUMNS, rows)


def _cell(words, at):
    return Cell((Paragraph((Text(breakable(words)),)),), is_header=not at)


def flow(sections, depth=1, *, is_on_wide=False):
    """(section, its depth, whether it stands on wide pages) for each section, in the order of print."""
    for section in sections:
        wide = is_on_wide or is_wide(section)
        yield section, depth, wide
        yield from flow(section.sections, depth + 1, is_on_wide=wide)


def without_notes(block):
    """A block of the cover: its notes stand in brackets where they are called, not at the foot."""
    if isinstance(block, List):
        return List(tuple(tuple(map(without_notes, item)) for item in block.items), block.ordered)
    return Paragraph(tuple(text for inline in block.content for text in _in_brackets(inline)))


def _in_brackets(inline):
    return (inline,) if isinstance(inline, Text) else (Text(" ("), *inline.content, Text(")"))
