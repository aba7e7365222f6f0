"""The typed numbers of a rich text, each at its place, and the text with some of them made figures. Pure."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

from axes.checks.prose import Kind, read
from axes.checks.wording import pieces_of
from logement.richtext import Text, mapped, parse, to_html

#: What counts or measures; ranks, names and dates are no numbers to link.
COUNTED = (Kind.COUNT, Kind.PERCENT, Kind.MONEY)
ONE_SPACE = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))


@dataclass(frozen=True)
class Passage:
    """A rich text in plain words, its notes in brackets; `leaves`: (place, Text), in the order of reading."""

    text: str
    leaves: tuple[tuple[int, Text], ...]

    @cached_property
    def reading(self):
        return read(self.text)

    @cached_property
    def places(self):
        return [place for place, _ in self.leaves]

    def leaf_of(self, start, end):
        """(place, Text) that holds all these characters, or None."""
        place, leaf = self.leaves[bisect_right(self.places, start) - 1]
        return (place, leaf) if end <= place + len(leaf.text) else None

    def is_cited(self, start, end):
        """Whether a figure holds one of these characters."""
        held = self.leaves[bisect_right(self.places, start) - 1 : bisect_left(self.places, end)]
        return any(leaf.ref for _, leaf in held)

    @cached_property
    def typed(self):
        """[(Sentence, Number)] of the numbers that no figure holds yet."""
        return [
            (sentence, number)
            for sentence in self.reading.sentences
            for number in sentence.numbers
            if number.kind in COUNTED and not self.is_cited(number.start, number.reach)
        ]

    @cached_property
    def days(self):
        """The dates in full that no figure holds yet."""
        return [
            date for date in self.reading.dates if date.is_whole and not self.is_cited(date.start, date.end)
        ]

    @property
    def may_hold_figures(self):
        return bool(self.typed or self.days)


def passage_of(blocks):
    """The Passage of parsed blocks; its leaves are the very texts of these."""
    words, leaves, length = [], [], 0
    for piece, leaf in pieces_of(blocks):
        if leaf:
            leaves.append((length, leaf))
        words.append(piece.translate(ONE_SPACE))
        length += len(piece)
    return Passage("".join(words), tuple(leaves))


def linked(content, links):
    """The HTML of a rich text in which numbers have become figures; `links`: {start: (end, Reference)}."""
    blocks = parse(content)
    passage = passage_of(blocks)
    cuts = {}
    for start, (end, reference) in sorted(links.items()):
        place, leaf = passage.leaf_of(start, end)
        cuts.setdefault(id(leaf), []).append((start - place, end - place, str(reference)))
    return to_html(mapped(blocks, lambda text: _cut(text, cuts.get(id(text), ()))))


def _cut(text, cuts):
    pieces, done = [], 0
    for start, end, ref in cuts:
        pieces += [
            replace(text, text=text.text[done:start]),
            replace(text, text=text.text[start:end], ref=ref),
        ]
        done = end
    return (*pieces, replace(text, text=text.text[done:])) if cuts else text
