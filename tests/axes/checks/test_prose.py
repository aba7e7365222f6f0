"""Numbers, units and dates recognised in French sentences."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks.prose import Kind, read, written_numbers
from axes.checks.prose.words import number_in_words


def found(text):
    return [
        (f"{number.value.normalize():f}", number.unit)
        for number in read(text).numbers
        if number.kind is not Kind.NAME
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("142 ménages ont intégré un logement", [("142", "menage")]),
        ("34 500 demandeurs", [("34500", "demandeur")]),
        ("34\u202f500 demandeurs et 2\u00a0794 personnes", [("34500", "demandeur"), ("2794", "personne")]),
        ("une durée de 5,8 mois", [("5.8", "mois")]),
        ("conventionnées pour 1,5 ETP", [("1.5", "etp")]),
        ("cinq associations", [("5", "association")]),
        ("trente-cinq ménages", [("35", "menage")]),
        ("quatre-vingt-onze baux", [("91", "bail")]),
        ("deux cent trente et un dossiers", [("231", "dossier")]),
        ("une quinzaine de personnes", [("15", "personne")]),
        ("100 millions d'euros", [("100000000", "€")]),
        ("2,5 M€ et 300 k€", [("2500000", "€"), ("300000", "€")]),
        ("2 770 euros", [("2770", "€")]),
        ("un module de 3h", [("3", "heure")]),
        ("11 nouvelles résidences sociales", [("11", "residence")]),
        ("2 « Rencontres Santé »", [("2", "rencontre")]),
        ("1 journée", [("1", "journee")]),
        ("71% et 13 %, soixante pour cent", [("71", "%"), ("13", "%"), ("60", "%")]),
        ("17 ont été relogés, 3 sont entrés", [("17", ""), ("3", "")]),
        ("12 relogés et 4 journées", [("12", ""), ("4", "journee")]),
        ("un ménage sur deux", [("1", "menage"), ("2", "")]),
        ("un travail sur la diffusion, une réflexion sur les enjeux", []),
        ("neuf réunions, mais un logement neuf", [("9", "reunion"), ("9", "")]),
    ],
)
def test_numbers_have_their_value_and_their_unit(text, numbers):
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Axe 3 : accompagner",
        "la journée 2 a lieu",
        "la ligne du 115 par jour",
        "plafonds Anah Loc 3",
        "le code A3-07",
        "la SERM/SA3M",
        "1- Soutenir la production",
        "la loi n° 2023-668",
        "9" * 40,
    ],
)
def test_what_names_does_not_count(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["la 3ème édition", "la 3 ème édition", "le 7e plan", "la 1re réunion"])
def test_ranks_are_no_counts(text):
    assert [number.kind for number in read(text).numbers] == [Kind.RANK]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("environ 500 appels", "around"),
        ("près de 90 participants", "nearly"),
        ("au moins 2 794 personnes", "at_least"),
        ("plus de 60 ménages", "more_than"),
        ("moins de 5 ménages", "at_most"),
        ("une vingtaine de ménages", "around"),
        ("60 ménages", ""),
    ],
)
def test_a_number_keeps_its_qualifier(text, qualifier):
    assert [number.qualifier for number in read(text).numbers] == [qualifier]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("le 24 mai 2023", [(2023, 5, 24, False)]),
        ("le 1er mars", [(None, 3, 1, False)]),
        ("au 31/12/2023", [(2023, 12, 31, False)]),
        ("depuis novembre 2019", [(2019, 11, None, True)]),
        ("à partir de 2020", [(2020, None, None, True)]),
        ("la période 2023-2027", [(2023, None, None, False), (2027, None, None, False)]),
        ("En 2023 plusieurs actions", [(2023, None, None, False)]),
        ("2000 ménages", []),
    ],
)
def test_dates_are_read(text, dates):
    assert [(d.year, d.month, d.day, d.since) for d in read(text).dates] == dates


def test_the_digits_of_a_date_are_no_numbers():
    assert found("Au 31 décembre 2023, 60 mesures") == [("60", "mesure")]


def test_sentences_end_with_their_mark_or_their_line():
    sentences = read("Un module B.a-ba de 5,8 mois. Une suite !\n- Un item\n1- Un autre").sentences

    assert [(sentence.text, sentence.is_item) for sentence in sentences] == [
        ("Un module B.a-ba de 5,8 mois.", False),
        ("Une suite !", False),
        ("- Un item", True),
        ("1- Un autre", True),
    ]


def test_written_numbers_have_their_places():
    text = "En 2023, 35 ménages (71 %) et la 3e édition"

    assert [(text[start:end], value, unit) for start, end, value, unit in written_numbers(text)] == [
        ("35", Decimal(35), "menage"),
        ("71", Decimal(71), "%"),
    ]


@pytest.mark.parametrize(
    ("words", "value", "taken"),
    [
        ("trois quatre", 3, 1),
        ("vingt et un", 21, 3),
        ("vingt et trente", 20, 1),
        ("dix deux", 10, 1),
        ("soixante et onze", 71, 3),
        ("mille deux cents", 1200, 3),
        ("trois millions deux mille", 3_002_000, 4),
    ],
)
def test_words_that_go_together_make_a_number(words, value, taken):
    assert number_in_words(words.split()) == (value, taken)


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_any_number_is_read_as_the_french_write_it(number):
    written = f"{number:,}".replace(",", "\u202f")

    assert [value for _, _, value, _ in written_numbers(f"soit {written} ménages")] == [Decimal(number)]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789 ,.-()%:;«»'\n€abéxunedsoitnxq"), max_size=300))
def test_any_text_is_read_and_its_numbers_stand_where_they_say(text):
    reading = read(text)

    for number in reading.numbers:
        assert 0 <= number.start < number.end <= number.reach <= len(text)


@pytest.mark.parametrize(
    "piece", ["111 111 ", "1 ", "a-", "1,", "vingt ", "1/1/2023 ", "((", "é", "9", "une centaine de "]
)
def test_a_hostile_text_is_read_to_its_end(piece):
    text = piece * (60_000 // len(piece))

    assert all(0 <= number.start < number.end <= len(text) for number in read(text).numbers)
