"""Percentages of one base that add up to something other than 100. Pure."""

from decimal import Decimal

from axes.checks.arithmetic import can_share, counts_for, may_be_rounded
from axes.checks.finding import Level, finding
from axes.checks.prose.bases import shares_of
from axes.checks.prose.vocabulary import unaccented
from axes.checks.wording import count_words, percent_words
from logement.numbers import agree, format_number

CODE = "parts"
MOST, LEAST = (
    120,
    90,
)  # beyond, the percentages answer different questions; under, the rest is simply not said
#: Words by which a sentence says that one unit counts in several shares.
SEVERAL = ("meme", "plusieurs", "multiple", "multiples", "cumul", "cumuler", "cumulables", "fois")
MEND = (
    "Si une même unité compte dans plusieurs parts (réponses multiples), écrivez-le ; "
    "sinon corrigez le pourcentage qui est faux."
)


def sum_of_shares(dossier):
    """Shares that go a little beyond 100 %, as several answers for one unit explain, or stop a little before."""
    yield from _of_values(dossier)
    for passages in dossier.passages_of.values():
        for passage in passages:
            for shares in shares_of(passage.reading.sentences):
                yield from _of_sentence(dossier, passage, shares)


def _of_sentence(dossier, passage, shares):
    if len(shares.percents) < 2 or not LEAST <= shares.total <= MOST or _says_several(shares.sentence):
        return
    if _holds(shares):
        return
    if len(shares.percents) < 3 and (shares.total < 100 or shares.base is None):
        return  # two facts about the same people
    declared = declares_several(dossier, passage.action, shares.values)
    yield finding(
        CODE,
        Level.INFORMATION if declared or shares.total < 100 else Level.ALERT,
        [passage.place],
        f"{_added(shares.values)} = {percent_words(shares.total)}{_on_base(shares)}{_reading(shares, declared)}.",
        MEND
        if shares.total > 100
        else "Dites ce que fait le reste, ou corrigez le pourcentage qui est faux.",
        numbers=[*shares.values, shares.base.value if shares.base else ""],
        excerpt=shares.sentence.text,
    )


def _holds(shares):
    """Whether the shares can make a whole once rounded; where one alone is impossible, another check says so."""
    if shares.base is None:
        return may_be_rounded(shares.values, shares.places)
    base, places = shares.base.value, shares.places
    if shares.total == 100 and any(counts_for(value, base, places) is None for value in shares.values):
        return True
    return can_share(shares.values, base, places)


def _says_several(sentence):
    return any(word in SEVERAL for _, word in sentence.words)


def declares_several(dossier, action, percents):
    """Whether each percentage is that of a figure of the action which takes several answers."""
    known = {f.percent for f in dossier.figures_of.get(action, ()) if action and f.has_multiple_answers}
    return set(percents) <= known


def _added(percents):
    return " + ".join(percent_words(percent) for percent in percents)


def _on_base(shares):
    return f" de {count_words(shares.base.value, shares.noun)}" if shares.base else ""


def _reading(shares, declared):
    if shares.total < 100:
        return f" : il manque {percent_words(100 - shares.total)}"
    if declared:
        return " : l'indicateur admet des réponses multiples, la phrase ne le dit pas"
    if shares.base is not None and may_be_rounded(shares.values, shares.places):
        return " : sur cette base, l'arrondi n'y suffit pas"
    return " : plus que l'arrondi n'en explique"


def _of_values(dossier):
    groups = {}
    for figure in dossier.figures:
        if (
            figure.unit == "%"
            and figure.denominator
            and not figure.has_multiple_answers
            and not figure.is_partial
        ):
            groups.setdefault(
                (figure.action, unaccented(figure.base.lower()), figure.denominator), []
            ).append(figure)
    for (_, base, denominator), figures in groups.items():
        total = sum(figure.numerator for figure in figures)
        percent = Decimal(total) * 100 / denominator
        if base and len(figures) > 2 and total != denominator and LEAST <= percent <= MOST:
            yield _of_group(figures, total, denominator)


def _of_group(figures, total, denominator):
    numerators = [figure.numerator for figure in figures]
    return finding(
        CODE,
        Level.ALERT,
        [figure.place for figure in figures],
        f"Les parts de {_base(figures[0], denominator)} font "
        f"{' + '.join(map(format_number, numerators))} = {format_number(total)} sur {format_number(denominator)}.",
        MEND if total > denominator else "Dites ce que fait le reste, ou corrigez le nombre qui est faux.",
        numbers=[denominator, *numerators],
    )


def _base(figure, denominator):
    return (
        f"« {figure.base} » ({format_number(denominator)})" if figure.base else agree("unités", denominator)
    )
