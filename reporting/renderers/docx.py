"""Document -> DOCX, for a colleague to amend in Word: its own headings, lists, tables and footnotes.

Written part by part: no library of Python writes footnotes (docs/adr/0016). What does not depend on the report, its
styles for one, is in skeletons/docx.
"""

from itertools import pairwise

from logement.richtext import List, Paragraph, Text
from reporting.document import Charts
from reporting.renderers.parcel import XML, locale_of, parcel, skeleton, xml
from reporting.renderers.pictures import pngs_of
from reporting.renderers.reading import (
    GENERATOR,
    LONG_ROW,
    TITLE,
    description_of,
    flow,
    heights_of,
    name_of,
    running_words,
    table_of,
    typeset,
    without_notes,
)
from reporting.typography import french

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
RELATIONS = "word/_rels/document.xml.rels"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
PIXEL = 9525  # English metric units
#: Widths in twentieths of a point: A4 less the margins of the PDF.
TALL, WIDE = 8504, 15024
COVER = (
    *["Subtitle"] * TITLE,
    "Imprint",
    "ImprintText",
)  # by the rank of the block, but for the report's name
DEEPEST = 8  # Word's last level of lists
HEADINGS = 6
MARKED = (
    10_000  # the keys of the bookmarks of sections and rows come after; those of the contents are smaller
)
LONGEST_NAME = 40  # characters that Word takes of the name of a bookmark
BULLETS = 1  # the numbering of every bulleted list; each numbered one has its own, so that it begins at 1
PAGE_END = '<w:p><w:pPr><w:pStyle w:val="Fin"/>{}</w:pPr></w:p>'
LISTS = {"TableText": "TableList", "RowHeading": "TableList"}  # of the text around a list
MARKS = (
    ("bold", "<w:b/><w:bCs/>"),
    ("italic", "<w:i/><w:iCs/>"),
    ("superscript", '<w:vertAlign w:val="superscript"/>'),
)
PAGES = {
    "cover": '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1474" w:right="1474" w:bottom="1191" w:left="1474" w:header="567" w:footer="567" w:gutter="0"/>',
    "tall": '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1247" w:right="1701" w:bottom="1191" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>',
    "wide": '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="964" w:right="907" w:bottom="1077" w:left="907" w:header="567" w:footer="567" w:gutter="0"/>',
}


def render(document) -> bytes:
    """The file. The same document gives the same bytes."""
    writer = Writer(pngs_of(document))
    body = writer.body(document)
    static = skeleton(
        "docx",
        title=french(document.title),
        publisher=french(document.publisher),
        subject=french(document.running_title),
        description=french(description_of(document)),
        generator=GENERATOR,
        locale="-".join(filter(None, locale_of(document))),
        running=french(running_words(document)),
    )
    numbering = static["word/numbering.xml"].replace("</w:numbering>", f"{writer.numbers()}</w:numbering>")
    notes = static["word/footnotes.xml"].replace("</w:footnotes>", f"{writer.footnotes()}</w:footnotes>")
    links = static[RELATIONS].replace("</Relationships>", f"{writer.links()}</Relationships>")
    whole = f"{XML}<w:document {WORD} {LINKS} {DRAWING}><w:body>{body}</w:body></w:document>"
    own = {
        "word/document.xml": whole,
        "word/numbering.xml": numbering,
        "word/footnotes.xml": notes,
        RELATIONS: links,
    }
    return parcel(static | own | writer.media, stored=writer.media)


