"""Snapshot -> Document. Pure: the same snapshot always gives the same document."""

from dataclasses import replace
from decimal import Decimal

from axes.masking import masks_of
from axes.printed import DRAFT, EMPTY_TABLE, FIGURE_HEADINGS, LINE, MISSING_STATE, NO_FIGURES, PART, SYNTHESIS
from logement.richtext import List, parse, plain
from reporting.annexes import Linker, annexes
from reporting.document import Cell, Charts, ContextFigure, ContextFigures, Document, Row, Section, Table
from reporting.nodes import columns_of, paragraph

CONTEXT_CAPTION = "Chiffres de contexte"
PUBLIC, PUBLIC_TITLE = "chiffres-publics", "Chiffres publics"
PUBLIC_RULE = (
    "Un nombre de personnes ou de ménages inférieur à {threshold} ne s'imprime pas (« < {threshold} »), "
    "ni ce qui permettrait de le recalculer (« masqué »). Zéro s'imprime."
)
MASKED = "masqué"
SYNTHESIS_TITLE = "L'année en chiffres"
KEY_FIGURES = "Chiffres clés"

#: The weight of a column's width, by what it holds: narrow states, wide texts.
WEIGHTS = {
    "title": 22,
    "state": 12,
    "indicators": 33,
    "observations": 33,
    "other": 18,
    "action": 22,
    "label": 28,
    "value": 13,
    "base": 20,
    "source": 17,
}
#: The columns of the figures of the exercise: field of a row -> heading.
FIGURE_COLUMNS = tuple(zip(("action", "label", "value", "base", "source"), FIGURE_HEADINGS, strict=True))
#: Those of the figures for all to read: role -> heading. A value takes the width that no definition does.
PUBLIC_COLUMNS = (("label", "Donnée"), ("value", "Valeur"), ("base", "Base"))
PUBLIC_WEIGHTS = {"label": 46, "value": 32, "base": 22}


def assemble(snapshot, *, public=False):
    """The whole report, in the order of its chapters.

    With `public`, what anyone may read: the cover and the figures, small counts masked; no text, which may hold some.
    """
    figures = {figure.key: figure for figure in snapshot.figures}
    linker = Linker(None if public else snapshot.sources, is_final=snapshot.is_final)
    chapters = linker.chapters(snapshot.chapters)
    covers = [chapter for chapter in chapters if chapter.kind == "cover"]
    cover = tuple(node for chapter in covers for block in chapter.blocks for node in parse(block.html))
    lines = [plain((block,)) for block in cover] or [snapshot.agreement]
    return Document(
        title=" – ".join([*lines[:2], snapshot.territory]),
        running_title=lines[min(len(lines), 2) - 1],  # the report's own name, where the cover has one
        language="fr",
        cover=cover or (paragraph(snapshot.agreement),),
        publisher=snapshot.territory,
        date_label=str(snapshot.year),
        notice="" if snapshot.is_final else DRAFT,
        **(published(snapshot.public, figures) if public else whole(snapshot, chapters, figures, linker)),
    )


def whole(snapshot, chapters, figures, linker):
    """The sections of the whole report, its annexes, and its figures."""
    charts = {}
    for held in snapshot.charts:
        if held.axis_key or not held.is_in_synthesis:  # one of no axis is drawn once
            charts.setdefault(held.axis_key, []).append(held.chart)
    sections = [section(chapter, figures, charts) for chapter in chapters if chapter.kind != "cover"]
    return {
        "sections": (*synthesis(snapshot), *sections, *annexes(snapshot.sources, linker.printed)),
        "figures": snapshot.figures,
    }


def synthesis(snapshot):
    """The page that opens the report, where its lead wants one: its charts under anchors of their own."""
    first = tuple(
        replace(held.chart, anchor=f"synthese-{held.chart.anchor}")
        for held in snapshot.charts
        if held.is_in_synthesis
    )
    if first:
        yield Section(SYNTHESIS, SYNTHESIS_TITLE, 1, (Charts(KEY_FIGURES, first),))


def published(public, figures):
    """One section, with a table of figures per axis; and these figures as data, masked alike."""
    masks = masks_of(dict(public.cells), public.sums, public.threshold)
    counts = dict(public.cells)
    headings, data = {}, []
    for line in public.lines:
        mask = mask_of(line, masks, public.threshold)
        shown = {"label": line.label, "value": mask or line.value, "base": "" if mask else line.base}
        headings.setdefault(line.heading, []).append(shown)
        data.append(public_figure(line, figures[line.indicator], counts, mask))
    rule = paragraph(PUBLIC_RULE.format(threshold=public.threshold))
    parts = tuple(
        Section(f"{PUBLIC}-{rank}", heading, 2, (public_table(heading, found),))
        for rank, (heading, found) in enumerate(headings.items(), 1)
    )
    section = Section(PUBLIC, PUBLIC_TITLE, 1, (rule,), parts)
    return {"sections": (section,), "figures": tuple(data)}


