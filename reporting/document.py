"""The report as a tree: what assembly builds and what every renderer reads. Pure: imports no Django."""

from dataclasses import dataclass, field

from logement.richtext import Block


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `is_header` marks the cell that names its row (the action's title)."""

    blocks: tuple[Block, ...]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `anchor` is its stable identifier in the page (`action-12`)."""

    anchor: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it holds (a code: title, state, other…) and its share of the width in percent."""

    heading: str
    role: str
    share: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of actions; every row has as many cells as there are columns. `empty_text` prints when it has no row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty_text: str = ""


@dataclass(frozen=True, slots=True)
class ContextFigure:
    """One line of the context figures: a label, the value as the French write it, and where it comes from."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class ContextFigures:
    caption: str
    figures: tuple[ContextFigure, ...]


Node = Block | Table | ContextFigures


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `number` is None for a heading that carries none.

    `label` is the heading as it prints (« Axe 1 : Améliorer… »); `anchor` is stable in the page; `level` starts at 1.
    `landscape` asks for wide pages (the tables of actions).
    """

    anchor: str
    label: str
    level: int
    content: tuple[Node, ...] = ()
    sections: "tuple[Section, ...]" = ()
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `cover` holds the title page's own blocks: three make its title, those that follow its imprint.

    `running_title` heads each page, after the `notice` of a report that is not final (« Projet »). `title`, `publisher`
    and `date_label` name the file and do not print. Without a cover it is a letter, a receipt for one: its title stands
    above its first section, and it has no contents.
    """

    title: str
    running_title: str
    language: str
    cover: tuple[Block, ...]
    publisher: str
    date_label: str
    notice: str = ""
    sections: tuple[Section, ...] = field(default=())
