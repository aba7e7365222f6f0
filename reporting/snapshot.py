"""Database -> Snapshot, in one consistent read. The only file of this app that reads the plan.

A Snapshot is plain data: it can be stored, compared and assembled again without the database.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from axes.models import Block, Chapter, Column, Indicator, Line, TextBlock, Year
from axes.public import PublicFigures, public_figures
from axes.table import tables_of
from axes.values import values_of


@dataclass(frozen=True, slots=True)
class ColumnData:
    heading: str
    role: str


@dataclass(frozen=True, slots=True)
class RowData:
    """A line: its key, and one content per column (the title and the state as text, the others as rich HTML)."""

    key: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureData:
    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class BlockData:
    """A block of a chapter; `kind` says which of the other fields it uses."""

    kind: str
    html: str = ""
    label: str = ""
    axis_key: int = 0
    columns: tuple[ColumnData, ...] = ()
    rows: tuple[RowData, ...] = ()
    figures: tuple[FigureData, ...] = ()
    axes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChapterData:
    key: int
    kind: str
    number: int | None
    title: str
    blocks: tuple[BlockData, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole report as it stood at one instant. `public` is read only for what is published to all."""

    territory: str
    territory_code: str
    year: int
    agreement: str
    is_final: bool
    chapters: tuple[ChapterData, ...]
    public: PublicFigures | None = None


@contextmanager
def consistent_read():
    """Everything read inside is of one instant: a repeatable-read transaction, or SQLite's only kind of transaction."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def take(year_id, *, public=False):
    """The Snapshot of an exercise, in a number of queries that does not grow with its rows."""
    with consistent_read():
        year = Year.objects.select_related("territory", "agreement").get(pk=year_id)
        reader = Reader(year)
        chapters = Chapter.objects.filter(year=year).prefetch_related("blocks__axis")
        return Snapshot(
            territory=year.territory.name,
            territory_code=year.territory.code,
            year=year.number,
            agreement=year.agreement.title,
            is_final=not year.is_open,
            chapters=tuple(reader.chapter(chapter) for chapter in chapters),
            public=public_figures(year) if public else None,
        )


class Reader:
    """What the blocks of an exercise need, read once for all of them."""

    def __init__(self, year):
        self.year = year
        self.tables = {table.block.pk: table for table in tables_of(year, lines=Line.objects.all())}
        self.texts = dict(
            TextBlock.objects.filter(year=year, block__isnull=False).values_list("block", "content")
        )
        self.axes = tuple(t.axis.full_label for t in self.tables.values() if t.axis.number is not None)
        context = Indicator.objects.filter(territory=year.territory, kind=Indicator.Kind.CONTEXT, action=None)
        self.context = list(context)
        self.values = values_of(self.context, year)

    def chapter(self, chapter):
        blocks = tuple(self.block(block) for block in chapter.blocks.all())
        return ChapterData(chapter.pk, chapter.kind, chapter.number, chapter.title, blocks)

    def block(self, block):
        match block.kind:
            case Block.Kind.ACTIONS:
                return self.table(self.tables[block.pk])
            case Block.Kind.AXES:
                return BlockData(block.kind, axes=self.axes)
            case Block.Kind.CONTEXT:
                return BlockData(block.kind, figures=tuple(self.figures()))
            case _:
                return BlockData(block.kind, html=self.texts.get(block.pk, ""))

    def table(self, table):
        columns = tuple(ColumnData(c.heading_for(self.year.number), c.role) for c in table.columns)
        rows = tuple(RowData(row[0].line.pk, tuple(map(cell_content, row))) for row in table.rows)
        return BlockData(Block.Kind.ACTIONS, "", table.axis.full_label, table.axis.pk, columns, rows)

    def figures(self):
        """The context figures that were received; a figure still awaited does not print."""
        for indicator in self.context:
            value = self.values[indicator.pk]
            if not value.is_pending:
                yield FigureData(indicator.label, value.display, indicator.source_detail)


def cell_content(cell):
    match cell.column.role:
        case Column.Role.TITLE:
            return cell.line.title
        case Column.Role.STATE:
            return cell.line.state_word
        case _:
            return cell.text.content if cell.text else ""
