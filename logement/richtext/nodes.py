"""The nodes of rich text, their normal form, and what is read from them. Pure: imports no Django."""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters with the same marks.

    With `ref`, its words stand for a figure: a whole that is never cut nor joined, whose `ref` says which figure and
    how it is written (axes/citations.py reads it); the words may be missing until the figure is looked up.
    """

    text: str
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote where it is called; renderers number the notes in the order of their calls."""

    content: "tuple[Text, ...]"


Inline = Text | Note


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A bullet or numbered list; each item is a tuple of blocks."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False


Block = Paragraph | List

MAX_DEPTH = 6  # lists inside lists; deeper items join the sixth


def normal(blocks) -> tuple[Block, ...]:
    """The normal form, the only one that is stored and compared.

    Spaces collapse as in HTML and stand at no edge; a line break is one newline, two make two paragraphs; equal
    neighbours (texts with the same marks, lists of the same kind) are one; what is empty is gone; lists nest
    at most `MAX_DEPTH` deep. U+00A0 and its like are characters, not spaces.
    """
    return _normal(blocks, MAX_DEPTH)


def _normal(blocks, depth):
    kept = []
    for block in blocks:
        if isinstance(block, Paragraph):
            kept += _paragraphs(block.content)
            continue
        items = tuple(item for item in (_normal(item, depth - 1) for item in block.items) if item)
        if not depth:
            kept += [inner for item in items for inner in item]
        elif items:
            if kept and isinstance(kept[-1], List) and kept[-1].ordered == block.ordered:
                items = kept.pop().items + items
            kept.append(List(items, block.ordered))
    return tuple(kept)


def _paragraphs(content):
    """The paragraphs (none, one, or several when an empty line cuts them) that a run of inlines makes."""
    lines, gap = [[]], None  # `gap` is the white space not yet written, because it may turn out to be an edge
    for inline in content:
        if isinstance(inline, Note):
            flat = [replace(text, text=text.text.replace("\n", " ")) for text in inline.content]
            pieces = [Note(paragraph.content) for paragraph in _paragraphs(flat)]
        elif inline.ref.strip():
            pieces = [replace(inline, text=_one_line(inline.text), ref=_one_line(inline.ref))]
        else:
            pieces = [replace(inline, text=piece, ref="") for piece in _pieces(inline.text)]
        for piece in pieces:
            if isinstance(piece, Text) and not piece.ref and not piece.text.strip(" \n"):
                gap = _wider(gap, piece)
            else:
                if gap and gap.text == "\n\n":
                    lines.append([])
                elif gap and lines[-1]:
                    _append(lines[-1], gap)
                gap = None
                _append(lines[-1], piece)
    return [Paragraph(tuple(line)) for line in lines if any(_is_seen(inline) for inline in line)]


def _one_line(text):
    """Single spaces (U+00A0 and its like are characters), none at the edges."""
    return re.sub(r"[ \t\r\f\n]+", " ", text).strip(" ")


def _pieces(text):
    """The text cut into words and white space, where that space is an edge or an empty line."""
    text = re.sub(" ?\n ?", "\n", re.sub(r"[ \t\r\f]+", " ", text))
    return [piece for piece in re.split(r"(\n{2,}|^[ \n]|[ \n]\Z)", text) if piece]


def _wider(gap, piece):
    newlines = piece.text.count("\n") + (gap.text.count("\n") if gap else 0)
    if "\n" not in piece.text:
        return gap or piece
    return replace(piece, text="\n" * min(newlines, 2))


def _append(line, inline):
    last = line[-1] if line else None
    is_plain = isinstance(last, Text) and isinstance(inline, Text) and not inline.ref
    if is_plain and replace(last, text=inline.text) == inline:
        line[-1] = replace(last, text=last.text + inline.text)
    else:
        line.append(inline)


def _is_seen(inline):
    return isinstance(inline, Note) or bool(inline.ref) or not inline.text.isspace()


def mapped(blocks, change) -> tuple[Block, ...]:
    """The same blocks, in normal form, every text (those of the notes too) passed through `change`.

    `change` gives the Text that stands in its place, or several in a tuple.
    """

    def of_text(text):
        changed = change(text)
        return changed if isinstance(changed, tuple) else (changed,)

    def of_inline(inline):
        if isinstance(inline, Note):
            return (Note(tuple(new for text in inline.content for new in of_text(text))),)
        return of_text(inline)

    def of_block(block):
        if isinstance(block, Paragraph):
            return Paragraph(tuple(new for inline in block.content for new in of_inline(inline)))
        return List(tuple(tuple(of_block(inner) for inner in item) for item in block.items), block.ordered)

    return normal(of_block(block) for block in blocks)


def _inlines(blocks):
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.content
        else:
            for item in block.items:
                yield from _inlines(item)


def notes(blocks) -> tuple[Note, ...]:
    """The notes, in the order of their calls."""
    return tuple(inline for inline in _inlines(blocks) if isinstance(inline, Note))


def references(blocks) -> tuple[Text, ...]:
    """The texts that stand for a figure, in the order of reading, those of the notes at their calls."""
    texts = []
    for inline in _inlines(blocks):
        texts += inline.content if isinstance(inline, Note) else (inline,)
    return tuple(text for text in texts if text.ref)


def plain(blocks, *, with_notes=False) -> str:
    """The words alone, one paragraph or item per line. Notes are left out, or stand in brackets at their calls."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append("".join(_words(inline, with_notes) for inline in block.content))
        else:
            lines += [plain(item, with_notes=with_notes) for item in block.items]
    return "\n".join(lines)


def _words(inline, with_notes):
    if isinstance(inline, Text):
        return inline.text
    return " (" + "".join(text.text for text in inline.content) + ")" if with_notes else ""
