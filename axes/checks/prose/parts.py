"""Wholes and their parts as sentences state them: « 273 personnes, soit 177 adultes et 96 enfants ». Pure."""

from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise

from axes.checks.prose.numbers import Kind, Number
from axes.checks.prose.reading import Sentence
from axes.checks.prose.vocabulary import MEASURES, stem

#: Units that together make up a group of people, two by two.
COMPLEMENTS = (
    frozenset({"adulte", "enfant"}),
    frozenset({"homme", "femme"}),
    frozenset({"majeur", "mineur"}),
    frozenset({"fille", "garcon"}),
)
PEOPLE = frozenset(
    "personne individu participant beneficiaire membre habitant occupant usager locataire resident public".split()
)
FREE = frozenset("libre vacant vacante disponible inoccupe inoccupee".split())
#: What was foreseen may be exceeded: « sur 12 réunions prévues, 14 ont eu lieu ».
PLANNED = frozenset(map(stem, "prévu programmé attendu prévisionnel visé envisagé".split()))
MAX_ITEMS = 30  # sentences looked at below « … 40 d'entre eux : »
STOPS = frozenset({";", "–", "—", "(", ")", ":"})


class Form(Enum):
    """How a sentence ties a whole to its parts."""

    BRACKETS = "273 personnes (177 adultes et 96 enfants)"
    THAT_IS = "273 personnes, soit 177 adultes et 96 enfants"
    TOTAL = "177 adultes et 96 enfants, soit 273 personnes"
    REST = "60 mesures dont 6 libres, soit 54 ménages"
    COLON = "8 logements : 4 en Loc 3 et 4 en PLAI"
    AMONG = "sur les 48 ménages, 17 sont relogés, 3 hébergés"
    INCLUDING = "142 ménages, dont 35 en 2023"
    PAIR = "273 personnes, dont 177 adultes et 96 enfants"


@dataclass(frozen=True, slots=True)
class Division:
    """A whole, its parts, and how the sentence says it; a whole of several candidates is the widest (INCLUDING)."""

    form: Form
    whole: Number
    parts: tuple[Number, ...]
    sentence: Sentence
    is_sure: bool = True

    @property
    def is_exact(self):
        return all(number.is_exact for number in (self.whole, *self.parts))

    @property
    def total(self):
        return sum(part.value for part in self.parts)


def adds_up(whole_unit, parts):
    """Whether counts of these units may be the parts of a whole: the same unit, none, or complements of people."""
    units = {part.unit for part in parts}
    if units <= {"", whole_unit}:
        return True
    return any(units == pair for pair in COMPLEMENTS) and whole_unit in PEOPLE | {""}


def divisions(reading):
    """The Divisions of a text, in its order."""
    for rank, sentence in enumerate(reading.sentences):
        if len(sentence.quantities) > 1:
            yield from _in_brackets(sentence)
            yield from _that_is(sentence)
            yield from _totals(sentence)
            yield from _after_colon(sentence)
            yield from _among(sentence)
            yield from _including(sentence)
        if sentence.quantities and sentence.text.endswith(":"):
            yield from _items(sentence, islice(reading.sentences, rank + 1, rank + 1 + MAX_ITEMS))


def _bounded(sentence, start, end):
    return tuple(number for number in sentence.quantities if start <= number.start and number.reach <= end)


def _division(form, whole, parts, sentence, **more):
    if len(parts) > 1 and adds_up(whole.unit, parts):
        yield Division(form, whole, tuple(parts), sentence, **more)


def _is_bare(sentence, start, end):
    """No « dont » between: a part of a part would be counted twice."""
    return "dont" not in sentence.words_between(start, end)


def _in_brackets(sentence):
    pairs = _brackets(sentence)
    for opening, closing in pairs:
        before = [number for number in sentence.quantities if number.reach <= opening]
        parts = _bounded(sentence, opening, closing)
        if not before or not _is_bare(sentence, opening, closing):
            continue
        whole = before[-1]
        if sentence.tokens and not any(whole.reach <= start < opening for start, _ in pairs):
            yield from _division(Form.BRACKETS, whole, parts, sentence)


def _brackets(sentence):
    """[(opening, closing)] of the brackets that hold no other."""
    pairs, opening = [], None
    for token in sentence.tokens:
        if token.text == "(":
            opening = token.start
        elif token.text == ")" and opening is not None:
            pairs.append((opening, token.start))
            opening = None
    return pairs


def _words_at(sentence, word):
    return [place for place, found in sentence.words if found == word]


def _stop_after(sentence, place):
    """Where the list that begins at this place ends: a semicolon, a dash, a bracket, « dont », the end."""
    stops = [t.start for t in sentence.tokens if t.start > place and (t.text in STOPS or t.lower == "dont")]
    return stops[0] if stops else sentence.end


def _that_is(sentence):
    """« 273 personnes, soit 177 adultes et 96 enfants »."""
    for place in _words_at(sentence, "soit"):
        before = [number for number in sentence.quantities if number.reach <= place]
        if before and len(sentence.words_between(before[-1].reach, place)) < 4:
            parts = _bounded(sentence, place, _stop_after(sentence, place))
            yield from _division(Form.THAT_IS, before[-1], parts, sentence)


