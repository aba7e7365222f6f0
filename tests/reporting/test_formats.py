"""One tree, eight files: the same words, the same figures, the same bytes twice; no text breaks any of them."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from axes.models.quantity import Blank, Qualifier
from axes.values import BLANK_WORDS
from logement.spreadsheets.writing import FORMULA
from logement.text import clean_text
from reporting import renderers
from reporting.document import ReportedFigure
from reporting.renderers import csv_figures, docx, html, json_tree, ods, odt, xlsx
from reporting.renderers.figure_columns import BLANKS, COLUMNS, QUALIFIERS
from reporting.renderers.sheets import sheets_of
from reporting.typography import french
from tests.reporting.office import check_docx, check_odf, docx_words, odt_words, parts_of, tree
from tests.reporting.sample import CHARTS, SERIES, illustrated, paragraph, sample
from tests.reporting.test_golden import texts_of, word_list
from tests.reporting.test_html import hostile

COMMON = {"key": 1, "code": "A-1", "heading": "Axe 1 : Accéder", "ends_on": date(2031, 12, 31)}
FIGURES = tuple(
    ReportedFigure(**{**COMMON, "action": "Suivre l'accès", **fields})
    for fields in (
        {"label": "Ménages", "value": "1\u202f142\u00a0ménages", "unit": "ménages", "number": Decimal(1142)},
        {
            "label": "Durée",
            "value": "environ 5,8\u00a0mois",
            "unit": "mois",
            "number": Decimal("5.8"),
            "qualifier": "around",
            "starts_on": date(2031, 1, 1),
        },
        {
            "label": "Part",
            "value": "71\u00a0%",
            "unit": "%",
            "number": Decimal(71),
            "numerator": Decimal(40),
            "denominator": Decimal(56),
            "base": "40 sur 56",
            "answered": 4,
            "asked": 5,
        },
        {"label": "Solde", "value": "−2\u00a0points", "unit": "points", "number": Decimal(-2)},
        {"label": "Zéro", "value": "0\u00a0€", "unit": "€", "number": Decimal(0), "is_fictive": True},
        {"label": "Jour", "value": "24 mai 2031", "unit": "date", "day": date(2031, 5, 24)},
        {"label": "Rien", "value": "non disponible", "unit": "ménages", "blank": "unavailable"},
        {"label": "Peu", "value": "< 5", "unit": "ménages", "blank": "masked"},
        {
            "label": "Trop long pour un tableur",
            "value": "12\u202f345\u202f678\u202f901\u202f234,5678\u00a0€",
            "unit": "€",
            "number": Decimal("12345678901234.5678"),
        },
    )
)
OTHERS = [renderer for renderer in renderers.ALL if renderer.name != "pdf"]


def whole():
    return replace(illustrated(), figures=FIGURES)


# --- The same words ---


def words_of_html(content):
    """The words of the page, notes where they are called; a caption that its heading says already is not shown."""
    body = content.partition("<body")[2]
    body = re.sub(
        r'<caption class="repeats">.*?</caption>|<nav class="contents".*?</nav>|<svg.*?</svg>', "", body
    )
    body = body.partition(">")[2].replace('<span class="note">', " (")
    return unescape(
        re.sub("<br>|</(p|h[1-6]|t[dh]|li|caption|figcaption)>", "\n", body).replace("<", "\x00<")
    )


def tags_away(text):
    return re.sub("\x00<[^>]*>", "", text)


def words_of_json(node):
    """The texts of a tree of JSON in the order of print."""
    match node.get("type"):
        case "Document":
            children = [*node["cover"], *node["sections"]]
        case "Section":
            return "\n".join([node["label"], *map(words_of_json, [*node["content"], *node["sections"]])])
        case "Table":
            heads = [column["heading"] for column in node["columns"]]
            cells = [block for row in node["rows"] for cell in row["cells"] for block in cell["blocks"]]
            return "\n".join([*heads, *map(words_of_json, cells)]) if cells else node["empty_text"]
        case "ContextFigures":
            lines = [" ".join([line["label"], line["value"], line["source"]]) for line in node["figures"]]
            return "\n".join([node["caption"], "Donnée Valeur Source", *lines])
        case "Charts":
            return "\n".join(texts_of_charts(node))
        case "List":
            children = [block for item in node["items"] for block in item]
        case "Paragraph":
            return "".join(map(words_of_json, node["content"]))
        case "Note":
            return f" ({''.join(map(words_of_json, node['content']))})"
        case "Text":
            return node["text"]
    return "\n".join(map(words_of_json, children))


def texts_of_charts(node):
    """What a program reads of charts in JSON, in the order in which it prints: titles, descriptions, then the table."""
    for chart in node["charts"]:
        yield from (chart["title"], chart["description"])
    series = [chart for chart in node["charts"] if chart["shape"] == "series"]
    years = {point["label"] for chart in series for point in chart["points"]}
    years = sorted(years | {chart["year"] for chart in node["charts"]} - {""})
    has_target = any(chart["target"] for chart in node["charts"])
    yield from (node["caption"], "Chiffre", *years, "Cible" * has_target)
    for chart in node["charts"]:
        said = {point["label"]: f"{point['words']} {point['note']}" for point in chart["points"]}
        if chart["shape"] == "series":
            yield from (chart["title"], *(said.get(year, "") for year in years), chart["target"])
        else:
            yield from (chart["title"], chart["whole"])
            yield from (f"– {label} {words}" for label, words in said.items())


READERS = {
    "html": lambda document: tags_away(words_of_html(html.page(document))),
    "docx": lambda document: docx_words(docx.render(document)),
    "odt": lambda document: odt_words(odt.render(document)),
    "json": lambda document: words_of_json(json.loads(json_tree.render(document))),
}


@pytest.mark.parametrize("name", READERS)
def test_a_format_has_every_word_once_and_in_order(name):
    document = replace(whole(), notice="")

    assert word_list(READERS[name](document)) == word_list("\n".join(texts_of(document)))


# --- The same figures ---


def figures_of_book(content):
    """{column: value} of each figure, as the reader of spreadsheets gives them."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    titles, *rows = book.get_sheet_by_name("Chiffres").to_python(skip_empty_area=False)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def figures_of_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    titles = {column.name: column.title for column in COLUMNS}
    return [{titles[name]: value for name, value in row.items()} for row in rows]


