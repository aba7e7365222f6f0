import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.changes import changes
from logement.numbers import format_number, round_half_up
from tests.axes.checks.dossiers import texts

COUNTS = st.integers(1, 5_000)


def told(*written):
    return [(finding.level, finding.sentence) for finding in changes(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "Le nombre de places passe de 60 à 72, soit 12 places supplémentaires.",
        "48 ménages orientés contre 36 en 2022, soit une hausse de 33 %.",
        "Les appels passent de 500 à 450, en baisse de 10 %.",
        "Les délais passent de 3 à 5 mois, soit 40 ménages concernés.",
        "Des logements de 20 à 30 m², soit 12 logements.",
        "Les délais passent de 3 à 5 mois ; 40 ménages de plus sont concernés.",
        "environ 500 appels contre 400, soit une hausse de 20 %",
        "0 place contre 5 en 2022",
        "De 0 à 5 places, soit une hausse de 100 %",
    ],
)
def test_evolutions_that_hold_and_other_phrases_raise_nothing(text):
    assert told(text) == []


def test_the_calculation_is_written():
    assert told("48 ménages orientés contre 36 en 2022, soit une hausse de 25 %") == [
        (Level.ALERT, "De 36 à 48, l'écart est de 33\u00a0%, et non de 25\u00a0%.")
    ]
    assert told("Les places passent de 60 à 72, soit 10 places supplémentaires") == [
        (Level.ALERT, "De 60 à 72, l'écart est de 12\u00a0places, et non de 10\u00a0places.")
    ]


@settings(max_examples=50, deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 50))
def test_a_gap_is_found_wrong_exactly_when_it_is(before, now, error):
    gap, percent = abs(now - before), round_half_up(abs(now - before) * 100 / before)
    passed, against = (
        f"passe de {format_number(before)} à {format_number(now)}",
        "{} ménages contre {} auparavant",
    )
    against = against.format(format_number(now), format_number(before))

    assert told(f"Le nombre {passed}, soit {format_number(gap)} de plus.") == []
    assert told(f"{against}, soit une hausse de {format_number(percent)} %.") == []
    assert len(told(f"Le nombre {passed}, soit {format_number(gap + error)} de plus.")) == 1
    assert len(told(f"{against}, soit une baisse de {format_number(percent + error)} %.")) == 1
