"""Territories side by side: what is called the same, from what was sent and nothing else."""

import csv
from io import StringIO

import pytest

from logement.spreadsheets.book import read_book
from reporting.models import Version
from tests.factories import EntryFactory, MembershipFactory
from tests.reporting.exercise import Exercise
from tests.reporting.test_inquiries import words

pytestmark = pytest.mark.postgresql

PAGE = "/territoires/"


class Officer:
    """A person of the DIHAL, over the territories of these exercises."""

    def __init__(self, *exercises):
        first, *others = (exercise.territory for exercise in exercises)
        member = MembershipFactory(dihal=True, territory=first)
        self.user = member.user
        for territory in others:
            MembershipFactory(
                dihal=True, territory=territory, user=member.user, organisation=member.organisation
            )


@pytest.fixture
def two(db):
    """Here and there, the same figure in other letters: 100 and 40, defined otherwise there."""
    here, there = Exercise(), Exercise(territory="la-bas")
    there.indicator.label, there.indicator.definition = "DEMANDES ", "Reçues par courrier"
    there.indicator.save()
    EntryFactory(indicator=here.add_context("Propre à ici"), year=here.year, number=7)
    EntryFactory(
        indicator=there.add_context("Sans chiffre"), year=there.year, number=None, blank="unavailable"
    )
    return here, there


def enter(client, *exercises):
    client.force_login(Officer(*exercises).user)
    return client


def test_what_two_territories_call_the_same_stands_side_by_side(client, two):
    for exercise in two:
        exercise.transmit()

    page = words(enter(client, *two).get(PAGE))

    assert page.count('<section class="compared"') == 1
    assert page.count("100\u00a0personnes") == 2
    assert "Les définitions diffèrent" in page
    assert "Reçues par courrier" in page
    assert "Propre à ici" not in page


def test_all_the_indicators_are_there_when_asked_with_their_absence_said(client, two):
    for exercise in two:
        exercise.transmit()

    page = words(enter(client, *two).get(PAGE, {"indicateurs": "tous"}))

    assert page.count('<section class="compared"') == 3
    assert "non disponible" in page


def test_territories_that_name_nothing_alike_are_told_apart_from_a_filter_that_keeps_nothing(client, two):
    two[1].indicator.label = "Autre chose"
    two[1].indicator.save()
    for exercise in two:
        exercise.transmit()
    enter(client, *two)

    assert "Ces territoires n'ont pas encore d'indicateur commun" in words(client.get(PAGE))
    assert "Aucun indicateur ne répond à ces filtres" in words(client.get(PAGE, {"texte": "zzz"}))


def test_what_was_not_sent_and_what_was_corrected_since_do_not_show(client, two):
    here, there = two
    here.transmit()
    EntryFactory(indicator=here.indicator, year=here.year, corrects=here.entry, number=55, reason="Recompté")

    page = words(enter(client, here, there).get(PAGE, {"indicateurs": "tous"}))

    assert "100\u00a0personnes" in page
    assert "55\u00a0personnes" not in page
    assert "Reçues par courrier" not in page


def test_a_territory_of_somebody_else_is_not_there(client, two):
    for exercise in two:
        exercise.transmit()

    page = words(enter(client, two[0]).get(PAGE, {"indicateurs": "tous"}))

    assert "Reçues par courrier" not in page
    assert "100\u00a0personnes" in page


def test_years_of_one_territory_stand_in_columns(client, db):
    last = Exercise()
    before = Exercise(number=2022, before=last)
    last.transmit()
    before.transmit()

    page = words(enter(client, last).get(PAGE))

    assert page.count('<th scope="col" class="num">') == 2
    one = words(client.get(PAGE, {"exercice": "2022"}))
    assert one.count('<th scope="col" class="num">') == 1


def test_filters_keep_the_words_and_the_territories_asked_for(client, two):
    for exercise in two:
        exercise.transmit()
    enter(client, *two)

    def shown(**asked):
        return words(client.get(PAGE, {"indicateurs": "tous"} | asked)).count('<section class="compared"')

    assert shown(texte="courrier") == 1
    assert shown(texte="rien de tel") == 0
    assert shown(territoire="ici") == 2
    assert shown(territoire="inconnu") == 3


@pytest.mark.parametrize("file_format", ["xlsx", "ods", "csv"])
def test_the_files_hold_one_row_per_figure_with_its_territory(client, two, file_format):
    for exercise in two:
        exercise.transmit()

    answer = enter(client, *two).get(f"{PAGE}fichier/{file_format}/")

    if file_format == "csv":
        rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        found = {
            (row["territoire"], row["exercice"], row["indicateur"].strip(), row["nombre"]) for row in rows
        }
        assert ("Métropole d'Ici", "2023", "Demandes", "100") in found
        assert len(rows) == 4
    else:
        sheet, _ = read_book(answer.content, name=f"territoires.{file_format}")
        assert len(sheet.rows) == 5
        assert sheet.at(0, 0) == "Territoire"
        assert {sheet.at(row, 8) for row in range(1, 5)} >= {100, 7}
    assert client.get(f"{PAGE}fichier/pdf/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_the_same_queries_whatever_the_territories(client, db, rows, django_assert_num_queries):
    exercises = [Exercise(territory=f"lieu-{rank}") for rank in range(rows)]
    for exercise in exercises:
        exercise.transmit()
        exercise.correct()
    enter(client, *exercises)

    with django_assert_num_queries(5):
        page = words(client.get(PAGE))

    assert page.count('<th scope="row">') == rows
    assert Version.objects.count() == 2 * rows
