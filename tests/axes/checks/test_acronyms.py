import pytest

from axes.checks import Level
from axes.checks.acronyms import acronyms_never_expanded, acronyms_written_twice
from tests.axes.checks.dossiers import figure, texts


def never_expanded(*written):
    return [finding.sentence for finding in acronyms_never_expanded(texts(*written))]


@pytest.mark.parametrize(
    "text",
    [
        "L'appel à manifestation d'intérêt (AMI). L'AMI se termine.",
        "AMI (appel à manifestation d'intérêt)",
        "des baux à réhabilitation (BAR)",
        "le service intégré d'accueil et d'orientation (SIAO)",
        "la commission de coordination des actions de prévention des expulsions locatives (CCAPEX)",
        "le plan départemental d'action pour le logement et l'hébergement des personnes défavorisées (PDALHPD)",
        "Le XXIe siècle, en PDF",
        "RAPPORT DE LA MÉTROPOLE DE MONTPELLIER POUR L'ANNÉE",
        "le code A3-AB",
    ],
)
def test_acronyms_spelled_out_once_and_plain_words_raise_nothing(text):
    assert never_expanded(text) == []


def test_an_acronym_that_nothing_explains_is_told_once():
    assert never_expanded("Le SIAO reçoit.", "Le SIAO oriente (avec la CAF).") == [
        "« SIAO » n'est jamais accompagné de son nom entier.",
        "« CAF » n'est jamais accompagné de son nom entier.",
    ]


def test_a_bracket_with_other_words_explains_nothing():
    assert never_expanded("SIAO (trois salariés)") == ["« SIAO » n'est jamais accompagné de son nom entier."]


def twice(*written, figures=()):
    return [
        (finding.level, finding.sentence)
        for finding in acronyms_written_twice(texts(*written, figures=figures))
    ]


def test_letters_in_another_order_are_a_slip():
    found = twice("la plateforme ADLH", "la plateforme ADLH et la plateforme ALDH")

    assert found == [(Level.INFORMATION, "« ALDH » (1 fois) ressemble à « ADLH » (2 fois).")]


def test_a_letter_missing_from_a_long_one_is_a_slip():
    assert [level for level, _ in twice("le PDALHPD et le PDALPD, le PDALHPD")] == [Level.INFORMATION]


def test_the_labels_of_the_figures_say_which_is_usual():
    labels = [figure("A", 1, label="Plateforme ADLH"), figure("B", 1, label="Ménages de l'ADLH")]

    assert twice("ALDH", figures=labels) == [
        (Level.INFORMATION, "« ALDH » (1 fois) ressemble à « ADLH » (2 fois).")
    ]


def test_short_acronyms_that_look_alike_are_two():
    assert twice("AMI et AHI, CAF et FAC, FAS et FAQ") == []
