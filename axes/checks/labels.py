"""A title or a label written in two ways: « ancré dans le territoire », « ancré sur le territoire ». Pure."""

import re

from axes.checks.finding import Level, finding
from axes.checks.prose.vocabulary import stem, unaccented

CODE = "libelle"
MEND = "Gardez une seule écriture, celle de la convention."
LEAST, MOST = 3, 25  # words that say something
WORD = re.compile(r"[^\W\d_]+")
#: « - », « Axe 5 : », « 2) »: what stands before a label.
BEFORE = re.compile(r"^\s*(?:[-–•*]\s+|[^\W\d_]+\s\d{1,3}\s?:\s*|\d{1,3}\s?[-.)]\s*)")


def labels(dossier):
    """Lines and titles with the same words that say something, and other small words between them."""
    found = {}
    for place, text in _lines(dossier):
        signature = tuple(filter(None, (stem(word) for word in WORD.findall(text))))
        if LEAST <= len(signature) <= MOST:
            found.setdefault(signature, {}).setdefault(_written(text), (place, text))
    for ways in found.values():
        if len(ways) > 1:
            (first, text), (second, other), *_ = ways.values()
            yield finding(
                CODE,
                Level.INFORMATION,
                dict.fromkeys([first, second]),
                f"Le même intitulé est écrit de deux façons : « {text} » et « {other} ».",
                MEND,
                numbers=sorted([text, other]),
            )


def _lines(dossier):
    """(place, line) of the titles, and of the lines of text short enough to be one."""
    for passage in dossier.passages:
        for line in passage.text.split("\n"):
            text = BEFORE.sub("", line, count=1).strip().rstrip(".;,:")
            if text and len(text) <= 300:
                yield passage.place, text


def _written(text):
    """The words without accents nor capitals: « État » and « Etat » are not two ways."""
    return tuple(unaccented(word.lower()) for word in WORD.findall(text))
