"""What the percentages of a sentence are percentages of. Pure."""

from dataclasses import dataclass

from axes.checks.prose.numbers import Number
from axes.checks.prose.parts import leaned_on, unit_of
from axes.checks.prose.reading import Sentence
from axes.checks.prose.vocabulary import MEASURES, fold, stem

#: A percentage near one of these is no share of people counted: « un taux d'occupation de 96 % ».
NO_SHARE = frozenset(
    map(stem, "taux hausse augmenter baisse progression diminution inflation occupé rempli".split())
)
ANAPHORA = frozenset("entre ceux celles eux elles ces".split())


@dataclass(frozen=True, slots=True)
class Shares:
    """The exact percentages of a sentence that have one base; `base` is None where no count says it.

    `unit` is what the base counts, `noun` the same as written. Not `is_said` where another sentence gives the base, by
    its noun and its year.
    """

    sentence: Sentence
    percents: tuple[Number, ...]
    base: Number | None = None
    unit: str = ""
    noun: str = ""
    is_said: bool = False

    @property
    def values(self):
        return [percent.value for percent in self.percents]

    @property
    def places(self):
        return max(percent.places for percent in self.percents)

    @property
    def total(self):
        return sum(self.values)


def year_of(sentence, number):
    """The year that a number is said of, « dont 35 en 2023 »; None for a date, a start or nothing."""
    return year_at(sentence, number.start, number.reach)


def year_at(sentence, start, end):
    """The year that the words between these places are said of."""
    date = date_at(sentence, start, end)
    return date.year if date and not date.since and date.day is None else None


def date_at(sentence, start, end):
    """The DateMention that the words between these places are said of: the one after, else the sentence's first."""
    after = [n.start for n in sentence.counts if n.start > start]
    limit = after[0] if after else sentence.end
    own = [date for date in sentence.dates if end <= date.start < limit]
    first = sentence.counts[0].start if sentence.counts else sentence.end
    heading = [date for date in sentence.dates if date.start < min(first, start)]
    return next(iter((*own[:1], *heading[:1])), None)


def shares_of(sentences, others=()):
    """The Shares of the sentences of a text.

    `others` are the sentences, these included, among which a base that is not said is sought.
    """
    dated = None
    for rank, sentence in enumerate(sentences):
        percents = [
            percent for percent in sentence.percents if percent.is_exact and _is_share(sentence, percent)
        ]
        if not percents:
            continue
        if dated is None:
            dated = _dated_counts(others or sentences)
        groups = []
        for percent in percents:
            found = _said_base(sentences, rank, percent)
            if groups and _goes_on(sentence, groups[-1], percent, found):
                groups[-1][0].append(percent)
            else:
                base = found or _unsaid_base(sentence, percent, dated)
                groups.append(([percent], base, found is not None))
        yield from (_shares(sentence, *group) for group in groups)


def _goes_on(sentence, group, percent, found):
    """Whether a percentage has the base of those before it: the same one, or none of its own in the same clause."""
    percents, base, is_said = group
    if found is not None:
        return is_said and found == base
    return ";" not in sentence.between(percents[-1].end, percent.start)


def _shares(sentence, percents, found, is_said):
    owner, base = found or (sentence, None)
    if base is None:
        return Shares(sentence, tuple(percents))
    counted = leaned_on(owner, base)
    return Shares(sentence, tuple(percents), base, counted.unit, counted.noun, is_said)


def _is_share(sentence, percent):
    near = [found for place, found in sentence.stems if place < percent.start][-3:]
    return not NO_SHARE & set(near)


def _said_base(sentences, rank, percent):
    """(sentence, Number) that the words around the percentage give, or None."""
    sentence = sentences[rank]
    following = [*sentence.words_between(percent.end, sentence.end)[:4], "", ""]
    own = [n for n in sentence.counts if n.reach <= percent.start and _is_base(sentence, n)]
    if following[0] in {"de", "des", "d"}:
        if following[1] in ANAPHORA:
            return _nearest(sentences, rank, own, following)
        return _just_after(sentence, percent)
    for number in reversed(own):
        if _leads(sentence, number, percent):
            return sentence, number
    return None


def _just_after(sentence, percent):
    """« 71 % des 56 personnes », and no number further on."""
    for number in sentence.counts:
        if number.start > percent.end:
            is_near = sentence.words_between(percent.end, number.start) == ["des"]
            return (sentence, number) if is_near and _is_base(sentence, number) else None
    return None


def _is_base(sentence, number):
    return (
        number.value > 1 and unit_of(sentence, number) not in MEASURES and number.value == int(number.value)
    )


def _nearest(sentences, rank, own, following):
    """« 75 % d'entre eux », « 75 % de ces ménages »: the count just before, of that noun when there is one."""
    noun = fold(following[2]) if following[1] == "ces" else ""
    candidates = [(sentences[rank], n) for n in own]
    if not candidates and rank:
        before = sentences[rank - 1]
        candidates = [(before, n) for n in before.counts if _is_base(before, n)]
    if noun:
        candidates = [(s, n) for s, n in candidates if unit_of(s, n) == noun]
    return candidates[-1] if candidates else None


def _leads(sentence, number, percent):
    """« sur les 56 personnes, 71 % », « 355 ménages, dont 71 % », « 355 ménages : 71 % »."""
    before = [word for place, word in sentence.words if place < number.start][-2:]
    if {"sur", "parmi"} & set(before) and not _is_ratio(sentence, number):
        return True
    between = sentence.between(number.reach, percent.start)
    if "dont" in sentence.words_between(number.reach, percent.start) or ":" in between:
        return ";" not in between
    return False


def _is_ratio(sentence, number):
    """« 1 personne sur 2 »."""
    earlier = [n for n in sentence.counts if n.reach <= number.start]
    return bool(earlier) and sentence.words_between(earlier[-1].end, number.start)[-1:] == ["sur"]


def _dated_counts(sentences):
    """{(unit, year): {value: (sentence, Number)}}"""
    found = {}
    for sentence in sentences:
        for number in sentence.counts:
            year, unit = year_of(sentence, number), unit_of(sentence, number)
            if year and unit and number.is_exact and _is_base(sentence, number):
                found.setdefault((unit, year), {}).setdefault(number.value, (sentence, number))
    return found


def _unsaid_base(sentence, percent, dated):
    """The one count of a noun of the sentence for the year that it names: « des ménages entrés en 2023… (71 %) »."""
    years = [
        date.year for date in sentence.dates if date.start < percent.start and date.day is None and date.year
    ]
    for place, word in sentence.words:
        if place >= percent.start or not years:
            return None
        counts = dated.get((fold(word), years[-1]), {})
        if len(counts) == 1:
            return next(iter(counts.values()))
    return None
