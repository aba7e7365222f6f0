"""The figures of the sentences: each points at its line in « Sources des chiffres », which says where it comes from.

Pure: from the Sources of a snapshot. Beside it, the findings that stand: « Constats justifiés ».
"""

from dataclasses import replace

from axes.periods import Period, day_label
from axes.printed import JUSTIFIED, SOURCES, STALE
from logement.numbers import NO_BREAK_SPACE, agree, format_number
from logement.richtext import mapped, parse, to_html
from reporting.document import Cell, Row, Section, Table
from reporting.nodes import PLAIN_ROLES, columns_of, may_cite, paragraph

SOURCES_TITLE = "Sources des chiffres"
KEPT_TITLE = "Chiffres gardés malgré un changement"
JUSTIFIED_TITLE = "Constats justifiés"

SOURCE_COLUMNS = (
    ("cited", "Dans le texte"),
    ("label", "Indicateur et définition"),
    ("value", "Valeur"),
    ("period", "Période"),
    ("source", "Source et validation"),
)
KEPT_COLUMNS = (
    ("label", "Indicateur"),
    ("cited", "Dans le texte"),
    ("value", "Valeur actuelle"),
    ("reason", "Motif"),
    ("source", "Décision"),
)
JUSTIFIED_COLUMNS = (("label", "Constat"), ("reason", "Justification"), ("source", "Décision"))
WEIGHTS = {"cited": 11, "label": 34, "value": 15, "period": 12, "source": 28, "reason": 34}


class Linker:
    """Points the figures of the texts at their lines in the annex; `printed` is {anchor: {words that print of it}}.

    Without `sources`, where no annex follows, they are words like others.
    """

    def __init__(self, sources=None, *, is_final):
        self.cited = {cited.ref: cited for cited in sources.cited} if sources else {}
        self.kept = {(kept.place, kept.ref, kept.words) for kept in sources.kept} if sources else set()
        self.is_final = is_final
        self.printed = {}

    def chapters(self, chapters):
        """The same ChapterData, their texts linked; a draft marks the figures that moved since they were read."""
        return tuple(replace(chapter, blocks=tuple(map(self.block, chapter.blocks))) for chapter in chapters)

    def block(self, block):
        rows = tuple(self.row(row, block.columns) for row in block.rows)
        return replace(block, html=self.html(block.html, f"bloc-{block.key}"), rows=rows)

    def row(self, row, columns):
        cells = tuple(
            content if column.role in PLAIN_ROLES else self.html(content, f"cellule-{row.key}-{column.key}")
            for content, column in zip(row.cells, columns, strict=True)
        )
        return replace(row, cells=cells)

    def html(self, html, place):
        if not may_cite(html):
            return html
        return to_html(mapped(parse(html), lambda text: self.text(text, place)))

    def text(self, text, place):
        """The Text that prints in its place; with the mark of one that moved, two."""
        cited = self.cited.get(text.ref)
        if cited is None:
            return replace(text, ref="")
        self.printed.setdefault(cited.anchor, {})[text.text] = True
        is_read = self.is_final or text.text == cited.words or (place, text.ref, text.text) in self.kept
        linked = replace(text, ref=cited.anchor)
        return linked if is_read else (linked, replace(text, text=STALE.format(now=cited.words), ref=""))


def annexes(sources, printed):
    """The Sections that close a report: none where no sentence cites a figure and no finding was justified."""
    tables = [
        sources_table(sources.figures, printed) if sources.figures else None,
        kept_table(sources.kept) if sources.kept else None,
    ]
    tables = tuple(table for table in tables if table)
    if tables:
        yield Section(SOURCES, SOURCES_TITLE, 1, tables, landscape=True)
    if sources.justified:
        table = justified_table(sources.justified)
        yield Section(JUSTIFIED, JUSTIFIED_TITLE, 1, (table,), landscape=True)


def sources_table(found, printed):
    """One line per figure and exercise, in the order in which the report cites them."""
    return Table(
        SOURCES_TITLE, columns_of(SOURCE_COLUMNS, WEIGHTS), tuple(source_row(held, printed) for held in found)
    )


def source_row(source, printed):
    figure = source.figure
    return Row(
        source.anchor,
        (
            words(*printed.get(source.anchor, ())),
            words(figure.label, figure.definition, is_header=True),
            words(figure.value, base_of(figure)),
            words(period_of(figure)),
            words(
                origin_of(figure),
                formula_of(source),
                *map(answer_words, source.answers),
                "" if source.answers else validation_of(source, figure),
                *map(replaced_words, source.replaced),
            ),
        ),
    )


def base_of(figure):
    """« 40 sur 56 », or what it is about, without the period, which has its column."""
    return figure.base.removesuffix(period_of(figure)).removesuffix(" ; ")


def period_of(figure):
    return Period(figure.starts_on, figure.ends_on).label


def origin_of(figure):
    """« Saisie, Métropole ; Enquête de janvier », each thing once."""
    detail = figure.source_detail
    return figure.source if detail in figure.source else f"{figure.source} ; {detail}"


def formula_of(source):
    if source.rows is None:
        return source.formula
    rows = f"{format_number(source.rows)}{NO_BREAK_SPACE}{agree('lignes', source.rows)}"
    return f"{source.formula} ({rows})"


def validation_of(source, figure):
    """« saisi par … le … », « validé par … le … »; nothing for what a register counts."""
    if not source.by:
        return ""
    way = "Saisi" if figure.answered is None else "Validé"
    return f"{way} par {signed(source)}"


def answer_words(answer):
    """« Le Toit : 12 ménages, envoi n° 1 du 20 février 2024, validé par Camille Ferrand, le 12 mars 2024 »."""
    sending = f"envoi n°{NO_BREAK_SPACE}{answer.rank} du {day_label(answer.sent_on)}"
    return f"{answer.organisation} : {answer.value}, {sending}, validé par {signed(answer)}"


def replaced_words(replaced):
    """« Remplace 34 ménages, saisi par Camille Ferrand, le 5 février 2024. Motif : relu »."""
    return f"Remplace {replaced.value}, saisi par {signed(replaced)}. Motif : {replaced.reason}"


def signed(held):
    """« Camille Ferrand, le 12 mars 2024 »."""
    return f"{held.by}, le {day_label(held.on)}"


def kept_table(kept):
    rows = tuple(
        Row(
            f"garde-{rank}",
            (
                words(f"{held.label} ({held.year})", is_header=True),
                words(held.words),
                words(held.now),
                words(held.reason),
                words(signed(held)),
            ),
        )
        for rank, held in enumerate(kept, start=1)
    )
    return Table(KEPT_TITLE, columns_of(KEPT_COLUMNS, WEIGHTS), rows)


def justified_table(justified):
    rows = tuple(
        Row(
            f"constat-{rank}",
            (words(held.sentence, is_header=True), words(held.reason), words(signed(held))),
        )
        for rank, held in enumerate(justified, start=1)
    )
    return Table(JUSTIFIED_TITLE, columns_of(JUSTIFIED_COLUMNS, WEIGHTS), rows)


def words(*lines, is_header=False):
    return Cell(tuple(paragraph(line) for line in lines if line), is_header)
