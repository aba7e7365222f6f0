"""The report as a tree: what assembly builds and what every renderer reads. Pure: imports no Django."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from logement.richtext import Block

#: In a document `Text.ref` is the anchor of the row that says where the figure comes from. Those that begin so are in
#: the annex of sources, to which the figures of the sentences lead; others are rows of the figures' own tables.
SOURCE = "source-"


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
    """One line of the context figures: a label, the value as the French write it, and where it comes from.

    `ref` says which figure the value is, as `Text.ref` does.
    """

    label: str
    value: str
    source: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ContextFigures:
    caption: str
    figures: tuple[ContextFigure, ...]


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A year of a series, or a part of a whole: its label, the words of its value, the number drawn (None: nothing is).

    `begins` where what is counted changes there; `is_rough` where the number is not exact, not whole or fictive; `note`
    says so in words (« rupture de série »).
    """

    label: str
    words: str
    number: Decimal | None = None
    begins: bool = False
    is_rough: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A small picture of a figure. `shape`: series (its points are years, oldest first) or parts, of the year `year`.

    `alt` says all that it shows to whoever does not see it; `description` what the lead makes of it, printed below.
    `whole` is the value that parts divide, `target` what the figure of the last year aims at, both as they print.
    """

    anchor: str
    shape: str
    title: str
    alt: str
    points: tuple[ChartPoint, ...]
    year: str = ""
    description: str = ""
    whole: str = ""
    target: str = ""
    target_number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Charts:
    """Small charts side by side, and beside them one table of all that they show, under `caption`."""

    caption: str
    charts: tuple[Chart, ...]


Node = Block | Table | ContextFigures | Charts


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
class ReportedFigure:
    """A figure of the report as data: the words that print, and the typed value that they say.

    `number` is in the unit; a share in % keeps the percentage that prints, with its `numerator` and `denominator`; a
    ratio has these two alone; a date has its `day`. Without any of them, `blank` says why: unavailable, not_applicable,
    pending, or masked in the public version. `qualifier`: exact, around, nearly, at_least, more_than.
    `starts_on` is None for what is counted on the day `ends_on`. `answered` of the `asked` partners gave their part,
    None where no partner is asked. `key` is the same in every version of the report, `code` the territory's own.
    """

    key: int
    code: str
    heading: str
    action: str
    label: str
    value: str
    unit: str
    ends_on: date
    starts_on: date | None = None
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: date | None = None
    qualifier: str = "exact"
    blank: str = ""
    base: str = ""
    source: str = ""
    source_detail: str = ""
    definition: str = ""
    answered: int | None = None
    asked: int | None = None
    is_fictive: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `cover` holds the title page's own blocks: three make its title, those that follow its imprint.

    `running_title` heads each page, after the `notice` of a report that is not final (« Projet »). `title`, `publisher`
    and `date_label` name the file and do not print. `edition` follows at the foot of each page of a frozen version
    (« Version 2, empreinte 3f2a… »). Without a cover it is a letter, a receipt for one: its title stands
    above its first section, and it has no contents. `figures` are those of its tables, once each, as data.
    """

    title: str
    running_title: str
    language: str
    cover: tuple[Block, ...]
    publisher: str
    date_label: str
    notice: str = ""
    edition: str = ""
    sections: tuple[Section, ...] = field(default=())
    figures: tuple[ReportedFigure, ...] = ()
