"""The items of an imported report: what was understood, with what was decided and written in its place.

An item that nobody decided of is taken as it was understood when the report is saved, but a figure, whose words then
stay plain words; one that is « à vérifier » has to be decided of first.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from axes.imports.documents import (
    ColumnFound,
    Confidence,
    FigureFound,
    Passage,
    RowFound,
    SectionFound,
    StateFound,
    TableFound,
)
from axes.models import ImportDecision, Indicator

Verdict = ImportDecision.Verdict
#: Class of an item: (name of its kind, its field that may be written otherwise; a figure has several).
KINDS = {
    Passage: ("passage", "html"),
    ColumnFound: ("column", "role"),
    StateFound: ("state", "word"),
    RowFound: ("row", "title"),
    TableFound: ("table", "label"),
    SectionFound: ("section", "title"),
    FigureFound: ("figure", ""),
}
#: The fields of a figure that are not texts, as their correction is stored.
DECODERS = {
    **dict.fromkeys(("number", "numerator", "denominator"), Decimal),
    **dict.fromkeys(("day", "starts_on", "ends_on"), date.fromisoformat),
}


@dataclass(frozen=True)
class Item:
    """A thing that was understood, with the decision on it, or None."""

    found: object
    decision: ImportDecision | None = None

    @property
    def key(self):
        return self.found.key

    @property
    def anchor(self):
        """Its key as the id of an element of the page."""
        return self.key.replace(":", "-")

    @property
    def kind(self):
        return KINDS[type(self.found)][0]

    @property
    def field(self):
        return KINDS[type(self.found)][1]

    @property
    def version(self):
        return self.decision.version if self.decision else 0

    @property
    def verdict(self):
        return self.decision.verdict if self.decision else Verdict.OPEN

    @property
    def is_open(self):
        return self.verdict == Verdict.OPEN

    @property
    def is_accepted(self):
        return self.verdict == Verdict.ACCEPTED

    @property
    def is_left(self):
        return self.verdict == Verdict.LEFT

    @property
    def is_corrected(self):
        return bool(self.decision and self.decision.fields) and self.now != self.found

    @property
    def is_doubtful(self):
        return self.is_open and self.found.confidence == Confidence.UNSURE

    @property
    def is_taken(self):
        """Whether it goes into the plan as things are: a figure only once it is accepted."""
        return self.is_accepted or (self.is_open and self.kind != "figure")

    @cached_property
    def now(self):
        """What was understood, with what somebody wrote in its place."""
        fields = self.decision.fields if self.decision else {}
        written = {
            name: DECODERS[name](value) if value is not None and name in DECODERS else value
            for name, value in fields.items()
            if name != "joins"
        }
        return replace(self.found, **written) if written else self.found

    @property
    def value(self):
        return getattr(self.now, self.field) if self.field else self.now

    @property
    def joins(self):
        """The code of the indicator that somebody said a figure continues, "" for a new one, None where nobody did."""
        return self.decision.fields.get("joins") if self.decision else None


def kind_of(figure):
    """The kind of the indicator: a share that was published without its two counts is no rate, it is context."""
    lacks_counts = figure.kind == Indicator.Kind.RATE and figure.denominator is None
    return Indicator.Kind.CONTEXT if lacks_counts else figure.kind
