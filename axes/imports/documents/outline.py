"""What each paragraph of a report is: of the title page, a title of a part or of a table, text. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

from axes.imports.documents.rich import flat
from axes.imports.documents.tables import is_of_actions
from axes.imports.headings import folded
from logement.documents.content import Paragraph, Table

ROMAN = {roman: rank for rank, roman in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), start=1)}
AXIS = re.compile(
    r"axe\s*(?:n\s*[°º]\s*)?(\d{1,2}|[IVX]{1,4})\b\s*[:.–—-]?\s*(.*)", re.IGNORECASE | re.DOTALL
)
NUMBERED = re.compile(
    r"(?:(?:partie|chapitre|section)\s+)?(?:(\d{1,2})(?:\s*[.):–—-]+\s*|\s+)|([IVX]{1,4})\s*[.):–—-]\s*)(?=\S)(.*)",
    re.IGNORECASE | re.DOTALL,
)
PREAMBLES = {"preambule", "introduction", "avant-propos", "avant propos", "contexte", "en preambule"}
CONTENTS = {"sommaire", "table des matieres"}
CONTENTS_STYLE = re.compile(r"toc|contents|table des mati|user index", re.IGNORECASE)
LONGEST = 200  # characters of a title that no style says is one
BY_FORM = "Ce titre n'a pas de style de titre dans le document : il est reconnu à sa forme."


class Part(Enum):
    COVER = "cover"
    CONTENTS = "contents"
    PREAMBLE = "preamble"
    SECTION = "section"
    LABEL = "label"  # the title of a table
    SUBTITLE = "subtitle"
    TEXT = "text"
    TABLE = "table"
    COMPOSED = "composed"  # by the application, in its own export


@dataclass(frozen=True, slots=True)
class Piece:
    """A block and what it is; `number` and `title` of a title, `is_sure` where its style says that it is one."""

    part: Part
    block: Paragraph | Table
    number: int | None = None
    title: str = ""
    is_sure: bool = True


def outlined(blocks, *, is_styled=False):
    """The Pieces of the blocks of a document, in their order. Where it `is_styled`, only a style makes a title."""
    kept = list(blocks)
    titles = {rank: found for rank in range(len(kept)) if (found := _title(kept, rank, is_styled))}
    depth = min(
        (kept[rank].heading for rank, part in titles.items() if part is Part.SECTION and kept[rank].heading),
        default=0,
    )
    start = _end_of_cover(kept, titles)
    pieces, has_sections, has_tables = [], False, False
    for rank, block in enumerate(kept):
        if isinstance(block, Table):
            pieces.append(Piece(Part.TABLE, block))
            has_tables = True
            continue
        part = titles.get(rank, Part.TEXT)
        if part is Part.SECTION and _is_label(kept, rank, depth, has_sections and has_tables):
            part = Part.LABEL
        elif part is Part.SECTION and depth and block.heading > depth:
            part = Part.SUBTITLE
        if rank < start and part is not Part.CONTENTS:
            part = Part.COVER
        has_sections = has_sections or part is Part.SECTION
        pieces.append(_piece(part, block))
    return pieces


def _piece(part, block):
    number, title = None, flat(block.text)
    if part is Part.SECTION:
        number, title = numbered(title)
    elif part is Part.LABEL:
        number, title = axis_of(title)
    return Piece(part, block, number, title, is_sure=block.heading > 0)


def axis_of(title):
    """(3, « Promouvoir… ») of « Axe 3 : Promouvoir… »; (None, the title) of another."""
    match = AXIS.match(title)
    if not match:
        return None, title
    return _number(match[1]), match[2].strip() or title


def numbered(title):
    """(1, « Bilan… ») of « 1. Bilan… », « I – Bilan… »; (None, the title) of another."""
    match = NUMBERED.match(title)
    return (_number(match[1] or match[2]), match[3].strip()) if match else (None, title)


def _number(text):
    return int(text) if text.isdecimal() else ROMAN.get(text.upper())


def _title(blocks, rank, is_styled):
    """What a paragraph is the title of, by its style, else by its form; None for text."""
    block = blocks[rank]
    if isinstance(block, Table):
        return None
    words = flat(block.text)
    if CONTENTS_STYLE.match(block.style) or folded(words) in CONTENTS:
        return Part.CONTENTS
    if not words or block.level or (is_styled and not block.heading):
        return None
    if folded(words).strip(" :.") in PREAMBLES and (block.heading or not block.level):
        return Part.PREAMBLE
    if block.heading:
        return Part.LABEL if AXIS.match(words) and _leads_to_table(blocks, rank) else Part.SECTION
    return _by_form(blocks, rank, words)


def _by_form(blocks, rank, words):
    """A title that no style says is one: short, with no end of sentence, numbered, in bold or above a table."""
    if len(words) > LONGEST or words[-1] in ".;,:?!":
        return None
    if AXIS.match(words):
        return Part.LABEL if _leads_to_table(blocks, rank) else None
    after = blocks[rank + 1] if rank + 1 < len(blocks) else None
    if isinstance(after, Table) and is_of_actions(after):
        return Part.LABEL
    is_bold = all(run.bold for run in blocks[rank].runs if run.text.strip())
    if is_bold and numbered(words)[0] is not None and not _has_styled_titles(blocks):
        return Part.SECTION
    return None


def _has_styled_titles(blocks):
    return any(isinstance(block, Paragraph) and block.heading for block in blocks)


def _leads_to_table(blocks, rank):
    """Whether a table follows before any other title or axis."""
    for block in blocks[rank + 1 :]:
        if isinstance(block, Table):
            return True
        if block.heading or AXIS.match(block.text.strip()):
            return False
    return False


def _is_label(blocks, rank, depth, has_tables):
    """A styled title right above a table: of the table, where it is deeper than the parts or other tables precede."""
    after = blocks[rank + 1] if rank + 1 < len(blocks) else None
    if not isinstance(after, Table) or not is_of_actions(after):
        return False
    is_deeper = depth and blocks[rank].heading > depth
    return bool(is_deeper or (has_tables and numbered(flat(blocks[rank].text))[0] is None))


def _end_of_cover(blocks, titles):
    """The rank of the first block that is not of the title page."""
    first = next(
        (rank for rank in range(len(blocks)) if isinstance(blocks[rank], Table) or rank in titles),
        len(blocks),
    )
    page = next(
        (
            rank
            for rank, block in enumerate(blocks[1:first], 1)
            if isinstance(block, Paragraph) and block.starts_page
        ),
        None,
    )
    if page is not None:
        return page
    # Without a new page, the title page ends where sentences begin.
    return next((rank for rank, block in enumerate(blocks[:first]) if _is_sentence(block)), first)


def _is_sentence(block):
    words = block.text.strip()
    return len(words) > LONGEST or (words.endswith(".") and len(words.split()) > 8)
