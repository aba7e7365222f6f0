"""The logical tree of the PDF: what a screen reader gets, whatever the pages."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from logement.richtext import List, Note, Paragraph, Text
from reporting.document import Cell, Column, Row, Section, Table
from reporting.renderers import html, pdf
from reporting.typography import french
from tests.reporting.pdf_reading import artifacts_of, faults, tags_of
from tests.reporting.sample import CHARTS, SERIES, document, illustrated, sample

VOID = {"meta", "br", "col"}
GENERATED = ("Lbl", "Span")  # numbers and bullets of lists and notes; the numbers of pages in the contents


class Body(HTMLParser):
    """The text of a page of HTML, as it is read: without its head, nor the captions that say the heading again."""

    def __init__(self, page):
        super().__init__()
        self.words, self._hidden, self._stack = [], 0, []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            hides = tag in {"head", "svg"} or ("class", "repeats") in attributes
            self._stack.append(hides)
            self._hidden += hides

    def handle_endtag(self, tag):
        self._hidden -= self._stack.pop()

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


def bare(text):
    """Without white space: lines are cut elsewhere on paper."""
    return re.sub(r"\s", "", text)


def text_of_html(report):
    return bare("".join(Body(html.page(report)).words))


def text_of_tags(content):
    return bare(tags_of(content).text(without=GENERATED))


@pytest.fixture(scope="module")
def long():
    """A report whose tables, rows, paragraphs and notes cross pages: (document, its PDF)."""
    report = sample(rows=40)
    return report, pdf.render(report)


def test_text_of_the_tags_is_the_text_of_the_page_once_in_order(long):
    report, content = long

    assert text_of_tags(content) == text_of_html(report)


def test_each_table_is_one_with_a_row_for_each_action(long):
    report, content = long
    tables = [node for section in report.sections[1].sections for node in section.content if node.rows]
    found = [table for table in tags_of(content).all("Table") if len(table.all("TH")) > 5]

    assert len(content) > 0
    assert [len(table.all("TBody")[0].all("TR")) for table in found] == [len(table.rows) for table in tables]
    assert [[tag.kind for tag in table.kids] for table in found] == [["THead", "TBody"]] * len(tables)


def test_heads_say_what_they_head(long):
    _, content = long
    for table in tags_of(content).all("Table"):
        (head,), rows = table.all("THead")[0].all("TR"), table.all("TBody")[0].all("TR")

        assert {cell.kind for cell in head.kids} == {"TH"}
        assert {cell.scope for cell in head.kids} == {"/Column"}
        assert {tuple(cell.kind for cell in row.kids) for row in rows} == {
            ("TH", *["TD"] * (len(head.kids) - 1))
        }
        assert {row.kids[0].scope for row in rows} == {"/Row"}


def test_what_pages_add_is_no_content(long):
    _, content = long
    pages = artifacts_of(content)
    text = tags_of(content).text()

    assert sum("Indicateurs de suivi et résultats" in page for page in pages) > 3
    assert text.count("Indicateurs de suivi et résultats") == 2
    assert "(suite)" in "".join(pages)
    assert "(suite)" not in text
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    assert f"{len(pages)} / {len(pages)}" not in text


def test_headings_and_lists_are_tagged_as_such(long):
    report, content = long
    tags = tags_of(content)
    headings = re.findall(r"<h([1-6])>(.*?)</h\1>", html.page(report))

    assert [(kind, bare(tag.text())) for kind in "123" for tag in tags.all(f"H{kind}")] == [
        (level, bare(text)) for level, text in sorted(headings, key=lambda heading: heading[0])
    ]
    assert {tuple(kid.kind for kid in item.kids) for item in tags.all("LI")} == {("Lbl", "LBody")}
    assert [item.text() for item in tags.all("L")[0].all("Lbl")] == ["1. ", "2. "]


def test_note_is_read_where_it_is_called():
    tags = tags_of(pdf.render(sample()))
    called = next(tag for tag in tags.all("P") if tag.all("Note"))

    assert [kid if isinstance(kid, str) else kid.kind for kid in called.kids] == [
        "Un mot ",
        "fort",
        "Reference",
        "Note",
        " ici\u202f!",
    ]
    assert called.text(without=GENERATED) == "Un mot fortPremière note. ici\u202f!"
    assert len({str(note["ID"]) for note in tags.all("Note")}) == 3


def test_contents_lead_to_their_pages():
    tags = tags_of(pdf.render(sample()))
    entries = tags.all("TOC")[0].all("Link")
    pages = [int(entry.kids[-1].text()) for entry in entries]

    assert [bare(entry.text(without=GENERATED)) for entry in entries] == [
        bare(heading) for heading in re.findall(r"<h[23]>(.*?)</h[23]>", html.page(sample()))
    ]
    assert pages == sorted(pages)
    assert pages[0] == 3


def test_links_say_where_they_lead(long):
    _, content = long
    file = tags_of(content).file
    links = [link for page in file.pages for link in page.get("/Annots", [])]

    assert [bare(str(link.Contents)) for link in links] == [
        bare(heading) for heading in re.findall(r"<h[23]>(.*?)</h[23]>", html.page(long[0]))
    ]


def test_picture_has_its_words():
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
    image = (
        f'<img alt="Une courbe" src="data:image/svg+xml,{svg}"><img alt="" src="data:image/svg+xml,{svg}">'
    )
    inline = svg.replace("<path", "<title>Un tracé</title><path")
    content = pdf.render_page(f'<html lang="fr"><title>x</title><h1>x</h1><p>{image}</p>{inline}')

    assert [str(figure["Alt"]) for figure in tags_of(content).all("Figure")] == ["Une courbe", "Un tracé"]
    assert faults(content) == []


def test_a_chart_is_a_figure_that_says_all_that_it_shows_before_its_table():
    report = illustrated()
    content = pdf.render(report)
    tags = tags_of(content)

    assert [str(figure["Alt"]).replace("\u202f", "\u00a0") for figure in tags.all("Figure")] == [
        french(f"{chart.title} : {chart.alt}").replace("\u202f", "\u00a0")
        for chart in (*CHARTS.charts, SERIES)
    ]
    assert bare(tags.text(without=(*GENERATED, "Figure"))) == text_of_html(report)
    assert faults(content) == []


def test_text_from_right_to_left_is_read_in_its_order():
    report = document(Section("a", "Noms", 1, (Paragraph((Text("dit שלום, puis العربية, fin"),)),)))
    content = pdf.render(report)

    assert text_of_tags(content) == text_of_html(report)
    assert faults(content) == []


# --- Any document ---

WORDS = st.text(st.sampled_from("aé’œ«» ;:!?-–…%€12 \u00a0\u202fﬁfiflAVÀ"), max_size=60)
TEXTS = st.builds(Text, WORDS, bold=st.booleans(), italic=st.booleans(), superscript=st.booleans())
SENTENCES = st.builds(Paragraph, st.lists(TEXTS, min_size=1, max_size=5).map(tuple))
NOTED = st.builds(lambda before, note, after: Paragraph((before, Note((note,)), after)), TEXTS, TEXTS, TEXTS)
LONG = st.builds(lambda text, times: Paragraph((Text(f"{text} mot " * times),)), WORDS, st.integers(1, 40))
BLOCKS = st.recursive(
    SENTENCES | LONG,
    lambda inner: st.builds(
        List,
        st.lists(st.lists(inner, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_leaves=4,
)
# One note in a cell, no more: the engine gives up the heads of columns before a row with more notes than a page holds.
CELLS = st.builds(
    lambda blocks, noted: (*blocks, *noted), st.lists(BLOCKS, max_size=3), st.lists(NOTED, max_size=1)
)


def row(number, cells):
    return Row(f"r{number}", tuple(Cell(blocks, is_header=not at) for at, blocks in enumerate(cells)))


def table(number, rows):
    columns = tuple(Column(f"Colonne {at}", "other", share) for at, share in enumerate((20, 30, 50)))
    return Table(
        f"Table {number}", columns, tuple(row(f"{number}-{at}", cells) for at, cells in enumerate(rows))
    )


ROWS = st.lists(st.tuples(st.tuples(SENTENCES), CELLS, CELLS), min_size=1, max_size=6)
SECTIONS = st.builds(
    lambda blocks, rows, wide: (tuple(blocks), rows, wide),
    st.lists(BLOCKS | NOTED, max_size=3),
    ROWS,
    st.booleans(),
)


def report_of(parts):
    return document(
        *(
            Section(f"s{at}", f"Partie {at}", 1, (*blocks, table(at, rows)), landscape=wide)
            for at, (blocks, rows, wide) in enumerate(parts)
        )
    )


@pytest.mark.once
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
# Not shrunk: each try is a whole PDF.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(SECTIONS, min_size=1, max_size=3))
def test_any_document_is_read_whole_and_valid(parts):
    report = report_of(parts)
    content = pdf.render(report)

    assert text_of_tags(content) == text_of_html(report)
    assert faults(content) == []


# --- Any character ---

#: The whole basic plane, controls and surrogates among it; then emoji, letters and private characters of the others.
CHARACTERS = "".join(
    map(chr, [*range(0x10000), 0x1F389, 0x1F468, 0x1D400, 0x20000, 0xE0001, 0xE0100, 0xF0000, 0x10FFFF])
)


@pytest.mark.once
def test_any_character_gives_a_valid_file():
    paragraphs = (
        Paragraph((Text(f"a{CHARACTERS[at : at + 256]}z"),)) for at in range(0, len(CHARACTERS), 256)
    )
    content = pdf.render(document(Section("a", "Tout", 1, tuple(paragraphs))))

    assert faults(content) == []
    assert text_of_tags(content).count("□") > 50_000


@pytest.mark.parametrize(
    "text",
    [
        "q\u0303 et q, x\u0302 et x, n\u0308n",  # an accent with a glyph of its own
        "e\u0301te\u0301 decompose\u0301",
        "\u2126 et \u03a9, \u00b5 et \u03bc, a\u2010b\u2011c-d",  # characters drawn by the same glyph
        "fi fl ffi ﬁ AVÀ « … » 1\u202f234",
    ],
)
def test_letters_are_read_as_they_were_written(text):
    content = pdf.render(
        document(Section("a", "Mots", 1, (Paragraph((Text(text),)), Paragraph((Text("qxn"),)))))
    )

    assert bare(unicodedata.normalize("NFC", text)) in text_of_tags(content)
    assert text_of_tags(content).endswith("qxn")
    assert faults(content) == []


def test_marks_of_direction_do_not_turn_the_text():
    content = pdf.render(
        document(Section("a", "Mots", 1, (Paragraph((Text("a\u202ebc\u202cd\u2067e\u200ff\ufeff"),)),)))
    )

    assert text_of_tags(content).endswith("Motsabcdef")
    assert faults(content) == []