def typed_as(value, *, in_book):
    """What a cell of a spreadsheet, or of the CSV, holds of the value of a column."""
    match value:
        case bool():
            return "oui" if value else "non"
        case None | "":
            return ""
        case date():
            return value if in_book else f"{value:%d/%m/%Y}"
        case str():
            return french(value) if in_book else value
    text = f"{Decimal(value):f}".replace(".", ",")
    return text if not in_book or len(text) > 15 else float(value)


def check_figures(document):
    """XLSX, ODS, CSV and JSON hold the figures of the document, typed."""
    expected = {
        in_book: [
            {column.title: typed_as(column.of(figure), in_book=in_book) for column in COLUMNS}
            for figure in document.figures
        ]
        for in_book in (True, False)
    }
    assert figures_of_book(xlsx.render(document)) == expected[True]
    assert figures_of_book(ods.render(document)) == expected[True]
    assert figures_of_csv(csv_figures.render(document)) == expected[False]
    held = json.loads(json_tree.render(document))["figures"]
    names = ("value", "number", "numerator", "denominator", "day", "ends_on", "blank", "qualifier", "base")
    assert [[str(figure[name]) for name in names] for figure in held] == [
        [str(getattr(figure, name)) for name in names] for figure in document.figures
    ]


def test_the_figures_are_the_same_in_all_the_formats_of_data():
    check_figures(whole())


