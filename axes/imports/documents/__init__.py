"""Last year's report, given as a Word or ODT file: read, understood, then decided on by a person.

document = read_document(raw, name="rapport.docx")        # DocumentError: a French sentence
understanding = understand(document)                      # pure; what is unsure says why
missing_words(document, understanding)                    # « mots non repris », which should be none
report = report_of(understanding, decisions)              # the ReportFile that write_report takes
"""

from axes.imports.documents.reported import report_of
from axes.imports.documents.understanding import understand
from axes.imports.documents.understood import (
    CellFound,
    ColumnFound,
    Confidence,
    Decision,
    FigureFound,
    LeftOut,
    Passage,
    RowFound,
    SectionFound,
    StateFound,
    TableFound,
    Understanding,
)
from axes.imports.documents.words import MissingWords, missing_words
from logement.documents import DocumentError, read_document

__all__ = [
    "CellFound",
    "ColumnFound",
    "Confidence",
    "Decision",
    "DocumentError",
    "FigureFound",
    "LeftOut",
    "MissingWords",
    "Passage",
    "RowFound",
    "SectionFound",
    "StateFound",
    "TableFound",
    "Understanding",
    "missing_words",
    "read_document",
    "report_of",
    "understand",
]
