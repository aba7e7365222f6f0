"""Rows that the constraints of citations, charts and justifications refuse, by the name of the constraint."""

from django.utils import timezone

from axes.models import Citation, Justification, KeyFigure
from tests.factories import (
    EntryFactory,
    IllustrationFactory,
    IndicatorFactory,
    KeyFigureFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)


def citation(**fields):
    """A valid one, of a sentence, not yet saved, but for `fields`; its place is `text`, `entry` or `key_figure`."""
    place = {} if {"text", "entry", "key_figure"} & {*fields} else {"text": TextBlockFactory()}
    common = {
        "year": YearFactory(),
        "indicator": IndicatorFactory(),
        "number": 2023,
        "ref": "A1",
        "words": "35",
    }
    return Citation(**common | place | fields)


def twice(place, make):
    def again():
        here = {place: make()}
        citation(**here).save()
        return citation(**here)

    return again


def justification(**fields):
    common = {
        "year": YearFactory(),
        "key": "k",
        "code": "somme",
        "sentence": "2 + 2 = 5",
        "reason": "Arrondi",
    }
    return Justification(**common | {"created_by": UserFactory(), "created_at": timezone.now()} | fields)


def a_finding_justified_twice():
    first = justification()
    first.save()
    return justification(year=first.year)


def chart(**fields):
    return KeyFigure(illustration=IllustrationFactory(), **{"indicator": IndicatorFactory()} | fields)


def a_chart_twice():
    first = KeyFigureFactory()
    return KeyFigure(illustration=first.illustration, indicator=first.indicator)


def kept(**fields):
    return citation(
        **{"kept_at": timezone.now(), "kept_by": UserFactory(), "kept_reason": "Convention"} | fields
    )


BREACHES = {
    "citation_is_in_one_place": [
        lambda: citation(text=None),
        lambda: citation(text=TextBlockFactory(), key_figure=KeyFigureFactory()),
        lambda: citation(entry=EntryFactory(), key_figure=KeyFigureFactory()),
    ],
    "citation_kept_at_by_and_why": [
        lambda: kept(kept_reason=""),
        lambda: kept(kept_at=None),
        lambda: kept(kept_by=None),
        lambda: citation(kept_against="36"),
    ],
    "citation_once_per_text": [twice("text", TextBlockFactory)],
    "citation_once_per_entry": [twice("entry", EntryFactory)],
    "citation_once_per_key_figure": [twice("key_figure", KeyFigureFactory)],
    "key_figure_once_per_shape": [a_chart_twice],
    "key_figure_shape_is_known": [lambda: chart(shape="pie")],
    "justification_once_per_finding": [a_finding_justified_twice],
    "justification_has_a_reason": [lambda: justification(reason="")],
}
