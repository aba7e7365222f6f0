import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from axes.checks import Level
from axes.checks.enumeration import enumeration
from tests.axes.checks.dossiers import texts


def told(text):
    return [(finding.level, finding.sentence) for finding in enumeration(texts(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Le plan a trois orientations : produire, accéder et participer.",
        "Le plan s'articule autour de cinq axes :\nAxe 1 : A\nAxe 2 : B\nAxe 3 : C\nAxe 4 : D\nAxe 5 : E\nUne suite.",
        "Trois orientations :\n1- produire\n2- accéder\n3- participer",
        "Deux orientations :\n- produire. Vraiment.\n- accéder",
        "Trois natures de dépense : les impayés, l'ameublement et des nuits d'hôtel réglées en urgence, pour travaux",
        "Deux volets : restitution et débat, formation et suivi.",
        "8 logements loués : 4 en Loc 3 et 4 en PLAI",
        "3 réunions avec les opérateurs, pour présenter le numéro : elles ont porté sur A et B",
        "Quatre partenaires : notamment la CAF et le CCAS",
        "Deux ateliers (A, B, C) : santé",
        "Organisation de 5 rencontres :",
        "En 2023 : a, b et c",
        "environ trois orientations : a et b",
        "111 ménages : a, b et c",
    ],
)
def test_lists_that_hold_what_they_announce_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "announced", "counted"),
    [
        ("Le plan a trois orientations : produire et accéder.", "3\u00a0orientations", "2"),
        ("Le plan a deux orientations : produire, accéder et participer.", "2\u00a0orientations", "3"),
        ("Deux orientations : la rue, l'hôtel et la veille, les soins", "2\u00a0orientations", "de 3 à 4"),
        ("Cinq axes :\nAxe 1 : A\nAxe 2 : B", "5\u00a0axes", "2"),
        ("Trois orientations :\n- a\n- b\n- c\n- d\nUne suite.", "3\u00a0orientations", "4"),
        ("Trois volets : la rue ; l'hôtel", "3\u00a0volets", "2"),
    ],
)
def test_lists_that_hold_more_or_less_are_an_alerte(text, announced, counted):
    sentence = f"« {announced} » sont annoncés, la liste en compte {counted}."

    assert told(text) == [(Level.ALERT, sentence)]


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(1, 5), st.booleans())
def test_a_list_is_found_wrong_exactly_when_its_number_is(items, error, is_written_below):
    names = [f"volet {'bcdefghijklmn'[rank]}" for rank in range(items)]
    listed = (
        f" {', '.join(names[:-1])} et {names[-1]}."
        if not is_written_below
        else "".join(f"\n- {n}" for n in names)
    )

    assert told(f"Le plan a {num2words(items, lang='fr')} volets :{listed}") == []
    assert [level for level, _ in told(f"Le plan a {items + error} volets :{listed}")] == [Level.ALERT]
