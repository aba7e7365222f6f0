"""What the declaration of accessibility says, read from the grid of docs/rgaa.md: the one place of the answers."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings

FILE = settings.BASE_DIR / "docs/rgaa.md"
ROW = re.compile(r"^\| (\d+\.\d+) \| ([^|]+) \| (C|NC|NA) \| ([^|]+) \|$", re.MULTILINE)
DATE = re.compile(r"^Établie le (\d{4}-\d\d-\d\d)$", re.MULTILINE)
PAGE = re.compile(r"^- (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Grid:
    """The answers: {criterion: (what it asks, C, NC or NA, how or why)}."""

    date: date
    pages: tuple[str, ...]
    answers: dict[str, tuple[str, str, str]]

    def count(self, answer):
        return sum(given == answer for _, given, _ in self.answers.values())

    @property
    def met(self):
        return self.count("C")

    @property
    def unmet(self):
        return self.count("NC")

    @property
    def aside(self):
        return self.count("NA")

    @property
    def rate(self):
        """In hundredths, of the criteria that apply."""
        return Decimal(100 * self.met) / (self.met + self.unmet)

    @property
    def reasons(self):
        return [
            f"{why.rstrip('.')} (critère {name})."
            for name, (_, given, why) in self.answers.items()
            if given == "NC"
        ]


@cache
def grid() -> Grid:
    text = FILE.read_text(encoding="utf-8")
    answers = {name: (asks, given, why) for name, asks, given, why in ROW.findall(text)}
    return Grid(date.fromisoformat(DATE.search(text)[1]), tuple(PAGE.findall(text)), answers)
