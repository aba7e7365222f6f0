from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from axes import staleness
from axes.citations import Reference, UnknownFigure
from axes.models import Citation, TextBlock
from axes.models.quantity import Qualifier
from axes.periods import Period
from axes.values import Coverage, Value
from axes.workflow import record_entry, save_text
from tests.factories import BlockFactory, IndicatorFactory, UserFactory, YearFactory

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def lead(db):
    return UserFactory()


@pytest.fixture
def households(year, lead):
    indicator = IndicatorFactory(territory=year.territory, code="A3-06", unit="ménages")
    record_entry(indicator=indicator, year=year, number=Decimal(35), by=lead, **PERIOD)
    return indicator


@pytest.fixture
def write(year, lead):
    """`write(html)`: a text of the exercise, as saved; `write(html, text)`: the same text again."""
    block = BlockFactory(chapter__year=year)

    def write(html, text=None):
        text = text or TextBlock(year=year, block=block, version=0)
        return save_text(text=text, version=text.version, content=html, by=lead)

    return write


@pytest.fixture
def correct(year, lead):
    def correct(indicator, number):
        entry = indicator.entries.current().get(year=year)
        record_entry(
            indicator=indicator, year=year, number=number, by=lead, corrects=entry, reason="Relu", **PERIOD
        )

    return correct


def value(number=None, unit="ménages", **fields):
    return Value(unit=unit, period=Period.of_year(2023), number=number and Decimal(number), **fields)


@pytest.mark.parametrize(
    ("ref", "of", "words"),
    [
        ("A", value(34500), "34\u202f500"),
        ("A, lettres", value(35), "trente-cinq"),
        ("A, lettres, unité", value(5), "cinq\u00a0ménages"),
        ("A, lettres, féminin", value(21), "vingt et une"),
        ("A, lettres", value("5.8"), "5,8"),
        ("A, lettres", value(3, "rang"), "troisième"),
        ("A", value(1, "rang"), "1er"),
        ("A", value(3, "rang"), "3e"),
        ("A", value(2770, "€"), "2\u202f770\u00a0€"),
        ("A, nombre", value(2770, "€"), "2\u202f770"),
        (
            "A, lettres, nombre",
            value(unit="%", numerator=Decimal(40), denominator=Decimal(56)),
            "soixante et onze",
        ),
        ("A, lettres", value(75, "%"), "soixante-quinze\u00a0pour cent"),
        ("A, unité", value(1), "1\u00a0ménage"),
        ("A", value(500, qualifier=Qualifier.AROUND), "500"),
        ("A, précision", value(500, qualifier=Qualifier.AROUND), "environ 500"),
        ("A", value(unit="%", numerator=Decimal(40), denominator=Decimal(56)), "71\u00a0%"),
        ("A, base", value(unit="%", numerator=Decimal(1), denominator=Decimal(8)), "13\u00a0% (1 sur 8)"),
        ("A", value(unit="attribution", numerator=Decimal(1), denominator=Decimal(10)), "1 sur 10"),
        ("A", value(day=date(2023, 5, 24)), "24\u00a0mai 2023"),
        ("A, lettres", value(blank="pending"), "pas encore reçu"),
        ("A", value(0), "0"),
        (
            "A",
            value(54, coverage=Coverage(4, 5)),
            "54 (total partiel : 4\u00a0associations sur 5 ont répondu)",
        ),
    ],
)
def test_words(ref, of, words):
    assert Reference.read(ref).words(of).replace("\u00a0", " ") == words.replace("\u00a0", " ")


def test_a_reference_is_written_one_way():
    assert str(Reference.read(" A3-06 ,base,  lettres, 2022")) == "A3-06, 2022, lettres, base"


def test_a_form_that_does_not_exist_is_named():
    with pytest.raises(UnknownFigure, match="« majuscules » n'est ni un exercice ni une forme"):
        Reference.read("A3-06, majuscules")


def test_a_saved_text_holds_the_words_and_cites_the_figure(write, households, year):
    text = write('<p>Soit <span data-ref="A3-06,lettres">mille</span> ménages.</p>')

    assert text.content == '<p>Soit <span data-ref="A3-06, lettres">trente-cinq</span> ménages.</p>'
    assert list(text.citations.values_list("indicator", "number", "ref", "words")) == [
        (households.pk, 2023, "A3-06, lettres", "trente-cinq")
    ]


