"""The exercise that an amended export is compared to, as it is today; in as many queries whatever it holds."""

from functools import cached_property

from axes.imports.headings import folded
from axes.models import Block, Chapter, KeyFigure, Line, TextBlock


class Today:
    def __init__(self, year):
        self.year = year

    @cached_property
    def chapters(self):
        found = Chapter.objects.filter(year=self.year)
        return list(found.prefetch_related("blocks__axis", "blocks__layout__columns"))

    @cached_property
    def axes(self):
        """{key: Axis} of the tables of the report, in its order."""
        blocks = (block for chapter in self.chapters for block in chapter.blocks.all())
        return {block.axis_id: block.axis for block in blocks if block.kind == Block.Kind.ACTIONS}

    @cached_property
    def lines(self):
        """{key: Line}, in the order of the tables."""
        held = Line.objects.filter(year=self.year).select_related("action", "state", "year")
        return {line.pk: line for line in held.order_by("position", "pk")}

    def lines_of(self, axis):
        return [line for line in self.lines.values() if line.axis_id == axis]

    def axis_named(self, label):
        return next((axis.pk for axis in self.axes.values() if folded(axis.label) == folded(label)), None)

    @cached_property
    def _texts(self):
        """{(key of a line, key of a column), or key of a block: TextBlock}"""
        texts = TextBlock.objects.filter(year=self.year).select_related("year")
        return {(text.line_id, text.column_id) if text.line_id else text.block_id: text for text in texts}

    def text_of_cell(self, line, column):
        return self._texts.get((line.pk, column.pk)) or TextBlock(year=self.year, line=line, column=column)

    def text_of_block(self, block):
        return self._texts.get(block.pk) or TextBlock(year=self.year, block=block)

    @cached_property
    def _older(self):
        found = {}
        history = TextBlock.history.filter(year=self.year).order_by("-history_date", "-history_id")
        for pk, content in history.values_list("id", "content"):
            found.setdefault(pk, {})[content] = True
        return found

    def older(self, text):
        """What a text was, the latest first."""
        return [content for content in self._older.get(text.pk, ()) if content != text.content]

    @cached_property
    def _sentences(self):
        found, axes = {}, {line.action_id: line.axis_id for line in self.lines.values()}
        rows = KeyFigure.objects.filter(illustration__year=self.year).exclude(description="")
        for row in rows.select_related("indicator").order_by("indicator__position", "indicator__code"):
            found.setdefault(axes.get(row.indicator.action_id), []).append(row.description)
        return found

    def sentences(self, axis):
        """What is said of the charts of an axis, None for those of no axis."""
        return self._sentences.get(axis, [])
