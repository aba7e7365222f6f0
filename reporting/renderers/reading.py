"""What every format of a page reads in a document the same way. Pure: imports no Django."""

from dataclasses import replace

from logement.richtext import Paragraph, Text
from reporting.document import Cell, Column, Row, Table
from reporting.typography import french

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


def running_words(document):
    """What heads or ends each page."""
    return " – ".join(filter(None, [document.notice, document.running_title]))


def description_of(document):
    """What the file says of itself, beside its title."""
    return f"{document.running_title} – {document.publisher}, {document.date_label}"


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
    return Cell((Paragraph((Text(words),)),), is_header=not at)
