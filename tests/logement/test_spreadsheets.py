"""Tables that come in and go out: formats, addresses, types, limits, disguises."""

import io
import re
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logement import archives
from logement.spreadsheets import SpreadsheetError, dump, load, read_table, reading, to_csv, to_xlsx, workbook
from logement.spreadsheets.table import letters

SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Suivi">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
TEXT = (
    '<table:table-cell office:value-type="string" table:number-columns-repeated="{}">'
    "<text:p>{}</text:p></table:table-cell>"
)


def xlsx(fill):
    """The bytes of a workbook that `fill(book)` writes."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    fill(book)
    book.close()
    return output.getvalue()


def archive(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return output.getvalue()


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def ods(rows, **more):
    return archive(
        {
            "mimetype": reading.ODS,
            "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": ODS_HEAD + rows + ODS_TAIL,
        }
        | more
    )


def plain(book):
    sheet = book.add_worksheet("Ménages")
    for column, heading in enumerate(["Code", "Entrée", "Aide", "Libre"]):
        sheet.write_string(3, column + 1, heading)
    sheet.write_string(0, 0, "Suivi du bail d'abord")
    sheet.write_string(4, 1, "A1")
    sheet.write_datetime(4, 2, date(2024, 2, 29), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_number(4, 3, 0.1 + 0.2)
    sheet.write_boolean(4, 4, True)
    sheet.write_string(6, 1, "A2")
    moment = datetime(2023, 12, 31, 23, 59)  # noqa: DTZ001  a spreadsheet knows no zone
    sheet.write_datetime(6, 2, moment, book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
    sheet.write_number(6, 3, 2770, book.add_format({"num_format": '# ##0 "€"'}))
    sheet.write_formula(6, 4, "=1/0", None, "#DIV/0!")


PLAIN = xlsx(plain)


def values(table):
    return [(row.number, *row.values) for row in table.rows]


# --- Read ---


def test_xlsx_gives_typed_cells_and_their_addresses():
    table = read_table(xlsx(plain), name="C:\\Users\\suivi.XLSX")

    assert (table.name, table.sheet, table.sheets) == ("suivi.XLSX", "Ménages", ("Ménages",))
    assert [heading.text for heading in table.headings] == ["Code", "Entrée", "Aide", "Libre"]
    assert values(table) == [
        (5, "A1", date(2024, 2, 29), Decimal("0.3"), True),
        (7, "A2", datetime(2023, 12, 31, 23, 59), 2770, None),  # noqa: DTZ001
    ]
    assert table.address(table.rows[1], 1) == "C7"


def test_ods_gives_the_same_and_its_empty_end_does_not_count():
    rows = f"<table:table-row>{TEXT.format(1, 'Code')}{TEXT.format(1, 'Adultes')}</table:table-row>"
    rows += f"<table:table-row>{TEXT.format(1, 'A1')}"
    rows += '<table:table-cell office:value-type="float" office:value="2"/></table:table-row>'
    rows += '<table:table-row table:number-rows-repeated="1048574">'
    rows += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'

    assert values(read_table(ods(rows), name="suivi.ods")) == [(2, "A1", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_whatever_its_encoding_and_separator(encoding, separator):
    lines = [["Prénom de code", "Âge"], ["été", "1"], ["hôtel", "2"]]
    text = "\r\n".join(separator.join(line) for line in lines) + "\r\n"

    table = read_table(text.encode(encoding), name="suivi.csv")

    assert [heading.text for heading in table.headings] == lines[0]
    assert values(table) == [(2, "été", "1"), (3, "hôtel", "2")]


def test_csv_keeps_a_comma_inside_the_cells_of_a_semicolon_file():
    assert values(read_table(b"A;B\n1,5;2,5\n3,5;4,5\n", name="a.csv")) == [
        (2, "1,5", "2,5"),
        (3, "3,5", "4,5"),
    ]


def test_a_csv_of_one_column_is_a_table():
    assert values(read_table(b"Code\nA, B\n", name="a.csv")) == [(2, "A, B")]


def test_headings_missing_or_twice_are_told_by_their_letter():
    table = read_table(b"Date;;Date\n1;2;3\n", name="a.csv")

    assert [heading.text for heading in table.headings] == [
        "Date (colonne A)",
        "(colonne B)",
        "Date (colonne C)",
    ]


def test_the_sheet_named_is_read_and_a_hidden_one_is_not():
    def fill(book):
        for name, word in (("Vide", ""), ("Un", "a"), ("Deux", "b"), ("Cachée", "c")):
            sheet = book.add_worksheet(name)
            sheet.write_column(0, 0, [word, word])
            if name == "Cachée":
                sheet.hide()

    assert read_table(xlsx(fill), name="a.xlsx").sheet == "Un"
    assert read_table(xlsx(fill), name="a.xlsx", sheet="Deux").rows[0].values == ("b",)
    for name in ("Cachée", "Vide", "Trois"):
        with pytest.raises(
            SpreadsheetError, match=f"La feuille « {name} » n'existe pas ou est vide. .*« Un », « Deux »"
        ):
            read_table(xlsx(fill), name="a.xlsx", sheet=name)


def test_text_is_cleaned_where_it_comes_in():
    assert values(read_table("A\n\u202ee\u0301\u000b\uffff x\n".encode(), name="a.csv")) == [(2, "é\n x")]


def test_letters():
    assert [
        letters(rank) for rank in (0, 25, 26, 51, 52, 701, 702, 16383)
    ] == "A Z AA AZ BA ZZ AAA XFD".split()


def test_a_table_comes_back_equal_from_its_text():
    table = read_table(xlsx(plain), name="suivi.xlsx")

    assert load(dump(table)) == table
    assert load(dump(table.keeping([2]))).rows[0].values == (Decimal("0.3"),)
    assert table.keeping([2]).address(table.rows[0], 0) == "D5"


# --- Refused ---


def lying(raw):
    """The same archive whose parts are said to be empty, so that sizes read before unpacking see nothing."""
    content = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        for found in re.finditer(re.escape(mark), raw):
            content[found.start() + offset : found.start() + offset + 4] = bytes(4)
    return bytes(content)


def one_byte_wrong_where_nobody_reads():
    """A workbook in which one byte of a part that the reader never opens is not the one that was sealed."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as made:
        for name, content in parts_of(PLAIN).items():
            made.writestr(name, content)
    raw = output.getvalue()
    assert raw.count(b"Microsoft Excel") == 1
    return raw.replace(b"Microsoft Excel", b"Microsoft Excem")