def test_numbers_and_days_are_typed_cells():
    for render in (xlsx.render, ods.render):
        figures = figures_of_book(render(whole()))
        assert [figure["Nombre"] for figure in figures] == [
            *(1142, 5.8, 71, -2, 0, "", "", ""),
            "12345678901234,5678",  # a spreadsheet would round it
        ]
        assert figures[5]["Date"] == date(2031, 5, 24)
        assert [figure["Absence"] for figure in figures[6:8]] == ["non disponible", "masqué"]


def test_the_words_of_precision_and_absence_are_those_of_the_plan():
    assert dict(Qualifier.choices) == QUALIFIERS
    assert {"": "", **BLANK_WORDS, "masked": "masqué"} == BLANKS
    assert {blank for blank, _ in Blank.choices} < set(BLANKS)


# --- The charts ---


def test_a_spreadsheet_has_the_points_of_each_chart_once_as_numbers():
    for render in (xlsx.render, ods.render):
        book = CalamineWorkbook.from_filelike(BytesIO(render(whole())))
        titles, *rows = book.get_sheet_by_name("Graphiques").to_python()

        assert titles[:5] == ["Graphique", "Année", "Partie", "Valeur", "Nombre"]
        assert [row[1:7] for row in rows] == [
            ["2029", "", "pas encore reçu", "", "", "40 ménages"],
            ["2030", "", "31", 31, "valeur fictive", "40 ménages"],
            ["2031", "", "35", 35, "rupture de série", "40 ménages"],
            ["2031", "Hébergement d’urgence", "40", 40, "", ""],
            ["2031", "Rue", "environ 16", 16, "", ""],
        ]


def test_an_office_document_has_each_picture_with_its_words_in_place_of_the_image():
    expected = [french(chart.alt) for chart in (*CHARTS.charts, SERIES)]
    word, open_document = (parts_of(render(whole())) for render in (docx.render, odt.render))
    body, content = tree(word["word/document.xml"]), tree(open_document["content.xml"])

    assert [found.get("descr") for found in body.iter("{*}docPr")] == expected
    assert [found.text for found in content.iter("{*}desc")] == expected
    pictures = [
        {content for name, content in parts.items() if name.endswith(".png")}
        for parts in (word, open_document)
    ]
    assert pictures[0] == pictures[1]
    assert all(png.startswith(b"\x89PNG") for png in pictures[0])


def test_any_words_of_a_chart_are_drawn_or_cut():
    """Each in a chart of its own; all are drawn together."""
    texts = [
        "<b>&\"'",
        "\0\x01\x0b\ud800\ufffe",
        "=1+1\n\ta",
        "x" * 40_000,
        "😀 \ue000 שלום",
        "",
        "$t {0} datum.label",
    ]
    charts = tuple(
        replace(chart, anchor=f"g{rank}", title=text, alt=text, description=text, target=text, whole=text, year=text,
                points=tuple(replace(point, label=f"{text}{at}", words=text, note=text)
                             for at, point in enumerate(chart.points)))
        for rank, text in enumerate(texts) for chart in CHARTS.charts
    )  # fmt: skip
    section = illustrated().sections[0]
    document = replace(
        whole(), sections=(replace(section, content=(replace(CHARTS, caption="=1", charts=charts),)),)
    )

    check_docx(docx.render(document))
    check_odf(odt.render(document))
    check_odf(ods.render(document))
    page = html.page(document)
    assert page.count("<svg") == len(charts)
    assert "<b>" not in page
    assert "x" * 50 not in "".join(re.findall("<text.*?</text>", page))


# --- The same bytes ---


@pytest.mark.parametrize("renderer", OTHERS, ids=lambda renderer: renderer.name)
def test_the_same_document_gives_the_same_bytes_whenever_it_is_made(renderer):
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        before = renderer.render(whole())
    with time_machine.travel(datetime(2032, 7, 14, 12, 30, 1, tzinfo=UTC)):
        assert renderer.render(whole()) == before


