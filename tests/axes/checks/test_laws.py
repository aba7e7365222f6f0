import pytest

from axes.checks import Level
from axes.checks.laws import LAWS, laws
from tests.axes.checks.dossiers import texts


def told(*written):
    return [(finding.level, finding.sentence) for finding in laws(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "la loi n° 2023-668 du 27 juillet 2023 abrège la procédure d'expulsion",
        "La loi du 27 juillet 2023 abrège la procédure d'expulsion",
        "la loi du 14 juillet 2023 sur les douanes",
        "la loi du 6 juillet 1989",
        "la loi ALUR",
        "la loi de finances pour 2023",
        "La loi est appliquée. La réunion a eu lieu le 23 juillet 2023.",
    ],
)
def test_laws_that_are_dated_right_or_unknown_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "la loi n° 2023-668 du 23 juillet 2023",
        "Depuis la loi du 23 juillet 2023, une expulsion va plus vite",
        "loi 2023-668 du 27 juin 2022 visant l'occupation illicite",
    ],
)
def test_a_law_with_the_date_of_another_day_is_an_alerte(text):
    ((level, sentence),) = told(text)

    assert level is Level.ALERT
    assert sentence.startswith(
        "La loi n° 2023-668 (protection des logements contre l'occupation illicite) est du 27 juillet 2023, et non du "
    )


def test_one_number_has_one_date():
    found = told("la loi n° 2019-1 du 3 janvier 2019", "la loi n° 2019-1 du 4 janvier 2019")

    assert found == [(Level.ALERT, "La loi n° 2019-1 est datée du 3 janvier 2019 et du 4 janvier 2019.")]


def test_the_table_holds_each_law_once_and_its_number_begins_with_its_year():
    assert len({law.number for law in LAWS}) == len(LAWS)
    for law in LAWS:
        assert str(law.day.year).endswith(law.number.partition("-")[0])
