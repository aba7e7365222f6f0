"""A text cut into numbers, words and signs, each with its place. Linear in the length of the text. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

THIN_SPACES = " \u00a0\u202f\u2009"
#: Every branch begins with another kind of character, and none repeats a repetition: no text makes it slow.
TOKEN = re.compile(
    rf"""(?P<number>(?:\d{{1,3}}(?:[{THIN_SPACES}]\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)?)
    |(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)
    |(?P<sign>\S)""",
    re.VERBOSE,
)


class Sort(Enum):
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """`glued` when no space stands before it; `is_first` when it begins a line."""

    start: int
    end: int
    text: str
    sort: Sort
    glued: bool
    is_first: bool

    @property
    def lower(self):
        return self.text.lower()


def tokens_of(text):
    """The tokens of a text, in their order."""
    tokens, end = [], 0
    for match in TOKEN.finditer(text):
        is_first = not tokens or "\n" in text[end : match.start()]
        tokens.append(
            Token(
                match.start(),
                match.end(),
                match[0],
                Sort(match.lastgroup),
                glued=match.start() == end and not is_first,
                is_first=is_first,
            )
        )
        end = match.end()
    return tokens
