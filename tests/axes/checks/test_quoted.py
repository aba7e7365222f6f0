import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.quoted import quoted_twice
from tests.axes.checks.dossiers import figure, texts, values

VOLUNTEERS = figure(
    "V", 194, label="Enquêteurs bénévoles formés à la Nuit de la solidarité", unit="enquêteurs"
)


def told(*written, figures=()):
    return [(finding.level, finding.sentence) for finding in quoted_twice(texts(*written, figures=figures))]


def test_two_numbers_for_one_thing_are_an_alerte():
    found = told(
        "L'enquête compte 2 794 personnes sans domicile dans la Métropole",
        "Au moins 2 749 personnes sans domicile dans la Métropole, selon l'enquête",
    )

    assert found == [
        (
            Level.ALERT,
            "Deux nombres pour la même chose : 2\u202f794\u00a0personnes ici, 2\u202f749\u00a0personnes là.",
        )
    ]


@pytest.mark.parametrize(
    "other",
    [
        "Au moins 2 794 personnes sans domicile dans la Métropole",
        "2 749 personnes sans domicile dans la Ville",
        "environ 2 800 personnes sans domicile dans la Métropole",
        "2 749 personnes sans domicile dans la Métropole en 2021",
        "2 749 adultes sans domicile dans la Métropole",
        "2 749 personnes",
    ],
)
def test_other_things_have_other_numbers(other):
    assert told("au moins 2 794 personnes sans domicile dans la Métropole", other) == []


def test_a_great_number_mistyped_is_found_by_a_single_word():
    said = "Au moins 2 794 personnes étaient sans domicile"

    assert [level for level, _ in told(said, "Au moins 2 749 personnes sans domicile")] == [Level.ALERT]
    assert told(said, "Au moins 2 794 personnes sans domicile") == []
    assert told(said, "Au moins 1 200 personnes sans domicile") == []
    assert told("279 personnes étaient sans domicile", "274 personnes sans domicile") == []


def test_one_passage_may_count_the_same_words_twice():
    assert told("12 ménages relogés dans le parc public, 5 ménages relogés dans le parc privé") == []


def test_a_text_that_contradicts_the_indicator_is_an_alerte():
    ((level, sentence),) = told(
        "149 enquêteurs bénévoles ont été formés pour la Nuit de la solidarité", figures=[VOLUNTEERS]
    )

    assert level is Level.ALERT
    assert sentence == (
        "Le texte dit 149\u00a0enquêteurs, l'indicateur « Enquêteurs bénévoles formés à la Nuit de la solidarité » "
        "194\u00a0enquêteurs."
    )


@pytest.mark.parametrize(
    "text",
    [
        "194 enquêteurs bénévoles ont été formés pour la Nuit de la solidarité",
        "149 enquêteurs ont remis un questionnaire",
        "149 communes et des enquêteurs bénévoles formés pour la Nuit de la solidarité",
        "Sur 200 enquêteurs bénévoles de la Nuit de la solidarité, 194 enquêteurs formés",
    ],
)
def test_a_text_that_says_the_value_or_something_else_raises_nothing(text):
    assert told(text, figures=[VOLUNTEERS]) == []


def test_two_indicators_of_one_name_in_an_action_have_one_value():
    one, two = (
        figure("A", 5, label="Associations conventionnées"),
        figure("B", 6, label="Associations conventionnées"),
    )

    assert [finding.level for finding in quoted_twice(values(one, two))] == [Level.ALERT]
    assert (
        list(quoted_twice(values(one, figure("B", 6, label="Associations conventionnées", action="autre"))))
        == []
    )
    assert list(quoted_twice(values(one, figure("B", 5, label="Associations conventionnées")))) == []


@settings(max_examples=50, deadline=None)
@given(st.integers(20, 9_000), st.integers(1, 500))
def test_two_numbers_for_one_thing_are_found_exactly_when_they_differ(count, error):
    first, second = (
        "{} ménages relogés dans le parc public",
        "Au total, {} ménages relogés dans le parc public.",
    )

    assert told(first.format(count), second.format(count)) == []
    assert [level for level, _ in told(first.format(count), second.format(count + error))] == [Level.ALERT]
