from dataclasses import replace

import pytest

from axes.checks import Level, Reference
from axes.checks.references import references
from tests.axes.checks.dossiers import figure, texts

CUMUL = figure("C", 142, temporality="cumulative")
FLOW = figure("F", 35)


def told(text, words, year, *, code="F"):
    dossier = texts(text, figures=[FLOW, CUMUL])
    start = text.index(words)
    reference = Reference(start, start + len(words), code, year)
    dossier = replace(dossier, passages=(replace(dossier.passages[0], references=(reference,)),))
    return [(finding.level, finding.sentence) for finding in references(dossier)]


def test_a_year_in_the_words_that_is_not_that_of_the_figure_is_an_alerte():
    assert told("142 ménages, dont 35 en 2022.", "35", 2023) == [
        (Level.ALERT, "La phrase dit 2022, mais « 35 » est la valeur de 2023 de « Libellé de F ».")
    ]
    assert len(told("En 2022, 35 ménages sont entrés.", "35 ménages", 2023)) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("142 ménages, dont 35 en 2023.", "F"),
        ("35 ménages sont entrés.", "F"),
        ("Depuis 2019, 35 ménages sont entrés.", "F"),
        ("En 2022, 35 ménages.", "C"),
        ("En 2022, 35 ménages.", "inconnu"),
    ],
)
def test_the_right_year_no_year_and_other_temporalities_raise_nothing(text, code):
    assert told(text, "35", 2023, code=code) == []