def far(ref):
    parts = parts_of(xlsx(plain))
    row = re.sub("[A-Z]", "", ref)
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet {SHEET}><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        f'<row r="{row}"><c r="{ref}"><v>2</v></c></row></sheetData></worksheet>'
    )
    return archive(parts)


REPEATED = f'<table:table-row table:number-rows-repeated="1000000">{TEXT.format(1000, "x")}</table:table-row>'
REFUSED = {
    "too many bytes": (lambda: b"a" * (reading.MAX_BYTES + 1), "a.csv", "dépasse 10 Mo"),
    "bomb": (lambda: archive({"xl/workbook.xml": bytes(archives.MAX_UNPACKED + 1)}), "a.xlsx", "trop gros"),
    "bomb under the limit": (lambda: archive({"xl/workbook.xml": bytes(5 * 10**7)}), "a.xlsx", "trop gros"),
    "bomb of parts": (lambda: archive({str(n): b"" for n in range(2001)}), "a.xlsx", "trop gros"),
    "lying bomb": (lambda: lying(archive({"xl/workbook.xml": bytes(9**8)})), "a.xlsx", "abîmé"),
    "a byte wrong in a part that is not read": (one_byte_wrong_where_nobody_reads, "a.xlsx", "abîmé"),
    "more cells than the memory": (lambda: far("XFD6000"), "a.xlsx", "trop gros"),
    "cell at the end of the world": (lambda: far("XFD1048576"), "a.xlsx", "trop gros"),
    "repeated cells": (lambda: ods(REPEATED), "a.ods", "abîmé|trop gros"),
    "truncated": (lambda: xlsx(plain)[:-200], "a.xlsx", "abîmé"),
    "a byte wrong": (lambda: xlsx(plain).replace(b"\xff", b"\xfe", 1)[:3000], "a.xlsx", "abîmé"),
    "empty workbook": (lambda: xlsx(lambda book: book.add_worksheet()), "a.xlsx", "aucune valeur"),
    "macros": (lambda: archive(parts_of(xlsx(plain)) | {"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
    "macros of ODS": (lambda: ods("", **{"Basic/script-lc.xml": "x"}), "a.ods", "macros"),
    "password, ODS": (
        lambda: ods("", **{"META-INF/manifest.xml": "<m:encryption-data/>"}),
        "a.ods",
        "mot de passe",
    ),
    "password, XLSX": (
        lambda: reading.OLE + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        "mot de passe",
    ),
    "old Excel": (lambda: reading.OLE + b"Workbook", "a.xls", "trop ancien"),
    "another archive": (lambda: archive({"word/document.xml": "x"}), "a.xlsx", "n'est pas un tableau"),
    "disguised as CSV": (
        lambda: xlsx(plain),
        "a.csv",
        "finit par « .csv », mais son contenu est au format .xlsx",
    ),
    "disguised as XLSX": (lambda: b"a;b\n1;2", "a.xlsx", "son contenu est au format .csv"),
    "image": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "a.csv", "n'est pas un tableau"),
    "quote never closed": (lambda: b'a;b\n1;"2\n3;4', "a.csv", "un guillemet n'est pas refermé"),
    "empty": (lambda: b"", "a.csv", "aucune valeur"),
    "headings only": (lambda: b"a;b\n", "a.csv", "aucune ligne"),
    "too many rows": (lambda: b"a\n" * 20_001, "a.csv", "jusqu'à la ligne 20001 ; le maximum est 20000"),
    "too many columns": (lambda: b"a;" * 200 + b"b\n", "a.csv", "jusqu'à la colonne GS ; le maximum est GR"),
    "too many rows of XLSX": (lambda: far("A20001"), "a.xlsx", "jusqu'à la ligne 20001"),
    "too many columns of XLSX": (lambda: far("GS2"), "a.xlsx", "jusqu'à la colonne GS"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_a_table_is_refused_with_a_sentence(case):
    make, name, sentence = REFUSED[case]
    raw = make()
    start = time.perf_counter()

    with pytest.raises(SpreadsheetError, match=sentence):
        read_table(raw, name=name)

    assert time.perf_counter() - start < 3  # one second alone; the tests share the machine


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(workbook, "SECONDS", 0)

    with pytest.raises(SpreadsheetError, match="trop gros"):
        read_table(xlsx(plain), name="a.xlsx")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_bytes_changed_is_read_or_refused(data):
    raw = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(raw), name="a.xlsx")
    except SpreadsheetError as error:
        assert str(error).endswith(".")  # noqa: PT017  either end is right


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(raw):
    try:
        assert read_table(raw, name="a.csv").rows
    except SpreadsheetError as error:
        assert str(error).endswith(".")  # noqa: PT017


# --- Written ---

COLUMNS = {"Texte": itemgetter(0), "Nombre": itemgetter(1), "Jour": itemgetter(2)}
DANGEROUS = ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "http://example.org", "{=1}", "mailto:a@b.fr", "12"]


def test_xlsx_holds_no_formula_and_no_address():
    raw = to_xlsx(COLUMNS, [(text, 1, None) for text in DANGEROUS], title="Essai")
    parts = parts_of(raw)

    assert b"<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert b"hyperlink" not in parts["xl/worksheets/sheet1.xml"]
    assert [row.values[0] for row in read_table(raw, name="a.xlsx").rows] == [
        text.strip() for text in DANGEROUS
    ]


def test_csv_quotes_formulas_and_keeps_numbers():
    raw = to_csv(COLUMNS, [(text, Decimal("-2.5"), date(2023, 12, 31)) for text in ("=1", "@a", "-x", "a")])

    assert raw == (
        b"\xef\xbb\xbfTexte;Nombre;Jour\r\n'=1;-2,5;31/12/2023\r\n'@a;-2,5;31/12/2023\r\n"
        b"'-x;-2,5;31/12/2023\r\na;-2,5;31/12/2023\r\n"
    )


def test_xlsx_keeps_numbers_days_and_moments_in_paris():
    rows = [("a", Decimal("2770.5"), date(2024, 2, 29)), ("b", 0, datetime(2023, 12, 31, 23, 30, tzinfo=UTC))]

    table = read_table(to_xlsx(COLUMNS, rows, title="Essai"), name="a.xlsx")

    assert values(table) == [
        (2, "a", Decimal("2770.5"), date(2024, 2, 29)),
        (3, "b", 0, datetime(2024, 1, 1, 0, 30)),  # noqa: DTZ001
    ]


def test_xlsx_freezes_its_headings_and_is_the_same_twice():
    raw = to_xlsx(COLUMNS, [("a", True, None)], title="Ménages : [2023]")

    assert b'state="frozen"' in parts_of(raw)["xl/worksheets/sheet1.xml"]
    assert raw == to_xlsx(COLUMNS, [("a", True, None)], title="Ménages : [2023]")
    assert read_table(raw, name="a.xlsx").sheet == "Ménages  2023"


@pytest.mark.parametrize("value", ["x" * 40_000, 10**20, date(1850, 1, 1)])
def test_what_a_cell_cannot_hold_is_written_as_text(value):
    ((found,),) = [
        row.values
        for row in read_table(to_xlsx({"A": lambda row: row}, [value], title="A"), name="a.xlsx").rows
    ]

    assert found == {40_000: "x" * 32_763 + " […]", 21: "1" + "0" * 20}.get(len(str(value)), "01/01/1850")


text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20).map(str.strip)
exported = st.lists(st.tuples(text.filter(bool), st.integers(-(10**9), 10**9)), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(exported)
def test_an_export_reads_back_as_it_was(rows):
    from logement.text import clean_text

    columns = {"Texte": itemgetter(0), "Nombre": itemgetter(1)}
    expected = [(clean_text(word).strip() or None, number) for word, number in rows]

    book = read_table(to_xlsx(columns, rows, title="A"), name="a.xlsx")
    flat = read_table(to_csv(columns, rows), name="a.csv")

    assert [row.values for row in book.rows] == expected
    assert [(row.values[0], int(row.values[1])) for row in flat.rows] == expected