def test_a_note_cites_too(write, households):
    text = write('<p>Voir<span data-note="Dont [[chiffre: A3-06]]."></span></p>')

    assert text.content == '<p>Voir<span data-note="Dont [[chiffre: A3-06 | 35]]."></span></p>'
    assert text.citations.count() == 1


def test_a_sentence_without_its_figure_cites_no_more(write, households):
    text = write('<p><span data-ref="A3-06"></span></p>')
    write("<p>35</p>", text)

    assert not Citation.objects.exists()


@pytest.mark.parametrize("ref", ["A9-99", "A3-06, 2019"])
def test_a_figure_of_nowhere_is_refused_with_its_name(write, households, ref):
    with pytest.raises(ValueError, match=ref):
        write(f'<p><span data-ref="{ref}">35</span></p>')


def test_a_figure_of_another_territory_is_of_nowhere(write, households):
    IndicatorFactory(code="B1")
    with pytest.raises(UnknownFigure, match="B1"):
        write('<p><span data-ref="B1">35</span></p>')


def test_a_cited_figure_cannot_be_deleted(write, year):
    cited = IndicatorFactory(territory=year.territory, code="A1-01")
    write('<p><span data-ref="A1-01"></span></p>')
    with pytest.raises(ProtectedError):
        cited.delete()


def test_a_figure_that_changed_asks_for_a_review_and_is_not_accepted_by_the_way(
    write, households, correct, year
):
    text = write('<p>Soit <span data-ref="A3-06"></span> ménages.</p>')
    correct(households, 36)

    assert [(use.citation.words, use.words) for use in staleness.stale_of(year)] == [("35", "36")]

    text = write(text.content.replace("Soit", "Donc"), text)
    assert "Donc" in text.content
    assert [(use.citation.words, use.words) for use in staleness.stale_of(year)] == [("35", "36")]


def test_words_that_a_browser_makes_up_are_not_those_of_the_figure(write, households, correct):
    text = write('<p><span data-ref="A3-06"></span></p>')
    correct(households, 36)
    text = write('<p><span data-ref="A3-06">99</span></p>', text)

    assert text.content == '<p><span data-ref="A3-06">36</span></p>'


def test_an_accepted_change_is_written_in_the_sentence(write, households, correct, year, lead):
    text = write('<p>Soit <span data-ref="A3-06"></span>, <span data-ref="A3-06, lettres"></span>.</p>')
    correct(households, 36)
    for use in staleness.stale_of(year):
        staleness.accept(citation=use.citation, by=lead)

    text.refresh_from_db()
    assert text.content == (
        '<p>Soit <span data-ref="A3-06">36</span>, <span data-ref="A3-06, lettres">trente-six</span>.</p>'
    )
    assert staleness.stale_of(year) == []
    assert text.version == 3


def test_a_refused_change_keeps_the_words_until_the_next_one(write, households, correct, year, lead):
    text = write('<p>Soit <span data-ref="A3-06"></span>.</p>')
    correct(households, 36)
    staleness.keep(citation=text.citations.get(), reason="Chiffre de la convention", by=lead)
    assert staleness.stale_of(year) == []

    correct(households, 37)
    assert [(use.citation.words, use.words) for use in staleness.stale_of(year)] == [("35", "37")]


def test_a_change_is_not_refused_without_a_reason(write, households, correct, lead):
    text = write('<p>Soit <span data-ref="A3-06"></span>.</p>')
    correct(households, 36)
    with pytest.raises(ValidationError, match="pourquoi"):
        staleness.keep(citation=text.citations.get(), reason=" ", by=lead)


def test_a_typed_total_is_to_be_reviewed_when_a_part_changes(households, correct, year, lead):
    adults = IndicatorFactory(territory=year.territory, code="A3-07", unit="adultes", whole=households)
    record_entry(indicator=adults, year=year, number=Decimal(20), by=lead, **PERIOD)
    correct(households, 40)
    assert staleness.stale_of(year) == []

    correct(adults, 21)
    [use] = staleness.stale_of(year)
    assert (use.citation.entry.number, use.citation.words, use.words) == (40, "20", "21")

    correct(households, 41)
    assert staleness.stale_of(year) == []
