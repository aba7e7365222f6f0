"""A text read once: its sentences, each with its words, numbers and dates. Linear in the length of the text. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from axes.checks.prose.dates import DateMention, date_at
from axes.checks.prose.numbers import Kind, Number, number_at
from axes.checks.prose.tokens import Sort, Token, tokens_of
from axes.checks.prose.vocabulary import stem, unaccented

#: A sentence is cut there: what compares the numbers of one sentence with one another stays linear in the text.
MAX_TOKENS = 300
ENDINGS = {".", "!", "?", "…"}
BULLETS = {"-", "–", "—", "•", "*"}


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: `start` and `end` are places in that text; `line` is the rank of its line."""

    source: str
    tokens: tuple[Token, ...]
    numbers: tuple[Number, ...]
    dates: tuple[DateMention, ...]
    line: int
    is_item: bool

    @property
    def start(self):
        return self.tokens[0].start

    @property
    def end(self):
        return self.tokens[-1].end

    @property
    def text(self):
        return self.source[self.start : self.end]

    @cached_property
    def words(self):
        """((place, word without accents, in lower case), …)"""
        return tuple((t.start, unaccented(t.lower)) for t in self.tokens if t.sort is Sort.WORD)

    @cached_property
    def stems(self):
        """((place, stem), …) of the words that say something."""
        found = ((t.start, stem(t.text)) for t in self.tokens if t.sort is Sort.WORD)
        return tuple((place, found_stem) for place, found_stem in found if found_stem)

    @cached_property
    def counts(self):
        return tuple(number for number in self.numbers if number.kind is Kind.COUNT)

    @cached_property
    def quantities(self):
        """What adds up: counts and amounts of money."""
        return tuple(number for number in self.numbers if number.kind in {Kind.COUNT, Kind.MONEY})

    @cached_property
    def percents(self):
        return tuple(number for number in self.numbers if number.kind is Kind.PERCENT)

    def words_between(self, start, end):
        return [word for place, word in self.words if start <= place < end]

    def stems_between(self, start, end):
        return [found for place, found in self.stems if start <= place < end]

    def between(self, start, end):
        return self.source[start:end]


@dataclass(frozen=True)
class Reading:
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def numbers(self):
        """Every number of the text, those of its dates left out."""
        return [number for sentence in self.sentences for number in sentence.numbers]

    @property
    def dates(self):
        return [date for sentence in self.sentences for date in sentence.dates]


def read(text):
    """The Reading of a text in plain words, one paragraph or item per line, items beginning with « - »."""
    tokens = tokens_of(text)
    sentences, start, line, is_item = [], 0, 0, False
    for rank, token in enumerate(tokens):
        if token.is_first:
            line += 1
            is_item = _is_item(tokens, rank)
        if _ends(tokens, rank, start):
            sentences.append(_sentence(text, tokens[start : rank + 1], line, is_item))
            start = rank + 1
    return Reading(text, tuple(sentences))


def _ends(tokens, rank, start):
    after = tokens[rank + 1] if rank + 1 < len(tokens) else None
    if after is None or after.is_first or rank + 1 - start >= MAX_TOKENS:
        return True
    return tokens[rank].text in ENDINGS and not after.glued


def _is_item(tokens, rank):
    """« - Guide », « 1- Soutenir », « 2) », « Axe 1 : »: a line that is one of a list."""
    first, *others = tokens[rank : rank + 3]
    if first.text in BULLETS:
        return True
    if not others or others[0].is_first:
        return False
    if first.sort is Sort.NUMBER:
        return others[0].text in {"-", ".", ")", "°"} and others[0].glued
    return (
        first.sort is Sort.WORD
        and len(others) == 2
        and others[0].sort is Sort.NUMBER
        and others[1].text == ":"
    )


def _sentence(text, tokens, line, is_item):
    numbers, dates, rank = [], [], 0
    while rank < len(tokens):
        if tokens[rank].sort is Sort.SIGN:
            rank += 1
            continue
        dated = date_at(tokens, rank)
        if dated:
            dates.append(dated[0])
            rank = dated[1]
            continue
        found = number_at(tokens, rank)
        if found:
            numbers.append(found[0])
            rank = max(found[1], rank + 1)
        else:
            rank += 1
    return Sentence(text, tuple(tokens), tuple(numbers), tuple(dates), line, is_item)


def written_numbers(text):
    """[(start, end, Decimal, unit)] of what counts or measures in a text: neither ranks, names nor dates.

    For the rehearsal, which lists the digits that are linked to no value.
    """
    kept = (Kind.COUNT, Kind.PERCENT, Kind.MONEY)
    return [
        (number.start, number.end, Decimal(number.value), number.unit)
        for number in read(text).numbers
        if number.kind in kept
    ]
