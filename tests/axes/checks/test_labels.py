from axes.checks import Dossier, Level, Passage
from axes.checks.labels import labels
from tests.axes.checks.dossiers import place


def told(*written):
    passages = tuple(Passage(place(), text, is_title=not rank) for rank, text in enumerate(written))
    return [(finding.level, finding.sentence) for finding in labels(Dossier(2023, (), passages))]


def test_a_label_with_two_prepositions_is_an_information():
    found = told(
        "Assurer un pilotage ancré dans le territoire",
        "Les axes :\nAxe 5 : Assurer un pilotage ancré sur le territoire\nUne suite.",
    )

    words = (
        "Le même intitulé est écrit de deux façons : « Assurer un pilotage ancré dans le territoire » et "
        "« Assurer un pilotage ancré sur le territoire »."
    )
    assert found == [(Level.INFORMATION, words)]


def test_accents_capitals_and_bullets_are_no_second_way():
    assert told("État de la réalisation annuelle", "- Etat de la Réalisation annuelle.") == []


def test_other_words_make_other_labels():
    assert (
        told("Assurer un pilotage ancré dans le territoire", "Assurer un pilotage ancré dans le temps") == []
    )
    assert told("Bilan de l'année", "Bilan d'une année") == []
