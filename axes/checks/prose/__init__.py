"""French sentences read for what they count. Pure: imports no Django."""

from axes.checks.prose.dates import DateMention
from axes.checks.prose.numbers import Kind, Number
from axes.checks.prose.reading import Reading, Sentence, read, written_numbers
from axes.checks.prose.vocabulary import fold, stem

__all__ = [
    "DateMention",
    "Kind",
    "Number",
    "Reading",
    "Sentence",
    "fold",
    "read",
    "stem",
    "written_numbers",
]
