"""A document as it was read: what it holds, in its order, each thing at its place. Pure: imports no Django.

A place is a short stable name, fit for the address of a page: « p12 » the 12th paragraph of the body, « t3 » its 3rd
table, « t3-l2 » a row, « t3-l2-c1 » a cell by its column, « t3-l2-c1-p2 » its 2nd paragraph, « n1-p1 » a paragraph of
the 1st footnote, « h1 » the 1st paragraph of the headers and the feet. Ranks begin at 1; a paragraph without words is
none.
"""

import re
from dataclasses import dataclass, field

WORDS = {"p": "paragraphe", "t": "tableau", "l": "ligne", "c": "colonne", "n": "note", "h": "en-tête ou pied"}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with the same marks, or the call of the footnote whose number is `note`, without characters."""

    text: str
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    note: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list where `level` is not 0 (1 is the outermost).

    `heading`: the depth of a styled heading from 1, 0 for ordinary text. `style`: the name that the file gives to the
    style, in lower case (« title », « list bullet »). `marks`: the names of the bookmarks that begin there.
    """

    place: str
    runs: tuple[Run, ...]
    heading: int = 0
    level: int = 0
    is_ordered: bool = False
    starts_page: bool = False
    style: str = ""
    marks: tuple[str, ...] = ()

    @property
    def text(self):
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and its paragraphs. `column` is its rank from 0 in the grid, `span` the columns that it covers.

    Not `is_first` where it goes on with a cell merged with the row above.
    """

    place: str
    paragraphs: tuple[Paragraph, ...]
    column: int
    span: int = 1
    is_first: bool = True

    @property
    def text(self):
        """One line per paragraph."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Row:
    """`is_heading` where the file says that the row is repeated at the top of each page."""

    place: str
    cells: tuple[Cell, ...]
    is_heading: bool = False

    def at(self, column):
        """The cell that covers this column, or None."""
        return next((c for c in self.cells if c.column <= column < c.column + c.span), None)


@dataclass(frozen=True, slots=True)
class Table:
    place: str
    rows: tuple[Row, ...]
    columns: int


@dataclass(frozen=True, slots=True)
class Note:
    """A real footnote or endnote, by the number of its call in the order of the text."""

    place: str
    number: int
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`kind`: docx or odt. `notices`: French sentences on what was read otherwise than it prints, or left out.

    `margins`: the paragraphs of the headers and feet of its pages, those that say the same once.
    """

    name: str
    kind: str
    blocks: tuple[Paragraph | Table, ...]
    notes: tuple[Note, ...] = ()
    notices: tuple[str, ...] = field(default=())
    margins: tuple[Paragraph, ...] = field(default=())

    @property
    def paragraphs(self):
        """Every paragraph, those of the cells and of the notes too, in their order."""
        found = []
        for block in self.blocks:
            found += [block] if isinstance(block, Paragraph) else _of_table(block)
        return [*found, *(paragraph for note in self.notes for paragraph in note.paragraphs)]

    @property
    def tables(self):
        return [block for block in self.blocks if isinstance(block, Table)]


def _of_table(table):
    return [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]


def place_label(place):
    """« tableau 3, ligne 2, colonne 1 » for « t3-l2-c1 »."""
    return ", ".join(f"{WORDS[kind]} {rank}" for kind, rank in re.findall(r"([ptlcnh])(\d+)", place))
