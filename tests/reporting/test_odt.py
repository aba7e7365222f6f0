"""The ODT: what a colleague finds in LibreOffice, part by part."""

from logement.richtext import List, Paragraph, Text
from reporting.document import Section
from reporting.renderers import odt
from tests.reporting.office import FO, STYLE, TABLE, TEXT, check_odf, parts_of, tree
from tests.reporting.sample import bullets, document, paragraph, sample


def content_of(held):
    content = odt.render(held)
    check_odf(content)
    return tree(parts_of(content)["content.xml"])


def said(element):
    return "".join(element.itertext())


def masters(root):
    """{name of an automatic style: the page that it turns to}."""
    return {
        style.get(f"{STYLE}name"): style.get(f"{STYLE}master-page-name")
        for style in root.iter(f"{STYLE}style")
        if style.get(f"{STYLE}master-page-name")
    }


def test_headings_have_their_level_and_turn_the_page_with_the_tables():
    root = content_of(sample())
    turns = masters(root)
    headings = [
        (int(h.get(f"{TEXT}outline-level")), said(h), turns.get(h.get(f"{TEXT}style-name"), ""))
        for h in root.iter(f"{TEXT}h")
    ]

    assert headings == [
        (1, "Préambule", "Haute"),
        (1, "1 Bilan des actions", "Large"),
        (2, "Axe 1\u00a0: Accéder", ""),
        (2, "Axe 2\u00a0: Produire", ""),
        (2, "Axe 3\u00a0: Accompagner", ""),
        (1, "2 Dynamique du territoire", "Haute"),
    ]


def test_the_cover_has_its_page_and_the_contents_theirs():
    root = content_of(sample())
    turns = masters(root)
    first = next(root.iter(f"{TEXT}p"))
    (contents,) = root.iter(f"{TEXT}table-of-content")
    links = [(said(link), link.values()[1]) for link in contents.iter(f"{TEXT}a")]

    assert (said(first), turns[first.get(f"{TEXT}style-name")]) == ("Projet", "Couverture")
    assert turns[next(contents.iter(f"{TEXT}p")).get(f"{TEXT}style-name")] == "Haute"
    assert links[0] == ("Préambule", "#section-1")
    assert len(links) == len(list(contents.iter(f"{TEXT}bookmark-ref"))) == 6


def test_a_table_repeats_its_headings_and_keeps_short_rows_whole():
    context, first, _ = content_of(sample()).iter(f"{TABLE}table")

    for table in (context, first):
        assert len(table.findall(f"{TABLE}table-header-rows/{TABLE}table-row")) == 1
        assert table.find(f"{TABLE}table-header-columns") is not None
    assert said(first.find(f"{TABLE}title")) == "Axe 1\u00a0: Accéder"
    rows = [row.get(f"{TABLE}style-name") for row in first.findall(f"{TABLE}table-row")]
    assert rows == ["Entiere", "Entiere", "Coupee"]


def test_columns_share_the_width_of_their_page():
    root = content_of(sample())
    widths = {
        style.get(f"{STYLE}name"): style[0].get(f"{STYLE}column-width")
        for style in root.iter(f"{STYLE}style")
        if style.get(f"{STYLE}family") == "table-column"
    }
    context, first, _ = root.iter(f"{TABLE}table")

    def of(table):
        return [float(widths[c.get(f"{TABLE}style-name")][:-2]) for c in table.iter(f"{TABLE}table-column")]

    assert (sum(of(context)), sum(of(first))) == (150, 265)


def test_footnotes_are_real_and_in_order():
    notes = list(content_of(sample()).iter(f"{TEXT}note"))

    assert {note.get(f"{TEXT}note-class") for note in notes} == {"footnote"}
    assert [said(note) for note in notes] == ["1Première note.", "2Note de cellule.", "3Autre note."]


def test_lists_nest_and_say_their_kind():
    item = (paragraph("Un"), bullets("dedans"))
    root = content_of(document(Section("a", "a", 1, (List((item,), True),))))
    outer, inner = root.iter(f"{TEXT}list")

    assert (outer.get(f"{TEXT}style-name"), inner.get(f"{TEXT}style-name")) == ("Numeros", "Puces")
    assert inner.getparent().tag == f"{TEXT}list-item"


def test_marks_are_styles_and_line_breaks_elements():
    block = Paragraph((Text("a\nb", bold=True, italic=True), Text("e", superscript=True), Text(" fin")))
    root = content_of(document(Section("a", "a", 1, (block,))))
    styles = {style.get(f"{STYLE}name"): style for style in root.iter(f"{STYLE}style")}
    first, second = root.iter(f"{TEXT}span")
    properties = styles[first.get(f"{TEXT}style-name")][0]

    assert (properties.get(f"{FO}font-weight"), properties.get(f"{FO}font-style")) == ("bold", "italic")
    assert [child.tag for child in first] == [f"{TEXT}line-break"]
    assert styles[second.get(f"{TEXT}style-name")][0].get(f"{STYLE}text-position").startswith("super")
    assert second.tail == " fin"


def test_the_foot_of_each_page_says_the_report_and_the_page():
    styles = tree(parts_of(odt.render(sample()))["styles.xml"])
    feet = {
        page.get(f"{STYLE}name"): "".join(page.itertext()).strip()
        for page in styles.iter(f"{STYLE}master-page")
    }

    words = "Projet – Vallée de l’Orbe – Rapport d’exécution 20311 / 1"
    assert feet == {"Couverture": "", "Haute": words, "Large": words}


def test_a_letter_has_no_contents():
    root = content_of(
        document(Section("a", "Transmission", 1, (paragraph("Reçu"),)), cover=(), title="Récépissé")
    )

    assert not list(root.iter(f"{TEXT}table-of-content"))
    assert [said(p) for p in root.iter(f"{TEXT}p", f"{TEXT}h")] == ["Récépissé", "Transmission", "Reçu"]
