r"""Rich text as light markup, typed in a plain field (the package's docstring shows it).

A mark that is not closed, a star between spaces, a numbered line out of sequence are plain text: what a person
types survives. A backslash before a sign takes away its meaning: `\*`, `\- `, `1\. `.
"""

import re
from dataclasses import replace

from logement.richtext.nodes import MAX_DEPTH, List, Note, Paragraph, Text, normal

ITEM = re.compile(r" *(?:-|(\d{1,9})\.) +(?=[^ ])")
# A figure: what it is, then its words; of brackets, bars and backslashes they hold escaped ones only.
PIECE = r"(?:\\[^\n]|[^\\\[\]|\n])"
FIGURE = re.compile(rf"\[\[chiffre:({PIECE}+)(?:\|({PIECE}*))?\]\]")
TOKEN = re.compile(
    r"\\[\\*^\[\]{}.\-]|"
    rf"\[\[chiffre:(?= *(?:\\[^ \n]|[^ \\\[\]|\n])){PIECE}+(?:\|{PIECE}*)?\]\]|"
    r"\[\[note:|\]\]|\^\{|\}|(?<=[ \n])\*+[ \n]|\*\*?|[^\\*\[\]^}]+|.",
    re.DOTALL,
)
CLOSING = {"]]": "[[note:", "}": "^{"}
STARS = {"**": "bold", "*": "italic"}


def from_markup(text) -> tuple:
    """The blocks that a typed text makes, in normal form. Any text is legal."""
    return normal(_blocks(re.sub(r"\r\n?", "\n", text).split("\n"), MAX_DEPTH))


def note_from_markup(text) -> Note:
    """A note from its text alone (no brackets around)."""
    tokens = TOKEN.findall(text)
    return Note(
        tuple(
            inline
            for inline in _read(tokens, _pairs(tokens), 0, len(tokens), Text(""))
            if isinstance(inline, Text)
        )
    )


def _blocks(lines, depth):
    blocks, i = [], 0
    while i < len(lines):
        number = _item_number(lines[i], blocks) if depth else None
        if number is not None:
            end = _item_end(lines, i + 1)
            first = ITEM.sub("", lines[i], count=1)
            item = _blocks([first, *(line[2:] for line in lines[i + 1 : end])], depth - 1)
            if number > 1 or (
                number == 0 and blocks and isinstance(blocks[-1], List) and not blocks[-1].ordered
            ):
                blocks[-1].items.append(item)
            else:
                blocks.append(List([item], ordered=number > 0))
        else:
            end = i + 1
            while (
                end < len(lines)
                and lines[end].strip(" ")
                and not (depth and _item_number(lines[end], ()) is not None)
            ):
                end += 1
            blocks.append(Paragraph(_inline("\n".join(lines[i:end]))))
        i = end
    return blocks


def _item_number(line, blocks):
    """0 for a bullet, n for the n-th item of a numbered list, None for anything else: « 2023. Bilan » is no item."""
    match = ITEM.match(line)
    if not match:
        return None
    if not match[1]:
        return 0
    last = blocks[-1] if blocks else None
    due = len(last.items) + 1 if isinstance(last, List) and last.ordered else 1
    return int(match[1]) if int(match[1]) in {1, due} else None


def _item_end(lines, i):
    """The item goes on over lines two spaces deeper, and over empty lines between them."""
    end = i
    while i < len(lines) and (lines[i].startswith("  ") or not lines[i].strip(" ")):
        i += 1
        if lines[i - 1].strip(" "):
            end = i
    return end


def _inline(text):
    tokens = TOKEN.findall(text)
    return tuple(_read(tokens, _pairs(tokens), 0, len(tokens), Text("")))


def _pairs(tokens):
    """Index of each opening token that is closed -> index of what closes it. One pass: no input makes it slow."""
    opened, ends = {}, {}
    for i, token in enumerate(tokens):
        if token in CLOSING.values():
            opened.setdefault(token, i)
        elif (start := opened.get(CLOSING.get(token))) is not None:
            ends[start] = i
            opened = {
                opener: at for opener, at in opened.items() if at < start
            }  # what opened inside stays text
    return ends


