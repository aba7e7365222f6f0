"""What a file may hold besides plain paragraphs, and the files that are refused: each by a French sentence."""

import io
import random
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.imports.documents import missing_words, understand
from axes.imports.documents.rich import flat
from axes.imports.documents.understanding import MARGIN
from logement import limited
from logement.documents import DocumentError, dump, load, place_label, read_document, reading
from logement.documents.parts import MARGINS, NESTED, TRACKED, Refusal
from logement.richtext import notes, parse
from tests.axes.documents.made import blank, changed, exported, read, report, saved

SMALL = report()


def zipped(**parts):
    """An archive of these parts: {name with / for __: content}."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return output.getvalue()


def in_archive(raw, name, content):
    output = io.BytesIO(raw)
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return output.getvalue()


def with_body(body):
    return changed(
        SMALL, document=lambda xml: f"{xml[: xml.index('<w:body>')]}<w:body>{body}</w:body></w:document>"
    )


def bomb():
    """A document of 20 kB whose text unpacks to 20 GB, by the sizes that it declares."""
    return in_archive(SMALL, "word/media/a.xml", b"0" * 60_000_000)


def bomb_among_pictures():
    """As large as a report with photographs may be, but most of it one text."""
    pictures = random.Random(1).randbytes(700_000)  # noqa: S311  what no archive makes smaller
    return in_archive(in_archive(SMALL, "word/media/a.png", pictures), "word/b.xml", b"0" * 60_000_000)


def entities(xml):
    return xml.replace("?>", '?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', 1)


def encrypted():
    """What Word writes of a document under a password: an OLE file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


