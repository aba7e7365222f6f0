"""A count on another, and the percentage that a sentence makes of them: « 5 ménages sur 35, soit 14 % ». Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

from axes.checks.prose.numbers import Number

#: What may stand between the counts and their percentage, with nothing else.
TIGHT = re.compile(r"\s*(?:\(|,?\s*\(?\s*soit)\s*")
NEAR = 8  # words between the counts and a percentage alone in its brackets


@dataclass(frozen=True, slots=True)
class Ratio:
    """`part` on `whole`, said to be `percent`; not `is_tight` where other words stand between."""

    part: Number
    whole: Number
    percent: Number
    is_tight: bool


def ratios(sentence):
    """The Ratios of a sentence, of exact numbers only."""
    for first, second in pairwise(sentence.counts if sentence.percents else ()):
        found = _tied(sentence, first, second)
        if found is None or not (first.is_exact and second.is_exact):
            continue
        part, whole, is_on = found
        for percent in sentence.percents:
            tightness = _tightness(sentence, first, second, percent, is_on)
            if tightness is not None and percent.is_exact and 0 < part.value <= whole.value:
                yield Ratio(part, whole, percent, tightness and is_on)


def _tied(sentence, first, second):
    """(part, whole, whether « sur » ties them): « 5 ménages sur 35 », « 77 sorties dont 57 positives »; or None."""
    words = sentence.words_between(first.reach, second.start)
    if words[-1:] == ["sur"] and len(words) < 4:
        return first, second, True
    return (second, first, False) if words[-1:] == ["dont"] else None


def _tightness(sentence, first, second, percent, is_on):
    """True where the percentage touches the counts, False where « soit » or its own brackets tie it, else None."""
    if is_on and sentence.between(percent.reach, first.start).strip() == "(":
        return True
    if percent.start < second.reach:
        return None
    between = sentence.between(second.reach, percent.start)
    if TIGHT.fullmatch(between):
        return True
    others = [n for n in sentence.numbers if second.reach <= n.start < percent.start]
    is_alone = sentence.source.endswith("(", 0, percent.start) and sentence.source.startswith(
        ")", percent.reach
    )
    is_said = sentence.words_between(second.reach, percent.start)[-1:] == ["soit"]
    is_near = len(between.split()) <= NEAR and ";" not in between and not others
    return False if (is_alone or is_said) and is_near else None
