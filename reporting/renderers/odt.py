"""Document -> ODT, for a colleague to amend in LibreOffice: its own headings, lists, tables and footnotes.

Written directly, as the DOCX is (docs/adr/0016). What does not depend on the report, its styles for one, is in
skeletons/odt.
"""

from logement.richtext import Paragraph, Text
from reporting.document import Charts
from reporting.renderers import odf
from reporting.renderers.parcel import xml
from reporting.renderers.pictures import pngs_of
from reporting.renderers.reading import (
    LONG_ROW,
    TITLE,
    flow,
    heights_of,
    name_of,
    table_of,
    typeset,
    without_notes,
)
from reporting.typography import french

COVER = (*["Subtitle"] * TITLE, "Editeur", "Mentions")  # by the rank of the block, but for the report's name
HEADINGS = 6
LISTS = {  # of the text around a list
    "Text_20_body": "List",
    "Table_20_Contents": "Liste_20_de_20_tableau",
    "Titre_20_de_20_ligne": "Liste_20_de_20_tableau",
}
WIDTHS = {"Haute": 150, "Large": 265}  # millimetres of text, by master page
MARKS = (
    ("bold", "b", 'fo:font-weight="bold"'),
    ("italic", "i", 'fo:font-style="italic"'),
    ("superscript", "s", 'style:text-position="super 65%"'),
)
PIXEL = 25.4 / 96  # millimetres
PICTURE = (
    '<style:style style:name="Graphique" style:family="graphic"><style:graphic-properties'
    ' style:vertical-pos="top" style:vertical-rel="baseline"/></style:style>'
)
#: The cells and the rows of every table: a hairline under each row, a short row never cut by a page.
TABLES = (
    '<style:style style:name="Case" style:family="table-cell"><style:table-cell-properties'
    ' fo:padding="1.4mm" fo:border-bottom="0.5pt solid #c3ccd4"/></style:style>'
    '<style:style style:name="Entete" style:family="table-cell"><style:table-cell-properties fo:padding="1.4mm"'
    ' style:vertical-align="bottom" fo:border-top="1.2pt solid #1d4f6e" fo:border-bottom="0.8pt solid #1d4f6e"/>'
    "</style:style>"
    '<style:style style:name="Entiere" style:family="table-row"><style:table-row-properties fo:keep-together="always"/>'
    "</style:style>"
    '<style:style style:name="Coupee" style:family="table-row"><style:table-row-properties fo:keep-together="auto"/>'
    "</style:style>"
)


def render(document) -> bytes:
    """The file. The same document gives the same bytes."""
    writer = Writer(pngs_of(document))
    body = f"<office:text>{writer.body(document)}</office:text>"
    styles = TABLES + PICTURE * bool(writer.media) + "".join(writer.styles.values())
    return odf.package(document, "odt", styles=styles, body=body, pictures=writer.media)


