"""An indicator and its value -> a ReportedFigure: the words that print, and what they say as data. No query."""

from decimal import Decimal

from axes.public import heading_of
from logement.numbers import share
from reporting.document import ReportedFigure


def reported_figure(indicator, value, *, definition, action, whole, number):
    """The figure of the exercise `number`: its definition and its action's title there, the Value of its whole."""
    coverage = value.coverage
    return ReportedFigure(
        key=indicator.pk,
        code=indicator.code,
        heading=heading_of(indicator),
        action=action,
        label=indicator.label,
        value=value.display,
        unit=indicator.unit,
        starts_on=value.period.start,
        ends_on=value.period.end,
        number=number_of(value),
        numerator=plain_number(value.numerator),
        denominator=plain_number(value.denominator),
        day=value.day,
        qualifier=str(value.qualifier),
        blank=str(value.blank),
        base=base_of(indicator, value, whole, number),
        source=source_of(indicator, value),
        source_detail=indicator.source_detail,
        definition=definition,
        answered=coverage and coverage.answered,
        asked=coverage and coverage.asked,
        is_fictive=value.is_fictive,
    )


def number_of(value):
    """The number that prints: for a share in %, its percentage."""
    if value.denominator is not None and value.unit == "%":
        return plain_number(share(value.numerator, value.denominator))
    return plain_number(value.number)


def plain_number(number):
    """The same Decimal without useless zeros: what SQLite and PostgreSQL give for one number is written alike."""
    return None if number is None else Decimal(f"{number.normalize():f}")


def base_of(indicator, value, whole, number):
    """« 40 sur 56 », « sur 142 ménages » for a part, else what it is about; a period of its own; a break this year."""
    is_part = whole is not None and whole.number is not None
    shown = value.base_display if value.base_display != value.display else ""
    base = shown or (f"sur {whole.display}" if is_part else indicator.base)
    period = "" if value.period.label == str(number) else value.period.label
    broken = f"rupture de série en {number} : autre définition qu'avant" if value.series == number else ""
    return " ; ".join(filter(None, [base, period, broken]))


def source_of(indicator, value):
    """« Registre Bail d'abord », « Partenaires, Adages », « Saisie, Insee », « Repris de « rapport-2022.docx » »."""
    if value.provenance is not None:
        return value.provenance.figure.origin
    typed = f"Repris de « {value.document} »" if value.document else "Saisie"
    way = "Partenaires" if value.is_answered else "Calculé" if value.terms else typed
    words = [way, indicator.supplier and str(indicator.supplier), value.is_fictive and "valeur fictive"]
    return ", ".join(filter(None, words))
