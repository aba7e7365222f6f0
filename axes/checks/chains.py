"""A share of a share, a fraction: « 30 % des 355…, dont 1 sur 2 », beside the count that it should make. Pure."""

import re
from decimal import Decimal
from itertools import pairwise

from axes.checks.arithmetic import counts_for
from axes.checks.finding import Level, finding
from axes.checks.wording import count_words, percent_words
from logement.numbers import format_number, round_half_up

CODE = "part_de_part"
MEND = "Donnez les deux comptes plutôt qu'un ordre de grandeur, ou dites en quoi les deux groupes diffèrent."
MAX_SENTENCES = 100  # of an action, in which the counts that answer to one another are looked for
SHARED = 2  # words in common, for a count to be the base of a percentage of another sentence
RATIO = re.compile(r"\b(la moitié|un tiers|deux tiers|un quart|trois quarts)\b", re.IGNORECASE)
FRACTIONS = {
    "la moitié": (1, 2),
    "un tiers": (1, 3),
    "deux tiers": (2, 3),
    "un quart": (1, 4),
    "trois quarts": (3, 4),
}


def chains(dossier):
    """A percentage, then a ratio of what it makes, against a count said in nearly the same words."""
    for action, passages in dossier.passages_of.items():
        sentences = [(passage, sentence) for passage in passages for sentence in passage.reading.sentences]
        counting = [(passage, sentence) for passage, sentence in sentences if sentence.counts][:MAX_SENTENCES]
        for passage, sentence in sentences:
            yield from _fractions(passage, sentence)
            for percent, ratio, place in _links(sentence):
                base = _base_in_values(dossier, action, percent)
                base = base or _base_in_words(sentence, percent, counting)
                if base is not None:
                    yield from _against(passage, sentence, percent, ratio, place, base, counting)


def _fractions(passage, sentence):
    """« Deux tiers des 36 ménages, soit 24 ménages »: within one, or a twentieth, for a fraction is a rough word."""
    for match in RATIO.finditer(sentence.source, sentence.start, sentence.end):
        whole, count, *_ = [*(n for n in sentence.counts if n.start > match.start()), None, None]
        if count is None or not (whole.is_exact and count.is_exact):
            continue
        is_of = sentence.words_between(match.end(), whole.start) in (["des"], ["de", "ces"])
        is_count = sentence.words_between(whole.reach, count.start) == ["soit"]
        part, of = FRACTIONS[match[0].lower()]
        expected = whole.value * part / of
        if is_of and is_count and abs(count.value - expected) >= max(1, expected / 20):
            yield _not_the_fraction(passage, sentence, match[0], whole, count, expected)


def _not_the_fraction(passage, sentence, words, whole, count, expected):
    return finding(
        CODE,
        Level.ALERT,
        [passage.place],
        f"{words.capitalize()} de {count_words(whole.value, whole.noun)} font "
        f"{format_number(round_half_up(expected, 1))}, et non {count_words(count.value, count.noun)}.",
        "Corrigez la fraction, le compte ou la base.",
        numbers=[words.lower(), whole.value, count.value],
        excerpt=sentence.text,
    )


def _links(sentence):
    """(percentage, (1, 2), place of the ratio) where a ratio follows a percentage: « dont 1 personne sur 2 »."""
    if not sentence.percents:
        return
    percent = sentence.percents[-1]
    for match in RATIO.finditer(sentence.source, percent.end, sentence.end):
        yield percent, FRACTIONS[match[0].lower()], match.start()
    after = [number for number in sentence.counts if number.start > percent.end]
    for part, whole in pairwise(after):
        is_ratio = sentence.words_between(part.end, whole.start)[-1:] == ["sur"] and part.value < whole.value
        if is_ratio and whole.start - part.reach < len(" de ces sur  "):
            yield percent, (part.value, whole.value), part.start


def _base_in_values(dossier, action, percent):
    """(base, count) when the rates of the action that print this percentage are one and the same."""
    rates = {
        (figure.denominator, figure.numerator)
        for figure in dossier.figures_of.get(action, ())
        if action and figure.denominator and figure.percent == percent.value
    }
    return rates.pop() if len(rates) == 1 else None


def _base_in_words(sentence, percent, sentences):
    """(base, count): the count that leads the sentence, or the first of the one that says most of what leads it."""
    own = [number.value for number in sentence.counts if number.reach <= percent.start and number.is_exact]
    if own:
        return _with_count(percent, own[-1])
    wanted = set(sentence.stems_between(sentence.start, percent.start)) or set(
        sentence.stems_between(percent.end, sentence.end)[:2]
    )
    others = [other for _, other in sentences if other is not sentence]
    best = max(others, key=lambda other: len(wanted & {found for _, found in other.stems}), default=None)
    if best is None or len(wanted & {found for _, found in best.stems}) < SHARED:
        return None
    return _with_count(percent, best.counts[0].value)


def _with_count(percent, base):
    return base, round_half_up(percent.value * base / 100, 1)


def _against(passage, sentence, percent, ratio, place, base, sentences):
    whole, count = base
    part, of = ratio
    bounds = counts_for(percent.value, whole, percent.places) or (count, count)
    slack = Decimal("0.5") / 100
    least, most = (
        bound * (Decimal(part) / of + sign * slack) for bound, sign in zip(bounds, (-1, 1), strict=True)
    )
    expected = Decimal(count) * part / of
    for other_passage, other, number in _same_story(sentence, percent, place, sentences):
        if not least <= number.value <= most:
            yield finding(
                CODE,
                Level.ALERT,
                dict.fromkeys([passage.place, other_passage.place]),
                f"{percent_words(percent.value)} de {format_number(whole)} font {format_number(count)}, et "
                f"{format_number(part)} sur {format_number(of)} de {format_number(count)} font "
                f"{format_number(round_half_up(expected, 1))}, alors que le texte compte "
                f"{count_words(number.value, number.noun)}.",
                MEND,
                numbers=[percent.value, whole, count, part, of, number.value],
                excerpt=f"{sentence.text} […] {other.text}",
            )
            return


def _same_story(sentence, percent, place, sentences):
    """(passage, sentence, count) of the counts said with words of the percentage's clause and of the ratio's."""
    first = set(sentence.stems_between(percent.end, place))
    second = set(sentence.stems_between(place, sentence.end))
    for passage, other in sentences:
        if other is sentence:
            continue
        number = other.counts[0]
        limit = other.counts[1].start if len(other.counts) > 1 else other.end
        said = set(other.stems_between(other.start, limit))
        is_same = said & (first - second) and said & (second - first)
        if is_same and number.is_exact:
            yield passage, other, number
