"""Figures that do not say what they count, or on what. Pure."""

from axes.checks.finding import Level, finding
from logement.numbers import format_number

CODE = "unite_ou_base"


def units(dossier):
    """A value without unit, a percentage without base, a cumul without a start."""
    for figure in dossier.figures:
        has_value = figure.number is not None or figure.numerator is not None
        if has_value and not figure.unit.strip():
            yield _lacking(
                figure, "n'a pas d'unité", "Donnez l'unité de l'indicateur (ménages, personnes, €…)."
            )
        if has_value and figure.unit == "%" and figure.denominator is None and not figure.base.strip():
            yield _lacking(
                figure,
                "est un pourcentage dont la base n'est pas dite",
                "Dites sur quoi porte le pourcentage, ou saisissez le numérateur et le dénominateur.",
            )
        if has_value and figure.temporality == "cumulative" and figure.since is None:
            yield _lacking(
                figure,
                "est un cumul sans date de départ",
                "Donnez la date depuis laquelle l'indicateur est compté.",
            )


def _lacking(figure, what, mend):
    number = figure.number if figure.number is not None else figure.numerator
    sentence = f"« {figure.label} » ({format_number(number)}) {what}."
    return finding(CODE, Level.ALERT, [figure.place], sentence, mend, numbers=[what, number])
