"""The plan, its indicators and its texts."""

from axes.models.gathering import Gathering, GatheringKind
from axes.models.indicator import Entry, Indicator, SeriesBreak, Target
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
    "Gathering",
    "GatheringKind",
    "Indicator",
    "Inflection",
    "Layout",
    "Line",
    "Outcome",
    "SeriesBreak",
    "Signatory",
    "State",
    "Target",
    "TextBlock",
    "Year",
]