class Writer:
    """Holds what a document needs while it is written: its styles, its notes, tables and pictures by number."""

    def __init__(self, pictures):
        self.pictures = pictures  # {Chart: (PNG, its size)}
        self.media = {}  # {name of a part: PNG}
        self.styles = {}  # name -> XML
        self.notes = 0
        self.tables = 0
        self.names = set()  # of the bookmarks of its sections and rows

    # --- Pages ---

    def body(self, document):
        if not document.cover:
            return paragraph(words(document.title), self.on("Haute", "Title")) + self.sections(
                document, "Haute"
            )
        cover = self.cover(document)
        return cover + (self.contents(document) if document.sections else "") + self.sections(document, None)

    def cover(self, document):
        """Its first paragraph, empty where there is no notice, turns to the page of covers."""
        name = name_of(document)
        blocks = [paragraph(words(document.notice), self.on("Couverture", "Mention"))]
        if name is None:
            blocks.append(paragraph(words(document.title), "Title"))
        for rank, block in enumerate(document.cover):
            style = "Title" if block is name else COVER[min(rank, TITLE + 1)]
            blocks.append(self.block(without_notes(block), style))
        return "".join(blocks)

    def contents(self, document):
        """Links to the sections, with the number of their page, which LibreOffice computes."""
        heading = paragraph(words("Sommaire"), self.on("Haute", "Contents_20_Heading"))
        lines = "".join(
            paragraph(entry(section, rank), f"Contents_20_{min(depth, HEADINGS)}")
            for rank, (section, depth, _) in enumerate(flow(document.sections), start=1)
        )
        source = '<text:table-of-content-source text:outline-level="6"/>'
        title = f'<text:index-title text:name="titre-du-sommaire">{heading}</text:index-title>'
        return (
            '<text:table-of-content text:name="sommaire" text:protected="false">'
            f"{source}<text:index-body>{title}{lines}</text:index-body></text:table-of-content>"
        )

    def sections(self, document, master):
        """`master` is the page that the text stands on before."""
        blocks = []
        for rank, (section, depth, is_on_wide) in enumerate(flow(document.sections), start=1):
            before, master = master, "Large" if is_on_wide else "Haute"
            level = min(depth, HEADINGS)
            style = f"Heading_20_{level}"
            blocks.append(
                f'<text:h text:outline-level="{level}"'
                f' text:style-name="{style if before == master else self.on(master, style)}">'
                f'{self.mark(section.anchor)}<text:bookmark-start text:name="section-{rank}"/>{words(section.label)}'
                f'<text:bookmark-end text:name="section-{rank}"/></text:h>'
            )
            blocks += [self.node(node, section, master) for node in section.content]
        return "".join(blocks)

    def on(self, master, style):
        """The name of the style that is `style` at the top of a new page."""
        name = f"{style}.{master}"
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{style}"'
            f' style:master-page-name="{master}"/>'
        )
        return name

    def node(self, node, section, master):
        charts = "".join(map(self.chart, node.charts)) if isinstance(node, Charts) else ""
        table = table_of(node)
        return charts + (self.table(table, section, master) if table else self.block(node, "Text_20_body"))

    # --- Text ---

    def block(self, block, style):
        if isinstance(block, Paragraph):
            return paragraph(self.runs(block.content), style)
        items = "".join(
            f"<text:list-item>{''.join(self.block(inner, LISTS.get(style, style)) for inner in item)}</text:list-item>"
            for item in block.items
        )
        return f'<text:list text:style-name="{"Numeros" if block.ordered else "Puces"}">{items}</text:list>'

    def runs(self, content):
        return "".join(
            self.run(inline) if isinstance(inline, Text) else self.note(inline) for inline in typeset(content)
        )

    def run(self, text):
        """A run of characters with its marks; its words are typeset already."""
        marks = [(code, properties) for name, code, properties in MARKS if getattr(text, name)]
        if not marks:
            return characters(text.text)
        name = "T." + "".join(code for code, _ in marks)
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="text">'
            f"<style:text-properties {' '.join(properties for _, properties in marks)}/></style:style>"
        )
        return f'<text:span text:style-name="{name}">{characters(text.text)}</text:span>'

    def note(self, note):
        self.notes += 1
        inside = paragraph("".join(map(self.run, typeset(note.content))), "Footnote")
        return (
            f'<text:note text:id="note-{self.notes}" text:note-class="footnote">'
            f"<text:note-citation>{self.notes}</text:note-citation><text:note-body>{inside}</text:note-body></text:note>"
        )

    # --- Pictures ---

    def chart(self, chart):
        """Its title, the picture with the words that stand for it, and what the lead makes of it."""
        png, (width, height) = self.pictures[chart]
        rank = len(self.media) + 1
        name = f"Pictures/graphique-{rank}.png"
        self.media[name] = png
        frame = (
            f'<draw:frame draw:style-name="Graphique" draw:name="Graphique {rank}" text:anchor-type="as-char"'
            f' svg:width="{width * PIXEL:.2f}mm" svg:height="{height * PIXEL:.2f}mm"><draw:image xlink:href="{name}"'
            ' xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            f"<svg:title>{xml(french(chart.title))}</svg:title><svg:desc>{xml(french(chart.alt))}</svg:desc></draw:frame>"
        )
        description = paragraph(words(chart.description), "Text_20_body") if chart.description else ""
        return paragraph(words(chart.title), "Caption") + paragraph(frame, "Text_20_body") + description

    # --- Tables ---

    def table(self, table, section, master):
        """The table under its caption, where that says more than the heading; or what to say of an empty one."""
        if not table.rows:
            return paragraph(words(table.empty_text), "Vide")
        self.tables += 1
        caption = "" if table.caption == section.label else paragraph(words(table.caption), "Caption")
        has_row_heads = all(row.cells[0].is_header for row in table.rows)
        columns = [
            f'<table:table-column table:style-name="{self.column(column.share, master)}"/>'
            for column in table.columns
        ]
        if has_row_heads:
            columns[0] = f"<table:table-header-columns>{columns[0]}</table:table-header-columns>"
        heads = "".join(
            cell(paragraph(words(column.heading), "Table_20_Heading"), "Entete") for column in table.columns
        )
        rows = "".join(self.row(row, table.columns) for row in table.rows)
        return (
            f'{caption}<table:table table:name="Tableau {self.tables}" table:style-name="{self.width(master)}">'
            f"<table:title>{xml(french(table.caption))}</table:title>{''.join(columns)}"
            f'<table:table-header-rows><table:table-row table:style-name="Entiere">{heads}</table:table-row>'
            f"</table:table-header-rows>{rows}</table:table>"
        )

    def row(self, row, columns):
        style = "Coupee" if max(heights_of(row, columns), default=0) > LONG_ROW else "Entiere"
        texts = [self.cell_text(held) for held in row.cells]
        if row.cells[0].is_header:
            texts[0] = texts[0].replace(">", f">{self.mark(row.anchor)}", 1)
        cells = "".join(cell(text, "Case") for text in texts)
        return f'<table:table-row table:style-name="{style}">{cells}</table:table-row>'

    def mark(self, anchor):
        """The bookmark of an anchor: a file changed in LibreOffice or Word says by it what it was."""
        name = anchor.replace("-", "_")
        if not name or name in self.names:
            return ""
        self.names.add(name)
        return f'<text:bookmark text:name="{xml(name)}"/>'

    def cell_text(self, cell):
        style = "Titre_20_de_20_ligne" if cell.is_header else "Table_20_Contents"
        return "".join(self.block(block, style) for block in cell.blocks) or paragraph("", style)

    def width(self, master):
        """The name of the style of a table as wide as its page."""
        name = f"Tableau.{master}"
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="table"><style:table-properties'
            f' style:width="{WIDTHS[master]}mm" table:align="left" table:border-model="collapsing"'
            ' fo:margin-bottom="5mm"/></style:style>'
        )
        return name

    def column(self, share, master):
        name = f"Colonne.{master}.{share}"
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="table-column"><style:table-column-properties'
            f' style:column-width="{share * WIDTHS[master] / 100:.2f}mm"/></style:style>'
        )
        return name


def entry(section, rank):
    link = (
        f'<text:a xlink:type="simple" xlink:href="#section-{rank}" text:style-name="Index_20_Link"'
        f' text:visited-style-name="Index_20_Link">{words(section.label)}</text:a>'
    )
    page = f'<text:bookmark-ref text:reference-format="page" text:ref-name="section-{rank}"/>'
    return f"{link}<text:tab/>{page}"


def paragraph(inside, style):
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def cell(blocks, style):
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{blocks}</table:table-cell>'
    )


def words(text):
    """A plain text in French typography."""
    return characters(french(text))


def characters(text):
    return xml(text).replace("\n", "<text:line-break/>")
