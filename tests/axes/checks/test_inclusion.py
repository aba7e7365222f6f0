import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.inclusion import inclusion
from logement.numbers import format_number
from tests.axes.checks.dossiers import figure, texts, values

COUNTS = st.integers(0, 5_000)


def told(*written):
    return [(finding.level, finding.sentence) for finding in inclusion(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "142 ménages ont intégré un logement, dont 35 en 2023",
        "40 attributions ont abouti, dont 11 dont le bail a glissé",
        "8 logements, dont 4 aux plafonds Loc 3 et 4 aux plafonds PLAI",
        "60 ménages (dont 6 mesures libres)",
        "12 réunions avec 3 associations, dont 5 à Montpellier",
        "environ 30 ménages, dont 35 en 2023",
        "273 personnes, parmi lesquelles 56 sont entrées en 2023",
        "Une action dont 3 partenaires assurent le suivi de 12 ménages",
    ],
)
def test_parts_within_their_whole_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("35 ménages ont été relogés, dont 142 en 2023", Level.BLOCKING),
        ("35 ménages, dont trente-six en 2023", Level.BLOCKING),
        ("45 000 € pour 12 ménages, dont 50 000 € de personnel", Level.BLOCKING),
        ("45 000 € pour 12 ménages, dont 15 familles", Level.ALERT),
        ("56 personnes, parmi lesquelles 60 en 2023", Level.BLOCKING),
        ("8 logements, dont 4 en Loc 3 et 5 en PLAI", Level.ALERT),
        ("5 ménages, dont 9 adultes", Level.ALERT),
    ],
)
def test_a_part_beyond_its_whole_is_found(text, level):
    assert [found for found, _ in told(text)] == [level]


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_a_part_and_its_whole(part, more):
    held = values(figure("T", part + more), figure("P", part, whole="T"))
    beyond = values(figure("T", part), figure("P", part + more + 1, whole="T"))

    assert list(inclusion(held)) == []
    assert [finding.level for finding in inclusion(beyond)] == [Level.BLOCKING]
    assert told(f"{part + more} ménages, dont {part} en 2023") == []
    beyond = told(f"{format_number(part)} ménages, dont {format_number(part + more + 1)} en 2023")
    assert [level for level, _ in beyond] == [Level.BLOCKING]


def test_a_part_in_another_unit_is_an_alerte():
    dossier = values(figure("T", 40, unit="attributions"), figure("P", 41, unit="baux", whole="T"))

    assert [finding.level for finding in inclusion(dossier)] == [Level.ALERT]


def test_a_flow_beyond_its_cumul_is_blocking_and_told_once():
    cumul = figure("C", 10, temporality="cumulative", flow="F")

    assert len(list(inclusion(values(cumul, figure("F", 11))))) == 1
    assert len(list(inclusion(values(cumul, figure("F", 11, whole="C"))))) == 1
    assert list(inclusion(values(cumul, figure("F", 10)))) == []


@pytest.mark.parametrize("whole", [{"qualifier": "around"}, {"qualifier": "at_least"}, {"is_partial": True}])
def test_a_rough_whole_is_no_limit(whole):
    assert list(inclusion(values(figure("T", 10, **whole), figure("P", 11, whole="T")))) == []


def test_a_rate_above_one_asks_whether_the_numbers_are_reversed():
    (finding,) = inclusion(values(figure("R", kind="rate", unit="%", numerator=56, denominator=40)))

    assert finding.sentence == "« Libellé de R » : le numérateur dépasse le dénominateur, 56 > 40."
    assert list(inclusion(values(figure("R", kind="rate", unit="%", numerator=40, denominator=40)))) == []
