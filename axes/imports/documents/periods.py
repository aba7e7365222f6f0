"""When a figure is said of: the year, since a date, on a day. Pure: imports no Django."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from axes.checks.prose.bases import date_at

THIS_YEAR = re.compile(
    r"\b(?:dans|sur|au cours de|durant|pendant|de) l['’]année\b|\bcette année\b", re.IGNORECASE
)
GOES_BACK = frozenset("cela ceci ceux celles soit parmi elles ils".split())
GONE_BACK = "La période est celle de la phrase qui précède."
RANGE = "Deux années sont écrites : le nombre est lu comme un cumul depuis la première."
ASSUMED = "La période n'est pas dite : l'année de l'exercice est supposée."


@dataclass(frozen=True, slots=True)
class Said:
    """`temporality`: a code of Indicator.Temporality; `starts_on` is None for what is counted on a day."""

    temporality: str
    starts_on: date | None
    ends_on: date | None


def period_of(sentence, start, end, year, before=None):
    """(Said, why it is not sure or "") of what stands between these places.

    `year` is the exercise, or None; `before` the sentence before, to which « Cela correspond à… » goes back.
    """
    if year and THIS_YEAR.search(sentence.between(end, _next(sentence, end))):
        return _year(year), ""
    mention = date_at(sentence, start, end)
    if mention is None and before is not None and sentence.words and sentence.words[0][1] in GOES_BACK:
        first = before.counts[0] if before.counts else None
        said, doubt = period_of(before, first.start, first.reach, year) if first else (None, ASSUMED)
        return (said, GONE_BACK) if not doubt else (_year(year), ASSUMED)
    said_year = (mention.year if mention else None) or year
    if said_year is None:
        return Said("flow", None, None), ASSUMED
    if mention is None or not mention.exists:
        return _year(said_year), ASSUMED
    return _said(sentence, mention, start, year, said_year)


def _said(sentence, mention, start, year, said_year):
    is_past = year is None or said_year <= year
    if (
        mention.start < start
        and mention.year
        and is_past
        and (mention.since or _between(sentence, mention, start))
    ):
        ends = date(max(year or said_year, said_year), 12, 31)
        said = Said("cumulative", date(said_year, mention.month or 1, mention.day or 1), ends)
        return said, "" if mention.since else RANGE
    doubt = "" if year is None or said_year == year else f"Le texte parle de {said_year}, hors de l'exercice."
    if mention.day is not None and mention.month is not None:
        return Said("stock", None, date(said_year, mention.month, mention.day)), doubt
    if mention.month is not None:
        last = calendar.monthrange(said_year, mention.month)[1]
        return Said("flow", date(said_year, mention.month, 1), date(said_year, mention.month, last)), doubt
    return _year(said_year), doubt


def _year(number):
    return Said("flow", number and date(number, 1, 1), number and date(number, 12, 31))


def _next(sentence, end):
    """Where the next number begins."""
    return next((number.start for number in sentence.counts if number.start >= end), sentence.end)


def _between(sentence, mention, start):
    """« Sur la période 2018 à 2023, 40… »: the first of two years before the number."""
    before = [other for other in sentence.dates if other.start < start and other.day is None]
    return len(before) > 1 and before[0] == mention and (before[1].year or 0) > (mention.year or 0)
