from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from axes import linking
from axes.models import TextBlock
from axes.models.quantity import Qualifier
from axes.passage import linked, passage_of
from axes.workflow import record_entry
from logement.locking import Conflict
from logement.richtext import from_markup, to_html
from tests.factories import (
    ActionFactory,
    BlockFactory,
    IndicatorFactory,
    LineFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def lead(db):
    return UserFactory()


@pytest.fixture
def action(year):
    return ActionFactory(axis__agreement=year.agreement)


@pytest.fixture
def figure(year, action, lead):
    """`figure(code, label, unit, number=35)`: an indicator of the action with its value."""

    def figure(code, label="Ménages", unit="ménages", *, of=action, **value):
        indicator = IndicatorFactory(territory=year.territory, action=of, code=code, label=label, unit=unit)
        period = {"starts_on": None, "ends_on": value["day"]} if "day" in value else PERIOD
        record_entry(indicator=indicator, year=year, by=lead, **value, **period)
        return indicator

    return figure


@pytest.fixture
def cell(year, action):
    """`cell(markup)`: the text of a cell of the action."""
    line = LineFactory(year=year, action=action)

    def cell(markup):
        TextBlock.objects.filter(line=line).delete()
        return TextBlockFactory(cell=True, line=line, content=to_html(from_markup(markup)))

    return cell


def offered(year):
    """[(words, [reference of each candidate], whether it is plain)], of the only text of the exercise."""
    [(_, numbers)] = linking.unlinked(year) or [(None, ())]
    return [
        (number.words, [str(candidate.reference) for candidate in number.candidates], number.is_plain)
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("value", "markup", "words", "reference"),
    [
        ({"number": Decimal(35)}, "Soit 35 ménages.", "35", "A1"),
        ({"number": Decimal(35)}, "Soit trente-cinq ménages.", "trente-cinq", "A1, lettres"),
        ({"number": Decimal(34500)}, "Soit 34 500 ménages.", "34 500", "A1"),
        ({"number": Decimal(34500)}, "Soit 34\u202f500\u00a0ménages.", "34 500", "A1"),
        ({"number": Decimal("5.8")}, "Soit 5,8 mois.", "5,8", "A1"),
        (
            {"number": Decimal(500), "qualifier": Qualifier.AROUND},
            "environ 500 appels",
            "environ 500",
            "A1, précision",
        ),
        ({"number": Decimal(500), "qualifier": Qualifier.AROUND}, "Environ 500 appels", "500", "A1"),
        ({"number": Decimal(500), "qualifier": Qualifier.AROUND}, "les 500 appels", "500", "A1"),
        ({"number": Decimal(500)}, "environ 500 appels", "500", "A1"),
        ({"number": Decimal(35)}, "Un mot.[[note: Dont 35 ménages.]]", "35", "A1"),
        ({"number": Decimal(35)}, "Soit **35** ménages.", "35", "A1"),
    ],
)
def test_a_number_is_offered_the_figure_that_prints_the_same_words(
    year, figure, cell, value, markup, words, reference
):
    figure("A1", **value)
    cell(markup)

    assert [(found, references) for found, references, _ in offered(year)] == [(words, [reference])]


@pytest.mark.parametrize(
    "markup",
    ["Soit 36 ménages.", "Soit Trente-cinq ménages.", "Soit **3**5 ménages.", "Soit 35,0 ménages."],
)
def test_a_number_that_no_figure_prints_so_is_listed_and_offered_none(year, figure, cell, markup):
    figure("A1", number=Decimal(35))
    cell(markup)

    assert [references for _, references, _ in offered(year)] == [[]]


@pytest.mark.parametrize(
    "markup",
    [
        "En 2023, puis de 2018 à 2023.",
        "La loi du 27 juillet 2023.",
        "L'axe 3, le n° 5, le 115.",
        "La 3^{e} édition, le 7e plan.",
        "Un mot sans nombre.",
        "[[chiffre: A1 | 35]] ménages.",
    ],
)
def test_years_dates_ranks_names_and_figures_are_no_numbers_to_link(year, figure, cell, markup):
    figure("A1", number=Decimal(35))
    cell(markup)

    assert offered(year) == []


def test_money_is_linked_without_its_sign_where_the_sentence_says_euros(year, figure, cell):
    figure("A1", "Montant", "€", number=Decimal(2770))
    cell("Soit 2 770 euros, ou 2 770 €.")

    assert [(words, references) for words, references, _ in offered(year)] == [
        ("2 770", ["A1, nombre"]),
        ("2 770 €", ["A1"]),
    ]


def test_the_precision_of_a_share_stays_a_word_of_the_sentence(year, figure, cell):
    share = {"numerator": Decimal(96), "denominator": Decimal(100), "qualifier": Qualifier.NEARLY}
    figure("A1", "Occupation", "%", number=None, **share)
    cell("Occupé à près de 96 %.")

    assert [(words, references) for words, references, _ in offered(year)] == [("96 %", ["A1"])]


def test_a_day_is_offered_its_figure_and_never_listed_alone(year, figure, cell):
    figure("A1", "Fermeture", "date", day=date(2023, 5, 24))
    cell("Le 24 mai 2023, après le 23 mai 2023.")

    assert offered(year) == [("24 mai 2023", ["A1"], True)]


def test_a_figure_of_another_action_or_still_awaited_is_not_offered(year, figure, cell):
    figure("A1", number=Decimal(35), of=ActionFactory(axis__agreement=year.agreement))
    figure("A2", number=Decimal(35), of=None)
    IndicatorFactory(territory=year.territory, code="A3", action=None)
    cell("Soit 35 ménages.")

    assert offered(year) == [("35", [], False)]


def test_a_chapter_is_offered_the_figures_of_no_action(year, figure):
    figure("A1", number=Decimal(35))
    figure("C1", number=Decimal(35), of=None)
    TextBlockFactory(block=BlockFactory(chapter__year=year), content="<p>Soit 35 ménages.</p>")

    assert offered(year) == [("35", ["C1"], True)]


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("Soit 3 sessions.", ["A1"]),
        ("Soit 3 heures de module.", ["A2"]),
        ("Soit 3 choses.", []),
        ("Les 3 autres sessions.", []),
    ],
)
def test_the_figure_that_counts_the_same_thing_comes_first_and_is_plain(year, figure, cell, markup, plain):
    figure("A1", "Sessions tenues", "sessions", number=Decimal(3))
    figure("A2", "Durée du module", "heures", number=Decimal(3))
    cell(markup)
    [(_, references, is_plain)] = offered(year)

    assert len(references) == 2
    assert (references[:1] if is_plain else []) == plain


