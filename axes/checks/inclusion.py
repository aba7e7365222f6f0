"""A part is no greater than its whole, nor a year than the cumul that holds it. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.bases import year_of
from axes.checks.prose.parts import PEOPLE, Form
from axes.checks.wording import added, count_words
from logement.numbers import agree, format_number

CODE = "inclusion"
COMMON = PEOPLE | {"menage", "famille", "place", "mesure"}
NEAR = 80  # characters after a count that say what it counts
MAX_SENTENCES = 100  # of an action, whose counts are compared with one another
MEND = "Corrigez le nombre qui est faux, ou dites autrement ce dont le second est une partie."


def inclusion(dossier):
    """« dont » in the values (part of, flow of a cumul, numerator) and in the sentences."""
    for figure in dossier.figures:
        yield from _of_whole(dossier, figure)
        yield from _of_flow(dossier, figure)
        yield from _of_rate(figure)
    for passage in dossier.texts:
        for division in passage.divisions:
            yield from _of_division(passage, division)
    for passages in dossier.passages_of.values():
        yield from _of_years(dossier.year, passages)


def _of_division(passage, division):
    if division.form is not Form.INCLUDING or not division.is_exact or division.total <= division.whole.value:
        return
    whole, parts = division.whole, [part.value for part in division.parts]
    is_plain = division.is_sure and len(parts) == 1 and division.parts[0].unit in {"", whole.unit}
    sum_words = (
        f"{added(parts)} = {format_number(division.total)}" if len(parts) > 1 else format_number(parts[0])
    )
    yield finding(
        CODE,
        Level.BLOCKING if is_plain else Level.ALERT,
        [passage.place],
        f"La partie dépasse le tout : {sum_words} > {count_words(whole.value, whole.noun)}.",
        MEND,
        numbers=[whole.value, *parts],
        excerpt=division.sentence.text,
    )


def _of_years(year, passages):
    """« En 2023, 16 attributions » beside « De 2018 à 2023, 40 attributions », in the texts of an action."""
    flows, cumuls = [], []
    sentences = [(passage, sentence) for passage in passages for sentence in passage.reading.sentences]
    for passage, sentence in sentences[:MAX_SENTENCES]:
        for number in sentence.counts:
            if not number.unit or not number.is_exact:
                continue
            if _is_since(sentence, number):
                cumuls.append((passage, sentence, number))
            elif year_of(sentence, number) == year:
                flows.append((passage, sentence, number))
    for passage, sentence, flow in flows:
        for other, said, cumul in cumuls:
            if flow.value > cumul.value and said is not sentence and _is_same(sentence, flow, said, cumul):
                yield _year_beyond(year, (passage, sentence, flow), (other, said, cumul))


def _is_since(sentence, number):
    """« Depuis 2018, 40 attributions », « de 2018 à 2023, 40 attributions »: what leads the sentence."""
    if number is not sentence.counts[0]:
        return False
    dates = [date for date in sentence.dates if date.start < number.start]
    is_period = len(dates) == 2 and sentence.words_between(dates[0].end, dates[1].start) == ["a"]
    return any(date.since for date in dates) or is_period


def _is_same(sentence, flow, said, cumul):
    """Whether the two count the same thing: one unit and, where it is people, a word in common."""
    if flow.unit != cumul.unit:
        return False
    words, others = (
        set(held.stems_between(number.reach, number.reach + NEAR))
        for held, number in ((sentence, flow), (said, cumul))
    )
    return flow.unit not in COMMON or bool(words & others)


def _year_beyond(year, one, other):
    (passage, sentence, flow), (place, said, cumul) = one, other
    return finding(
        CODE,
        Level.ALERT,
        dict.fromkeys([passage.place, place.place]),
        f"{count_words(flow.value, flow.noun)} en {year}, plus que les {count_words(cumul.value, cumul.noun)} du "
        "cumul qui les comprend.",
        MEND,
        numbers=[flow.value, cumul.value],
        excerpt=f"{sentence.text} […] {said.text}",
    )


def _of_whole(dossier, part):
    whole = dossier.by_code.get(part.whole)
    if (
        whole is None
        or None in {part.number, whole.exact}
        or part.qualifier not in {"exact", "at_least", "more_than"}
    ):
        return
    if part.number > whole.number:
        level = Level.BLOCKING if part.unit == whole.unit else Level.ALERT
        yield _beyond(level, part, whole)


def _of_flow(dossier, cumul):
    flow = dossier.by_code.get(cumul.flow)
    is_known = flow is not None and None not in {flow.exact, cumul.exact}
    if is_known and flow.whole != cumul.code and flow.number > cumul.number:
        yield _beyond(Level.BLOCKING, flow, cumul)


def _beyond(level, part, whole):
    return finding(
        CODE,
        level,
        [part.place, whole.place],
        f"« {part.label} » ({_quantity(part)}) dépasse « {whole.label} » ({_quantity(whole)}), dont il est une partie.",
        MEND,
        numbers=[part.number, whole.number],
    )


def _quantity(figure):
    return count_words(figure.number, agree(figure.unit, figure.number))


def _of_rate(figure):
    if figure.denominator is None or figure.kind != "rate" or figure.numerator <= figure.denominator:
        return
    yield finding(
        CODE,
        Level.ALERT,
        [figure.place],
        f"« {figure.label} » : le numérateur dépasse le dénominateur, "
        f"{format_number(figure.numerator)} > {format_number(figure.denominator)}.",
        "Vérifiez que les deux nombres ne sont pas intervertis ; un taux d'occupation peut dépasser 100 %, dites-le.",
        numbers=[figure.numerator, figure.denominator],
    )
