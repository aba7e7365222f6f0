import re
from html.parser import HTMLParser

import pytest

from logement.richtext import List, Note, Paragraph, Text
from reporting.document import Cell, Column, Row, Section, Table
from reporting.renderers import html
from reporting.typography import french
from tests.reporting.sample import axis, document, paragraph, sample

VOID = {"meta", "br", "col", "link", "img"}


class Reader(HTMLParser):
    """The start tags of a page in order, its words, and whether every tag closes the one that is open."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.stack, self.is_sound = [], "", [], True
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        self.is_sound = self.is_sound and bool(self.stack) and self.stack.pop() == tag

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def hostile(text):
    """A document with the same text in every place that holds one."""
    block = Paragraph((Text(text), Text(text, bold=True), Note((Text(text),))))
    table = Table(text, (Column(text, text, 60), Column(text, "state", 40)), ())
    rows = (Row(text, (Cell((block,), is_header=True), Cell((List(((block,),)),)))),)
    filled = Section(text, text, 1, (block, Table(text, table.columns, rows)))
    names = dict.fromkeys(("title", "running_title", "publisher", "date_label", "notice", "language"), text)
    return document(filled, Section("b", text, 1, (table,)), cover=(block,), **names)


@pytest.mark.parametrize("notes", ["end", "page"])
def test_every_tag_is_closed_and_every_id_unique(notes):
    reader = Reader(html.render(sample(), notes=notes))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]

    assert reader.is_sound
    assert not reader.stack
    assert len(ids) == len(set(ids)) > 5


def test_page_names_itself():
    page = html.page(sample())
    metas = {meta["name"]: meta["content"] for meta in Reader(page).all("meta") if "name" in meta}

    assert page.startswith('<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">')
    assert "<title>Rapport d’exécution 2031 – Vallée de l’Orbe</title>" in page
    assert metas == {
        "author": "Vallée de l’Orbe",
        "description": "Vallée de l’Orbe – Rapport d’exécution 2031 – Vallée de l’Orbe, 2031",
        "generator": html.GENERATOR,
    }


def test_headings_never_skip_a_level():
    deep = Section("a", "a", 1, sections=(Section("b", "b", 5, sections=(Section("c", "c", 9),)),))
    levels = [int(tag[1]) for tag, _ in Reader(html.page(document(deep))).tags if re.fullmatch("h[1-6]", tag)]

    assert levels == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("cover", "heading"),
    [
        ((paragraph("Plan"), paragraph("Rapport"), paragraph("AMI")), "Rapport"),
        ((paragraph("Rapport"),), "Rapport"),
        ((), "Titre"),
        ((List(((paragraph("x"),),)),), "Titre"),
    ],
)
def test_cover_has_one_title(cover, heading):
    page = html.render(document(cover=cover, title="Titre"), notes="end")

    assert re.findall("<h1>(.*?)</h1>", page) == [heading]


def test_table_says_what_heads_what():
    page = html.render(sample(), notes="page")
    table = re.search('<table class="actions">.*?</table>', page, re.DOTALL)[0]
    reader = Reader(table)

    assert '<caption class="repeats">Axe 1\u00a0: Accéder</caption>' in table
    widths = [("col-title", 20), ("col-state", 12), ("col-indicators", 34), ("col-observations", 34)]
    assert reader.all("col") == [{"class": role, "style": f"width: {share}%"} for role, share in widths]
    assert [th["scope"] for th in reader.all("th")] == ["col"] * 4 + ["row"] * 3
    assert [td["class"] for td in reader.all("td")][:3] == ["col-state", "col-indicators", "col-observations"]


def test_screen_has_no_style_attribute():
    assert "style=" not in html.render(sample(), notes="end")


def test_long_row_is_marked_and_says_where_it_ends():
    page = html.render(sample(), notes="page")
    rows = re.findall('<tr(?: class="long" data-title="([^"]*)")?><th scope="row"(.*?)</tr>', page)

    assert len(rows) == 10
    assert [title for title, _ in rows if title] == ["Tenir la permanence téléphonique (suite)"]
    assert ["row-end" in cells for _, cells in rows] == [bool(title) for title, _ in rows]


def test_rows_have_a_name_on_screen_only():
    assert '<tr id="action-90"' in html.render(sample(), notes="end")
    assert "action-90" not in html.render(sample(), notes="page")


def test_row_without_anchor_has_no_name():
    table = Table("Série", (Column("Année", "year", 100),), (Row("", (Cell(()),)),))

    assert "<tr><td" in html.render(document(Section("s", "Série", 1, (table,))), notes="end")


def test_wide_pages_begin_with_the_heading_above_the_tables():
    page = html.render(sample(), notes="page")

    assert '<section id="partie-bilan" class="level-1 landscape">' in page
    assert '<section id="partie-dynamique" class="level-1">' in page


def test_empty_table_gives_its_sentence():
    page = html.render(document(axis(2, "Produire")), notes="end")

    assert "<table" not in page
    assert '<p class="empty">Aucune action n’a été saisie pour cet axe.</p>' in page


def test_context_figures_are_a_table():
    page = html.render(sample(), notes="end")

    assert '<table class="figures"><caption>Chiffres de contexte</caption>' in page
    assert '<th scope="row">Demandes en attente</th><td class="value">34\u202f500</td>' in page


def test_notes_end_their_section_and_link_back():
    page = html.render(sample(), notes="end")
    lists = re.findall(
        '<section class="notes" role="doc-endnotes" aria-label="Notes"><ol start="(\\d)">', page
    )
    calls = re.findall(
        '<a id="appel-note-(\\d)" href="#note-(\\d)" role="doc-noteref" aria-label="Note (\\d)">', page
    )
    backs = re.findall('<li id="note-(\\d)">.*?<a href="#appel-note-(\\d)"', page)

    assert lists == ["1", "2", "3"]
    assert calls == [(n, n, n) for n in "123"]
    assert backs == [(n, n) for n in "123"]
    assert 'aria-label="Retour à l’appel de la note 2"' in page


def test_notes_of_a_page_stand_at_their_call():
    page = html.render(sample(), notes="page")

    assert '<span class="note">Première note.</span>' in page
    assert "<aside" not in page
    assert "href" not in page


def test_note_of_a_cover_is_kept_in_its_line():
    cover = (Paragraph((Text("Rapport"), Note((Text("provisoire"),)))),)

    assert "<h1>Rapport (provisoire)</h1>" in html.render(document(cover=cover), notes="end")


def test_contents_nests_links_to_every_section():
    reader = Reader(html.contents(sample()))
    page = html.page(sample())

    assert [a["href"] for a in reader.all("a")] == [
        f"#{anchor}"
        for anchor in ("partie-preambule", "partie-bilan", "axe-1", "axe-2", "axe-3", "partie-dynamique")
    ]
    assert all(f'<section id="{a["href"][1:]}"' in page for a in reader.all("a"))
    assert len(reader.all("ol")) == 2
    assert html.contents(document()) == ""


def test_text_is_typeset_across_marks():
    block = Paragraph((Text("dit « "), Text("l'eau", bold=True), Text(" » ; fin")))
    page = html.render(document(Section("a", "a", 1, (block,))), notes="end")

    assert "<p>dit «\u00a0<strong>l’eau</strong>\u00a0»\u202f; fin</p>" in page


def test_line_break_and_marks():
    block = Paragraph((Text("a\nb", bold=True, italic=True, superscript=True),))

    assert "<p><strong><em><sup>a<br>b</sup></em></strong></p>" in html.render(
        document(Section("a", "a", 1, (block,))), notes="end"
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x()</script>",
        '"><img src=x onerror=y>',
        "' onload='x",
        "&lt;b&gt;",
        "</td></table>",
        "<!--",
        "]]>",
    ],
)
def test_no_text_is_markup(markup):
    def shape(page):
        return [(tag, *attributes) for tag, attributes in Reader(page).tags]

    for render in (html.page, html.contents, lambda tree: html.render(tree, notes="end")):
        assert shape(render(hostile(markup))) == shape(render(hostile("mot")))
        assert french(markup) in Reader(render(hostile(markup))).words
