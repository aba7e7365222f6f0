"""Texts as they are compared: paragraph by paragraph, item by item, without what the print changes. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate

from axes.citations import Reference
from axes.imports.documents.rich import TYPED_BULLET
from axes.passage import ONE_SPACE, linked, passage_of
from axes.printed import STALE
from logement.richtext import List, Paragraph, Text, normal, parse, plain, to_html
from logement.richtext.nodes import mapped

TYPED = str.maketrans("\u00a0\u202f\u2009’", "   '")
#: What a draft prints beside a figure that changed.
MOVED = re.compile(re.escape(STALE).replace(re.escape("{now}"), r"[^\]]*").replace(r"\ ", " ?", 1))
TOKEN = re.compile(r"\w+|\W")
QUOTED = 100  # characters of a text that a sentence names
ALIKE = 0.5  # how much of its words a paragraph keeps where it is the same, changed


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or an item of a list. `bare`: its words, as no typography changes them."""

    html: str
    bare: str

    @property
    def words(self):
        return plain(parse(self.html), with_notes=True).translate(TYPED)

    def likeness(self, other):
        """From 0 to 1."""
        return SequenceMatcher(None, self.words.split(), other.words.split(), autojunk=False).ratio()


def piece_of(words):
    """A Piece of plain words on one line."""
    return Piece(to_html([Paragraph((Text(words),))]), bare(words))


def quoted(words):
    """« Depuis mars 2020, 40… »"""
    words = " ".join(words.split())
    return f"« {words if len(words) <= QUOTED else words[:QUOTED].rpartition(' ')[0] + '…'} »"


def bare(text):
    """What the print leaves as it is: no white space, one apostrophe, no bullet that somebody typed."""
    lines = (TYPED_BULLET.sub("", line) for line in text.split("\n"))
    return "".join("".join(lines).translate(TYPED).split())


def typed(text):
    """The spaces and apostrophes that one types."""
    return text.translate(TYPED)


def pieces_of(html):
    """The Pieces of a rich text, in its order."""
    return [
        Piece(to_html([piece]), bare(plain([piece], with_notes=True)))
        for block in parse(html)
        for piece in (
            [List((item,), block.ordered) for item in block.items] if isinstance(block, List) else [block]
        )
    ]


def read_back(passages):
    """The Pieces of passages of the document, typed as one would, without the marks of a draft."""
    html = "".join(passage.html for passage in passages)
    return pieces_of(
        to_html(mapped(parse(html), lambda text: replace(text, text=MOVED.sub("", typed(text.text)))))
    )


def bare_of(pieces):
    return "".join(piece.bare for piece in pieces)


def joined(pieces):
    """One rich text of pieces; items that follow one another are one list."""
    return to_html(normal(parse("".join(piece.html for piece in pieces))))


# --- What is written of a text that the document says otherwise ---


@dataclass(frozen=True, slots=True)
class Merge:
    """A text with the changes of the document; `is_crossed` where the application changed the same paragraph since."""

    html: str
    is_crossed: bool = False


def merged(current, found, older=()):
    """The Merge of the pieces of a text, those `found` in the document, and its `older` versions (lists of pieces).

    What the document left as the version it was exported from keeps the words, the figures and the marks of today.
    """
    base = nearest(found, [current, *older])
    kept, is_crossed = [], False
    for before, now, said in regions(base, current, found):
        words = bare_of(said)
        if words in {bare_of(before), bare_of(now)}:
            kept += now
        else:
            is_crossed |= bare_of(before) != bare_of(now)
            kept.append(Piece(with_figures_of(joined(now), joined(said)), words))
    return Merge(joined(kept), is_crossed)


def nearest(found, versions):
    """The version that the document was most likely exported from: the most of its paragraphs, then of its words."""

    def likeness(pieces):
        said, held = (Counter(piece.bare for piece in each) for each in (found, pieces))
        return (said & held).total(), Piece(joined(found), "").likeness(Piece(joined(pieces), ""))

    return versions[0] if len(versions) == 1 else max(versions, key=likeness)


def regions(base, current, found):
    """[(of the base, of today, of the document)]: what follows one another in all three, and what differs between."""
    today, said = matches(base, current), matches(base, found)
    at, starts = [], (0, 0, 0)
    for rank in range(len(base)):
        if rank in today and rank in said:
            at.append((starts, (rank, today[rank], said[rank])))
            starts = (rank + 1, today[rank] + 1, said[rank] + 1)
            at.append(((rank, today[rank], said[rank]), starts))
    at.append((starts, (len(base), len(current), len(found))))
    texts = (base, current, found)
    cuts = ([text[a:b] for text, a, b in zip(texts, first, last, strict=True)] for first, last in at)
    return [cut for cut in cuts if any(cut)]


def matches(before, after):
    """{rank in `before`: rank in `after`} of the pieces that say the same, in their order."""
    blocks = SequenceMatcher(
        None, [piece.bare for piece in before], [piece.bare for piece in after], autojunk=False
    ).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def with_figures_of(before, after):
    """`after`, citing the figures of `before` whose words still stand: where they stood, else in one place alone."""
    held, passage = passage_of(parse(before)), passage_of(parse(after))
    cited = [(start, leaf) for start, leaf in held.leaves if leaf.ref]
    if not cited:
        return after
    runs = runs_of(held.text, passage.text)
    links, moved = {}, []
    for start, leaf in cited:
        end = start + len(leaf.text)
        shift = next((new - old for old, new, size in runs if old <= start and end <= old + size), None)
        if shift is None or not link(links, passage, start + shift, leaf):
            moved.append(leaf)
    for leaf in moved:
        places = places_of(leaf.text.translate(ONE_SPACE), passage.text)
        free = [place for place in places if is_free(links, place, place + len(leaf.text))]
        if len(free) == 1:
            link(links, passage, free[0], leaf)
    return linked(after, links) if links else after


def runs_of(before, after):
    """[(place before, place after, length)] of the words that both say in the same order."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    places, others = ([0, *accumulate(map(len, tokens))] for tokens in (old, new))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(places[a], others[b], places[a + size] - places[a]) for a, b, size in blocks]


def places_of(words, text):
    """Where these whole words stand."""
    return (
        [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)] if words else []
    )


def is_free(links, start, end):
    return all(end <= other or last <= start for other, (last, _) in links.items())


def link(links, passage, start, leaf):
    """Adds the link of a figure at this place, if one text holds all its words; whether it does."""
    end = start + len(leaf.text)
    if not leaf.text or not is_free(links, start, end) or not passage.leaf_of(start, end):
        return False
    links[start] = (end, Reference.read(leaf.ref))
    return True
