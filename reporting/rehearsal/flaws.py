"""What the rehearsal lists, and how it counts."""

from dataclasses import dataclass, field
from enum import Enum

from axes.checks import Finding
from axes.staleness import Use


class Weight(Enum):
    """Why a line matters: its words, and the badge that shows it."""

    BLOCKS = ("bloque", "failed")
    JUSTIFY = ("à justifier", "stale")
    COMPLETE = ("à compléter", "partial")
    KNOW = ("à savoir", "missing")

    @property
    def label(self):
        return self.value[0]

    @property
    def badge(self):
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a changed figure stands: its place in the text, and the words around it as they are written."""

    start: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its name in French, and the address that opens it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """A line of the list: what is wrong, where, and what to do.

    `finding` where a check raised it; `use` where a cited figure changed, with the `sentences` that hold it.
    """

    weight: Weight
    sentence: str
    places: tuple[Spot, ...]
    mend: str = ""
    excerpt: str = ""
    finding: Finding | None = None
    use: Use | None = None
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one kind, and what to do about all of them alike, if anything (`mend`).

    `checked`: how many things were looked at; what is only « à savoir » counts nowhere.
    """

    code: str
    title: str
    why: str
    flaws: tuple[Flaw, ...]
    checked: int = 0
    mend: str = ""

    @property
    def wrong(self):
        return sum(flaw.weight is not Weight.KNOW for flaw in self.flaws)

    @property
    def is_folded(self):
        """Whether nothing is expected of anybody here."""
        return bool(self.flaws) and not self.wrong

    @property
    def right(self):
        return max(0, self.checked - self.wrong)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The groups in the order in which to mend them; `justified` and `lapsed` as in axes.justifications.Verdict."""

    groups: tuple[Group, ...]
    justified: list = field(default_factory=list)
    lapsed: list = field(default_factory=list)

    @property
    def flaws(self):
        """[(Group, Flaw)], in order."""
        return [(group, flaw) for group in self.groups for flaw in group.flaws]

    @property
    def checked(self):
        return self.right + sum(group.wrong for group in self.groups)

    @property
    def right(self):
        return sum(group.right for group in self.groups)

    @property
    def counts(self):
        """[(Weight, how many lines)], all four weights."""
        return [(weight, sum(flaw.weight is weight for _, flaw in self.flaws)) for weight in Weight]

    @property
    def has_justifications(self):
        return bool(self.justified or self.lapsed)

    @property
    def may_be_sent(self):
        """Whether nothing is left that blocks or that asks for a justification."""
        return not any(flaw.weight in {Weight.BLOCKS, Weight.JUSTIFY} for _, flaw in self.flaws)
