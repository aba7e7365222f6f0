"""Acronyms: those that the report never spells out, and those written in two ways. Pure."""

import re
from collections import Counter

from axes.checks.finding import Level, finding
from axes.checks.prose.vocabulary import is_small, unaccented

CODE, CODE_TWICE = "sigle", "sigle_double"
ACRONYM = re.compile(r"(?<![\w-])[A-ZÀÂÉÈÊÎÔÛÇ]{2,12}(?![\w-])")
WORD = re.compile(r"[^\W\d_]+")
#: What everybody reads, and Roman numerals.
KNOWN = frozenset("II III IV VI VII VIII IX XI XII XIV XV XVI XX XXI PDF CV TV OK SMS ETP".split())
REACH = 14  # words before a bracket in which the acronym may be spelled out
LONG = 6  # letters from which one letter too many or too few is a slip


def acronyms_never_expanded(dossier):
    """One per acronym that neither « Nom Complet (NC) » nor « NC (nom complet) » explains, at its first place."""
    first, expanded = {}, set()
    for passage in dossier.passages:
        text = passage.text
        for match in ACRONYM.finditer(text):
            acronym = match[0]
            if acronym in KNOWN or acronym in expanded or _is_shouted(text, match):
                continue
            first.setdefault(acronym, passage.place)
            if is_expanded(text, match):
                expanded.add(acronym)
    for acronym, place in first.items():
        if acronym not in expanded:
            yield finding(
                CODE,
                Level.INFORMATION,
                [place],
                f"« {acronym} » n'est jamais accompagné de son nom entier.",
                f"À la première occurrence, écrivez le nom en entier suivi de « ({acronym}) ».",
                numbers=[acronym],
            )


def _is_shouted(text, match):
    """A word in a title in capitals is no acronym."""
    around = text[max(0, match.start() - 40) : match.end() + 40]
    letters = [character for character in around if character.isalpha()]
    return len(letters) > 20 and sum(character.isupper() for character in letters) > len(letters) * 0.8


def is_expanded(text, match):
    """Whether the words just before « (NC) », or those in the brackets just after « NC », begin with its letters."""
    before, after = text[max(0, match.start() - 200) : match.start()], text[match.end() : match.end() + 200]
    letters = unaccented(match[0])
    if before.endswith("(") and after.startswith(")"):
        return _spells(WORD.findall(before)[-REACH:], letters)
    if after.lstrip(" \u00a0").startswith("("):
        inside = after.partition("(")[2].partition(")")[0]
        return _spells(WORD.findall(inside), letters)
    if before.endswith("("):  # « (APE, association de prévention des expulsions) »
        return _spells(WORD.findall(after.partition(")")[0]), letters)
    return False


def _spells(words, letters):
    """Whether the letters are found, in their order, at the beginnings of the words, small ones or not."""
    initials = [unaccented(word)[0].upper() for word in words]
    kept = [unaccented(word)[0].upper() for word in words if not is_small(word)]
    return _ends_with(initials, letters) or _ends_with(kept, letters) or _holds(kept, letters)


def _ends_with(initials, letters):
    return "".join(initials).endswith(letters) or "".join(initials).startswith(letters)


def _holds(initials, letters):
    """Most of the letters in order: « plan départemental d'action pour le logement (PDALHPD) » skips some."""
    left = iter(initials)
    return bool(initials) and sum(letter in left for letter in letters) >= max(2, len(letters) - 1)


def acronyms_written_twice(dossier):
    """ADLH and ALDH: the same letters in another order, or one letter apart in a long one."""
    counts, places = Counter(), {}
    for passage in dossier.passages:
        for match in ACRONYM.finditer(passage.text):
            counts[match[0]] += 1
            places.setdefault(match[0], {}).setdefault(passage.place)
    for label in (figure.label for figure in dossier.figures):
        counts.update(match[0] for match in ACRONYM.finditer(label))
    for one, other in _alike(counts):
        usual, rare = sorted([one, other], key=lambda acronym: (-counts[acronym], acronym))
        if rare in places:
            yield finding(
                CODE_TWICE,
                Level.INFORMATION,
                places[rare],
                f"« {rare} » ({counts[rare]} fois) ressemble à « {usual} » ({counts[usual]} fois).",
                f"Si c'est le même sigle, écrivez partout « {usual} ».",
                numbers=[rare, usual],
            )


def _alike(acronyms):
    """The pairs of acronyms of which one is probably a slip."""
    same_letters, pairs = {}, {}
    for acronym in acronyms:
        if len(acronym) >= 4:
            same_letters.setdefault("".join(sorted(acronym)), []).append(acronym)
        if len(acronym) > LONG:
            for rank in range(len(acronym)):
                shorter = acronym[:rank] + acronym[rank + 1 :]
                if shorter in acronyms:
                    pairs.setdefault((shorter, acronym))
    for group in same_letters.values():
        for other in group[1:]:
            pairs.setdefault((group[0], other))
    return pairs
