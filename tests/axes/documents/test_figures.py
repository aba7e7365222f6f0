"""The figures found in sentences: what they count, when, of what, and how sure it is."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from axes.checks.prose import fold
from axes.demo import figures
from axes.imports.documents import Confidence, understand
from logement.numbers import share
from tests.axes.documents.made import exported, read, report


def figures_of(*sentences):
    """The FigureFound of a cell of indicators that holds these sentences."""
    raw = report(tables={"Axe 1 : Essai": [("Enquête", "Réalisée", list(sentences), [])]})
    return [figure for figure in understand(read(raw)).figures if figure.row]


def said(figure):
    """What is counted, as one reads it."""
    value = figure.number
    if figure.day:
        value = figure.day
    if figure.denominator:
        value = (figure.numerator, figure.denominator)
    return value, figure.unit, figure.qualifier


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("En 2031, 14 communes ont été couvertes.", [(14, "communes", "exact")]),
        ("Près de 90 participants, en 2031.", [(90, "participants", "nearly")]),
        ("Trente-cinq ménages relogés en 2031.", [(35, "ménages", "exact")]),
        ("Le SIAO reçoit environ 500 appels au 115 par jour.", [(500, "appels par jour", "around")]),
        (
            "1,5 ETP pour accompagner 12 ménages.",
            [(Decimal("1.5"), "ETP", "exact"), (12, "ménages", "exact")],
        ),
        ("Montant accordé : 2 770 euros.", [(2770, "€", "exact")]),
        ("Un plan de 100 millions d'euros.", [(100_000_000, "€", "exact")]),
        ("142 ménages logés, dont 35 en 2031.", [(142, "ménages", "exact"), (35, "ménages", "exact")]),
        ("177 adultes et 96 enfants.", [(177, "personnes", "exact"), (96, "personnes", "exact")]),
        (
            "Deux groupes de 14 et 18 professionnels.",
            [(2, "groupes", "exact"), (14, "professionnels", "exact"), (18, "professionnels", "exact")],
        ),
        ("Une attribution pour dix demandes.", [((1, 10), "ratio", "exact")]),
        ("La nuit a eu lieu le 24 mai 2031.", [(date(2031, 5, 24), "date", "exact")]),
        ("La 3e édition a réuni 40 bénévoles.", [(3, "rang", "exact"), (40, "bénévoles", "exact")]),
        ("Le quintuplement des aides.", [(5, "×", "exact")]),
        ("Rapport sur les besoins", [(1, "livrable", "exact")]),
        ("Organisation d'un atelier de travail", [(1, "événement", "exact")]),
        ("Axe 3, n° 12, les régulateurs 115, la loi du 27 juillet 2031.", []),
        ("Des réunions ont été tenues.", []),
    ],
)
def test_a_sentence_gives_its_figures(sentence, expected):
    assert [said(figure) for figure in figures_of(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "temporality", "starts_on", "ends_on"),
    [
        ("En 2031, 14 communes.", "flow", date(2031, 1, 1), date(2031, 12, 31)),
        ("14 communes ont été couvertes.", "flow", date(2031, 1, 1), date(2031, 12, 31)),
        ("Depuis novembre 2029, 14 communes.", "cumulative", date(2029, 11, 1), date(2031, 12, 31)),
        ("Sur la période 2028 à 2031, 14 communes.", "cumulative", date(2028, 1, 1), date(2031, 12, 31)),
        ("Au 31/12/2031, 14 communes.", "stock", None, date(2031, 12, 31)),
        ("14 communes en septembre 2031.", "flow", date(2031, 9, 1), date(2031, 9, 30)),
    ],
)
def test_a_figure_has_the_period_that_its_sentence_says(sentence, temporality, starts_on, ends_on):
    (figure,) = figures_of(sentence)

    assert (figure.temporality, figure.starts_on, figure.ends_on) == (temporality, starts_on, ends_on)


@pytest.mark.parametrize(
    ("sentence", "confidence", "reason"),
    [
        ("En 2031, 14 communes.", Confidence.SURE, ""),
        ("14 communes.", Confidence.LIKELY, "période"),
        ("En 2031, 71 % viennent de la rue.", Confidence.UNSURE, "part"),
        ("En 2031, moins de 14 communes.", Confidence.UNSURE, "maximum"),
        ("En 2040, 14 communes.", Confidence.LIKELY, "2040"),
        ("Un guide", Confidence.UNSURE, "nombre"),
    ],
)
def test_what_is_left_open_is_said(sentence, confidence, reason):
    (figure,) = figures_of(sentence)

    assert figure.confidence == confidence
    assert reason in figure.reason


def test_a_percentage_has_the_base_that_its_sentence_says():
    *_, figure = figures_of("En 2031, 355 ménages, dont 71 % ont été suivis.")

    assert (figure.number, figure.unit, figure.base) == (71, "%", "355 ménages")


def test_the_words_of_a_figure_are_where_it_says():
    for figure in understand(read(exported("docx"))).figures:
        assert figure.sentence.find(figure.words) >= 0
        assert figure.end >= figure.start


def counted(row):
    """(value, unit) of a line of the demonstration's catalogue: a share of persons is told in percent."""
    unit = fold(row["unite"].split(" ")[0])
    if row["date_valeur"]:
        return date.fromisoformat(row["date_valeur"]), unit
    if not row["numerateur"]:
        return Decimal(row["valeur"]), unit
    numerator, denominator = Decimal(row["numerateur"]), Decimal(row["denominateur"])
    return (share(numerator, denominator) if unit == "%" else (numerator, denominator)), unit


def test_the_figures_of_the_demonstration_are_proposed():
    """Of the 128 figures of its catalogue, in its own sentences: the value and the unit, each proposal once."""
    with figures.FILE.open(encoding="utf-8", newline="") as file:
        catalogue = [counted(row) for row in csv.DictReader(file, delimiter=";") if not row["blanc"]]
    proposed = Counter(
        (said(figure)[0], fold(figure.unit.split(" ")[0]))
        for figure in understand(read(exported("docx"))).figures
    )

    assert len(catalogue) == 128
    assert (Counter(catalogue) & proposed).total() >= 110
    assert proposed.total() <= 145  # and little else
