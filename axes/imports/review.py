"""An imported report as it is reviewed: its items, what waits for a person, what goes into the plan as things are."""

from collections import Counter
from functools import cached_property
from hashlib import sha256

from axes.imports.documents import Confidence, Passage, TableFound
from axes.imports.items import KINDS, Item
from axes.imports.keeping import reading_of
from axes.imports.series import Series

#: What may be accepted without being read one by one; what is unsure never is.
TOGETHER = (Confidence.SURE, Confidence.LIKELY)


class Review:
    """A ReportImport as it is reviewed now, in as many queries whatever it holds."""

    def __init__(self, report):
        self.report = report
        self.reading = reading_of(report)
        self.understanding = self.reading.understanding
        decisions = {decision.item: decision for decision in report.decisions.select_related("decided_by")}
        self.items = {key: Item(found, decisions.get(key)) for key, found in self.understanding.items.items()}

    @cached_property
    def _figures(self):
        held = {}
        for item in self.figures:
            held.setdefault(item.found.passage, []).append(item)
        return held

    def figures_in(self, passage):
        return tuple(self._figures.get(passage, ()))

    # --- Series ---

    @cached_property
    def series(self):
        return Series(self.report.territory_id)

    def joined(self, item):
        """The Indicator of the plan that a figure continues: what somebody said, else what is proposed; or None."""
        if item.joins is not None:
            return self.series.by_code.get(item.joins)
        row = self.items.get(item.found.row)
        return self.series.proposed(item.now, row.value if row else "")

    @property
    def seen(self):
        """A fingerprint of the decisions: what is saved is what was read on the page that said so."""
        versions = sorted((item.key, item.version) for item in self.items.values() if item.version)
        return sha256(repr(versions).encode()).hexdigest()

    # --- What is taken ---

    def _taken(self, found):
        return [one for one in found if self.items[one.key].is_taken]

    @cached_property
    def _parts(self):
        """The texts and the tables of the sections that are taken, less those that were left."""
        return [
            part
            for section in self._taken(self.understanding.sections)
            for part in self._taken(section.parts)
        ]

    @cached_property
    def rows(self):
        """The rows that go into the plan, in their order."""
        tables = (part for part in self._parts if isinstance(part, TableFound))
        return [row for table in tables for row in self._taken(table.rows)]

    @cached_property
    def figures_taken(self):
        """The figures that become values: accepted, in a text that is taken."""
        cells = (passage for row in self.rows for cell in row.cells for passage in cell.passages)
        outside = (part for part in self._parts if isinstance(part, Passage))
        texts = [*self.understanding.cover, *self.understanding.preamble, *outside, *cells]
        kept = {passage.key for passage in self._taken(texts)}
        return [item for item in self.figures if item.is_accepted and item.found.passage in kept]

    # --- Counts ---

    @cached_property
    def figures(self):
        return [item for item in self.items.values() if item.kind == "figure"]

    @cached_property
    def doubts(self):
        return [item for item in self.items.values() if item.is_doubtful]

    def open_figures(self, confidence):
        """Those of this confidence that nobody decided of."""
        return [item for item in self.figures if item.is_open and item.found.confidence == confidence]

    @cached_property
    def together(self):
        """(confidence, how many figures) that may be accepted together: the sure ones first, then the likely ones."""
        found = ((confidence, len(self.open_figures(confidence))) for confidence in TOGETHER)
        return next(((confidence, count) for confidence, count in found if count), None)

    @cached_property
    def to_decide(self):
        """The items that wait, or waited, for a person: the figures, and what was unsure."""
        return [
            item
            for item in self.items.values()
            if item.kind == "figure" or item.found.confidence == Confidence.UNSURE
        ]

    @cached_property
    def waiting(self):
        return [item for item in self.to_decide if item.is_open]

    @property
    def decided(self):
        return len(self.to_decide) - len(self.waiting)

    @cached_property
    def counts(self):
        """{kind: how many are taken as things are}, and {"left": how many are not, because somebody said so}."""
        taken = Counter(item.kind for item in self.items.values() if item.is_taken)
        left = sum(item.is_left for item in self.items.values())
        return {kind: taken[kind] for kind, _ in KINDS.values()} | {"left": left}
