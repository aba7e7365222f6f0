"""Percentages that no whole count on their base can make. Pure."""

from axes.checks.arithmetic import can_share, counts_for, neighbours
from axes.checks.finding import Level, finding
from axes.checks.prose import read
from axes.checks.prose.bases import shares_of, year_of
from axes.checks.prose.parts import PEOPLE, leaned_on, unit_of
from axes.checks.prose.ratios import TIGHT, ratios
from axes.checks.prose.vocabulary import stem
from axes.checks.wording import count_words, listed, percent_words
from logement.numbers import format_number, share

CODE = "pourcentage"
GOALS = frozenset(map(stem, "objectif cible besoin prévision prévu attendu".split()))
MAX_SENTENCES = 100  # of an action, in which another base is looked for
MEND = (
    "Vérifiez la base du pourcentage et nommez-la dans la phrase (« sur les 56 personnes… »), ou corrigez-le."
)


def percentages(dossier):
    """Shares of a base which is said, or which the noun and the year of the sentence point at; half rounded up."""
    for figure in dossier.figures:
        yield from _of_value(figure)
    for passage, sentence in dossier.sentences:
        yield from _of_ratios(passage, sentence)
    for passages in dossier.passages_of.values():
        sentences = [sentence for passage in passages for sentence in passage.reading.sentences]
        for passage in passages:
            for shares in shares_of(passage.reading.sentences, sentences):
                yield from _beyond_the_whole(passage, shares)
                if shares.base is not None:
                    yield from _impossible(passage, shares, sentences[:MAX_SENTENCES])
                    yield from _counted(passage, shares)


def _beyond_the_whole(passage, shares):
    """« dont 220 % par téléphone », « 298 % des situations »; a rise, a rate or a goal reached may go beyond 100 %."""
    sentence = shares.sentence
    for percent in shares.percents:
        following = sentence.words_between(percent.end, sentence.end)[:1]
        is_share = shares.is_said or following in (["de"], ["des"], ["d"])
        if percent.value > 100 and is_share and not GOALS & {found for _, found in sentence.stems}:
            yield finding(
                CODE,
                Level.ALERT,
                [passage.place],
                f"{percent_words(percent.value)} : une part ne dépasse pas 100\u00a0%.",
                "Corrigez le pourcentage ; si c'est une hausse ou un taux, écrivez-le.",
                numbers=["part", percent.value],
                excerpt=sentence.text,
            )


def _impossible(passage, shares, sentences):
    base = shares.base.value
    wrong = [v for v in shares.values if v <= 100 and counts_for(v, base, shares.places) is None]
    if not wrong or not shares.base.is_exact:
        return
    yield finding(
        CODE,
        Level.BLOCKING if shares.is_said else Level.ALERT,
        [passage.place],
        f"{listed([percent_words(value) for value in wrong])} de {count_words(base, shares.noun)} : impossible, "
        f"aucun compte entier ne s'y arrondit ({' ; '.join(_around(value, base) for value in wrong)})."
        f"{_elsewhere(shares, sentences)}",
        MEND,
        numbers=[base, *shares.values],
        excerpt=shares.sentence.text,
    )


def _around(percent, base):
    """« 5 sur 35 font 14 %, 6 sur 35 font 17 % »."""
    return ", ".join(
        f"{format_number(count)} sur {format_number(base)} font {percent_words(printed)}"
        for count, printed in neighbours(percent, base)
    )


def _elsewhere(shares, sentences):
    """The people counted nearby, for the same year, on whom the same percentages are possible."""
    years = [date.year for date in shares.sentence.dates if date.day is None]
    for sentence in sentences:
        for number in sentence.counts:
            unit = unit_of(sentence, number)
            is_near = unit in PEOPLE and year_of(sentence, number) in years and number.is_exact
            if is_near and can_share(shares.values, number.value, shares.places):
                counts = [_nearest(value, number.value) for value in shares.values]
                return (
                    f" Sur {count_words(number.value, leaned_on(sentence, number).noun)}, le compte est possible : "
                    f"{listed([format_number(count) for count in counts])}."
                )
    return ""


