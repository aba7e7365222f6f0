from datetime import date

import pytest

from axes.checks import Level
from axes.checks.units import units
from tests.axes.checks.dossiers import figure, values


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"unit": " "}, "« Libellé de F » (12) n'a pas d'unité."),
        ({"unit": "%"}, "« Libellé de F » (12) est un pourcentage dont la base n'est pas dite."),
        ({"temporality": "cumulative"}, "« Libellé de F » (12) est un cumul sans date de départ."),
    ],
)
def test_what_is_lacking_is_an_alerte(fields, words):
    assert [(f.level, f.sentence) for f in units(values(figure("F", 12, **fields)))] == [(Level.ALERT, words)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"unit": "%", "base": "Population"},
        {"temporality": "cumulative", "since": date(2019, 11, 1)},
    ],
)
def test_figures_that_say_all_raise_nothing(fields):
    assert list(units(values(figure("F", 12, **fields)))) == []


def test_a_blank_lacks_nothing():
    assert list(units(values(figure("F", unit="", blank="unavailable")))) == []
    rate = figure("R", unit="%", kind="rate", numerator=1, denominator=2)
    assert list(units(values(rate))) == []
