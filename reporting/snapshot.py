"""Database -> Snapshot, in one consistent read. With sources.py, the only file of this app that reads the plan.

A Snapshot is plain data: it can be stored, compared and assembled again without the database.
"""

from dataclasses import dataclass, field
from itertools import compress

from django.db.models import Q

from axes.definitions import definitions_of
from axes.key_figures import drawn_in
from axes.models import Block, Chapter, Column, Indicator, Line, TextBlock, Year
from axes.progress import indicators_of
from axes.public import PublicFigures, heading_of, public_figures
from axes.table import tables_of
from axes.values import quantity, targets_of, values_of, values_over
from logement.instants import consistent_read
from reporting.document import Chart, ChartPoint, ReportedFigure
from reporting.reported import plain_number, reported_figure
from reporting.sources import Sources, sources_of
from reporting.synthesis import that_hold


@dataclass(frozen=True, slots=True)
class ColumnData:
    heading: str
    role: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class RowData:
    """A line: its key, and one content per column (the title and the state as text, the others as rich HTML).

    `action` is the same in every exercise; `outcome` is what its state means, whatever its words (axes.models.Outcome).
    """

    key: int
    cells: tuple[str, ...]
    action: int = 0
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class FigureTableData:
    """The figures of an axis, or (`axis_key` 0) those of no action, by their keys in the snapshot."""

    label: str
    axis_key: int
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BlockData:
    """A block of a chapter; `kind` says which of the other fields it uses. `figures` are keys in the snapshot."""

    kind: str
    html: str = ""
    label: str = ""
    axis_key: int = 0
    columns: tuple[ColumnData, ...] = ()
    rows: tuple[RowData, ...] = ()
    figures: tuple[int, ...] = ()
    axes: tuple[str, ...] = ()
    figure_tables: tuple[FigureTableData, ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class ChapterData:
    key: int
    kind: str
    number: int | None
    title: str
    blocks: tuple[BlockData, ...]


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the figure of this key is read against, in the words of that day: the year before, the target, if any."""

    key: int
    before: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class ChartData:
    """A chart of the key figures, under the table of its axis (0: of none), and on the page that opens the report."""

    axis_key: int
    chart: Chart
    is_in_synthesis: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole report as it stood at one instant. `figures` are those that it prints, in the order of the annex.

    `public` and `bearings` are read only for what is kept or published; then `figures` are all those of the exercise,
    unmasked. `charts` are in the order of print.
    """

    territory: str
    territory_code: str
    year: int
    agreement: str
    is_final: bool
    chapters: tuple[ChapterData, ...]
    figures: tuple[ReportedFigure, ...] = ()
    public: PublicFigures | None = None
    sources: Sources = field(default_factory=Sources)
    bearings: tuple[Bearing, ...] = ()
    charts: tuple[ChartData, ...] = ()


def take(year_id, *, public=False):
    """The Snapshot of an exercise, in a number of queries that does not grow with its rows."""
    with consistent_read():
        year = Year.objects.select_related("territory", "agreement").get(pk=year_id)
        chapters = list(Chapter.objects.filter(year=year).prefetch_related("blocks__axis"))
        kinds = {block.kind for chapter in chapters for block in chapter.blocks.all()}
        reader = Reader(year, has_figures=public or Block.Kind.FIGURES in kinds)
        chapters = tuple(reader.chapter(chapter) for chapter in chapters)
        return Snapshot(
            territory=year.territory.name,
            territory_code=year.territory.code,
            year=year.number,
            agreement=year.agreement.title,
            is_final=not year.is_open,
            chapters=chapters,
            figures=reader.figures,
            public=public_figures(year) if public else None,
            sources=sources_of(year, chapters),
            bearings=bearings_of(reader.indicators, year) if public else (),
            charts=reader.charts(drawn_in(year)),
        )


class Reader:
    """What the blocks of an exercise need, read once for all of them."""

    def __init__(self, year, *, has_figures):
        self.year = year
        self.tables = {table.block.pk: table for table in tables_of(year, lines=Line.objects.all())}
        rows = [row[0].line for table in self.tables.values() for row in table.rows]
        self.titles = {line.action_id: line.title for line in rows}
        self.texts = dict(
            TextBlock.objects.filter(year=year, block__isnull=False).values_list("block", "content")
        )
        self.axes = tuple(t.axis.full_label for t in self.tables.values() if t.axis.number is not None)
        context = Q(territory=year.territory, kind=Indicator.Kind.CONTEXT, action=None)
        indicators = Indicator.objects.filter(indicators_of(year) if has_figures else context)
        self.indicators = list(indicators.select_related("action__axis", "supplier", "territory").distinct())
        self.placed = {line.action_id: line.axis for line in rows}
        for (
            indicator
        ) in self.indicators:  # an action that went on is of an axis of the next convention by now
            if indicator.action_id in self.placed:
                indicator.action.axis = self.placed[indicator.action_id]
        self.values = values_of(self.indicators, year)
        self.definitions = definitions_of(self.indicators, year.number)
        self.figures = tuple(
            self.figure(indicator)
            for indicator in self.in_order_of_print()
            if has_figures or not self.values[indicator.pk].is_pending
        )

    def charts(self, drawn):
        """The ChartData of each; on the page that opens the report, those that it holds."""
        charts = [chart_of(one) for one in drawn]
        first = that_hold(tuple(compress(charts, (one.is_in_synthesis for one in drawn))))
        axes = [self.placed.get(one.indicator.action_id, one.axis) for one in drawn]
        return tuple(
            ChartData(axis.pk if axis else 0, chart, chart in first)
            for axis, chart in zip(axes, charts, strict=True)
        )

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
                return BlockData(block.kind, figures=tuple(self.context()))
            case Block.Kind.FIGURES:
                return BlockData(block.kind, figure_tables=tuple(self.figure_tables()))
            case _:
                return BlockData(block.kind, html=self.texts.get(block.pk, ""), key=block.pk)

    def table(self, table):
        columns = tuple(ColumnData(c.heading_for(self.year.number), c.role, c.pk) for c in table.columns)
        rows = tuple(row_data(row) for row in table.rows)
        return BlockData(Block.Kind.ACTIONS, "", table.axis.full_label, table.axis.pk, columns, rows)

    def context(self):
        """The context figures that were received; a figure still awaited does not print."""
        for indicator in self.indicators:
            is_context = indicator.kind == Indicator.Kind.CONTEXT and indicator.action_id is None
            if is_context and not self.values[indicator.pk].is_pending:
                yield indicator.pk

    def figure_tables(self):
        """The annex: those still awaited too."""
        by_axis = {}
        for indicator in self.in_order_of_print():
            by_axis.setdefault(indicator.action and indicator.action.axis, []).append(indicator)
        for axis, indicators in by_axis.items():
            keys = tuple(indicator.pk for indicator in indicators)
            yield FigureTableData(heading_of(indicators[0]), axis.pk if axis else 0, keys)

    def in_order_of_print(self):
        """The indicators of no action first, then axis by axis, in the order of the lines."""
        ranks = {action_id: rank for rank, action_id in enumerate(self.titles)}

        def place(indicator):
            axis = indicator.action and indicator.action.axis
            return (axis.position, axis.pk, ranks.get(indicator.action_id, len(ranks))) if axis else (-1,)

        return sorted(self.indicators, key=place)

    def figure(self, indicator):
        title = self.titles.get(indicator.action_id, indicator.action and indicator.action.label)
        whole = self.values.get(indicator.whole_id)
        return reported_figure(
            indicator,
            self.values[indicator.pk],
            definition=self.definitions[indicator.pk].definition,
            action=title or "",
            whole=whole,
            number=self.year.number,
        )


def bearings_of(indicators, year):
    before = Year.objects.filter(territory=year.territory, number=year.number - 1).first()
    values = values_over(indicators, [before]) if before else {}
    targets = targets_of(indicators, year)
    return tuple(
        Bearing(
            indicator.pk,
            values[indicator.pk, before.number].display if before else "",
            quantity(targets[indicator.pk].number, indicator.unit) if indicator.pk in targets else "",
        )
        for indicator in indicators
    )


def chart_of(drawn):
    number = drawn.target_number
    return Chart(
        anchor=f"graphique-{drawn.code}",
        shape=str(drawn.shape),
        title=drawn.title,
        alt=drawn.alt,
        points=tuple(map(chart_point, drawn.points)),
        year=drawn.year,
        description=drawn.description,
        whole=drawn.whole,
        target=drawn.target,
        target_number=number and plain_number(number),
    )


def chart_point(point):
    return ChartPoint(
        point.label, point.words, plain_number(point.number), point.begins, point.is_rough, point.note
    )


def row_data(row):
    line = row[0].line
    outcome = str(line.state.outcome) if line.state else ""
    return RowData(line.pk, tuple(map(cell_content, row)), line.action_id, outcome)


def cell_content(cell):
    match cell.column.role:
        case Column.Role.TITLE:
            return cell.line.title
        case Column.Role.STATE:
            return cell.line.state_word
        case _:
            return cell.text.content if cell.text else ""
