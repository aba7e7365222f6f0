"""A long report laid out by chapters and bound: the file is that of a report laid out in one piece."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import caches

from logement.richtext import Note, Text
from reporting.document import Cell, Chart, ChartPoint, Charts, Column, Row, Section, Table
from reporting.renderers import client, html, pdf
from reporting.renderers.reading import runs_of_pages
from tests.reporting.pdf_reading import faults, tags_of
from tests.reporting.sample import document, paragraph, sample
from tests.reporting.test_pdf_tags import text_of_html, text_of_tags

SOURCES = Table(
    "Sources des chiffres",
    (Column("Dans le texte", "cited", 40), Column("Indicateur", "label", 60)),
    (Row("source-1", (Cell((paragraph("trente-cinq"),)), Cell((paragraph("Ménages"),), is_header=True))),),
)
LAST = Section(
    "partie-suite",
    "3 Suite",
    1,
    (
        paragraph("Il y a ", Text("trente-cinq", ref="source-1"), " ménages, et q\u0303 encore."),
        paragraph("Un mot", Note((Text("Dernière note, a\u2011t\u2010elle dit : Ω, µ, μ."),)), "."),
    ),
)
YEARS = (("2022", 45), ("2023", 35))
ANNEX = Section("sources", "Sources des chiffres", 1, (SOURCES,), landscape=True)


@pytest.fixture(scope="module")
def report():
    """Notes, links from one chapter to another, a row that crosses pages, and chapters of both kinds of pages."""
    whole = sample()
    return replace(whole, sections=(*whole.sections, LAST, ANNEX))


@pytest.fixture
def short():
    """Four chapters of a page."""
    first = Section("a", "Préambule", 1, (paragraph("Un mot", Note((Text("Première note."),))),))
    table = replace(SOURCES, rows=(replace(SOURCES.rows[0], anchor="action-1"),))
    return document(first, Section("b", "1 Bilan", 1, (table,), landscape=True), LAST, ANNEX)


@pytest.fixture
def asked(monkeypatch):
    """What the engine is asked for, every report being long enough to be laid out by chapters."""
    asked, make = [], client.make
    caches["renders"].clear()
    monkeypatch.setattr(pdf, "LONG", 0)
    monkeypatch.setattr(client, "make", lambda what, **given: asked.append(what) or make(what, **given))
    return asked


def test_chapters_are_the_sections_that_share_pages(report):
    runs = [[section.anchor for section in run] for run in runs_of_pages(report.sections)]

    assert runs == [["partie-preambule"], ["partie-bilan"], ["partie-dynamique", "partie-suite"], ["sources"]]


def test_section_that_ends_on_wide_pages_keeps_the_next_one_on_them():
    wide = Section("b", "b", 2, (paragraph("x"),), landscape=True)
    mixed = Section("a", "a", 1, (paragraph("x"),), (wide,))

    assert len(runs_of_pages((mixed, replace(wide, level=1)))) == 1
    assert len(runs_of_pages((mixed, replace(mixed, anchor="c")))) == 2


def test_file_bound_from_chapters_is_the_same_to_the_byte(report, asked):
    data = pdf.data_of(report)
    whole = pdf.render_page(html.page(report), attachments=data)
    asked.clear()

    bound = pdf.render(report, attachments=data)

    assert asked.count("chapter") == 4
    assert "file" not in asked
    assert bound == whole
    assert faults(bound) == []
    assert text_of_tags(bound) == text_of_html(report)


def test_links_cross_chapters(short, asked):
    tags = tags_of(pdf.render(short))
    pages = {page.objgen: number for number, page in enumerate(tags.file.pages)}
    names = tags.file.Root.Names.Dests.Names
    places = {str(names[at]): pages[names[at + 1][0].objgen] for at in range(0, len(names), 2)}
    links = [link for page in tags.file.pages for link in page.get("/Annots", [])]

    assert str(links[-1].Dest) == "source-1"
    assert places["source-1"] == places["sources"] == len(pages) - 1
    assert [int(entry.kids[-1].text()) for entry in tags.all("TOC")[0].all("Link")][-1] == len(pages)


def test_only_the_chapter_that_changed_is_laid_out_again(short, asked):
    pdf.render(short)
    asked.clear()
    changed = replace(LAST, content=(*LAST.content, paragraph("Une phrase de plus.")))
    content = pdf.render(replace(short, sections=(*short.sections[:-2], changed, ANNEX)))

    assert sorted(name for name in asked if name != "identity") == ["binding", "chapter"]
    assert "Une phrase de plus." in tags_of(content).text()


def test_chapter_is_laid_out_again_when_the_engine_changes(short, asked, monkeypatch):
    pdf.render(short)
    asked.clear()
    monkeypatch.setattr(client, "identity", lambda: b"another")
    pdf.render(short)

    assert asked.count("chapter") == 4


def test_note_called_in_a_chapter_changes_the_numbers_of_the_next_ones(short, asked):
    pdf.render(short)
    asked.clear()
    note = paragraph("Un mot", Note((Text("Note de plus."),)))
    first = replace(short.sections[0], content=(*short.sections[0].content, note))
    tags = tags_of(pdf.render(replace(short, sections=(first, *short.sections[1:]))))

    assert asked.count("chapter") == 4
    assert [note.all("Lbl")[0].text() for note in tags.all("Note")] == ["1. ", "2. ", "3. "]


def test_short_report_is_laid_out_in_one_piece(asked, monkeypatch):
    monkeypatch.setattr(pdf, "LONG", len(html.page(sample(rows=1))))
    pdf.render(sample(rows=1))

    assert asked == ["file"]


def test_letter_is_laid_out_in_one_piece(asked):
    pdf.render(document(Section("a", "a", 1, (paragraph("x"),)), cover=()))

    assert asked == ["file"]


def test_pictures_that_are_objects_of_the_file_are_laid_out_in_one_piece(short, asked, monkeypatch):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g opacity=".5"><path d="M0 0h9v9z"/></g></svg>'
    paged = html.paged(short)
    with_picture = paged._replace(bodies=[paged.bodies[0] + svg, ""])
    monkeypatch.setattr(html, "paged", lambda report: with_picture)

    pdf.render(short)

    assert asked[-1] == "file"
    assert "binding" not in asked


def test_charts_are_laid_out_with_their_chapter(short, asked):
    """A series has words at the middle of their place, and its target at their end."""
    points = tuple(ChartPoint(year, f"{number} ménages", Decimal(number)) for year, number in YEARS)
    chart = Chart("graphique-1", "series", "Entrées", "Tout.", points, target="40", target_number=Decimal(40))
    drawn = replace(short.sections[1], content=(Charts("Chiffres clés", (chart,)),))
    report = replace(short, sections=(short.sections[0], drawn, *short.sections[2:]))
    whole = pdf.render_page(html.page(report))
    asked.clear()

    bound = pdf.render(report)

    assert asked.count("chapter") == 4
    assert "file" not in asked
    assert bound == whole
    assert faults(bound) == []


def test_chapter_that_does_not_end_stops_the_report_in_time(short, asked):
    endless = Section("b", "b", 1, (paragraph("mot " * 20_000),) * 8)
    with pytest.raises(pdf.RenderError, match="arrêtée après 1 secondes"):
        pdf.render(replace(short, sections=(endless, *short.sections)), seconds=1)

    assert "binding" not in asked