def public_table(heading, lines):
    """What anyone reads of an axis: no column of bases where no line has one."""
    columns = [held for held in PUBLIC_COLUMNS if any(line[held[0]] for line in lines)]
    rows = tuple(
        Row("", tuple(Cell((paragraph(line[role]),), role == "label") for role, _ in columns))
        for line in lines
    )
    return Table(heading, columns_of(columns, PUBLIC_WEIGHTS), rows)


def mask_of(line, masks, threshold):
    """What prints in place of a line's value and base, where one of the cells that it shows is masked; else nothing."""
    hidden = [masks[key] for key in line.cells if key in masks]
    if not hidden and not (line.rows and line.rows < threshold):
        return ""
    return hidden[0].words(threshold) if len(line.cells) == 1 else MASKED


def public_figure(line, figure, counts, mask):
    """The line as data. It says what prints, its unit and its period, and no more: no text of the report, no source."""
    masked = replace(
        figure,
        label=line.label,
        value=mask or line.value,
        action="",
        **dict.fromkeys(("base", "source", "source_detail", "definition"), ""),
        **dict.fromkeys(("number", "numerator", "denominator", "day", "answered", "asked")),
        qualifier="exact",
        blank="masked",
    )
    if mask:
        return masked
    if line.is_part:
        return replace(masked, number=Decimal(counts[line.cells[0]].count), blank="")
    kept = ("number", "numerator", "denominator", "day", "answered", "asked", "qualifier", "blank")
    return replace(masked, base=line.base, **{name: getattr(figure, name) for name in kept})


def section(chapter, figures, charts):
    """A chapter: what stands before its first table, then one subsection per table, with what follows the table."""
    before, parts = [], []
    for block in chapter.blocks:
        tables = list(subsections(chapter, block, figures, charts))
        parts += [(found, []) for found in tables]
        if not tables:
            (parts[-1][1] if parts else before).extend(nodes(block, figures, charts))
    label = chapter.title if chapter.number is None else f"{chapter.number} {chapter.title}"
    return Section(
        anchor=f"{PART}{chapter.key}",
        label=label,
        level=1,
        content=tuple(before),
        sections=tuple(replace(found, content=(*found.content, *after)) for found, after in parts),
        landscape=bool(parts),
    )


def subsections(chapter, block, figures, charts):
    """The tables of a block, each under its heading; that of an axis with the charts of its key figures."""
    if block.kind == "actions":
        content = (table(block), *charts_of(block.axis_key, charts))
        yield table_section(f"axe-{block.axis_key}", block.label, *content)
    for found in block.figure_tables:
        anchor = f"chiffres-{chapter.key}-{found.axis_key}"
        content = figure_table(found.label, [figures[key] for key in found.figures])
        yield table_section(anchor, found.label, content)


def charts_of(axis_key, charts):
    """The charts of an axis, once: of `charts`, {key of an axis: its charts still to be placed}."""
    if drawn := charts.pop(axis_key, ()):
        yield Charts(KEY_FIGURES, tuple(drawn))


def table_section(anchor, label, *content):
    return Section(anchor=anchor, label=label, level=2, content=content, landscape=True)


def nodes(block, figures, charts):
    """The nodes of a block that is not a table."""
    match block.kind:
        case "axes":
            return (List(tuple((paragraph(label),) for label in block.axes)),) if block.axes else ()
        case "context":
            given = [figures[key] for key in block.figures]
            lines = tuple(
                ContextFigure(figure.label, figure.value, figure.source_detail, anchor_of(figure))
                for figure in given
            )
            return (ContextFigures(CONTEXT_CAPTION, lines), *charts_of(0, charts)) if lines else ()
        case "figures":
            return (paragraph(NO_FIGURES),)
        case _:
            return parse(block.html)


def figure_table(label, figures):
    """The figures of an axis. Each row is headed by what it counts; figures of no action have no column for it."""
    columns = [
        held for held in FIGURE_COLUMNS if held[0] != "action" or any(figure.action for figure in figures)
    ]
    return Table(
        caption=label,
        columns=columns_of(columns, WEIGHTS),
        rows=tuple(figure_row(figure, [role for role, _ in columns]) for figure in figures),
    )


def figure_row(figure, roles):
    anchor = anchor_of(figure)
    cells = (
        Cell((paragraph(getattr(figure, role), anchor if role == "value" else ""),), role == "label")
        for role in roles
    )
    return Row(anchor, tuple(cells))


def anchor_of(figure):
    return f"chiffre-{figure.key}"


def table(block):
    columns = columns_of([(column.role, column.heading) for column in block.columns], WEIGHTS)
    rows = tuple(
        Row(
            anchor=f"{LINE}{row.key}",
            cells=tuple(
                cell(column.role, content) for column, content in zip(columns, row.cells, strict=True)
            ),
        )
        for row in block.rows
    )
    return Table(caption=block.label, columns=columns, rows=rows, empty_text=EMPTY_TABLE)


def cell(role, content):
    match role:
        case "title":
            return Cell((paragraph(content),), is_header=True)
        case "state":
            return Cell((paragraph(content or MISSING_STATE),))
        case _:
            return Cell(parse(content))
