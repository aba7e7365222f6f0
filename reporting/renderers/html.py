"""Document -> semantic HTML: the reader's page and, with CSS for pages, the PDF. Pure: imports no Django.

Every text node passes through `typography.french`, then `html.escape`: nothing in a document is markup. Charts are
drawn by pictures.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import NamedTuple

from logement.richtext import Note, Paragraph, Text, plain
from reporting.document import SOURCE, Chart, Charts, ContextFigures, Table
from reporting.renderers.pictures import svgs_of
from reporting.renderers.reading import (
    FIGURE_COLUMNS,
    GENERATOR,
    LONG_ROW,
    TITLE,
    charts_table,
    description_of,
    heights_of,
    is_wide,
    name_of,
    running_words,
    runs_of_pages,
    typeset,
)
from reporting.typography import french

NOTE = '<span class="note">'
CHAPTERS = "<!-- chapitres -->"


@dataclass(frozen=True, slots=True)
class _Medium:
    """What differs between screen and page: how a note is called, and what only pages need.

    `explain` is {anchor of a figure: the address that explains it}; without it a figure leads to its line in the annex.
    On screen the widths of columns belong to the stylesheet: the site's content policy refuses style attributes.
    """

    note: "Callable[[Note, _Medium], str]"
    is_paged: bool
    explain: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple] = field(default_factory=dict)
    pictures: Mapping[Chart, str] = field(default_factory=dict)


def render(document, *, notes, explain=None, links=None) -> str:
    """The cover and the sections, without a page around them.

    `notes` is "end" (links, and a list at the end of each top section) or "page" (in place: CSS sets them at the foot).
    For a page of the site, `explain` is {anchor of a figure: the address that explains it}, and `links` {anchor of a
    row: what stands under its head, each with its `words` and its `url`}.
    """
    return _cover(document, explain or {}) + _sections(document, notes, explain or {}, links or {})


def page(document, *, notes="page", style="") -> str:
    """The whole document as a page: cover, contents, sections, and what names the file. `style` is trusted CSS."""
    return _page(document, _sections(document, notes, {}, {}), style)


class Paged(NamedTuple):
    """A document for pages, whose chapters may be laid out apart: a chapter is the sections that share pages."""

    frame: str  # the page, CHAPTERS in place of its sections
    opening: str  # of a chapter's page, up to the number of the notes called before it
    bodies: list  # the HTML of each chapter

    def page(self) -> str:
        """As page() gives it."""
        return self.frame.replace(CHAPTERS, "\n".join(self.bodies))

    def chapters(self) -> list:
        """A page for each chapter, which knows how many notes were called before it."""
        called, pages = 0, []
        for body in self.bodies:
            pages.append(f'{self.opening}{called:d}">{body}</body></html>')
            called += body.count(NOTE)
        return pages


def paged(document) -> Paged:
    """A letter, which has no cover, is of one piece."""
    bodies = _runs(document)
    if not document.cover:
        bodies = ["\n".join(bodies)]
    opening = (
        f'{_html(document)}<head><title></title></head>{_body(document)} style="counter-reset: footnote '
    )
    return Paged(_page(document, CHAPTERS), opening, bodies)


def _runs(document):
    """The HTML of the sections that share pages, for pages: notes in place, where CSS sets them at the foot."""
    medium = _Medium(
        note=lambda note, medium: f"{NOTE}{_inlines(note.content, medium)}</span>",
        is_paged=True,
        pictures=svgs_of(document),
    )
    return [
        "\n".join(_section(section, 1, medium) for section in sections)
        for sections in runs_of_pages(document.sections)
    ]


def _page(document, sections, style=""):
    metas = {
        "author": document.publisher,
        "description": description_of(document),
        "generator": GENERATOR,
    }
    summary = (
        '<nav class="contents" aria-labelledby="sommaire"><p class="contents-title" id="sommaire">Sommaire</p>'
        f"{contents(document)}</nav>"
    )
    has_contents = document.sections and document.cover
    metas_html = "".join(
        f'<meta name="{name}" content="{_text(content)}">' for name, content in metas.items()
    )
    return (
        f'{_html(document)}<head><meta charset="utf-8">'
        f"<title>{_text(document.title)}</title>"
        f"{metas_html}{style}</head>\n{_body(document)}>"
        f"{_cover(document, {})}\n{summary if has_contents else ''}\n{sections}</body></html>\n"
    )


def _html(document):
    return f'<!doctype html>\n<html lang="{escape(document.language)}">'


def _body(document):
    """The tag that opens it, left open: it gives the margins of the pages their words."""
    kind = "report" if document.cover else "report letter"
    running = running_words(document)
    return f'<body class="{kind}" data-running="{_text(running)}" data-notice="{_text(document.notice)}"'


def contents(document) -> str:
    """The table of contents: nested lists of links to the sections. The print stylesheet adds the page numbers."""
    return _entries(document.sections)


def _entries(sections):
    items = (
        f'<li><a href="#{escape(s.anchor)}">{_text(s.label)}</a>{_entries(s.sections)}</li>' for s in sections
    )
    return f"<ol>{''.join(items)}</ol>" if sections else ""


def _cover(document, explain):
    """The cover says its own blocks and nothing else: the notice of a draft stands in the margins.

    The report's own name is the h1.
    """
    medium = _Medium(
        lambda note, medium: f" ({_inlines(note.content, medium)})", is_paged=False, explain=explain
    )
    name = name_of(document)
    blocks = [
        _heading_one(block, medium) if block is name else _block(block, medium) for block in document.cover
    ]
    if name is None:
        blocks.insert(0, f"<h1>{_text(document.title)}</h1>")
    title, imprint = "".join(blocks[:TITLE]), "".join(blocks[TITLE:])
    return f'<header class="cover"><div class="cover-title">{title}</div><div class="imprint">{imprint}</div></header>'


def _heading_one(paragraph, medium):
    return f"<h1>{_inlines(paragraph.content, medium)}</h1>"


def _sections(document, notes, explain, links):
    if notes == "page":
        return "\n".join(_runs(document))
    called = []
    medium = _Medium(
        _caller(called), is_paged=False, explain=explain, links=links, pictures=svgs_of(document)
    )
    return "\n".join(
        _section(section, 1, medium, end=partial(_end_notes, called, len(called), medium))
        for section in document.sections
    )


def _section(section, depth, medium, end=lambda: ""):
    """Headings follow the depth in the tree, so none skips a level. `end` gives what closes the section."""
    heading = f"h{min(depth + 1, 6)}"
    wide = " landscape" if is_wide(section) else ""
    return (
        f'<section id="{escape(section.anchor)}" class="level-{depth}{wide}">'
        f"<{heading}>{_text(section.label)}</{heading}>"
        + "".join(_node(node, section, medium) for node in section.content)
        + "".join(_section(inner, depth + 1, medium) for inner in section.sections)
        + end()
        + "</section>"
    )


def _node(node, section, medium):
    if isinstance(node, Table):
        return (
            _table(node, section, medium) if node.rows else f'<p class="empty">{_text(node.empty_text)}</p>'
        )
    if isinstance(node, ContextFigures):
        return _figures(node, medium)
    if isinstance(node, Charts):
        return _charts(node, section, medium)
    return _block(node, medium)


def _table(table, section, medium, kind="actions"):
    # A caption that says the heading again is kept for screen readers; the stylesheets don't show it.
    repeats = ' class="repeats"' if table.caption == section.label else ""
    columns = "".join(_column(column, medium) for column in table.columns)
    head = "".join(
        f'<th scope="col" class="col-{escape(c.role)}">{_text(c.heading)}</th>' for c in table.columns
    )
    rows = "\n".join(_row(row, table.columns, medium) for row in table.rows)
    return (
        f'<table class="{kind}"><caption{repeats}>{_text(table.caption)}</caption><colgroup>{columns}</colgroup>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"
    )


def _column(column, medium):
    width = f' style="width: {column.share:d}%"' if medium.is_paged else ""
    return f'<col class="col-{escape(column.role)}"{width}>'


def _row(row, columns, medium):
    """A row too tall to be kept whole carries the title that its next page repeats, and knows the cell that ends it."""
    heights = heights_of(row, columns)
    is_long = max(heights, default=0) > LONG_ROW
    last = heights.index(max(heights)) if is_long else None
    title = next((plain(cell.blocks) for cell in row.cells if cell.is_header), "")
    long = f' class="long" data-title="{_text(title)} (suite)"' if is_long else ""
    links = _links_under(medium.links[row.anchor], title) if row.anchor in medium.links else ""
    cells = "".join(
        _cell(cell, columns[i], medium, ends_row=i == last, links=links if cell.is_header else "")
        for i, cell in enumerate(row.cells)
    )
    # In a PDF only these are led to; without names, rows of one kind share their styles, which saves a seventh.
    is_named = row.anchor.startswith(SOURCE) if medium.is_paged else row.anchor
    name = f' id="{escape(row.anchor)}"' if is_named else ""
    return f"<tr{name}{long}>{cells}</tr>"


def _links_under(links, title):
    """The links about a row, under its head; each says to a screen reader which row it is about."""
    about = f'<span class="visually-hidden"> : {_text(title)}</span>'
    words = (f'<a href="{escape(link.url)}">{_text(link.words)}{about}</a>' for link in links)
    return f'<p class="row-links">{" · ".join(words)}</p>'


def _cell(cell, column, medium, *, ends_row, links):
    """On a screen each cell knows its heading, which a phone shows above it in place of the columns."""
    tag = 'th scope="row"' if cell.is_header else "td"
    end = '<div class="row-end"></div>' if ends_row and medium.is_paged else ""
    label = "" if medium.is_paged or cell.is_header else f' data-label="{_text(column.heading)}"'
    return f'<{tag} class="col-{escape(column.role)}"{label}>{_blocks(cell.blocks, medium)}{links}{end}</{tag[:2]}>'


def _figures(node, medium):
    rows = "".join(
        f'<tr><th scope="row">{_text(f.label)}</th><td class="value">{_linked(_text(f.value), f.ref, medium)}</td>'
        f'<td class="source">{_text(f.source)}</td></tr>'
        for f in node.figures
    )
    heads = "".join(f'<th scope="col">{column.heading}</th>' for column in FIGURE_COLUMNS)
    return (
        f'<table class="figures"><caption>{_text(node.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _charts(node, section, medium):
    """The pictures, and beside them, or below, the table of all that they show."""
    figures = "".join(_chart(chart, medium) for chart in node.charts)
    table = _table(charts_table(node), section, medium, "chart-values")
    return f'<div class="chart-set"><div class="charts">{figures}</div><div class="chart-data">{table}</div></div>'


def _chart(chart, medium):
    name = "" if medium.is_paged else f' id="{escape(chart.anchor)}"'
    words = f"<p>{_text(chart.description)}</p>" if chart.description else ""
    return (
        f'<figure class="chart"{name}><figcaption>{_text(chart.title)}</figcaption>'
        f"{medium.pictures[chart]}{words}</figure>"
    )


def _blocks(blocks, medium):
    return "".join(_block(block, medium) for block in blocks)


def _block(block, medium):
    if isinstance(block, Paragraph):
        return f"<p>{_inlines(block.content, medium)}</p>"
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{_blocks(item, medium)}</li>' for item in block.items)}</{tag}>"


def _inlines(content, medium):
    """The inlines of a paragraph or of a note (which calls none)."""
    return "".join(
        _marked(inline, medium) if isinstance(inline, Text) else medium.note(inline, medium)
        for inline in typeset(content)
    )


def _marked(text, medium):
    html = escape(text.text).replace("\n", "<br>")
    for tag, is_on in (("sup", text.superscript), ("em", text.italic), ("strong", text.bold)):
        if is_on:
            html = f"<{tag}>{html}</{tag}>"
    return _linked(html, text.ref, medium)


def _linked(html, ref, medium):
    """A figure leads to its explanation or, in a file, to its line in the annex of sources where it has one."""
    address = medium.explain.get(ref) or (f"#{ref}" if ref.startswith(SOURCE) else "")
    return f'<a class="cited" href="{escape(address)}">{html}</a>' if address else html


def _text(text):
    return escape(french(text))


def _caller(called):
    """Notes for a screen: adds each note to `called`, gives the link to it."""

    def call(note, medium):
        called.append(note)
        number = len(called)
        return (
            f'<sup class="note-call"><a id="appel-note-{number}" href="#note-{number}" role="doc-noteref"'
            f' aria-label="Note {number}">{number}</a></sup>'
        )

    return call


def _end_notes(called, first, medium):
    """The list of the notes called since `first`, each with the link back to its call."""
    if len(called) == first:
        return ""
    items = "".join(
        f'<li id="note-{number}">{_inlines(note.content, medium)} <a href="#appel-note-{number}" role="doc-backlink"'
        f' aria-label="Retour à l’appel de la note {number}">↩</a></li>'
        for number, note in enumerate(called[first:], start=first + 1)
    )
    attributes = 'class="notes" role="doc-endnotes" aria-label="Notes"'
    return f'<section {attributes}><ol start="{first + 1}">{items}</ol></section>'
