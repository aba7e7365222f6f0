"""A part is no greater than its whole, nor a year than the cumul that holds it. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.parts import Form
from axes.checks.wording import added, count_words
from logement.numbers import agree, format_number

CODE = "inclusion"
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