class Writer:
    """Holds what a document numbers while it is written: its footnotes, its numbered lists and its pictures."""

    def __init__(self, pictures):
        self.pictures = pictures  # {Chart: (PNG, its size)}
        self.media = {}  # {name of a part: PNG}
        self.notes = []  # the XML of each
        self.levels = []  # that of each numbered list
        self.names = set()  # of the bookmarks of its sections and rows

    # --- Pages ---

    def body(self, document):
        """Paragraphs and tables; where the pages turn, a paragraph that nobody sees ends a section of Word's."""
        *pages, (kind, last) = self.pages(document)
        before = "".join(joined(blocks) + PAGE_END.format(page(held)) for held, blocks in pages)
        end = paragraph("", "Fin") if last[-1:] and is_table(last[-1]) else ""
        return before + joined(last) + end + page(kind)

    def pages(self, document):
        """(kind of page, blocks), for each run of pages of one kind."""
        if document.cover:
            yield "cover", list(self.cover(document))
            yield from [("tall", contents(document))] if document.sections else []
        blocks = [] if document.cover else [paragraph(words(document.title), "Title")]
        kind = None
        for rank, (section, depth, is_on_wide) in enumerate(flow(document.sections), start=1):
            before, kind = kind, "wide" if is_on_wide else "tall"
            if before not in {None, kind}:
                yield before, blocks
                blocks = []
            title = self.marked(heading(section, depth, rank), section.anchor)
            blocks += [title, *self.nodes(section, kind)]
        if blocks:
            yield kind or "tall", blocks

    def cover(self, document):
        name = name_of(document)
        yield paragraph(words(document.notice), "Notice")
        if name is None:
            yield paragraph(words(document.title), "Title")
        for rank, block in enumerate(document.cover):
            style = "Title" if block is name else COVER[min(rank, TITLE + 1)]
            yield from self.block(without_notes(block), style)

    def nodes(self, section, kind):
        for node in section.content:
            for chart in node.charts if isinstance(node, Charts) else ():
                yield from self.chart(chart)
            if table := table_of(node):
                yield from self.table(table, section, WIDE if kind == "wide" else TALL)
            else:
                yield from self.block(node, "BodyText")

    # --- Text ---

    def block(self, block, style, level=0):
        """The paragraphs of a block; `style` is that of a paragraph outside lists."""
        if isinstance(block, Paragraph):
            yield paragraph(self.runs(block.content), style)
            return
        number = self.number(block, level)
        for item in block.items:
            for rank, inner in enumerate(item):
                if isinstance(inner, List):
                    yield from self.block(inner, style, level + 1)
                else:
                    place = indent(level) if rank else mark(number, level)
                    yield paragraph(self.runs(inner.content), LISTS.get(style, "ListParagraph"), place)

    def number(self, block, level):
        """The key of the numbering of a list."""
        if not block.ordered:
            return BULLETS
        self.levels.append(min(level, DEEPEST))
        return BULLETS + len(self.levels)

    def runs(self, content):
        return "".join(
            run(inline) if isinstance(inline, Text) else self.note(inline) for inline in typeset(content)
        )

    def note(self, note):
        """The call; the note itself goes to its part."""
        self.notes.append("".join(map(run, typeset(note.content))))
        return (
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
        )

    # --- Pictures ---

    def chart(self, chart):
        """Its title, the picture with the words that stand for it, and what the lead makes of it."""
        png, (width, height) = self.pictures[chart]
        rank = len(self.media) + 1
        self.media[f"word/media/graphique-{rank}.png"] = png
        name, words_for_it = f"Graphique {rank}", xml(french(chart.alt))
        extent = f'cx="{width * PIXEL}" cy="{height * PIXEL}"'
        yield paragraph(words(chart.title), "Caption")
        yield paragraph(
            f'<w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr id="{rank}" name="{name}"'
            f' descr="{words_for_it}"/><a:graphic><a:graphicData'
            ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{rank}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:embed="graphique-{rank}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            f'<a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            "BodyText",
        )
        if chart.description:
            yield paragraph(words(chart.description), "BodyText")

    def links(self):
        return "".join(
            f'<Relationship Id="graphique-{rank}" Type="{IMAGE}" Target="{part.removeprefix("word/")}"/>'
            for rank, part in enumerate(self.media, start=1)
        )

    # --- Tables ---

    def table(self, table, section, width):
        """The table under its caption, where that says more than the heading; or what to say of an empty one."""
        if not table.rows:
            yield paragraph(words(table.empty_text), "Vide")
            return
        if table.caption != section.label:
            yield paragraph(words(table.caption), "Caption")
        widths = widths_of([column.share for column in table.columns], width)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        has_row_heads = all(row.cells[0].is_header for row in table.rows)
        heads = "".join(
            cell(paragraph(words(column.heading), "TableHeading"), width)
            for column, width in zip(table.columns, widths, strict=True)
        )
        rows = "".join(self.row(row, table.columns, widths) for row in table.rows)
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Tableau"/><w:tblW w:w="5000" w:type="pct"/>'
            '<w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0000" w:firstRow="1" w:lastRow="0" w:firstColumn="{has_row_heads:d}"'
            ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{xml(french(table.caption))}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>{rows}</w:tbl>"
        )

    def row(self, row, columns, widths):
        is_long = max(heights_of(row, columns), default=0) > LONG_ROW
        kept = "" if is_long else "<w:trPr><w:cantSplit/></w:trPr>"
        texts = [self.cell_text(held) for held in row.cells]
        texts[0] = self.marked(texts[0], row.anchor)
        cells = "".join(cell(text, width) for text, width in zip(texts, widths, strict=True))
        return f"<w:tr>{kept}{cells}</w:tr>"

    def marked(self, text, anchor):
        """Paragraphs whose first one holds the bookmark of an anchor: a file changed in Word says by it what it was."""
        name = xml(anchor.replace("-", "_")[:LONGEST_NAME])
        if not name or name in self.names:
            return text
        self.names.add(name)
        key = MARKED + len(self.names)
        mark = f'<w:bookmarkStart w:id="{key}" w:name="{name}"/><w:bookmarkEnd w:id="{key}"/>'
        return text.replace("</w:pPr>", f"</w:pPr>{mark}", 1)

    def cell_text(self, cell):
        style = "RowHeading" if cell.is_header else "TableText"
        return "".join(xml for block in cell.blocks for xml in self.block(block, style)) or paragraph(
            "", style
        )

    # --- The other parts ---

    def footnotes(self):
        called = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        return "".join(
            f'<w:footnote w:id="{number}">{paragraph(called + run(Text(" ")) + runs, "FootnoteText")}</w:footnote>'
            for number, runs in enumerate(self.notes, start=1)
        )

    def numbers(self):
        return "".join(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="{level}">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for number, level in enumerate(self.levels, start=BULLETS + 1)
        )


