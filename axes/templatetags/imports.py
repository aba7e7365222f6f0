"""Template tags of the review of an imported report."""

from django import template
from django.utils.safestring import mark_safe

from axes.imports.documents import Confidence
from axes.imports.documents.reported import citing
from axes.models import Column, Indicator
from axes.models.quantity import Qualifier
from axes.periods import day_label
from axes.values import quantity
from logement.documents import place_label
from logement.numbers import format_number, share
from logement.richtext import parse, to_html

register = template.Library()

CONFIDENCES = {Confidence.SURE: "Sûr", Confidence.LIKELY: "Probable", Confidence.UNSURE: "À vérifier"}
NAMES = {
    "passage": "ce texte",
    "row": "l'intitulé",
    "table": "l'axe",
    "section": "le titre",
    "state": "l'état",
    "column": "la colonne",
}


@register.filter
def confidence_label(code):
    return CONFIDENCES[code]


@register.filter
def together_words(together):
    """« Accepter les 84 chiffres sûrs »"""
    confidence, count = together
    word = CONFIDENCES[confidence].lower()
    return (
        f"Accepter les {format_number(count)} chiffres {word}s"
        if count > 1
        else f"Accepter le chiffre {word}"
    )


@register.filter
def role_label(code):
    return Column.Role(code).label


@register.filter
def where(place):
    """« tableau 3, ligne 2 »"""
    return place_label(place)


@register.filter
def item_name(item):
    """What a button of this item is about, in a few words: « l'intitulé : Création d'un… »."""
    if item.kind == "figure":
        return f"{item.found.words} : {item.now.label}"
    if item.kind == "column":
        return f"la colonne « {item.found.heading} »"
    name = NAMES[item.kind]
    words = "" if item.kind == "passage" else item.value
    return f"{name} « {words[:60]} »" if words else name


@register.filter
def marked(item, review):
    """The text of a passage as it is taken, its figures marked where their words still are."""
    content = item.value
    for figure in review.figures_in(item.key):
        if not figure.is_left:
            content = citing(content, figure.found, figure.key)
    html = to_html(parse(content))
    return mark_safe(html)  # noqa: S308  every character of it was escaped by to_html


@register.filter
def joined(review, item):
    return review.joined(item)


@register.filter
def figure_value(item):
    """« environ 142 ménages », « 71 % (40 sur 56) », « 24 mai 2023 »."""
    figure = item.now
    if figure.day:
        return day_label(figure.day)
    if figure.denominator:
        percent = quantity(share(figure.numerator, figure.denominator), "%")
        words = f"{percent} ({format_number(figure.numerator)} sur {format_number(figure.denominator)})"
    else:
        words = quantity(figure.number, figure.unit)
    return words if figure.qualifier == Qualifier.EXACT else f"{Qualifier(figure.qualifier).label} {words}"


@register.filter
def figure_period(item):
    """« cumul depuis le 1er novembre 2019 », « stock au 31 décembre 2023 », « flux de l'année »."""
    figure = item.now
    label = Indicator.Temporality(figure.temporality).label
    if figure.temporality == Indicator.Temporality.CUMULATIVE and figure.starts_on:
        return f"cumul depuis le {day_label(figure.starts_on)}"
    if figure.temporality == Indicator.Temporality.STOCK and figure.ends_on:
        return f"stock au {day_label(figure.ends_on)}"
    return label[0].lower() + label[1:]
