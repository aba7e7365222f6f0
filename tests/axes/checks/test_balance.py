import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.balance import balance
from tests.axes.checks.dossiers import figure, texts, values

COUNTS = st.integers(0, 900)
SENTENCE = (
    "{} ménages suivis au 1er janvier 2023, {} entrées et {} sorties, {} ménages suivis au 31 décembre 2023."
)


def told(text):
    return [(finding.level, finding.sentence) for finding in balance(texts(text))]


def dossier(before, entries, exits, after, **fields):
    return values(
        figure(
            "S", after, label="Ménages suivis", temporality="stock", previous=figure("S", before), **fields
        ),
        figure("E", entries, label="Ménages entrés dans l'année"),
        figure("X", exits, label="Ménages sortis dans l'année"),
        figure("A", 5000, label="Ménages reçus dans l'année"),
    )


@settings(deadline=None)
@given(COUNTS, COUNTS, COUNTS, st.integers(1, 50))
def test_a_balance_in_the_values(before, entries, exits, error):
    after = before + entries - exits

    assert list(balance(dossier(before, entries, exits, after))) == []
    assert [f.level for f in balance(dossier(before, entries, exits, after + error))] == [Level.BLOCKING]


@settings(deadline=None)
@given(st.integers(100, 900), st.integers(2, 90), st.integers(2, 90), st.integers(1, 50))
def test_a_balance_in_a_sentence(before, entries, exits, error):
    after = before + entries - exits

    assert told(SENTENCE.format(before, entries, exits, after)) == []
    assert [level for level, _ in told(SENTENCE.format(before, entries, exits, after + error))] == [
        Level.BLOCKING
    ]


def test_the_calculation_is_written():
    assert told(SENTENCE.format(40, 35, 21, 60)) == [
        (Level.BLOCKING, "40 + 35 − 21 = 54, et non 60\u00a0ménages.")
    ]


@pytest.mark.parametrize("fields", [{"is_new_series": True}, {"qualifier": "around"}, {"unit": "personnes"}])
def test_a_stock_that_does_not_compare_is_left_alone(fields):
    assert list(balance(dossier(1, 1, 1, 99, **fields))) == []


@pytest.mark.parametrize(
    "text",
    [
        "40 ménages suivis au 1er janvier, 35 entrées et 21 sorties.",
        "35 entrées, 21 sorties, 60 ménages au 31 décembre.",
        "40 ménages au 1er janvier, 35 entrées puis 12 entrées, 21 sorties, 60 ménages au 31 décembre",
    ],
)
def test_a_balance_that_is_not_whole_is_left_alone(text):
    assert told(text) == []
