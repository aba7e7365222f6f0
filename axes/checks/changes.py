"""What a sentence says of an evolution, against its two numbers: « 48 contre 36, soit une hausse de 33 % ». Pure."""

from dataclasses import dataclass
from itertools import pairwise

from axes.checks.finding import Level, finding
from axes.checks.prose import Kind, Number
from axes.checks.wording import count_words, percent_words
from logement.numbers import format_number, round_half_up

CODE = "ecart"
MEND = "Corrigez l'écart, ou celui des deux nombres qui est faux."
#: Words by which a number is said to be a gap, and no other count.
GAP = frozenset(
    """
    hausse augmentation progression croissance supplementaire supplementaires plus baisse diminution recul reduction
    moins
    """.split()
)
NEAR = 6  # words between the two numbers and what is said of them


@dataclass(frozen=True, slots=True)
class Evolution:
    """From `before` to `now`, a gap said to be `claim`."""

    before: Number
    now: Number
    claim: Number

    @property
    def expected(self):
        """What the two numbers give, in the claim's own kind; None where nothing can be divided by."""
        gap = abs(self.now.value - self.before.value)
        if self.claim.kind is not Kind.PERCENT:
            return gap
        return round_half_up(gap * 100 / self.before.value, self.claim.places) if self.before.value else None


def changes(dossier):
    """« de 60 à 72, soit 12 de plus », « 48 contre 36 en 2022, soit une hausse de 33 % »: exact numbers only."""
    for passage, sentence in dossier.sentences:
        for evolution in evolutions(sentence):
            if evolution.expected not in {None, evolution.claim.value}:
                yield _wrong(passage, sentence, evolution)


def evolutions(sentence):
    for first, second in pairwise(sentence.numbers):
        pair = _tied(sentence, first, second)
        claim = next((number for number in sentence.numbers if number.start > second.start), None)
        if pair is None or claim is None or not all(n.is_exact for n in (first, second, claim)):
            continue
        before, now = pair
        if _is_gap(sentence, second, claim) and _answers(claim, first, second):
            yield Evolution(before, now, claim)


def _tied(sentence, first, second):
    """(before, now) of « de 60 à 72 », « 48 ménages contre 36 », « 107 en 2022 et 142 en 2023 »; or None."""
    words = sentence.words_between(first.reach, second.start)
    if first.kind is not second.kind:
        return None
    if words[-1:] == ["contre"] and len(words) <= NEAR:
        return second, first
    if words[-2:] == ["en", "et"] and len(words) <= NEAR:
        return _in_order(sentence, first, second)
    earlier = [word for place, word in sentence.words if place < first.start][-1:]
    return (first, second) if words == ["a"] and earlier in (["de"], ["d"]) else None


def _in_order(sentence, first, second):
    """The two numbers in the order of the years that follow each; None where these are not both said."""
    own = [date.year for date in sentence.dates if first.reach <= date.start < second.start and date.year]
    after = [date.year for date in sentence.dates if date.start >= second.reach and date.year]
    if not own or not after or own[0] == after[0]:
        return None
    return (first, second) if own[0] < after[0] else (second, first)


def _is_gap(sentence, second, claim):
    """Whether the words near the claim say that it is what separates the two."""
    between = sentence.words_between(second.reach, claim.start)
    is_near = len(between) <= NEAR and not set(";:(") & set(sentence.between(second.reach, claim.start))
    return is_near and bool(GAP & {*between, *sentence.words_between(claim.end, sentence.end)[:3]})


def _answers(claim, first, second):
    """Whether the claim can be the gap of the two: a percentage of counts, points of shares, a count of their unit."""
    if first.kind is Kind.PERCENT:
        return claim.unit == "point"
    if claim.kind is Kind.PERCENT:
        return True
    units = {first.unit, second.unit, claim.unit} - {""}
    return claim.kind is first.kind and (len(units) < 2 or claim.unit == "")


def _wrong(passage, sentence, evolution):
    before, now, claim = (number.value for number in (evolution.before, evolution.now, evolution.claim))
    is_percent = evolution.claim.kind is Kind.PERCENT
    said, counted = (
        percent_words(number) if is_percent else count_words(number, evolution.claim.noun)
        for number in (claim, evolution.expected)
    )
    return finding(
        CODE,
        Level.ALERT,
        [passage.place],
        f"De {format_number(before)} à {format_number(now)}, l'écart est de {counted}, et non de {said}.",
        MEND,
        numbers=[before, now, claim],
        excerpt=sentence.text,
    )
