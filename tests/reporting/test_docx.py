"""The DOCX: what a colleague finds in Word, part by part."""

from dataclasses import replace

import pytest

from logement.richtext import List, Note, Paragraph, Text
from reporting.document import Section, Table
from reporting.renderers import docx
from reporting.renderers.reading import breakable
from tests.reporting.office import W, check_docx, parts_of, tree
from tests.reporting.sample import COLUMNS, axis, bullets, document, paragraph, row, sample


def body_of(held):
    content = docx.render(held)
    check_docx(content)
    return tree(parts_of(content)["word/document.xml"])[0]


def style_of(element):
    return element.find(f"{W}pPr/{W}pStyle").get(f"{W}val")


def said(element):
    return "".join(element.itertext(f"{W}t"))


def test_headings_are_words_own_and_never_skip_a_level():
    body = body_of(sample())
    headings = [(style_of(p), said(p)) for p in body if p.tag == f"{W}p" and "Heading" in style_of(p)]

    assert headings == [
        ("Heading1", "Préambule"),
        ("Heading1", "1 Bilan des actions"),
        ("Heading2", "Axe 1\u00a0: Accéder"),
        ("Heading2", "Axe 2\u00a0: Produire"),
        ("Heading2", "Axe 3\u00a0: Accompagner"),
        ("Heading1", "2 Dynamique du territoire"),
    ]


def test_the_cover_names_the_report_and_its_imprint():
    cover = (*sample().cover, paragraph("Vallée"), paragraph("Version 2"), paragraph("Empreinte"))
    body = body_of(document(cover=cover))
    styled = [(style_of(p), said(p)) for p in body.iter(f"{W}p") if said(p)]

    assert styled == [
        ("Notice", "Projet"),
        ("Subtitle", "Plan Logement d’abord"),
        ("Title", "Rapport d’exécution 2031"),
        ("Subtitle", "AMI «\u00a0Essai\u00a0»"),
        ("Imprint", "Vallée"),
        ("ImprintText", "Version 2"),
        ("ImprintText", "Empreinte"),
    ]


def test_pages_turn_with_the_tables_of_actions():
    pages = [
        (
            page.find(f"{W}pgSz").get(f"{W}orient"),
            [foot.values() for foot in page.iter(f"{W}footerReference")],
        )
        for page in body_of(sample()).iter(f"{W}sectPr")
    ]

    tall, wide = (None, [["default", "tall"]]), ("landscape", [["default", "wide"]])
    assert pages == [(None, []), tall, tall, wide, tall]  # the cover, the contents, then the text


