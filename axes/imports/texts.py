"""Paragraphs of the file as rich text: `^{…}` is a superscript, « ¹ » calls a note, « - » starts a bullet.

Pure: imports no Django. Everything else is literal: a star is a star.
"""

import re

from logement.richtext import List, Note, Paragraph, Text, normal

DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
TO_DIGITS = str.maketrans(DIGITS, "0123456789")
TOKEN = re.compile(
    rf"""(?<![^\W\d_])(?P<unit>(?:[khdcmµ]|da)?m) (?:(?P<power>[²³]) | \^\{{(?P<braced>[23])\}})  # m², km², m^{{3}}
    | \^\{{ (?P<raised>[^{{}}]+) \}}
    | (?P<call>[{DIGITS}]{{1,4}})""",
    re.VERBOSE,
)


class Notes:
    """The notes of a file by number, and which of them were called."""

    def __init__(self, texts=()):
        self.contents = {number: _superscripts(text) for number, text in dict(texts).items()}
        self.called = set()
        self.missing = set()  # called where no note has that number, since last looked at

    def calls(self, digits):
        """The numbers that « ¹² » calls: note 12, else notes 1 and 2 when both exist, else 12, which is missing."""
        number = int(digits)
        if number in self.contents:
            return [number]
        apart = [int(digit) for digit in digits]
        return apart if all(digit in self.contents for digit in apart) else [number]

    def nodes(self, numbers):
        """A note stands where it is first called; a later call is its number, raised: its text prints once."""
        nodes = []
        for number in numbers:
            if number not in self.contents:
                self.missing.add(number)
            elif number in self.called:
                nodes.append(Text(str(number), superscript=True))
            else:
                self.called.add(number)
                nodes.append(Note(self.contents[number]))
        return nodes


def rich(paragraph, notes):
    """The blocks of a cleaned paragraph; one that starts with a dash is a list of one item, which joins its like."""
    is_item = paragraph.lstrip().startswith("- ")
    inlines = Paragraph(tuple(_inlines(paragraph.lstrip()[2:] if is_item else paragraph, notes)))
    return normal([List(((inlines,),)) if is_item else inlines])


def calls_a_note(text, notes):
    """Whether a text that can hold no note (a title) calls one that exists."""
    return any(
        number in notes.contents
        for match in TOKEN.finditer(text)
        if match["call"]
        for number in notes.calls(match["call"].translate(TO_DIGITS))
    )


def flat(text):
    """A title as plain characters on one line: « 3^{e} édition » is « 3e édition »."""
    return " ".join(re.sub(r"\^\{([^{}]+)\}", r"\1", text).split())


def _inlines(text, notes):
    end = 0
    for match in TOKEN.finditer(text):
        yield Text(text[end : match.start()])
        end = match.end()
        if match["power"]:
            yield Text(match[0])
        elif match["braced"]:
            yield Text(match["unit"])
            yield Text(match["braced"], superscript=True)
        elif match["call"]:
            yield from notes.nodes(notes.calls(match["call"].translate(TO_DIGITS)))
        elif (
            len(match["raised"]) <= 4
            and match["raised"].isdecimal()
            and int(match["raised"]) in notes.contents
        ):
            yield from notes.nodes([int(match["raised"])])
        else:
            yield Text(match["raised"], superscript=True)
    yield Text(text[end:])


def _superscripts(text):
    """The text of a note: superscripts, no call."""
    pieces = re.split(r"\^\{([^{}]+)\}", " ".join(text.split()))
    return tuple(Text(piece, superscript=i % 2 == 1) for i, piece in enumerate(pieces) if piece)