def _totals(sentence):
    """« 177 adultes et 96 enfants, soit 273 personnes », « 60 mesures dont 6 libres, soit 54 ménages »."""
    for place in _words_at(sentence, "soit"):
        after = _bounded(sentence, place, _stop_after(sentence, place))
        before = [number for number in sentence.quantities if number.reach <= place]
        if (
            len(after) != 1
            or len(before) < 2
            or "par" in sentence.words_between(after[0].reach, sentence.end)[:2]
        ):
            continue
        (total,) = after
        first, second = before[-2:]
        between = sentence.words_between(first.reach, second.start)
        if "dont" in between and len(sentence.words_between(second.reach, place)) < 3:
            yield Division(Form.REST, first, (second, total), sentence)
        else:
            yield from _division(Form.TOTAL, total, _that_make(total, _joined(sentence, before)), sentence)


def _that_make(total, parts):
    """The last of the parts that make the total, all of them where none do."""
    for first in range(len(parts) - 1):
        if sum(part.value for part in parts[first:]) == total.value:
            return parts[first:]
    return parts


def _joined(sentence, numbers):
    """The last of the numbers that « et » or a comma joins, nothing longer than a few words between."""
    joined = [numbers[-1]]
    for number in reversed(numbers[:-1]):
        between = sentence.between(number.reach, joined[0].start)
        is_near = len(between.split()) < 8 and not any(stop in between for stop in ":;(")
        if (
            not is_near
            or not ("," in between or " et " in between)
            or not _is_bare(sentence, number.reach, joined[0].start)
        ):
            break
        joined.insert(0, number)
    return joined


def _after_colon(sentence):
    """« 8 logements : 4 en Loc 3 et 4 en PLAI », « 5 résidences : Montpellier (3), Clapiers (1) et Lattes (1) »."""
    colons = [token.start for token in sentence.tokens if token.text == ":"]
    for place, following in pairwise([*colons, sentence.end]):
        parts = _bounded(sentence, place, following)
        before = [
            n
            for n in sentence.quantities
            if n.reach <= place and n.unit and parts and n.kind is parts[0].kind
        ]
        if before and _is_bare(sentence, place, following):
            total = sum(part.value for part in parts)
            whole = min(reversed(before), key=lambda number: abs(number.value - total))
            yield from _division(Form.COLON, whole, parts, sentence)


def _among(sentence):
    """« Sur les 48 ménages, 17 sont relogés, 3 hébergés… »"""
    for rank, whole in enumerate(sentence.quantities):
        words = [word for place, word in sentence.words if place < whole.start][-2:]
        earlier = sentence.quantities[rank - 1] if rank else None
        is_ratio = earlier is not None and words[-1:] == ["sur"]
        if is_ratio or not whole.unit or not (words[-1:] == ["sur"] or words[:1] in (["sur"], ["parmi"])):
            continue
        parts = [part for part in sentence.quantities[rank + 1 :] if part.unit in {"", whole.unit}]
        if _is_bare(sentence, whole.reach, sentence.end):
            yield from _division(Form.AMONG, whole, parts, sentence)
        beyond = [part for part in parts if part.value > whole.value]
        may_be_beyond = PLANNED & set(sentence.stems_between(whole.reach, sentence.end)[:2])
        if beyond and whole.unit not in MEASURES and not may_be_beyond:
            yield Division(Form.INCLUDING, whole, (beyond[0],), sentence, is_sure=False)
        return


def _including(sentence):
    """« 142 ménages…, dont 35 en 2023 »: each « dont » with the widest of the counts before it."""
    places = [
        *_words_at(sentence, "dont"),
        *_words_at(sentence, "lesquels"),
        *_words_at(sentence, "lesquelles"),
    ]
    for place in places:
        after = _bounded(sentence, place, _stop_after(sentence, place))
        if not after or len(sentence.words_between(place, after[0].start)) > 2:
            continue
        before = [n for n in sentence.quantities if n.reach <= place and n.kind is after[0].kind]
        if not before:
            continue
        whole = max(before, key=lambda number: number.value)
        parts = [part for part in after if part.unit in {"", whole.unit}] or [after[0]]
        yield Division(Form.INCLUDING, whole, tuple(parts[:1]), sentence, is_sure=len(before) == 1)
        if len(parts) > 1 and len(before) == 1:
            yield Division(Form.INCLUDING, whole, tuple(parts), sentence)


def _items(sentence, following):
    """« L'issue est connue pour 40 d'entre eux : » and the items that begin with a number."""
    parts = []
    whole = sentence.quantities[-1]
    for item in following:
        if not item.is_item or item.line != sentence.line + len(parts) + 1:
            if item.line > sentence.line + len(parts):
                break
            continue
        first = item.quantities[0] if item.quantities else None
        if first is None or item.words_between(item.start, first.start):
            return
        parts.append(first)
    yield from _division(Form.COLON, whole, parts, sentence)


def unit_of(sentence, number):
    """The unit of a count, or that of the count that it leans on: « 142 ménages…, dont 35 en 2023 »."""
    return leaned_on(sentence, number).unit


def leaned_on(sentence, number):
    """The count whose unit a count has: itself, or the whole, or the one before where it has none."""
    if number.unit or number.kind is not Kind.COUNT:
        return number
    held = [*_in_brackets(sentence), *_that_is(sentence)]
    for division in held:
        if number in division.parts:
            return division.whole
    parts = {part for division in held for part in division.parts}
    before = [n for n in sentence.counts if n.reach <= number.start and n.unit and n not in parts]
    return before[-1] if before else number
