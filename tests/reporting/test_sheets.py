"""The sheets of the spreadsheets: what they hold, and how XLSX and ODS show it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reporting.document import ReportedFigure
from reporting.renderers import ods, xlsx
from reporting.renderers.sheets import named, sheets_of, typed
from tests.reporting.office import TABLE, check_odf, parts_of, tree
from tests.reporting.sample import sample

FIGURE = ReportedFigure(
    key=1,
    code="A-1",
    heading="Axe 1 : Accéder",
    action="Suivre l'accès",
    label="Ménages",
    value="142\u00a0ménages",
    unit="ménages",
    number=Decimal(142),
    ends_on=date(2031, 12, 31),
)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_a_sheet_for_the_figures_and_one_for_each_table():
    sheets = sheets_of(replace(sample(), figures=(FIGURE,)))

    assert [(sheet.name, len(sheet.rows)) for sheet in sheets[1:]] == [
        ("Chiffres", 1),
        ("Axe 1", 3),
        ("Axe 2", 0),
        ("Axe 3", 5),
    ]
    assert sheets[2].headings[:2] == ("Les actions menées en 2031", "État de la réalisation")
    assert sheets[2].rows[0][:3] == (
        "Action n°\u00a01\u00a0: suivre l’accès au logement",
        "Réalisée",
        "Depuis 2029, 142 ménages, dont 35 cette année (71\u00a0% en sortie d’hôtel).\nun\ndeux",
    )


def test_a_table_of_figures_is_kept_where_they_are_not_data():
    assert [sheet.name for sheet in sheets_of(sample())[1:3]] == ["Chiffres", "Chiffres de contexte"]


def test_the_first_sheet_says_what_the_others_hold():
    facts = dict(sheets_of(replace(sample(), figures=(FIGURE,)))[0].rows)

    assert facts["Titre"] == "Rapport d’exécution 2031 – Vallée de l’Orbe"
    assert facts["Mention"] == "Projet"
    assert facts["Feuille «\u00a0Axe 1\u00a0»"] == "Axe 1\u00a0: Accéder (3 lignes)"
    assert facts["Colonne «\u00a0Unité\u00a0» des chiffres"] == "L’unité du nombre."


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (True, "oui"),
        (None, None),
        (3, 3),
        (Decimal("5.8"), Decimal("5.8")),
        (Decimal("1234567890123456"), "1234567890123456"),
        (date(2031, 5, 24), date(2031, 5, 24)),
        ("l'accès\x00 : oui", "l’accès\u00a0: oui"),
    ],
)
def test_a_cell_holds_a_typed_value(value, held):
    assert typed(value) == held


@pytest.mark.parametrize(
    ("captions", "names"),
    [
        (["Axe 1 : Accéder", "Axe 1 : Produire"], ["Axe 1", "Axe 1 (2)"]),
        (["Historique", "", "a/b[c]"], ["Historique (2)", "Tableau", "a b c"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 27 + " (2)"]),
        (["'cité'", "😀" * 20], ["cité", "😀" * 15]),
    ],
)
def test_sheets_have_short_names_of_their_own(captions, names):
    assert named(captions) == names


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=40), max_size=6))
def test_any_captions_make_names_that_excel_takes(captions):
    names = named(captions)

    assert len({name.casefold() for name in names}) == len(captions)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\\n\0")
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_excel_freezes_filters_and_repeats_the_headings():
    parts = parts_of(xlsx.render(replace(sample(), figures=(FIGURE,))))
    sheet = tree(parts["xl/worksheets/sheet2.xml"])
    names = [name.get("name") for name in tree(parts["xl/workbook.xml"]).iter(f"{MAIN}definedName")]

    assert sheet.find(f".//{MAIN}pane").get("state") == "frozen"
    assert sheet.find(f"{MAIN}autoFilter").get("ref") == "A1:U2"
    assert names.count("_xlnm.Print_Titles") == 5
    assert sheet.find(f"{MAIN}pageSetup").get("orientation") == "landscape"


def test_a_number_is_shown_as_the_french_write_it():
    """The cell holds the number; its format groups the digits, with decimals where there are some."""
    figures = (
        FIGURE,
        replace(FIGURE, number=Decimal("5.8")),
        replace(FIGURE, number=None, day=date(2031, 5, 24)),
    )
    document = replace(sample(), figures=figures)
    styles = tree(parts_of(xlsx.render(document))["xl/styles.xml"])
    codes = {code.get("formatCode") for code in styles.iter(f"{MAIN}numFmt")}
    content = ods.render(document)
    check_odf(content)
    table = tree(parts_of(content)["content.xml"]).findall(f".//{TABLE}table")[1]
    shown = [
        ["".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")]
        for row in table.findall(f"{TABLE}table-row")
    ]

    assert codes == {"#,##0", "#,##0.0###", "dd/mm/yyyy"}
    assert [(row[5], row[9]) for row in shown] == [("142", ""), ("5,8", ""), ("", "24/05/2031")]


def test_ods_filters_its_headings_whatever_the_name_of_the_sheet():
    held = replace(sample(), figures=(FIGURE,))
    root = tree(parts_of(ods.render(held))["content.xml"])
    ranges = [found.get(f"{TABLE}target-range-address") for found in root.iter(f"{TABLE}database-range")]

    assert ranges[1] == "'Chiffres'.A1:'Chiffres'.U2"
    assert len(root.findall(f".//{TABLE}table-header-rows")) == 5


def test_both_open_with_the_same_cells():
    held = replace(sample(), figures=(FIGURE,))
    books = [CalamineWorkbook.from_filelike(BytesIO(render(held))) for render in (xlsx.render, ods.render)]
    read = [{name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names} for book in books]

    assert read[0] == read[1]
    assert read[0]["Axe 1"][1][0] == "Action n°\u00a01\u00a0: suivre l’accès au logement"