def test_the_words_after_the_number_tell_two_figures_of_one_unit(year, figure, cell):
    figure("A1", "Logements aux plafonds Anah", "logements", number=Decimal(4))
    figure("A2", "Logements aux plafonds PLAI", "logements", number=Decimal(4))
    cell("Dont 4 aux plafonds Anah et 4 aux plafonds PLAI, 4 en tout.")

    assert [(references[0], is_plain) for _, references, is_plain in offered(year)] == [
        ("A1", True),
        ("A2", True),
        ("A1", False),
    ]


def test_a_linked_number_keeps_its_marks_its_neighbours_and_its_words(year, figure, cell, lead):
    figure("A1", number=Decimal(34500))
    text = cell("Soit **34 500** ménages, oui *34 500*.\n- 34 500[[note: et 34 500 encore]]")
    [(_, numbers)] = linking.proposals(year)

    text = linking.link(text=text, version=1, wanted={number.start: "A1" for number in numbers}, by=lead)

    cited = '<span data-ref="A1">34\u202f500</span>'
    assert text.content == (
        f"<p>Soit <strong>{cited}</strong> ménages, oui <em>{cited}</em>.</p>"
        f'<ul><li><p>{cited}<span data-note="et [[chiffre: A1 | 34\u202f500]] encore"></span></p></li></ul>'
    )
    assert text.citations.count() == 1
    assert linking.unlinked(year) == []


@pytest.mark.parametrize("wanted", [{}, {0: "A1"}, {5: "A1, lettres"}, {5: "A2"}])
def test_what_is_not_offered_is_not_linked(year, figure, cell, lead, wanted):
    figure("A1", number=Decimal(35))
    text = cell("Soit 35 ménages.")

    with pytest.raises(ValidationError, match="relisez le texte"):
        linking.link(text=text, version=1, wanted=wanted, by=lead)


def test_a_text_that_changed_meanwhile_is_a_conflict(year, figure, cell, lead):
    figure("A1", number=Decimal(35))
    text = cell("Soit 35 ménages.")
    TextBlock.objects.filter(pk=text.pk).update(version=2)
    for read in (text, TextBlock.objects.get(pk=text.pk)):
        with pytest.raises(Conflict):
            linking.link(text=read, version=1, wanted={5: "A1"}, by=lead)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(year, lead, rows, django_assert_num_queries):
    for rank in range(rows):
        line = LineFactory(year=year, action=ActionFactory(axis__agreement=year.agreement))
        indicator = IndicatorFactory(territory=year.territory, action=line.action, unit="places")
        record_entry(indicator=indicator, year=year, by=lead, number=Decimal(30 + rank), **PERIOD)
        TextBlockFactory(cell=True, line=line, content=f"<p>{30 + rank} places, 7 lits</p>")

    with django_assert_num_queries(4):
        found = linking.unlinked(year)
    assert [[len(number.candidates) for number in numbers] for _, numbers in found] == [[1, 0]] * rows


def test_positions_are_those_of_the_words_whatever_the_length():
    blocks = from_markup("\n\n".join(f"Mot {rank}[[note: note {rank}]]" for rank in range(300)))
    passage = passage_of(blocks)

    assert [passage.text[number.start : number.end] for _, number in passage.typed][:4] == [
        "0",
        "0",
        "1",
        "1",
    ]
    assert linked(to_html(blocks), {}) == to_html(blocks)
