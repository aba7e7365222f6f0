import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.jumps import jumps
from logement.numbers import share
from tests.axes.checks.dossiers import figure, values


def levels(before, now, **fields):
    found = jumps(values(figure("F", now, previous=figure("F", before), **fields)))
    return [finding.level for finding in found]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (35, 40, []),
        (1, 3, []),
        (20, 39, []),
        (20, 40, [Level.INFORMATION]),
        (40, 20, [Level.INFORMATION]),
        (20, 60, [Level.ALERT]),
        (60, 20, [Level.ALERT]),
        (0, 9, []),
        (0, 10, [Level.ALERT]),
    ],
)
def test_a_jump_is_told_by_its_size(before, now, expected):
    assert levels(before, now) == expected


@pytest.mark.parametrize(
    "fields",
    [{"is_new_series": True}, {"is_partial": True}, {"qualifier": "around"}, {"temporality": "cumulative"}],
)
def test_values_that_do_not_compare_are_left_alone(fields):
    assert levels(10, 100, **fields) == []


def test_shares_jump_by_points():
    def found(now):
        rate = {"unit": "%", "kind": "rate", "denominator": 100}
        return [
            f.sentence
            for f in jumps(
                values(figure("R", numerator=now, previous=figure("R", numerator=40, **rate), **rate))
            )
        ]

    assert found(69) == []
    assert found(70) == [
        "« Libellé de R » : 40\u00a0% l'an dernier, 70\u00a0% cette année (30 points d'écart)."
    ]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5_000), st.integers(1, 9))
def test_a_jump_is_found_exactly_from_a_doubling_and_an_alerte_from_three_times(before, growth):
    far = max(growth * before, 10)

    assert levels(before, before + min(before - 1, 9)) == []
    assert [*levels(before, before + far), *levels(before + far, before)] == [
        Level.ALERT if before + far >= 3 * before else Level.INFORMATION
    ] * 2


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_two_shares_jump_exactly_by_the_points_that_print(before, now):
    rate = {"unit": "%", "kind": "rate", "denominator": 200}
    points = abs(share(now, 200) - share(before, 200))

    found = list(
        jumps(values(figure("R", numerator=now, previous=figure("R", numerator=before, **rate), **rate)))
    )

    assert len(found) == (points >= 30)
