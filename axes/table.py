"""An axis in an exercise, as its table: what the axis page edits and what the snapshot freezes."""

from dataclasses import dataclass

from axes.models import Block, Column, Line, TextBlock


@dataclass(frozen=True, slots=True)
class ActionCell:
    """A cell of the table: the line's title, its state, or a text (None while nothing was ever written)."""

    line: Line
    column: Column
    text: TextBlock | None = None

    @property
    def key(self):
        return f"cellule-{self.line.pk}-{self.column.pk}"

    @property
    def is_empty(self):
        match self.column.role:
            case Column.Role.TITLE:
                return not self.line.title
            case Column.Role.STATE:
                return self.line.state is None
            case _:
                return self.text is None or not self.text.content


@dataclass(frozen=True, slots=True)
class ActionTable:
    """The block that prints the table, its columns in order, and one list of cells per line."""

    block: Block
    columns: tuple[Column, ...]
    rows: tuple[tuple[ActionCell, ...], ...]

    @property
    def axis(self):
        return self.block.axis


def tables_of(year, *, lines, axis=None):
    """The tables of an exercise in the report's order, with the given lines (a queryset), in five queries.

    `axis` keeps that axis alone.
    """
    blocks = Block.objects.filter(chapter__year=year, kind=Block.Kind.ACTIONS).select_related(
        "axis", "layout"
    )
    lines = lines.filter(year=year).select_related("action", "axis", "state", "lead")
    if axis is not None:
        blocks, lines = blocks.filter(axis=axis), lines.filter(axis=axis)
    blocks = blocks.order_by("chapter__position", "chapter", "position", "pk").prefetch_related(
        "layout__columns"
    )
    texts = TextBlock.objects.filter(line__in=lines).select_related("line")
    texts = {(text.line_id, text.column_id): text for text in texts}
    by_axis = {}
    for line in lines.prefetch_related("partners"):
        by_axis.setdefault(line.axis_id, []).append(line)
    return [table_of(block, by_axis.get(block.axis_id, []), texts) for block in blocks]


def table_of(block, lines, texts):
    columns = tuple(block.layout.columns.all())
    rows = tuple(
        tuple(ActionCell(line, column, texts.get((line.pk, column.pk))) for column in columns)
        for line in lines
    )
    return ActionTable(block, columns, rows)