# --- Any text ---

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org";"x")',
    "\0\x01\x0b\x1f\x7f\x85\u2028",
    "\ud800",
    "a\udfff",
    "\ue000\uf8ff\U000f0000",
    "\ufffe\uffff",
    "\u202e\u2066",
    "&<>\"'",
    "]]>",
    "<!--",
    "$title ${title} $$ %s {0}",
    "_x0041_",
    "x" * 40_000,
    "😀" * 20_000,
    "a\n\nb\r\nc",
    "'",
    "history",
    "",
]


def filled(text):
    """A document with the same text in every place that holds one, figures included."""
    names = (
        "code",
        "heading",
        "action",
        "label",
        "value",
        "unit",
        "base",
        "source",
        "source_detail",
        "definition",
    )
    figure = ReportedFigure(key=1, ends_on=date(2031, 12, 31), **dict.fromkeys(names, text))
    return replace(hostile(text), figures=(figure,))


def opens(document):
    """Every format opens again with its reader, and no cell is a formula."""
    check_docx(docx.render(document))
    check_odf(odt.render(document))
    for render in (xlsx.render, ods.render):
        content = render(document)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        assert book.sheet_names == [sheet.name for sheet in sheets_of(document)]
        assert len(book.get_sheet_by_name("Chiffres").to_python(skip_empty_area=False)) == 2
        for name, part in parts_of(content).items() if render == xlsx.render else ():
            assert b"<f>" not in part, name
            assert b"hyperlink" not in part, name
    content = ods.render(document)
    check_odf(content)
    assert b"table:formula" not in parts_of(content)["content.xml"]
    rows = list(
        csv.reader(StringIO(csv_figures.render(document).decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    assert json.loads(json_tree.render(document))["type"] == "Document"
    assert renderers.by_name("html").render(document).decode().startswith("<!doctype html>")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_no_text_breaks_a_file(text):
    opens(filled(text))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=[]), max_size=40))
@example("\ud800\udc00")
@example("« ")
def test_any_text_gives_files_that_open(text):
    opens(filled(text))


@pytest.mark.parametrize("text", ["&<>\"'", "]]>", "$title ${title} $$", "_x0041_ {0} %s", "😀 œ ﬁ"])
def test_a_text_is_read_back_as_it_was_typed(text):
    document = filled(text)

    assert docx_words(docx.render(document)).count(french(text)) >= 10
    assert odt_words(odt.render(document)).count(french(text)) >= 10
    for content in (xlsx.render(document), ods.render(document)):
        assert figures_of_book(content)[0]["Définition"] == french(text)
    assert figures_of_csv(csv_figures.render(document))[0]["Définition"] == clean_text(text)


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    for render in (xlsx.render, ods.render):
        for text in ("x" * 40_000, "😀" * 20_000):
            (figure,) = figures_of_book(render(filled(text)))
            assert figure["Définition"].endswith(text[:1] + " […]")
            assert len(figure["Définition"].encode("utf-16-le")) <= 2 * 32_767


def test_what_names_a_file_is_in_it():
    """The title, the publisher and the language, for whoever looks for the file or reads it aloud."""
    document = replace(whole(), title="L'accès & le reste", publisher="Pays d'Auge")
    core = tree(parts_of(docx.render(document))["docProps/core.xml"])
    meta = tree(parts_of(odt.render(document))["meta.xml"])

    for part in (core, meta):
        said = {element.tag.partition("}")[2]: element.text for element in part.iter()}
        assert (said["title"], said["creator"], said["language"]) == (
            "L’accès & le reste",
            "Pays d’Auge",
            "fr-FR",
        )
    styles = parts_of(docx.render(document))["word/styles.xml"]
    assert b'<w:lang w:val="fr-FR"' in styles
    assert b'fo:language="fr" fo:country="FR"' in parts_of(odt.render(document))["styles.xml"]


def test_a_document_without_anything_still_opens():
    for document in (
        replace(sample(), cover=(), sections=()),
        replace(sample(), sections=()),
        replace(sample(), cover=()),
        replace(sample(), cover=(paragraph("Seul"),)),
    ):
        opens(replace(document, figures=FIGURES[:1]))
