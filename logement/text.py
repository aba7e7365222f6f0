"""The one entry of free text: what is typed or pasted is cleaned here, once, before anything else sees it.

Pure: imports no Django. No word is ever lost; what cannot be stored, printed or exported is.
"""

import re
import unicodedata
from dataclasses import replace

import nh3

from logement.richtext import List, Paragraph, Text, mapped, normal, parse, to_html
from logement.richtext.html import BREAKS

MAX_RICH = 60_000  # characters of the HTML as stored; the longest cell of the report of 2023 has 2,000
MAX_PASTED = 40 * MAX_RICH  # Word wraps a page of text in a megabyte of styles

# Vertical tab (Word's line break), form feed, next line, line and paragraph separators: all end a line.
LINE_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# C0 and C1 controls, bidirectional overrides and isolates, surrogates, noncharacters.
UNWANTED = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

# Blocks pass nh3 (without attributes) only because they end a line: `parse` makes paragraphs of them.
TAGS = {"strong", "b", "em", "i", "sup", "ul", "ol", "li", "br", "span"} | BREAKS
WORD_ITEM = "\ufdd1"  # a noncharacter, so no text holds one: stands before the level of a Word list item
WORD_PARAGRAPH = re.compile(r"<p\b(?=[^>]*\bMsoListParagraph)([^>]*)>", re.IGNORECASE)
WORD_MARK = re.compile(f"{WORD_ITEM}([1-9])")
WORD_LEVEL = re.compile(r"mso-list:[^;\"']*\blevel([1-9])", re.IGNORECASE)
# The bullets that Word draws, some of them with the letters of its symbol fonts.
GLYPH = re.compile("^[·•‣▪■●○◦□–—\uf0a7\uf0b7\uf0d8\uf076-][\u00a0 ]+|^[ovØ§]\u00a0[\u00a0 ]*|^[·•\uf0b7]")
NUMBER = re.compile("^(\\d{1,3})[.)][\u00a0 ]+")


def clean_text(value) -> str:
    """`value` in NFC, without control characters, lone surrogates, bidirectional overrides or noncharacters.

    Every kind of line break becomes a newline and a tab a space; nothing else changes.
    """
    text = LINE_BREAKS.sub("\n", value).replace("\t", " ")
    return unicodedata.normalize("NFC", UNWANTED.sub("", text))


def clean_line(value) -> str:
    """A title or a name: clean, on one line, one space between words."""
    return " ".join(clean_text(value).split())


def clean_rich(html) -> str:
    """The rich text of any HTML, in the normal form that is stored: paragraphs, lists, marks and notes only.

    Raises ValueError, with a sentence for the page, when the text is longer than `MAX_RICH`.
    """
    if len(html) > MAX_PASTED:
        raise ValueError(_too_long())
    # Characters first (nh3 refuses surrogates), but not NFC: it would fuse a ">" with an accent that follows it.
    html = UNWANTED.sub("", html.replace("\v", "<br>"))
    html = WORD_PARAGRAPH.sub(_mark_item, html)
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes={"span": {"data-note", "data-ref"}},
        clean_content_tags={"script", "style", "title"},
    )
    stored = to_html(mapped(_word_lists(parse(html)), _clean))
    if len(stored) > MAX_RICH:
        raise ValueError(_too_long())
    return stored


def _clean(text):
    return replace(text, text=clean_text(text.text), ref=clean_text(text.ref))


def _too_long():
    limit = f"{MAX_RICH:,}".replace(",", "\u202f")
    return f"Ce texte dépasse {limit} caractères : raccourcissez-le ou répartissez-le en plusieurs textes."


def _mark_item(match):
    level = WORD_LEVEL.search(match[1])
    return f"{match[0]}{WORD_ITEM}{level[1] if level else 1}"


def _word_lists(blocks):
    """Word pastes a list as paragraphs that begin with a drawn bullet: made lists again where that is certain.

    A drawn number is dropped only when the list counts the same; any other beginning stays as it is, in a paragraph.
    """
    made = []
    for block in blocks:
        mark = WORD_MARK.match(_start(block))
        if not mark:
            made.append(block)
            continue
        bare = _without(block, mark.end())
        place = _deepest(made, int(mark[1]))
        glyph, number = GLYPH.match(_start(bare)), NUMBER.match(_start(bare))
        if glyph or (number and int(number[1]) == _next_number(place)):
            _add_item(place, _without(bare, (glyph or number).end()), ordered=not glyph)
        else:
            made.append(bare)
    return normal(made)


def _start(block):
    first = block.content[0] if isinstance(block, Paragraph) and block.content else None
    return first.text if isinstance(first, Text) else ""


def _without(paragraph, length):
    """The paragraph less its first `length` characters and the spaces after them."""
    first = paragraph.content[0]
    text = first.text[length:].lstrip(" \u00a0")
    return Paragraph(((replace(first, text=text),) if text else ()) + paragraph.content[1:])


def _deepest(blocks, level):
    """Where an item of that level goes: inside the last item of the lists that are open, as deep as they go."""
    for _ in range(level - 1):
        if not blocks or not isinstance(blocks[-1], List) or not isinstance(blocks[-1].items, list):
            break
        blocks = blocks[-1].items[-1]
    return blocks


def _next_number(place):
    last = place[-1] if place else None
    return len(last.items) + 1 if isinstance(last, List) and last.ordered else 1


def _add_item(place, paragraph, *, ordered):
    if (
        place
        and isinstance(place[-1], List)
        and place[-1].ordered == ordered
        and isinstance(place[-1].items, list)
    ):
        place[-1].items.append([paragraph])
    else:
        place.append(List([[paragraph]], ordered))
