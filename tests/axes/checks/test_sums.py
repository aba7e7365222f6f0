from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.sums import sums
from logement.numbers import format_number
from tests.axes.checks.dossiers import figure, texts, values

COUNTS = st.integers(1, 5_000)


def told(*written):
    return [(finding.level, finding.sentence) for finding in sums(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "On compte 273 personnes, soit 96 enfants et 177 adultes – dont 56 cette année (11 enfants et 45 adultes)",
        "177 adultes et 96 enfants, soit 273 personnes",
        "Ces 142 ménages réunissent 273 personnes (177 adultes et 96 enfants).",
        "142 ménages (177 adultes et 96 enfants)",
        "5 réunions (12 participants et 15 participants)",
        "environ 270 personnes, soit 177 adultes et 96 enfants",
        "5 associations et 60 places, soit 12 places par association",
        "273 personnes, soit 177 adultes, dont 80 femmes, et 96 enfants",
        "35 ménages, soit 56 personnes",
        "60 000 €, 35 000 € de salaires et 30 000 € d'achats, soit 65 000 €",
    ],
)
def test_sums_that_hold_and_other_phrases_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("273 personnes, soit 177 adultes et 97 enfants", "177 + 97 = 274, et non 273\u00a0personnes."),
        ("56 personnes en 2023 (45 adultes et 12 enfants)", "45 + 12 = 57, et non 56\u00a0personnes."),
        ("177 adultes et 96 enfants, soit 274 personnes", "177 + 96 = 273, et non 274\u00a0personnes."),
        (
            "dix ménages (trois ménages à la rue et six ménages hébergés)",
            "3 + 6 = 9, et non 10\u00a0ménages.",
        ),
    ],
)
def test_a_wrong_sum_is_blocking_and_shows_its_calculation(text, sentence):
    assert told(text) == [(Level.BLOCKING, sentence)]


def pair(adults, children, whole, **fields):
    return values(
        figure("T", whole, label="Personnes entrées", unit="personnes"),
        figure("A", adults, label="Adultes entrés", unit="personnes", whole="T", **fields),
        figure("E", children, label="Enfants entrés", unit="personnes", whole="T", **fields),
    )


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_adults_and_children_that_make_the_persons_raise_nothing(adults, children):
    assert list(sums(pair(adults, children, adults + children))) == []
    assert told(f"{adults + children} personnes, soit {adults} adultes et {children} enfants") == []


@settings(deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 500))
def test_an_error_planted_in_a_sum_is_found(adults, children, error):
    (finding,) = sums(pair(adults, children, adults + children + error))

    assert finding.level is Level.BLOCKING
    assert len(
        told(f"{adults + children + error} personnes ({adults + 1} adultes et {children} enfants)")
    ) == (error != 1)


@pytest.mark.parametrize(
    "fields",
    [{"temporality": "cumulative"}, {"qualifier": "around"}, {"is_partial": True}],
)
def test_parts_that_do_not_compare_with_the_whole_are_left_alone(fields):
    assert list(sums(pair(10, 10, 30, **fields))) == []


def test_the_key_of_a_finding_changes_with_its_numbers_only():
    first, same, other = (
        next(sums(pair(*numbers))).key for numbers in [(1, 2, 4), (Decimal("1.0"), 2, 4), (1, 2, 5)]
    )

    assert first == same != other


@settings(max_examples=50, deadline=None)
@given(st.integers(60, 5_000), COUNTS, st.integers(1, 50))
def test_a_pair_that_leaves_nobody_out_makes_its_whole(adults, children, error):
    whole = adults + children
    pair = f"{format_number(adults)} adultes et {format_number(children)} enfants"

    assert told(f"{format_number(whole)} personnes, dont {pair}.") == []
    short = told(f"{format_number(whole - error)} personnes, dont {pair}.")
    assert [level for level, _ in short] == [Level.BLOCKING]
