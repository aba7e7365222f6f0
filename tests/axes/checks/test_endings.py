import pytest

from axes.checks import Level
from axes.checks.endings import endings
from tests.axes.checks.dossiers import figure, texts


def told(*written, figures=()):
    return [(finding.level, finding.sentence) for finding in endings(texts(*written, figures=figures))]


def test_a_singular_name_with_and_without_its_s_is_an_information():
    found = told("Un fond de sécurisation", "La demande adressée au fonds de sécurisation")

    assert found == [
        (
            Level.INFORMATION,
            "Le même nom est écrit de deux façons : « fond de sécurisation » et « fonds de sécurisation ».",
        )
    ]


def test_the_labels_of_the_figures_count_as_well():
    label = figure("F", 5, label="Demandes adressées au fonds d'aide")

    assert [level for level, _ in told("Un fond d'aide", figures=[label])] == [Level.INFORMATION]


def test_money_without_its_s_is_an_information_even_written_so_throughout():
    found = told("Un fond de sécurisation", "Cinq demandes au fond de sécurisation", "les fonds propres")

    assert found == [
        (
            Level.INFORMATION,
            "« fond de sécurisation » : de l'argent mis de côté s'écrit « fonds », avec un s même au singulier.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "un fond de vérité, le fond du dossier, au fond de la cour, un fond d'écran",
        "une réunion de travail, les réunions de travail, des réunions de travail",
        "le fonds de sécurisation et un fonds de sécurisation",
        "le fond de la salle, le fonds de sécurisation",
    ],
)
def test_plurals_and_other_names_raise_nothing(text):
    assert told(text) == []
