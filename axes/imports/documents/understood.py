"""What was understood of a report given as a Word or ODT file. Pure: imports no Django.

Every item says where in the document it comes from (`places`, see logement.documents.content), how sure the reading is
(`confidence`) and, when it is not, why (`reason`, a French sentence). `key` names the item for the decisions of a
person: it is the same each time that the same file is read.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Confidence(StrEnum):
    SURE = "sure"  # sûr
    LIKELY = "likely"  # probable
    UNSURE = "unsure"  # à vérifier


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at these places of the document."""

    key: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage(Found):
    """A paragraph, or an item of a list with the items inside it. `html`: the rich text as it is stored."""

    html: str
    confidence: str = Confidence.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ColumnFound(Found):
    """A column of a table; `role`: title, state, indicators, observations or other (axes/imports/headings.py)."""

    heading: str
    role: str
    confidence: str = Confidence.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StateFound(Found):
    """A state as written; `outcome` and `inflection` are codes of axes.models (Outcome, Inflection)."""

    word: str
    outcome: str
    inflection: str
    confidence: str = Confidence.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CellFound(Found):
    """The texts of a row in the column of this rank."""

    column: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class RowFound(Found):
    """An action of a table; `cells` are those of the columns that hold texts, in their order.

    It has several places where it was cut over two rows, tables or pages. `mark` is the bookmark that stands in it:
    « action-12 » in a report that the application exported, the anchor of its line, which is still there once the file
    was changed in Word.
    """

    title: str
    state: StateFound
    cells: tuple[CellFound, ...]
    confidence: str = Confidence.SURE
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TableFound(Found):
    """The table of an axis: « Axe 3 : Promouvoir… » has number 3 and a label; a table of several pages is one."""

    number: int | None
    label: str
    columns: tuple[ColumnFound, ...]
    rows: tuple[RowFound, ...]
    confidence: str = Confidence.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SectionFound(Found):
    """A part of the report, « 1 Bilan de réalisation… »: its texts and tables, in their order.

    `mark`: as in RowFound, « partie-3 ».
    """

    number: int | None
    title: str
    parts: tuple[Passage | TableFound, ...]
    confidence: str = Confidence.SURE
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class FigureFound(Found):
    """A figure read in a sentence, proposed as an indicator and its value.

    `start` and `end` are places in the plain words of the passage `passage` (`plain(parse(html))`), the same when the
    sentence counts something without a number (« un rapport »). One of `number`, `numerator` with `denominator`, `day`
    is there, as in axes.models.quantity. `kind`, `temporality` and `qualifier` are codes of axes.models; `row` is the
    key of the action's row, "" in a text outside the tables. `starts_on` is None for what is counted on a day.
    """

    passage: str
    row: str
    start: int
    end: int
    words: str
    sentence: str
    label: str
    unit: str
    kind: str
    temporality: str
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: date | None = None
    qualifier: str = "exact"
    starts_on: date | None = None
    ends_on: date | None = None
    base: str = ""
    confidence: str = Confidence.SURE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut(Found):
    """Words of the document that are not taken on purpose: a table of contents, a heading that is repeated."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """The whole report. `year`: the exercise that it says it is of, or None. `notices`: as in Document.

    `is_export`: the application made the document, changed since or not.
    """

    name: str
    year: int | None
    cover: tuple[Passage, ...]
    preamble: tuple[Passage, ...]
    sections: tuple[SectionFound, ...]
    figures: tuple[FigureFound, ...] = field(default=())
    left: tuple[LeftOut, ...] = field(default=())
    notices: tuple[str, ...] = field(default=())
    is_export: bool = False

    @property
    def tables(self):
        return [part for section in self.sections for part in section.parts if isinstance(part, TableFound)]

    @property
    def rows(self):
        return [row for table in self.tables for row in table.rows]

    @property
    def passages(self):
        """Every passage, in the order of the report."""
        found = [*self.cover, *self.preamble]
        for section in self.sections:
            for part in section.parts:
                cells = (
                    [cell for row in part.rows for cell in row.cells] if isinstance(part, TableFound) else []
                )
                found += [passage for cell in cells for passage in cell.passages] or (
                    [part] if isinstance(part, Passage) else []
                )
        return found

    @property
    def items(self):
        """{key: item}, of everything a person decides on."""
        found = [*self.passages, *self.sections, *self.tables, *self.rows, *self.figures]
        found += [column for table in self.tables for column in table.columns]
        found += [row.state for row in self.rows]
        return {item.key: item for item in found}

    @property
    def unsure(self):
        return [item for item in self.items.values() if item.confidence == Confidence.UNSURE]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on an item: `taken` or left; `value` is the correction, None where there is none.

    Of a Passage, its HTML; of a StateFound, its word; of a RowFound, its title; of a TableFound or a SectionFound, its
    label or title. `ref` is, of a FigureFound, the reference to the indicator that it became (« A3-06, lettres », as
    axes/citations.py writes it): its words then cite it. The role of a column is no decision: the document is
    understood again with it (`understand(document, roles)`).
    """

    taken: bool = True
    value: str | None = None
    ref: str = ""
