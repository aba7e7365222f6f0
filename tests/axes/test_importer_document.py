"""`./manage.py importer_document`: what it says of a file, and that it writes only when asked, whole or not at all."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from axes.models import Line, TextBlock, Year
from logement.models import Territory
from tests.axes.documents.made import exported, report

pytestmark = pytest.mark.django_db


def run(path, *options):
    out = StringIO()
    call_command(
        "importer_document", path, "--territoire", "orbe", "--nom", "Vallée de l'Orbe", *options, stdout=out
    )
    return out.getvalue()


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "rapport.docx"
    path.write_bytes(exported("docx"))
    return path


def test_it_says_what_it_understood_and_writes_nothing(document):
    said = run(document, "--chiffres")

    assert "Exercice : 2023 ; 3 parties, 6 tableaux, 19 actions, 19 états" in said
    assert "Tous les mots du document sont repris." in said
    assert "142 ménages →" in said
    assert "Rien n'a été écrit" in said
    assert not Territory.objects.filter(code="orbe").exists()


def test_it_writes_the_whole_report_when_asked(document):
    run(document, "--ecrire")

    year = Year.objects.get(territory__code="orbe")
    assert year.number == 2023
    assert year.lines.count() == 19
    assert not year.lines.filter(state=None).exists()
    assert {line.state_word.rstrip("es") for line in Line.objects.filter(year=year)} == {"Réalisé"}
    assert TextBlock.objects.filter(year=year, content__contains="data-note").count() == 1


def test_an_exercise_that_holds_something_is_left_as_it_is(document):
    run(document, "--ecrire")
    before = Line.objects.count()

    with pytest.raises(CommandError, match="n'est pas vide"):
        run(document, "--ecrire")

    assert Line.objects.count() == before


def test_what_cannot_be_written_is_told_by_its_place(tmp_path):
    path = tmp_path / "rapport.docx"
    long = "mot " * 40
    path.write_bytes(report(tables={f"Axe 1 : {long}{long}": [("Enquête", "Réalisée", [], [])]}))

    with pytest.raises(CommandError, match=r"paragraphe \d+ : ce texte a \d+ caractères"):
        run(path, "--ecrire")

    assert not Territory.objects.filter(code="orbe").exists()


def test_a_wrong_file_is_refused_with_its_sentence(tmp_path):
    path = tmp_path / "rapport.docx"
    path.write_bytes(b"%PDF")

    with pytest.raises(CommandError, match="n'est pas un document Word"):
        run(path)