def _nearest(percent, base):
    """The whole count on the base that prints as this percentage and is nearest to it."""
    least, most = counts_for(percent, base)
    return min(range(least, most + 1), key=lambda count: abs(count * 100 - percent * base))


def _counted(passage, shares):
    """« 71 % (40 personnes) », « 40 viennent d'un hébergement (71 %) » on a base of 56."""
    base = shares.base.value
    for percent in shares.percents if shares.is_said else ():
        for count, level in (
            (_after(shares, percent), Level.BLOCKING),
            (_before(shares, percent), Level.ALERT),
        ):
            if count is not None and share(count.value, base, percent.places) != percent.value:
                yield _miscounted(passage, shares.sentence, percent, count, base, level)


def _after(shares, percent):
    """The count in the brackets that follow a percentage, or after « soit »: « 75 % des 77 ménages, soit 58 »."""
    sentence = shares.sentence
    after = [number for number in sentence.counts if number.start >= percent.reach]
    if len(after) > 1 and after[0] is shares.base:
        base, count = after[:2]
        said = sentence.words_between(base.reach, count.start)
        is_tied = said[-1:] == ["soit"] and len(said) < 4
    elif after:
        count = after[0]
        is_tied = bool(TIGHT.fullmatch(sentence.between(percent.reach, count.start)))
    else:
        return None
    return count if is_tied and _is_of(shares, count) else None


def _before(shares, percent):
    """The count before a percentage alone in its brackets, after the base."""
    sentence = shares.sentence
    if not sentence.source.endswith("(", 0, percent.start) or not sentence.source.startswith(
        ")", percent.reach
    ):
        return None
    start = max(
        [shares.base.reach, *(other.reach for other in shares.percents if other.reach <= percent.start)]
    )
    counts = [n for n in sentence.counts if start < n.start and n.reach <= percent.start]
    return counts[-1] if counts and shares.base in sentence.counts and _is_of(shares, counts[-1]) else None


def _is_of(shares, count):
    return count.is_exact and unit_of(shares.sentence, count) in {"", shares.unit}


def _of_ratios(passage, sentence):
    """« 5 ménages sur 35, soit 14 % », « 75 % (58 sur 77) », « 77 sorties dont 58 positives (75 %) »."""
    for ratio in ratios(sentence):
        if share(ratio.part.value, ratio.whole.value, ratio.percent.places) != ratio.percent.value:
            level = Level.BLOCKING if ratio.is_tight else Level.ALERT
            yield _miscounted(passage, sentence, ratio.percent, ratio.part, ratio.whole.value, level)


def _miscounted(passage, sentence, percent, count, base, level):
    return finding(
        CODE,
        level,
        [passage.place],
        f"{format_number(count.value)} sur {format_number(base)} font "
        f"{percent_words(share(count.value, base, percent.places))}, et non {percent_words(percent.value)}.",
        "Corrigez le pourcentage, le compte ou la base.",
        numbers=[base, count.value, percent.value],
        excerpt=sentence.text,
    )


def _of_value(figure):
    """A percentage without numerator whose base begins with a count: « 35 ménages entrés »."""
    if figure.unit != "%" or figure.number is None or figure.qualifier != "exact" or figure.number > 100:
        return
    counts = read(figure.base).numbers[:1]
    is_base = (
        counts and not counts[0].start and counts[0].value == int(counts[0].value) and counts[0].value > 0
    )
    places = max(0, -figure.number.normalize().as_tuple().exponent)
    if is_base and counts_for(figure.number, counts[0].value, places) is None:
        yield finding(
            CODE,
            Level.ALERT,
            [figure.place],
            f"« {figure.label} » : {percent_words(figure.number)} de {count_words(counts[0].value, counts[0].noun)}, "
            f"impossible ({_around(figure.number, counts[0].value)}).",
            "Saisissez le numérateur et le dénominateur, ou corrigez la base.",
            numbers=[figure.number, counts[0].value],
        )
