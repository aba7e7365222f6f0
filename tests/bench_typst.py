"""How far the PDF engine is from Typst, the fastest there is: the same Document, tagged PDF/A-3a from both.

Typst is not an engine for this application (neither HTML, nor our stylesheets, nor notes read where they are called),
but the limit of what another could gain. It gets our fonts, the columns, the notes, the headings and the contents.
"""

import json
import tempfile
from pathlib import Path

import typst
from fontTools.ttLib import woff2

from logement.richtext import Paragraph, Text
from reporting.renderers.reading import flow, table_of, typeset

FONTS = Path(__file__).resolve().parents[1] / "static/fonts"
STYLE = """
#set document(title: {title})
#set text(lang: "fr", font: ("Source Sans 3", "DejaVu Sans"), size: 10.2pt)
#set page(paper: "a4", numbering: "1 / 1", margin: (x: 30mm, y: 22mm))
#show table: set text(size: 9pt)
"""


class Typst:
    """A compiler kept warm, with our fonts."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="logement-typst-")
        folder = Path(self._folder.name)
        for path in FONTS.glob("source-sans-3-*.woff2"):
            woff2.decompress(path, folder / f"{path.stem}.ttf")
        (folder / "dejavu-sans.ttf").write_bytes((FONTS / "dejavu-sans.ttf").read_bytes())
        self._source = folder / "report.typ"
        self._source.touch()
        self._compiler = typst.Compiler(self._source, font_paths=[folder], ignore_system_fonts=True)

    def make(self, source):
        """The PDF of a source; one that was just made is made from what is kept, so never give the same twice."""
        self._source.write_text(source)
        return self._compiler.compile(self._source, format="pdf", pdf_standards="a-3a")


def source_of(document):
    """A Document in Typst's own words."""
    parts = [STYLE.replace("{title}", quoted(document.title)), *map(block_of, document.cover), "#pagebreak()"]
    parts.append("#outline()")
    wide = None
    for section, depth, is_on_wide in flow(document.sections):
        if is_on_wide != wide:
            parts.append(f"#set page(flipped: {'true' if is_on_wide else 'false'})")
            wide = is_on_wide
        parts.append(f"#heading(level: {depth}, {quoted(section.label)})")
        parts += [
            table_in(table) if (table := table_of(node)) else block_of(node) for node in section.content
        ]
    return "\n\n".join(parts)


def table_in(table):
    if not table.rows:
        return f"#par({quoted(table.empty_text)})"
    shares = ", ".join(f"{column.share}fr" for column in table.columns)
    heads = ", ".join(f"[#strong({quoted(column.heading)})]" for column in table.columns)
    rows = ",\n".join(", ".join(map(cell_of, row.cells)) for row in table.rows)
    return f"#table(columns: ({shares},), table.header({heads}),\n{rows})"


def cell_of(cell):
    return "[" + " ".join(map(block_of, cell.blocks)) + "]"


def block_of(block):
    if isinstance(block, Paragraph):
        return f"#par[{inlines_of(block.content)}]"
    items = ", ".join(f"[{' '.join(map(block_of, item))}]" for item in block.items)
    return f"#{'enum' if block.ordered else 'list'}({items})"


def inlines_of(content):
    return "".join(
        text_of(inline) if isinstance(inline, Text) else f"#footnote[{inlines_of(inline.content)}]"
        for inline in typeset(content)
    )


def text_of(text):
    words = f"#text({quoted(text.text)})"
    for mark, is_on in (("super", text.superscript), ("emph", text.italic), ("strong", text.bold)):
        words = f"#{mark}[{words}]" if is_on else words
    return words


def quoted(text):
    return json.dumps(text, ensure_ascii=False)