def test_a_table_repeats_its_headings_and_says_what_heads_its_rows():
    context, first, last = body_of(sample()).iter(f"{W}tbl")

    for table in (context, first, last):
        heading, *rows = table.findall(f"{W}tr")
        assert heading.find(f"{W}trPr/{W}tblHeader") is not None
        assert not [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
        assert table.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstColumn") == "1"
    assert first.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == "Axe 1\u00a0: Accéder"
    kept = [row.find(f"{W}trPr/{W}cantSplit") is not None for row in first.iter(f"{W}tr")]
    assert kept == [True, True, True, False]  # the long row is cut by a page


def test_a_table_whose_rows_are_named_elsewhere_has_no_first_column():
    swapped = tuple(reversed(COLUMNS))
    held = row(1, "Titre", "Réalisée", (), ())
    table = Table("Table", swapped, (type(held)("a", tuple(reversed(held.cells))),))
    (found,) = body_of(document(Section("a", "Titre", 1, (table,)))).iter(f"{W}tbl")

    assert found.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstColumn") == "0"
    assert said(found.getprevious()) == "Table"  # a caption that the heading does not say


def test_two_tables_that_touch_stay_two():
    section = axis(1, "Un", row(1, "A", "Réalisée", (), ()))
    body = body_of(document(replace(section, content=section.content * 2)))

    assert [element.tag.removeprefix(W) for element in body][-5:] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_footnotes_are_words_own():
    parts = parts_of(docx.render(sample()))
    notes = list(tree(parts["word/footnotes.xml"]))

    assert [note.get(f"{W}type") for note in notes[:2]] == ["separator", "continuationSeparator"]
    assert [said(note).strip() for note in notes[2:]] == ["Première note.", "Note de cellule.", "Autre note."]
    assert b'<w:footnote w:id="-1"/>' in parts["word/settings.xml"]


def test_each_numbered_list_begins_at_one():
    item = (paragraph("Un"), paragraph("Suite"), bullets("dedans", ordered=True))
    held = document(
        Section(
            "a", "a", 1, (List((item, (paragraph("Deux"),)), True), bullets("x"), bullets("y", ordered=True))
        )
    )
    content = docx.render(held)
    check_docx(content)
    parts = parts_of(content)
    marks = [
        (said(p), p.find(f"{W}pPr/{W}numPr/{W}numId"), p.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        for p in tree(parts["word/document.xml"]).iter(f"{W}p")
        if style_of(p) == "ListParagraph"
    ]
    starts = [
        (number.get(f"{W}numId"), number.find(f"{W}lvlOverride").get(f"{W}ilvl"))
        for number in tree(parts["word/numbering.xml"]).findall(f"{W}num")[1:]
    ]

    assert [
        (text, *(mark.get(f"{W}val") for mark in found if mark is not None)) for text, *found in marks
    ] == [
        ("Un", "2", "0"),
        ("Suite",),
        ("dedans", "3", "1"),
        ("Deux", "2", "0"),
        ("x", "1", "0"),
        ("y", "4", "0"),
    ]
    assert starts == [("2", "0"), ("3", "1"), ("4", "0")]


def test_marks_and_line_breaks():
    block = Paragraph((Text("a\nb", bold=True), Text("e", superscript=True), Text("i", italic=True)))
    body = body_of(document(Section("a", "a", 1, (block,))))
    runs = next(p for p in body.iter(f"{W}p") if style_of(p) == "BodyText").findall(f"{W}r")

    assert [[mark.tag.removeprefix(W) for mark in run.find(f"{W}rPr")] for run in runs] == [
        ["b", "bCs"],
        ["vertAlign"],
        ["i", "iCs"],
    ]
    assert [child.tag.removeprefix(W) for child in runs[0]] == ["rPr", "t", "br", "t"]


def test_the_contents_are_words_field_filled_with_links():
    body = body_of(sample())
    (contents,) = body.iter(f"{W}sdt")
    fields = [code.text for code in contents.iter(f"{W}instrText")]

    assert fields[0] == ' TOC \\o "1-6" \\h \\z \\u '
    assert fields[1:] == [f" PAGEREF _Toc{rank} " for rank in range(1, 7)]
    assert [said(link) for link in contents.iter(f"{W}hyperlink")][:2] == ["Préambule", "1 Bilan des actions"]


def test_a_letter_has_no_contents_and_its_title_above_the_text():
    body = body_of(
        document(Section("a", "Transmission", 1, (paragraph("Reçu"),)), cover=(), title="Récépissé")
    )

    assert [said(p) for p in body.iter(f"{W}p")] == ["Récépissé", "Transmission", "Reçu"]
    assert len(list(body.iter(f"{W}sectPr"))) == 1


@pytest.mark.parametrize("depth", [1, 6, 9])
def test_deeper_headings_and_lists_stay_within_words_own(depth):
    section = Section("a", "fond", 1, (bullets("x"),))
    block = bullets("y")
    for _ in range(depth):
        section = Section("a", "s", 1, sections=(section,))
        block = List(((paragraph("z"), block),))
    held = document(section, Section("b", "b", 1, (block, Paragraph((Note((Text("n"),)),)))))

    levels = {int(level.get(f"{W}val")) for level in body_of(held).iter(f"{W}ilvl")}
    assert max(levels) == min(depth, 8)


def test_a_value_of_a_narrow_column_turns_before_its_unit():
    """LibreOffice cuts a word that no column holds whole; a symbol stays beside its number."""
    assert breakable("34\u202f500\u00a0demandeurs") == "34\u202f500 demandeurs"
    assert breakable("71\u00a0%") == "71\u00a0%"
