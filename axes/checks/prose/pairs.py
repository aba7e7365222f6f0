"""Wholes and parts said otherwise: by a pair that leaves nobody out, an equation, a sharing out. Pure."""

from itertools import pairwise

from axes.checks.prose.parts import COMPLEMENTS, PEOPLE, Division, Form
from axes.checks.prose.vocabulary import fold

NAMES = frozenset().union(*COMPLEMENTS)
NEAR = 6  # words between two numbers that one sentence ties together
CLOSED = (".", ",", ";", ")")
SHARED_OUT = frozenset("repartit repartissent reparti repartie repartis reparties repartition".split())


def pairs(reading):
    """The Divisions of a text that `parts.divisions` does not read, in its order."""
    for sentence in reading.sentences:
        if len(sentence.numbers) > 2:
            yield from _complements(sentence)
            yield from _equations(sentence)
            yield from _shared_out(sentence)


def _complements(sentence):
    """« 273 personnes, dont 177 adultes et 96 enfants », « sur 100 ménages, 60 sont des femmes et 40 des hommes »."""
    held = sentence.quantities
    for whole, first, second in zip(held, held[1:], held[2:], strict=False):
        if _named(sentence, first, second) and _follows(sentence, whole, first) and _ends(sentence, second):
            yield Division(Form.PAIR, whole, (first, second), sentence)


def _named(sentence, first, second):
    """Whether the two are named as complements: « 177 adultes et 96 enfants »."""
    between = sentence.between(first.reach, second.start)
    is_joined = "," in between or " et " in between
    is_near = len(between.split()) <= NEAR and not set(":;()") & set(between)
    names = _names(sentence, first.start, second.start), _names(sentence, second.start, sentence.end)
    return is_joined and is_near and frozenset().union(*names) in COMPLEMENTS and all(map(len, names))


def _names(sentence, start, end):
    return NAMES & {fold(word) for word in sentence.words_between(start, end)[:3]}


def _follows(sentence, whole, first):
    """Whether the first part is said of the whole: « dont », a mere comma, or « sur 100 ménages »."""
    gap, words = sentence.between(whole.reach, first.start), sentence.words_between(whole.reach, first.start)
    if not whole.unit or set(":;()") & set(gap) or "soit" in words or len(words) > NEAR:
        return False
    before = [word for place, word in sentence.words if place < whole.start][-2:]
    is_of_people = whole.unit in PEOPLE and (words[-1:] == ["dont"] or gap.strip() == ",")
    return is_of_people or (not words and bool({"sur", "parmi"} & set(before)))


def _ends(sentence, second):
    """Whether nothing narrows the pair: « … et 96 enfants en situation de handicap » would."""
    name_at = [place for place, word in sentence.words if place >= second.start and fold(word) in NAMES]
    end = max(second.reach, name_at[0] + len(_word_at(sentence, name_at[0]))) if name_at else second.reach
    after = sentence.between(end, sentence.end).lstrip()
    return not after or after.startswith(CLOSED)


def _word_at(sentence, place):
    return next(token.text for token in sentence.tokens if token.start == place)


def _equations(sentence):
    """« 177 adultes + 96 enfants = 273 personnes »."""
    parts = []
    for number, following in pairwise(sentence.numbers):
        sign = sentence.between(number.reach, following.start).strip()
        parts = [*(parts or [number]), following] if sign == "+" else parts
        if sign == "=" and parts and parts[-1] is number:
            yield Division(Form.TOTAL, following, tuple(parts), sentence)
        if sign != "+":
            parts = []


def _shared_out(sentence):
    """« 150 000 € répartis entre l'État (100 000 €) et la Métropole (50 000 €) »."""
    verbs = [place for place, word in sentence.words if word in SHARED_OUT]
    if not verbs:
        return
    before = [number for number in sentence.quantities if number.reach <= verbs[0] and number.unit]
    after = [number for number in sentence.quantities if number.start > verbs[0]]
    parts = [number for number in after if _is_alone_in_brackets(sentence, number)]
    is_plain = before and len(parts) > 1 and parts == after
    if is_plain and {part.unit for part in parts} <= {"", before[-1].unit}:
        yield Division(Form.COLON, before[-1], tuple(parts), sentence)


def _is_alone_in_brackets(sentence, number):
    before, after = (
        sentence.between(sentence.start, number.start),
        sentence.between(number.reach, sentence.end),
    )
    return before.rstrip().endswith("(") and after.lstrip().startswith(")")
