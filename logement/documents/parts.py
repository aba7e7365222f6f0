"""What the readers of both formats share: XML that can do no harm, and a document put together from its pieces."""

from dataclasses import replace
from itertools import count

from lxml import etree

from logement.documents.content import Document, Note, Paragraph, Run, Table
from logement.text import clean_text

MAX_WORDS = 400_000  # a report of 300 pages has 150,000
IMAGES = "Les images ne sont pas reprises."
COMMENTS = "Les commentaires de relecture ne sont pas repris."
TRACKED = (
    "Le document contient des modifications suivies : il est lu comme si elles étaient toutes acceptées."
)
NESTED = "Un tableau placé dans une cellule est lu comme les paragraphes de cette cellule."
BOXES = "Une zone de texte est lue à la suite du paragraphe auquel elle est ancrée."
MARGINS = "Les en-têtes et pieds de page, qui se répètent, sont lus et ne sont pas repris."
HIDDEN = "Du texte masqué, qui ne s'imprime pas, est laissé de côté."
LINKED = "Les adresses des liens ne sont ni ouvertes ni reprises ; leurs mots le sont."


class Refusal(Exception):
    """Why the document is not read; the text is a word that reading.py knows."""


def parse(content):
    """The root of an XML part. An entity is never looked up nor replaced, and a DOCTYPE is refused: it may bomb."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refusal("broken") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal("doctype")
    return root


def local(node):
    """The name of an element without its namespace; "" of what is no element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def runs_of(pieces):
    """Runs from [Run], cleaned, those with the same marks joined."""
    made = []
    for piece in (replace(piece, text=clean_text(piece.text)) for piece in pieces):
        last = made[-1] if made else None
        if last and not last.note and not piece.note and replace(last, text=piece.text) == piece:
            made[-1] = replace(last, text=last.text + piece.text)
        elif piece.text or piece.note:
            made.append(piece)
    return tuple(made)


def has_words(paragraph):
    return bool(paragraph.text.strip()) or any(run.note for run in paragraph.runs)


def assembled(kind, blocks, notes, notices, margins):
    """The Document of blocks, {number: [Paragraph]} and the paragraphs of the margins, without places."""
    ranks = {Paragraph: count(1), Table: count(1)}
    placed, starts_page = [], False
    for block in blocks:
        if isinstance(block, Table):
            placed.append(_table(block, f"t{next(ranks[Table])}"))
        elif has_words(block):
            new = f"p{next(ranks[Paragraph])}"
            placed.append(replace(block, place=new, starts_page=starts_page or block.starts_page))
        starts_page = (
            isinstance(block, Paragraph) and not has_words(block) and (starts_page or block.starts_page)
        )
    held = tuple(
        Note(f"n{number}", number, tuple(_paragraphs(paragraphs, f"n{number}")))
        for number, paragraphs in sorted(notes.items())
    )
    apart = {paragraph.text.strip(): paragraph for paragraph in margins if paragraph.text.strip()}
    around = tuple(
        replace(paragraph, place=f"h{rank}") for rank, paragraph in enumerate(apart.values(), start=1)
    )
    told = tuple(dict.fromkeys([*notices, *([MARGINS] if around else [])]))
    document = Document("", kind, tuple(placed), held, told, around)
    if sum(len(paragraph.text.split()) for paragraph in document.paragraphs) > MAX_WORDS:
        raise Refusal("long")
    return document


def _table(table, place):
    rows = tuple(
        replace(
            row,
            place=f"{place}-l{rank}",
            cells=tuple(_cell(cell, f"{place}-l{rank}-c{cell.column + 1}") for cell in row.cells),
        )
        for rank, row in enumerate(table.rows, start=1)
    )
    width = max((cell.column + cell.span for row in rows for cell in row.cells), default=0)
    return Table(place, rows, width)


def _cell(cell, place):
    return replace(cell, place=place, paragraphs=tuple(_paragraphs(cell.paragraphs, place)))


def _paragraphs(paragraphs, place):
    kept = filter(has_words, paragraphs)
    return (replace(paragraph, place=f"{place}-p{rank}") for rank, paragraph in enumerate(kept, start=1))


def flattened(table):
    """The paragraphs of a table that stands in a cell, row by row."""
    return [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]


def text_run(text, marks=frozenset()):
    """A run of `text`; `marks` among bold, italic, superscript."""
    return Run(text, **dict.fromkeys(marks, True))
