import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.cumuls import cumuls
from tests.axes.checks.dossiers import figure, values

COUNTS = st.integers(0, 5_000)


def dossier(before, flow, cumul, **fields):
    before = figure("C", before)
    return values(
        figure("C", cumul, temporality="cumulative", flow="F", previous=before, **fields), figure("F", flow)
    )


@settings(deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 50))
def test_a_cumul_is_the_one_before_and_the_flow(before, flow, error):
    assert list(cumuls(dossier(before, flow, before + flow))) == []
    assert [finding.level for finding in cumuls(dossier(before, flow, before + flow + error))] == [
        Level.ALERT
    ]


def test_the_calculation_is_written():
    (finding,) = cumuls(dossier(107, 35, 143))

    assert finding.sentence == "« Libellé de C » : 107 l'an dernier + 35 cette année = 142, et non 143."


@pytest.mark.parametrize("fields", [{"is_new_series": True}, {"qualifier": "at_least"}, {"is_partial": True}])
def test_a_break_or_a_rough_cumul_is_left_alone(fields):
    assert list(cumuls(dossier(107, 35, 143, **fields))) == []


def test_a_cumul_never_falls():
    falling = figure("C", 10, temporality="cumulative", previous=figure("C", 11))

    assert [finding.sentence for finding in cumuls(values(falling))] == [
        "« Libellé de C » est un cumul et baisse : 11 l'an dernier, 10 cette année."
    ]
    assert list(cumuls(values(figure("C", 11, temporality="cumulative", previous=figure("C", 11))))) == []