REFUSED = {
    "nothing": (lambda: b"", "a.docx", "n'est pas un document"),
    "a PDF": (lambda: b"%PDF-1.7", "a.docx", "n'est pas un document"),
    "a page": (lambda: b"<html>", "a.doc", "n'est pas un document"),
    "an archive of something else": (lambda: zipped(a="b"), "a.docx", "n'est pas un document"),
    "a spreadsheet": (lambda: zipped(xl__workbook="<a/>"), "a.docx", "n'est pas un document"),
    "an old document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "trop ancien"),
    "a password": (encrypted, "a.docx", "mot de passe"),
    "macros": (lambda: in_archive(SMALL, "word/vbaProject.bin", b"x"), "a.docm", "macros"),
    "macros of ODT": (lambda: in_archive(exported("odt"), "Basic/a.xml", b"x"), "a.odt", "macros"),
    "another name": (lambda: SMALL, "a.odt", "finit par « .odt »"),
    "truncated": (lambda: SMALL[: len(SMALL) // 2], "a.docx", "abîmé"),
    "a bomb": (bomb, "a.docx", "trop gros"),
    "a bomb among pictures": (bomb_among_pictures, "a.docx", "trop gros"),
    "a text that is no XML": (lambda: changed(SMALL, document=lambda xml: xml[:-20]), "a.docx", "abîmé"),
    "entities": (lambda: changed(SMALL, document=entities), "a.docx", "entités"),
    "entities of ODT": (lambda: changed(exported("odt"), content=entities), "a.odt", "entités"),
    "no body": (
        lambda: changed(SMALL, document=lambda xml: xml.replace("w:body", "w:bidy")),
        "a.docx",
        "abîmé",
    ),
    "too long": (lambda: b"PK" + b"0" * (reading.MAX_BYTES + 1), "a.docx", "dépasse 20 Mo"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_file_is_refused_with_a_sentence(case):
    made, name, sentence = REFUSED[case]

    with pytest.raises(DocumentError, match=sentence) as refused:
        read_document(made(), name=name)

    assert str(refused.value).endswith(".")


def test_the_child_reads_the_same_as_this_process():
    assert read_document(SMALL, name="rapport.docx") == read(SMALL)


def test_a_document_is_stored_and_loaded_equal():
    document = read(exported("docx"))

    assert load(dump(document)) == document


def test_a_bomb_costs_little_time_and_memory(tmp_path):
    """In a process of its own: the sizes are read before anything is unpacked."""
    (tmp_path / "bomb.docx").write_bytes(bomb())
    program = (
        "import resource, sys\n"
        "from logement.documents import DocumentError, read_document\n"
        "raw = open(sys.argv[1], 'rb').read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF)\n"
        "try:\n    read_document(raw, name='a.docx')\n"
        "except DocumentError as error:\n    print(error)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(after.ru_utime - before.ru_utime, after.ru_maxrss - before.ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "bomb.docx"], capture_output=True, text=True, check=True
    )
    sentence, figures = done.stdout.splitlines()
    seconds, kilobytes = map(float, figures.split())

    assert "trop gros" in sentence
    assert seconds < 1
    assert kilobytes < 100_000


def test_a_reader_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0)

    with pytest.raises(DocumentError, match="trop gros"):
        read_document(SMALL, name="a.docx")


def test_a_reader_that_takes_too_much_memory_is_stopped(tmp_path):
    hungry = tmp_path / "hungry.py"
    hungry.write_text("held = bytearray(400_000_000)\nprint(len(held))")

    code, output = limited.run(str(hungry), b"", memory=200_000_000, seconds=20)

    assert (code != 0, output) == (True, b"")


def test_the_child_knows_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canari")
    curious = tmp_path / "curious.py"
    curious.write_text("import os\nprint(sorted(os.environ.values()))")

    _, output = limited.run(str(curious), b"", memory=500_000_000, seconds=20)

    assert b"canari" not in output


def test_what_is_nested_too_deep_is_refused():
    deep = "<w:p/>"
    for _ in range(300):
        deep = f"<w:tbl><w:tr><w:tc>{deep}</w:tc></w:tr></w:tbl>"

    with pytest.raises(Refusal):
        read(with_body(deep))


def test_three_hundred_pages_are_read():
    paragraph = "<w:p><w:r><w:t>" + "mot " * 500 + "</w:t></w:r></w:p>"

    document = read(with_body(paragraph * 300))

    assert sum(len(each.text.split()) for each in document.paragraphs) == 150_000


def test_more_than_the_limit_is_refused():
    paragraph = "<w:p><w:r><w:t>" + "mot " * 1000 + "</w:t></w:r></w:p>"

    with pytest.raises(Refusal, match="long"):
        read(with_body(paragraph * 401))


# --- What is told ---


def text_of(body):
    document = read(with_body(body))
    return [paragraph.text for paragraph in document.paragraphs], document.notices


def test_tracked_changes_are_read_as_accepted():
    kept = '<w:ins w:id="1"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
    gone = '<w:del w:id="2"><w:r><w:delText>retiré</w:delText></w:r></w:del>'
    moved = '<w:moveFrom w:id="3"><w:r><w:t>parti</w:t></w:r></w:moveFrom>'
    mark = '<w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr>'

    lines, told = text_of(f"<w:p>{mark}<w:r><w:t>un </w:t></w:r></w:p><w:p>{kept}{gone}{moved}</w:p>")

    assert lines == ["un ajouté"]
    assert told == (TRACKED,)


def test_a_nested_table_is_read_in_its_cell():
    inside = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>dedans</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"

    lines, told = text_of(f"<w:tbl><w:tr><w:tc>{inside}<w:p/></w:tc></w:tr></w:tbl>")

    assert lines == ["dedans"]
    assert told == (NESTED,)


def test_links_are_read_for_their_words():
    raw = exported("docx")
    document = read(raw)

    assert "Sommaire" in [paragraph.text for paragraph in document.paragraphs]
    assert not any("http" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_the_demonstration_comes_back_whole(kind):
    document = read(exported(kind), kind)
    found = understand(document)

    assert missing_words(document, found) == []
    assert (len(found.tables), len(found.rows), len([row for row in found.rows if row.state.word])) == (
        6,
        19,
        19,
    )
    assert found.year == 2023
    assert [section.number for section in found.sections] == [1, 2, 3]
    assert sum(len(notes(parse(passage.html))) for passage in found.passages) == 1
    assert [item.reason for item in found.unsure if item.key not in {f.key for f in found.figures}] == []


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_an_export_says_which_lines_its_rows_were(kind):
    found = understand(read(exported(kind), kind))

    assert found.is_export
    assert [row.mark for row in found.tables[1].rows] == ["action-20", "action-21"]
    assert [section.mark for section in found.sections] == ["partie-1", "partie-2", "partie-3"]
    assert not understand(read(SMALL)).is_export


def with_margins(document):
    section = document.sections[0]
    section.header.paragraphs[0].text = "Ville d'Exemple, service de l'habitat"
    section.footer.paragraphs[0].text = "Document provisoire"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Document provisoire"


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_headers_and_feet_are_read_once_and_told(kind):
    if kind == "docx":
        raw, said = (
            report(before=with_margins),
            {"Ville d'Exemple, service de l'habitat", "Document provisoire"},
        )
    else:
        raw, said = exported("odt"), {"Rapport 2023 1 / 1"}
    document = read(raw, kind)
    found = understand(document)

    left = [item for item in found.left if item.reason == MARGIN]
    assert {flat(item.text) for item in left} == said
    assert len(left) == len(said)
    assert MARGINS in found.notices
    assert missing_words(document, found) == []
    assert load(dump(document)) == document


def test_a_place_is_told_in_french():
    assert place_label("t3-l2-c1-p2") == "tableau 3, ligne 2, colonne 1, paragraphe 2"


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_any_text_is_taken_to_the_word(texts):
    document = blank()
    for text in texts:
        document.add_paragraph(text)
    found = read(saved(document))

    assert missing_words(found, understand(found)) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_table_is_taken_to_the_word(rows):
    document = blank()
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    found = read(saved(document))

    assert missing_words(found, understand(found)) == []
