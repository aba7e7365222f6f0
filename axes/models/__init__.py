"""The plan, its indicators and its texts."""

from axes.models.indicator import Entry, Indicator, Target
from axes.models.plan import (
    Action,
    Agreement,
    Axis,
    Block,
    Chapter,
    Column,
    Funding,
    Inflection,
    Layout,
    Line,
    Outcome,
    Signatory,
    State,
    Year,
)
from axes.models.text import TextBlock

__all__ = [
    "Action",
    "Agreement",
    "Axis",
    "Block",
    "Chapter",
    "Column",
    "Entry",
    "Funding",
    "Indicator",
    "Inflection",
    "Layout",
    "Line",
    "Outcome",
    "Signatory",
    "State",
    "Target",
    "TextBlock",
    "Year",
]