def contents(document):
    """The table of contents: Word's own field, filled with links; the numbers of pages are Word's to compute."""
    entries = [entry(*found, rank) for rank, found in enumerate(flow(document.sections), start=1)]
    begin = field("begin") + code(' TOC \\o "1-6" \\h \\z \\u ') + field("separate")
    lines = "".join(
        paragraph((begin if not at else "") + link, f"TOC{min(depth, HEADINGS)}")
        for at, (link, depth) in enumerate(entries)
    )
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    inside = f"{paragraph(words('Sommaire'), 'TOCHeading')}{lines}{paragraph(field('end'), 'Fin')}"
    return [f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"]


def entry(section, depth, _, rank):
    """(the link to a section with the field of its page, its depth)."""
    number = (
        f"{field('begin')}{code(f' PAGEREF _Toc{rank} ')}{field('separate')}<w:r><w:t/></w:r>{field('end')}"
    )
    inside = f"{words(section.label)}<w:r><w:tab/></w:r>{number}"
    return f'<w:hyperlink w:anchor="_Toc{rank}" w:history="1">{inside}</w:hyperlink>', depth


def heading(section, depth, rank):
    """A heading of Word's, with the bookmark that the contents aim at."""
    start = f'<w:bookmarkStart w:id="{rank}" w:name="_Toc{rank}"/>'
    inside = f'{start}{words(section.label)}<w:bookmarkEnd w:id="{rank}"/>'
    return paragraph(inside, f"Heading{min(depth, HEADINGS)}")


def joined(blocks):
    """Blocks one after the other: Word makes one table of two that touch."""
    touching = [is_table(block) and is_table(after) for block, after in pairwise(blocks)]
    return "".join(
        block + paragraph("", "Fin") * touches
        for block, touches in zip(blocks, [*touching, False], strict=bool(blocks))
    )


def is_table(block):
    return block.startswith("<w:tbl>")


def page(kind):
    """The properties of a section of Word's: its pages and their foot."""
    foot = "" if kind == "cover" else f'<w:footerReference w:type="default" r:id="{kind}"/>'
    return f'<w:sectPr>{foot}<w:type w:val="nextPage"/>{PAGES[kind]}</w:sectPr>'


def paragraph(inside, style, place=""):
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{place}</w:pPr>{inside}</w:p>'


def words(text):
    """A plain text in French typography."""
    return run(Text(french(text)))


def run(text):
    """A run of characters with its marks; its words are typeset already."""
    marks = "".join(xml for name, xml in MARKS if getattr(text, name))
    lines = '<w:br/><w:t xml:space="preserve">'.join(f"{line}</w:t>" for line in xml(text.text).split("\n"))
    return f'<w:r>{f"<w:rPr>{marks}</w:rPr>" if marks else ""}<w:t xml:space="preserve">{lines}</w:r>'


def mark(number, level):
    return f'<w:numPr><w:ilvl w:val="{min(level, DEEPEST)}"/><w:numId w:val="{number}"/></w:numPr>'


def indent(level):
    """The place of a paragraph that goes on with an item (see skeletons/docx/word/numbering.xml)."""
    return f'<w:ind w:left="{284 * (min(level, DEEPEST) + 1)}"/>'


def cell(blocks, width):
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{blocks}</w:tc>'


def widths_of(shares, width):
    return [share * width // 100 for share in shares]


def field(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(instruction):
    return f'<w:r><w:instrText xml:space="preserve">{xml(instruction)}</w:instrText></w:r>'
