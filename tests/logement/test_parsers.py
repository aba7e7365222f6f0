"""A cell -> a value of a register, or a sentence."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import models

from logement import parsers
from logement.codes import new_code, show_code


class Channel(models.TextChoices):
    PHONE = "phone", "Téléphone"
    VISIT = "visit", "Accueil physique"
    MAIL = "mail", "Courriel"


SYNONYMS = {"tel": Channel.PHONE, "e-mail": Channel.MAIL}


@pytest.mark.parametrize(
    "value",
    [
        "24/05/2023",
        "24-05-2023",
        "24.5.23",
        "24 mai 2023",
        " 24  MAI 2023 ",
        "2023-05-24",
        "2023-05-24T00:00:00",
        date(2023, 5, 24),
        datetime(2023, 5, 24, 23, 59),  # noqa: DTZ001
    ],
)
def test_a_day(value):
    assert parsers.day(value) == date(2023, 5, 24)


def test_days_on_the_edge():
    assert parsers.day("29/02/2024") == date(2024, 2, 29)
    assert parsers.day("1er août 2023") == date(2023, 8, 1)


@pytest.mark.parametrize(
    "value", ["29/02/2023", "24/13/2023", "24 brumaire 2023", "2023", 45000, True, "", "٢٤/٠٥/٢٠٢٣x"]
)
def test_what_is_no_day(value):
    with pytest.raises(ValueError, match=r"n'est pas une date : écrivez-la ainsi, 24/05/2023\."):
        parsers.day(value)


@pytest.mark.parametrize("value", ["24/05/1823", date(2203, 5, 24)])
def test_a_day_of_another_century(value):
    with pytest.raises(ValueError, match="Vérifiez l'année"):
        parsers.day(value)


@pytest.mark.parametrize("value", ["05/2023", "mai 2023", "5-2023", "24/05/2023", date(2023, 5, 31)])
def test_a_month(value):
    assert parsers.month(value) == date(2023, 5, 1)


def test_what_is_no_month():
    with pytest.raises(ValueError, match=r"« 13/2023 » n'est pas un mois : écrivez-la ainsi, 05/2023\."):
        parsers.month("13/2023")


@pytest.mark.parametrize("value", ["1 234,50", "1\u202f234,5 €", "1234.5", Decimal("1234.5")])
def test_an_amount(value):
    assert parsers.amount()(value) == Decimal("1234.5")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("cent", "n'est pas un nombre"),
        (True, "n'est pas un nombre"),
        (date(2023, 1, 1), "n'est pas un nombre"),
        (-1, "doit aller de 0 à 99\u202f999\u202f999"),
        ("1,234", "gardez au plus 2 chiffres"),
        ("NaN", "n'est pas un nombre"),
        ("1e3", "n'est pas un nombre"),
    ],
)
def test_what_is_no_amount(value, sentence):
    with pytest.raises(ValueError, match=sentence):
        parsers.amount()(value)


def test_whole():
    assert [parsers.whole()(value) for value in ("12", 12, Decimal("12.0"), " 12 ")] == [12] * 4
    with pytest.raises(ValueError, match="n'est pas un nombre entier"):
        parsers.whole()("1,5")
    with pytest.raises(ValueError, match="doit aller de 1 à 3"):
        parsers.whole(1, 3)("4")


def test_yes_no():
    assert [parsers.yes_no(value) for value in ("Oui", "x", True, 1, "NON", 0, False)] == [True] * 4 + [
        False
    ] * 3
    with pytest.raises(ValueError, match="écrivez oui ou non"):
        parsers.yes_no("peut-être")


@pytest.mark.parametrize("value", ["téléphone", "TELEPHONE ", "Tel.", "phone"])
def test_a_choice(value):
    assert parsers.choice(Channel, SYNONYMS)(value) is Channel.PHONE


def test_what_is_not_in_the_list():
    with pytest.raises(
        ValueError, match=r"« télphone » n'est pas dans la liste : vouliez-vous « Téléphone » \? Rép"
    ):
        parsers.choice(Channel)("télphone")
    with pytest.raises(
        ValueError, match=r"« zzz » n'est pas dans la liste\. Réponses possibles : Téléphone, Acc"
    ):
        parsers.choice(Channel)("zzz")


@pytest.mark.parametrize(
    "value", ["e-mail, téléphone", "tel + courriel", "Courriel/Tel/tel", "e-mail et tel"]
)
def test_several(value):
    assert parsers.several(Channel, SYNONYMS)(value) == (Channel.PHONE, Channel.MAIL)


def test_several_asks_for_one_at_least():
    with pytest.raises(ValueError, match="« , » n'est pas dans la liste"):
        parsers.several(Channel)(",")


def test_one_of_several():
    assert parsers.several(Channel)("Accueil physique") == (Channel.VISIT,)


def test_a_text():
    assert parsers.text(20)(" CCAS \n de Lattes ") == "CCAS de Lattes"
    assert parsers.text(20)(115) == "115"
    with pytest.raises(ValueError, match="Ce texte a 21 caractères, le maximum est 20"):
        parsers.text(20)("x" * 21)


def test_a_code():
    code = new_code()

    assert parsers.code(show_code(code).lower()) == code


def test_words_are_folded():
    assert parsers.folded("  N° d'ENTRÉE (date) ") == "n d entree date"
