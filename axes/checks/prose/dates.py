"""The dates of a text: « 24 mai 2023 », « novembre 2019 », « 31/12/2023 », « 2018 ». Pure."""

import calendar
from dataclasses import dataclass

from axes.checks.prose.tokens import Sort
from axes.checks.prose.vocabulary import unaccented
from axes.periods import MONTHS

MONTH_NUMBERS = {unaccented(month): rank for rank, month in enumerate(MONTHS, start=1)}
YEARS = range(1900, 2101)
#: A year stands after these even where a plural follows it: « En 2023 plusieurs… ».
BEFORE_A_YEAR = frozenset(
    """
    en annee exercice depuis debut fin courant des avant apres jusqu jusque millesime rentree ete automne hiver
    printemps
    """.split()
)
SINCE = ("depuis", "des", "partir")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day, a month or a year as written; what is not said is None. `since`: counted from there on."""

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    since: bool = False

    @property
    def exists(self):
        """False for a 31 June."""
        if self.day is None or self.month is None:
            return True
        last = calendar.monthrange(self.year or 2000, self.month)[1] if 1 <= self.month <= 12 else 0
        return 1 <= self.day <= last

    @property
    def is_whole(self):
        return None not in {self.year, self.month, self.day}


def date_at(tokens, rank):
    """(DateMention, rank after it) of the date that begins with this token, or None."""
    found = _slashed(tokens, rank) or _written(tokens, rank) or _month(tokens, rank) or _year(tokens, rank)
    if not found:
        return None
    (year, month, day), after = found
    mention = DateMention(
        tokens[rank].start, tokens[after - 1].end, year, month, day, since=_is_since(tokens, rank)
    )
    return mention, after


def _is_since(tokens, rank):
    before = [unaccented(token.lower) for token in tokens[max(0, rank - 3) : rank]]
    return any(word in before for word in SINCE)


def _integer(token):
    return (
        int(token.text)
        if token.sort is Sort.NUMBER and token.text.isdecimal() and len(token.text) < 5
        else None
    )


def _year_of(token):
    number = _integer(token)
    return number if number in YEARS and len(token.text) == 4 else None


def _slashed(tokens, rank):
    parts = tokens[rank : rank + 5]
    if len(parts) < 5 or [parts[1].text, parts[3].text] != ["/", "/"]:
        return None
    day, month, year = (_integer(part) for part in parts[::2])
    if None in {day, month} or year not in YEARS or not all(part.glued for part in parts[1:]):
        return None
    return (year, month, day), rank + 5


def _written(tokens, rank):
    """« 24 mai 2023 », « 1er mars »."""
    day = _integer(tokens[rank])
    if day is None or day > 99:
        return None
    after = rank + 1
    if day == 1 and after < len(tokens) and tokens[after].lower == "er":
        after += 1
    month = _month(tokens, after)
    if not month:
        return None
    (year, number, _), after = month
    return (year, number, day), after


def _month(tokens, rank):
    """« novembre 2019 », « au mois de juillet »."""
    if rank >= len(tokens) or tokens[rank].sort is not Sort.WORD:
        return None
    month = MONTH_NUMBERS.get(unaccented(tokens[rank].lower))
    if month is None:
        return None
    year = _year_of(tokens[rank + 1]) if rank + 1 < len(tokens) else None
    return (year, month, None), rank + (2 if year else 1)


def _year(tokens, rank):
    year = _year_of(tokens[rank])
    if year is None:
        return None
    if _is_numbered(tokens, rank):
        return None
    before = unaccented(tokens[rank - 1].lower) if rank else ""
    after = tokens[rank + 1] if rank + 1 < len(tokens) else None
    counts = after is not None and after.sort is Sort.WORD and not after.glued and after.lower.endswith("s")
    if counts and before not in BEFORE_A_YEAR and before not in MONTH_NUMBERS:
        return None
    return (year, None, None), rank + 1


def _is_numbered(tokens, rank):
    """« 2023-668 » is the number of a law, « 2023-2027 » two years."""
    after = tokens[rank + 1 : rank + 3]
    is_joined = len(after) == 2 and after[0].text == "-" and after[0].glued and after[1].glued
    return is_joined and after[1].sort is Sort.NUMBER and _year_of(after[1]) is None