def _read(tokens, ends, start, stop, marks):
    """The inlines of tokens[start:stop]; `marks` is a Text whose marks surround them."""
    level, i = [], start
    while i < stop:
        level.append(i)
        i = ends.get(i, i) + 1
    lone = {star: at[-1] for star in STARS if len(at := [i for i in level if tokens[i] == star]) % 2}
    for i in level:
        token = tokens[i]
        if i in ends and token == "^{":
            yield from _read(tokens, ends, i + 1, ends[i], replace(marks, superscript=True))
        elif i in ends:
            inside = _read(tokens, ends, i + 1, ends[i], Text(""))
            yield Note(tuple(inline for inline in inside if isinstance(inline, Text)))
        elif token in STARS and lone.get(token) != i:
            marks = replace(marks, **{STARS[token]: not getattr(marks, STARS[token])})
        elif figure := FIGURE.fullmatch(token):
            ref, words = (re.sub(r"\\(.)", r"\1", piece or "") for piece in figure.groups())
            yield replace(marks, text=words, ref=ref)
        else:
            yield replace(marks, text=token[1:] if token[0] == "\\" and len(token) > 1 else token)


def to_markup(blocks) -> str:
    """The markup of blocks in normal form."""
    markup = ""
    for before, block in zip((None, *blocks), blocks, strict=False):
        joint = "\n" if isinstance(before, Paragraph) and isinstance(block, List) else "\n\n"
        markup += (joint if before else "") + (_list(block) if isinstance(block, List) else _paragraph(block))
    return markup


def _list(block):
    lines = []
    for number, item in enumerate(block.items, start=1):
        first, *others = to_markup(item).split("\n")
        lines.append(f"{number}. {first}" if block.ordered else f"- {first}")
        lines += ["  " + line if line else "" for line in others]
    return "\n".join(lines)


def _paragraph(block):
    markup, texts = [], []
    for inline in (*block.content, None):
        if isinstance(inline, Text):
            texts.append(inline)
        else:
            markup.append(_texts(texts))
            texts = []
            markup.append(f"[[note: {note_to_markup(inline, closing=']')}]]" if inline else "")
    return re.sub(r"^(-|\d+\.)(?= )", _escape_item, "".join(markup), flags=re.MULTILINE)


def _escape_item(match):
    return match[0][:-1] + "\\" + match[0][-1]


def note_to_markup(note, closing="") -> str:
    """The note's text; the signs in `closing`, which would end it where it stands, are escaped."""
    return _texts(note.content, closing)


def _texts(texts, closing=""):
    markup, on = [], Text("")
    for text in (*texts, Text("")):
        if on.superscript != text.superscript or text.superscript:
            markup.append(_stars(on, Text("")) + ("}" if on.superscript else ""))
            on = Text("")
        markup.append(("^{" if text.superscript and not on.superscript else "") + _stars(on, text))
        if text.ref:
            markup.append(_figure(text))
        else:
            markup.append(_escape(text.text, closing + ("}" if text.superscript else "")))
        on = text
    return "".join(markup)


def _stars(before, after):
    return ("**" if before.bold != after.bold else "") + ("*" if before.italic != after.italic else "")


def _figure(text):
    ref, words = (re.sub(r"[\\\[\]|]", r"\\\g<0>", piece) for piece in (text.ref, text.text))
    return f"[[chiffre: {ref} | {words}]]" if words else f"[[chiffre: {ref}]]"


def _escape(text, closing):
    """Lines that look like an item are escaped once the whole paragraph is known."""
    text = re.sub(r"\\|\*|\^(?=\{)|\[(?=\[(?:note|chiffre):)", r"\\\g<0>", text)
    return re.sub(f"[{re.escape(closing)}]", r"\\\g<0>", text) if closing else text
