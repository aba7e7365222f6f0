"""What a check finds: a French sentence with its calculation, the places concerned, and how to mend. Pure."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Level(Enum):
    """How much a finding weighs: `bloquant` forbids to freeze a version, `alerte` may stand with a justification."""

    BLOCKING = "bloquant"
    ALERT = "alerte"
    INFORMATION = "information"

    @property
    def label(self):
        """The French word."""
        return self.value


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the report: `label` in French (« Axe 3, Consolidation du Bail d'abord »), `key` opaque to the checks."""

    kind: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` holds the calculation; `mend` says what to do; `excerpt` the words of the report, where it is a text.

    `key` is the same as long as the same check finds the same numbers in the same places: a justification holds to it.
    """

    code: str
    level: Level
    places: tuple[Place, ...]
    sentence: str
    mend: str
    key: str
    excerpt: str = ""


MAX_EXCERPT = 240


def finding(code, level, places, sentence, mend, *, numbers=(), excerpt=""):
    """The Finding with its key, made of the code, the places and the numbers (or words) that it weighs."""
    weighed = [canonical(number) for number in numbers]
    told = json.dumps([code, [place.key for place in places], weighed], ensure_ascii=False)
    key = hashlib.sha256(told.encode()).hexdigest()[:20]
    return Finding(code, level, tuple(places), sentence, mend, key, shortened(excerpt))


def canonical(number):
    """One writing for a number: 60, 60.0 and Decimal("60") are the same."""
    if isinstance(number, int | Decimal):
        return f"{Decimal(number).normalize():f}"
    return str(number)


def shortened(text):
    text = " ".join(text.split())
    return text if len(text) <= MAX_EXCERPT else text[:MAX_EXCERPT].rsplit(" ", 1)[0] + "…"
