"""The plan, its indicators and its texts."""

from axes.models.answer import Accepted, Answer, Document, Proposal, Sending, Transition
from axes.models.campaign import Campaign, GuestLink, Question, Submission
from axes.models.citation import Citation, Justification
from axes.models.gathering import Gathering, GatheringKind
from axes.models.illustration import Illustration, KeyFigure
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
from axes.models.report_import import ImportDecision, ReportImport
from axes.models.text import TextBlock

__all__ = [
    "Accepted",
    "Action",
    "Agreement",
    "Answer",
    "Axis",
    "Block",
    "Campaign",
    "Chapter",
    "Citation",
    "Column",
    "Document",
    "Entry",
    "Funding",
    "Gathering",
    "GatheringKind",
    "GuestLink",
    "Illustration",
    "ImportDecision",
    "Indicator",
    "Inflection",
    "Justification",
    "KeyFigure",
    "Layout",
    "Line",
    "Outcome",
    "Proposal",
    "Question",
    "ReportImport",
    "Sending",
    "SeriesBreak",
    "Signatory",
    "State",
    "Submission",
    "Target",
    "TextBlock",
    "Transition",
    "Year",
]
