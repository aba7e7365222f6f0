"""From rich text to the plain words of a passage, and numbers back into French. Pure."""

from logement.numbers import NO_BREAK_SPACE, format_number
from logement.richtext import List, Note


def words_of(blocks):
    """(plain words, [(start, end, ref)]): one paragraph or item per line, items beginning with « - ».

    `ref` is the mark of the words that stand for a figure, as the rich text keeps it; notes stand in brackets.
    """
    written, references, length = [], [], 0
    for piece, text in pieces_of(blocks):
        if text and text.ref:
            references.append((length, length + len(piece), text.ref))
        written.append(piece)
        length += len(piece)
    return "".join(written), references


def pieces_of(blocks):
    """(words, the Text that holds them, or None for what stands between texts), in the order of reading."""
    for rank, (prefix, paragraph) in enumerate(_lines(blocks, "")):
        yield ("\n" if rank else "") + prefix, None
        for inline in paragraph.content:
            if isinstance(inline, Note):
                yield " (", None
                yield from ((text.text, text) for text in inline.content)
                yield ")", None
            else:
                yield inline.text.replace("\n", " "), inline


def _lines(blocks, prefix):
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                yield from _lines(item, "- ")
        else:
            yield prefix, block


def count_words(number, noun=""):
    """« 142 ménages », « 35 »."""
    return f"{format_number(number)}{NO_BREAK_SPACE}{noun}" if noun else format_number(number)


def percent_words(number):
    """« 71 % »."""
    return f"{format_number(number)}{NO_BREAK_SPACE}%"


def listed(words):
    """« 17, 3, 12 et 8 »."""
    *first, last = words
    return f"{', '.join(first)} et {last}" if first else last


def added(numbers):
    """« 177 + 96 »."""
    return " + ".join(format_number(number) for number in numbers)
