import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.capacity import capacity
from tests.axes.checks.dossiers import figure, texts, values

COUNTS = st.integers(2, 400)


def told(*written):
    return [(finding.level, finding.sentence) for finding in capacity(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "Le dispositif compte 60 mesures conventionnées dont 6 libres, soit 54 ménages accompagnés.",
        "60 places, dont 6 vacantes",
        "60 ménages sont accompagnés, dont 6 en bail glissant",
        "60 mesures conventionnées.\n5 associations, chacune conventionnée pour 1,5 ETP et 12 ménages",
        "5 associations accompagnent 12 ménages",
        "12 réunions par an, chaque semaine",
    ],
)
def test_places_that_hold_raise_nothing(text):
    assert told(text) == []


def test_free_places_are_not_among_households():
    ((level, sentence),) = told(
        "60 ménages sont accompagnés (dont 6 mesures libres)",
        "Financement de 5 associations conventionnées pour 12 ménages chacune",
    )

    assert level is Level.ALERT
    assert sentence == (
        "60\u00a0ménages dont 6 libres : une place libre n'est occupée par personne, 60 − 6 = 54. "
        "5\u00a0associations × 12\u00a0ménages = 60 : c'est le nombre de places."
    )


def test_places_that_are_not_so_many_each_are_an_alerte():
    ((level, sentence),) = told("64 mesures conventionnées", "5 associations, 12 ménages chacune")

    assert level is Level.ALERT
    assert sentence == "5\u00a0associations × 12\u00a0ménages = 60, et non 64\u00a0mesures."


@settings(deadline=None)
@given(COUNTS, st.data())
def test_places_less_the_free_ones(places, data):
    free = data.draw(st.integers(1, places - 1))
    text = "{} mesures dont {} libres, soit {} ménages accompagnés."

    assert told(text.format(places, free, places - free)) == []
    assert [level for level, _ in told(text.format(places, free, places - free + 1))] == [Level.BLOCKING]


def stock(places, free, followed):
    return values(
        figure("P", places, unit="mesures", kind="capacity", temporality="stock"),
        figure(
            "L", free, label="Mesures libres", unit="mesures", kind="capacity", temporality="stock", whole="P"
        ),
        figure("S", followed, label="Ménages accompagnés", temporality="stock"),
    )


@settings(deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 20))
def test_a_stock_of_households_against_the_places(followed, free, error):
    assert list(capacity(stock(followed + free, free, followed))) == []
    assert [finding.level for finding in capacity(stock(followed + free + error, free, followed))] == [
        Level.BLOCKING
    ]


@settings(deadline=None)
@given(COUNTS, COUNTS, st.integers(1, 20))
def test_so_many_each_against_the_places(holders, each, error):
    def dossier(places):
        return values(
            figure("P", places, unit="mesures", kind="capacity", temporality="stock"),
            figure("N", holders, unit="associations", kind="capacity", temporality="contracted"),
            figure(
                "M", each, kind="capacity", temporality="contracted", base="Par association conventionnée"
            ),
            figure(
                "T",
                3,
                unit="ETP",
                kind="capacity",
                temporality="contracted",
                base="Par association conventionnée",
            ),
        )

    assert list(capacity(dossier(holders * each))) == []
    assert [finding.level for finding in capacity(dossier(holders * each + error))] == [Level.ALERT]
