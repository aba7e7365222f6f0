"""A report that the application exported: what it composes by itself is set apart. Pure: imports no Django."""

from dataclasses import replace

from axes.imports.documents.outline import Part, Piece, numbered
from axes.imports.documents.rich import flat, mark_of
from axes.printed import (
    CHARTS_HEADING,
    CHARTS_TARGET,
    CONTEXT_HEADINGS,
    DRAFT,
    FIGURE_HEADINGS,
    JUSTIFIED,
    LINE,
    PART,
    SOURCES,
    SYNTHESIS,
)
from logement.documents.content import Table

COMPOSED = "Composé par l'application, qui le refait à chaque rapport."
CAPTION = "caption"  # the style of the title of a chart, and of a table under it
OURS = {SYNTHESIS, SOURCES, JUSTIFIED}
NOTICE = "mention"  # that of « Projet », above the title


def is_export(document):
    """Whether the application made the document, changed since or not: its parts and its rows are marked."""
    return any(mark_of([paragraph], PART) or mark_of([paragraph], LINE) for paragraph in document.paragraphs)


def set_apart(pieces):
    """The pieces of an export, those that the application composes marked as such."""
    made, is_ours, has_preamble = [], False, False
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        found, heading = piece, getattr(piece.block, "heading", 0)
        if heading == 1:
            is_ours = mark_of([piece.block]) in OURS
            is_preamble = piece.part is Part.PREAMBLE and not has_preamble
            has_preamble |= is_preamble
            found = piece if is_preamble else part_of(piece.block)
        is_above = heading > 1 and after is not None and is_composed(after.block)
        is_set_apart = is_ours or is_above or is_composed(piece.block)
        made.append(replace(found, part=Part.COMPOSED) if is_set_apart else found)
    return made


def part_of(block):
    """The piece of a title of the first depth: that of a part, whatever its words and what follows it."""
    return Piece(Part.SECTION, block, *numbered(flat(block.text)))


def is_composed(block):
    """A table of figures, the titles of charts, « Projet »."""
    if isinstance(block, Table):
        return kind_of(block) is not None
    return block.style == CAPTION or (block.style == NOTICE and flat(block.text) == DRAFT)


def kind_of(table):
    """The headings by which a table of figures is known: of context, of the exercise, of charts; None for another."""
    heads = tuple(flat(cell.text) for cell in table.rows[0].cells) if table.rows else ()
    for known in (CONTEXT_HEADINGS, FIGURE_HEADINGS, FIGURE_HEADINGS[1:]):
        if heads == known:
            return known
    is_of_charts = heads[:1] == (CHARTS_HEADING,) and all(
        head.isdecimal() or head == CHARTS_TARGET for head in heads[1:]
    )
    return heads[:1] if is_of_charts else None
