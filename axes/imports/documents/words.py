"""Whether every word of the document is in what was understood of it. Pure: imports no Django."""

import re
from collections import Counter
from dataclasses import dataclass

from axes.imports.documents.outline import ROMAN
from axes.imports.texts import DIGITS, TO_DIGITS
from logement.richtext import parse, plain

WORD = re.compile(rf"[{DIGITS}]+|[^\W{DIGITS}]+")


@dataclass(frozen=True, slots=True)
class MissingWords:
    """The words of a place of the document that nothing took, in their order."""

    place: str
    words: tuple[str, ...]


def missing_words(document, understanding):
    """[MissingWords], in the order of the document: « mots non repris ». What is left out on purpose is no miss.

    A word is taken where an item that says that it comes from there holds it, as many times as the document does.
    """
    pools = {}
    for places, words in _taken(understanding):
        pool = Counter(words)
        for place in places:
            pools.setdefault(place, []).append(pool)
    missing = []
    for paragraph in (*document.paragraphs, *document.margins):
        held = [pool for place in _around(paragraph.place) for pool in pools.get(place, [])]
        lost = tuple(word for word in words_of(paragraph.text) if not _take(word, held))
        if lost:
            missing.append(MissingWords(paragraph.place, lost))
    return missing


def words_of(text):
    """The words of a text; a raised number is one by itself."""
    return [word.translate(TO_DIGITS) for word in WORD.findall(text)]


def _take(word, pools):
    for pool in pools:
        if pool[word]:
            pool[word] -= 1
            return True
    return False


def _around(place):
    """« t3-l2-c1-p1 », its cell, its row, its table."""
    steps = place.split("-")
    return ["-".join(steps[:end]) for end in range(len(steps), 0, -1)]


def _taken(understanding):
    """(places, words) of each item."""
    for passage in understanding.passages:
        yield passage.places, words_of(plain(parse(passage.html), with_notes=True))
    for section in understanding.sections:
        yield section.places, [*words_of(section.title), *_numbering(section.number)]
    for table in understanding.tables:
        yield table.places, [*words_of(table.label), *_numbering(table.number)]
        for column in table.columns:
            yield column.places, words_of(column.heading)
    for row in understanding.rows:
        yield row.places, words_of(row.title)
        yield row.state.places, words_of(row.state.word)
    for item in understanding.left:
        yield item.places, words_of(item.text)


def _numbering(number):
    """The words that the number of a part or an axis stands for: « Partie II », « Axe n° 3 »."""
    if number is None:
        return []
    roman = [word for word, rank in ROMAN.items() if rank == number]
    return [str(number), *roman, "Axe", "axe", "AXE", "n", "N", "Partie", "PARTIE", "Chapitre", "Section"]
