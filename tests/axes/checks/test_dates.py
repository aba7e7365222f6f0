from dataclasses import replace
from datetime import date

import pytest

from axes.checks import Dossier, Level, Passage
from axes.checks.dates import dates
from tests.axes.checks.dossiers import figure, place, texts, values


def told(text):
    return [(finding.level, finding.sentence) for finding in dates(texts(text))]


@pytest.mark.parametrize("day", ["31 juin 2023", "30/02/2023", "29 février 2023", "45 mai"])
def test_a_day_that_does_not_exist_is_blocking(day):
    assert told(f"La réunion du {day}") == [(Level.BLOCKING, f"« {day} » n'existe pas dans le calendrier.")]


def test_the_29_of_february_exists_in_a_leap_year():
    assert [level for level, _ in told("le 29 février 2024")] == [Level.INFORMATION]


@pytest.mark.parametrize(
    ("text", "level"),
    [("le 24 avril 2024", Level.INFORMATION), ("le 24 avril 2022", Level.INFORMATION)],
)
def test_a_day_outside_the_exercise_is_an_information(text, level):
    assert [found for found, _ in told(text)] == [level]


@pytest.mark.parametrize(
    "text",
    [
        "le 24 mai 2023",
        "depuis le 1er mars 2019",
        "la loi du 27 juillet 2022",
        "en février 2024",
        "le 24 mai",
    ],
)
def test_other_dates_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("day", "level"), [(date(2022, 5, 24), Level.ALERT), (date(2024, 4, 24), Level.INFORMATION)]
)
def test_a_value_that_is_a_day_belongs_to_the_exercise(day, level):
    assert [finding.level for finding in dates(values(figure("D", day=day)))] == [level]
    assert list(dates(values(figure("D", day=replace_year(day))))) == []


def replace_year(day):
    return day.replace(year=2023)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Les actions réalisées en 2022", [Level.ALERT]),
        ("Les actions réalisées en 2023", []),
        ("Le plan 2023-2027", []),
        ("Loi du 27 juillet 2022", []),
    ],
)
def test_a_heading_names_the_exercise(title, found):
    dossier = Dossier(2023, (), (Passage(place(), title, is_title=True),))

    assert [finding.level for finding in dates(dossier)] == found
    assert list(dates(replace(dossier, passages=(Passage(place(), title),)))) == []
