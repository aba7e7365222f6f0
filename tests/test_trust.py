"""The page « Confiance » prints what was measured, when, and says so where nothing was."""

import json
from datetime import date

import pytest
from django.urls import reverse

from logement import measures
from tests.measures import FILE, record
from tests.test_rgaa import said

pytestmark = pytest.mark.django_db
FIGURE = {
    "label": "Textes <b>hostiles</b>",
    "value": 2000,
    "unit": "cas",
    "aim": "0 erreur",
    "command": "make x",
}


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file of the measures, empty."""
    file = tmp_path / "mesures.json"
    file.write_text("[]", encoding="utf-8")
    monkeypatch.setattr("tests.measures.FILE", file)
    monkeypatch.setattr("logement.measures.FILE", file)
    monkeypatch.setenv("RECORD", "1")
    return file


def test_a_figure_takes_the_place_of_the_last_one_of_its_name(file, monkeypatch):
    record("tous.textes", **FIGURE)
    record("perdu.textes", **FIGURE)
    record("tous.textes", **FIGURE | {"value": 3})
    monkeypatch.delenv("RECORD")
    record("tous.textes", **FIGURE | {"value": 4})

    kept = json.loads(file.read_text(encoding="utf-8"))
    assert [(each["name"], each["value"]) for each in kept] == [("perdu.textes", 2000), ("tous.textes", 3)]


def test_the_page_prints_each_figure_under_its_promise_with_its_date(client, file):
    record("tous.textes", **FIGURE)
    held = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps([held[0] | {"date": "2031-03-01"}]), encoding="utf-8")

    page = said(client.get(reverse("trust")))

    assert "Textes &lt;b&gt;hostiles&lt;/b&gt;" in page
    for words in ("2 000 cas", "0 erreur", "1er mars 2031", "make x"):
        assert words in page
    assert page.count("Pas encore mesuré") == len(measures.PROMISES) - 1


def test_what_is_committed_is_read_and_every_figure_has_its_promise():
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    shown = [measure for _, held in measures.measured() for measure in held]

    assert sorted(measure.name for measure in shown) == [each["name"] for each in kept]
    assert all(measure.date <= date.today() for measure in shown)  # noqa: DTZ011
