"""What the checks read: the figures of an exercise and the passages of its report, as plain objects. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from axes.checks.finding import Place
from axes.checks.prose import Reading, read
from axes.checks.prose.pairs import pairs
from axes.checks.prose.parts import divisions
from logement.numbers import share


@dataclass(frozen=True)
class Figure:
    """An indicator with its value for the exercise; codes are those of axes.models (kind, temporality, qualifier).

    At most one of `number` (in the unit), `numerator` with `denominator`, `day`; none of them where there is a blank.
    `whole`: code of the figure of which this is a part. `flow`: code of the flow of which this one is the cumul.
    `previous`: the same for the exercise before. `is_new_series`: from this exercise on, obtained otherwise.
    `action`: what ties the figures and the passages of one action together.
    """

    code: str
    label: str
    place: Place
    unit: str = ""
    action: str = ""
    kind: str = "headcount"
    temporality: str = "flow"
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: date | None = None
    blank: str = ""
    qualifier: str = "exact"
    whole: str = ""
    flow: str = ""
    has_multiple_answers: bool = False
    is_partial: bool = False
    previous: "Figure | None" = None
    target: Decimal | None = None
    is_new_series: bool = False
    base: str = ""
    since: date | None = None

    @property
    def exact(self):
        """The number, where it is one that may be added: neither rough, nor a total that waits for a partner."""
        return self.number if self.qualifier == "exact" and not self.is_partial else None

    @property
    def percent(self):
        """The percentage that prints, or None."""
        if self.unit != "%":
            return None
        return self.number if self.denominator is None else share(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Reference:
    """The words of a passage, from `start` to `end`, that stand for a figure in an exercise."""

    start: int
    end: int
    code: str
    year: int


@dataclass(frozen=True)
class Passage:
    """A text of the report in plain words: one paragraph or item per line, items beginning with « - ».

    `is_title` for a heading, the title of an action, the label of an axis: no sentence.
    """

    place: Place
    text: str
    action: str = ""
    is_title: bool = False
    references: tuple[Reference, ...] = ()

    @cached_property
    def reading(self) -> Reading:
        """Read once, whatever the number of checks."""
        return read(self.text)

    @cached_property
    def divisions(self):
        """The wholes and their parts that its sentences state."""
        return (*divisions(self.reading), *pairs(self.reading))


@dataclass(frozen=True)
class Dossier:
    """Everything that the checks look at, for the exercise `year`, in the order of the report."""

    year: int
    figures: tuple[Figure, ...] = ()
    passages: tuple[Passage, ...] = ()

    @cached_property
    def by_code(self):
        return {figure.code: figure for figure in self.figures}

    @cached_property
    def parts(self):
        """{code of a whole: its parts, in their order}"""
        found = {}
        for figure in self.figures:
            if figure.whole in self.by_code:
                found.setdefault(figure.whole, []).append(figure)
        return found

    @cached_property
    def figures_of(self):
        """{action: its figures}"""
        found = {}
        for figure in self.figures:
            found.setdefault(figure.action, []).append(figure)
        return found

    @cached_property
    def passages_of(self):
        """{action: its passages, titles left out}"""
        found = {}
        for passage in self.texts:
            found.setdefault(passage.action or passage.place.key, []).append(passage)
        return found

    @cached_property
    def texts(self):
        return tuple(passage for passage in self.passages if not passage.is_title)

    @property
    def sentences(self):
        """(passage, sentence) of every text that is not a title."""
        for passage in self.texts:
            for sentence in passage.reading.sentences:
                yield passage, sentence
