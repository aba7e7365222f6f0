"""Two hundred wrong workbooks: each ends by a preview or a French sentence, never by an error; nothing is written."""

import random
import re
import subprocess
import sys
import time
import zipfile
from functools import cache
from io import BytesIO

import pytest
from django.db import transaction

from axes.models import Answer
from axes.submissions import sheets
from axes.submissions.sheets.schema import base_of, base_of_fields
from logement.limited import LIMIT
from logement.models import PendingImport
from logement.spreadsheets import SpreadsheetError, book, reading, workbook
from logement.spreadsheets.book import MAX_BOOK_UNPACKED
from tests.axes.sheets_world import ANSWERS, FIGURES, World, archive, parts_of, with_cell, with_part

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ANSWER_CELLS = ["F6", "I6", "J6", "K6", "G7", "H7", "F8", "G8", "F9", "K9"]
NONSENSE = [
    't="str"><v>beaucoup</v>',
    't="str"><v></v>',
    't="str"><v>=1+1</v>',
    't="str"><v>1,2,3</v>',
    't="str"><v>&#9;&#13;&#10;</v>',
    't="str"><v>_x0000__x0001_\u202e\ufdd0</v>',
    't="str"><v>' + "9" * 5_000 + "</v>",
    't="inlineStr"><is><t>Infinity</t></is>',
    't="e"><v>#REF!</v>',
    't="e"><v>?</v>',
    't="b"><v>1</v>',
    't="b"><v>peut-être</v>',
    't="s"><v>999999</v>',
    't="s"><v>-1</v>',
    't="x"><v>1</v>',
    't="n"><v>NaN</v>',
    't="n"><v>inf</v>',
    "><v>1e308</v>",
    "><v>1e999</v>",
    "><v>-1e308</v>",
    "><v>1e-300</v>",
    "><v>-0</v>",
    "><v>99999999999999999999</v>",
    "><f>SUM(A1:A9)</f><v>3.5</v>",
    "><f>[1]Autre!A1</f><v>12</v>",
    '><f>WEBSERVICE("http://example.org/")</f><v></v>',
    "><f>F6</f>",
    't="d"><v>2023-02-31</v>',
    't="d"><v>2023-05-24T10:00:00</v>',
]


def bytes_changed(raw, chance):
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(raw, chance):
    return raw[: chance.randrange(len(raw))]


def part_removed(raw, chance):
    parts = parts_of(raw)
    del parts[chance.choice(sorted(parts))]
    return archive(parts)


def part_changed(raw, chance):
    """Bytes changed inside a part, the archive being right: what the checksums of the archive do not see."""
    parts = parts_of(raw)
    name = chance.choice(sorted(parts))
    return archive(parts | {name: bytes_changed(parts[name], chance)})


def part_swapped(raw, chance):
    parts = parts_of(raw)
    one, two = chance.sample(sorted(parts), 2)
    return archive(parts | {one: parts[two], two: parts[one]})


def tags_cut(raw, chance):
    """A part of XML that ends too soon."""
    parts = parts_of(raw)
    name = chance.choice([n for n in sorted(parts) if n.endswith(".xml")])
    return archive(parts | {name: parts[name][: chance.randrange(len(parts[name]))]})


def cells_of_nonsense(raw, chance):
    for address in chance.sample(ANSWER_CELLS, chance.randint(1, 4)):
        raw = with_cell(raw, address, chance.choice(NONSENSE))
    return raw


def words_changed(raw, chance):
    """A shared text replaced by another: keys, codes and answers among them."""

    def change(text):
        found = re.findall(r"<t[^>]*>[^<]+</t>", text)
        return text.replace(chance.choice(found), chance.choice(found))

    return with_part(raw, change, "xl/sharedStrings.xml")


def addresses_changed(raw, chance):
    addresses = ["XFD1048576", "A0", "ZZZZ1", "1", "", "F99999", "BH999", "É6", "F-1", "f6", "A1"]
    return with_part(
        raw, lambda text: text.replace('r="F6"', f'r="{chance.choice(addresses)}"', chance.randint(1, 2))
    )


def rows_changed(raw, chance):
    numbers = ["0", "-5", "1048576", "99999999999", "six", "", "7"]
    return with_part(raw, lambda text: text.replace('<row r="6"', f'<row r="{chance.choice(numbers)}"'))


def merged(raw, chance):
    ranges = ["B5:K9", "F6:F9", "A1:XFD1048576", "B2:B2", "Z"]
    cells = f'<mergeCells count="1"><mergeCell ref="{chance.choice(ranges)}"/></mergeCells>'
    return with_part(raw, lambda text: text.replace("</sheetData>", f"</sheetData>{cells}"))


MUTATIONS = {
    bytes_changed: 25,
    cut: 10,
    part_removed: 15,
    part_changed: 35,
    part_swapped: 10,
    tags_cut: 10,
    cells_of_nonsense: 55,
    words_changed: 20,
    addresses_changed: 8,
    rows_changed: 7,
    merged: 5,
}


#: The reader of workbook.py, imported once and forked for each file: a process of Python costs more than a reading.
WARM = f"""{LIMIT}
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("workbook", sys.argv[1])
workbook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(workbook)
for name in sys.argv[2:]:
    child = os.fork()
    if not child:
        os.dup2(os.open(name, os.O_RDONLY), 0)
        os.dup2(os.open(name + ".out", os.O_WRONLY | os.O_CREAT), 1)
        limit(workbook.FORM_MEMORY, {book.SECONDS})
        workbook.all_sheets()
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def warm_readings(raws, folder):
    """{bytes of a file: (return code, output) of its reader}"""
    paths = [folder / str(rank) for rank in range(len(raws))]
    for path, raw in zip(paths, raws, strict=True):
        path.write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-I", "-c", WARM, workbook.__file__, *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    outputs = [path.with_suffix(".out").read_bytes() for path in paths]
    return dict(zip(raws, zip(map(int, done.stdout.split()), outputs, strict=True), strict=True))


def ended(world, raw):
    try:
        return world.read(raw)
    except SpreadsheetError as error:
        return error


def test_two_hundred_mutations_end_by_a_preview_or_a_sentence(tmp_path, monkeypatch):
    world, chance = World(), random.Random(2023)  # noqa: S311  the same workbooks at each run
    valid, before = world.filled(ANSWERS), drafts(world)
    made = [(change, change(valid, chance)) for change, count in MUTATIONS.items() for _ in range(count)]
    assert len(made) == 200

    read = warm_readings([raw for _, raw in made], tmp_path)
    monkeypatch.setattr(book, "_run", read.__getitem__)
    ends = [ended(world, raw) for _, raw in made]

    kinds = {"refused": 0, "faulty": 0, "written": 0, "same": 0}
    for (change, _), end in zip(made, ends, strict=True):
        if isinstance(end, SpreadsheetError):
            assert re.match(r"[A-ZÉ].*\.$", str(end)), (change.__name__, str(end))
            kinds["refused"] += 1
            continue
        found = world.preview(end)
        assert all(sentence[0].isupper() or sentence[0] == "«" for _, _, sentence in found.faults)
        if found.faults:
            kinds["faulty"] += 1
            faults = {(i.row.key, f.code): f.sentence for i in found.items for f in i.faults}
            assert sheets.write(world.submission, filled=end, faults=faults).startswith(b"PK")
        elif found.is_ready:
            kinds["written"] += 1
        else:
            kinds["same"] += 1
        if not found.is_ready or kinds["written"] % 3 == 0:  # to save costs more than to refuse
            check_whole(world, end, found)
    assert drafts(world) == before
    # Every end is met: the mutations are neither all too gross nor all harmless.
    assert min(kinds["refused"], kinds["faulty"], kinds["written"]) >= 20, kinds


def check_whole(world, filled, found):
    """Confirming writes every change of the preview, or none; then it is taken back."""
    with transaction.atomic():
        pending = PendingImport.objects.create(
            register="axes.submission",
            territory=world.submission.campaign.year.territory,
            organisation=world.submission.organisation,
            created_by=world.by,
            content=sheets.dump(filled),
        )
        before = drafts(world)
        _, done = sheets.confirm(
            submission=world.submission,
            pending=pending,
            seen=found.seen,
            by=world.by,
            organisation=world.submission.organisation,
        )
        wanted = {item.question.pk: base_of_fields(item.after) for item in found.changes}
        assert (done, drafts(world)) == ((True, before | wanted) if found.is_ready else (False, before))
        transaction.set_rollback(True)


def drafts(world):
    return {
        answer.question_id: base_of(answer)
        for answer in Answer.objects.filter(question__submission=world.submission)
    }


# --- Made to hurt ---


@cache
def bomb(megabytes=300):
    """A few hundred kilobytes that unpack to so many megabytes."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "")
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    return output.getvalue()


def lying(raw):
    """The same archive, whose directory says that its parts are small."""
    content = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        for found in re.finditer(re.escape(mark), raw):
            content[found.start() + offset : found.start() + offset + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    'Target="http://example.org/vol.xlsx" TargetMode="External"/></Relationships>'
)


def hostile(valid):
    """{name: (bytes, name of the file, what the sentence says, or None where the workbook is read)}"""
    parts = parts_of(valid)
    sheet = parts[FIGURES].decode()
    far = sheet.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    many = sheet.replace(
        "</sheetData>", '<row r="99"><c r="A99"><v>1</v></c></row>' * 60_000 + "</sheetData>"
    )
    entities = sheet.replace("<worksheet", ENTITIES + "]><worksheet", 1)
    outside = sheet.replace(
        "<worksheet", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><worksheet", 1
    )
    escaping = archive(parts | {"../../../../tmp/evasion": b"x"})
    return {
        "macros": (archive(parts | {"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
        "macros under their name": (archive(parts | {"xl/vbaProject.bin": b"x"}), "a.xlsm", "macros"),
        "xlsm renamed": (valid, "bilan.xlsm", "finit par « .xlsm »"),
        "xlsx renamed ods": (valid, "bilan.ods", "finit par « .ods »"),
        "no name": (valid, "", "finit par"),
        "encrypted": (reading.OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "mot de passe"),
        "old Excel": (reading.OLE + b"Workbook", "a.xls", "trop ancien"),
        "text": (b"a;b\n1;2\n", "a.csv", "n'est pas un tableur"),
        "page": (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "n'est pas un tableur"),
        "nothing": (b"", "a.xlsx", "n'est pas un tableur"),
        "two letters": (b"PK", "a.xlsx", "abîmé"),
        "too many bytes": (b"PK" + bytes(3 * 1024**2), "a.xlsx", "dépasse 2 Mo"),
        "bomb": (bomb(), "a.xlsx", "trop gros"),
        "bomb that a table may be": (bomb(50), "a.xlsx", "trop gros"),
        "lying bomb": (lying(bomb()), "a.xlsx", "abîmé"),
        "bomb of parts": (archive({str(n): b"" for n in range(2001)}), "a.xlsx", "trop gros"),
        "a hundred times its size": (
            archive(parts | {FIGURES: parts[FIGURES] + b" " * (MAX_BOOK_UNPACKED - 200_000)}),
            "a.xlsx",
            "trop gros",
        ),
        "cell at the end of the world": (archive(parts | {FIGURES: far.encode()}), "a.xlsx", "trop gros"),
        "many rows": (archive(parts | {FIGURES: many.encode()}), "a.xlsx", None),
        "bomb of entities": (archive(parts | {FIGURES: entities.encode()}), "a.xlsx", "abîmé"),
        "entity of a file": (archive(parts | {FIGURES: outside.encode()}), "a.xlsx", "abîmé"),
        "external link": (
            archive(parts | {"xl/externalLinks/_rels/externalLink1.xml.rels": LINK}),
            "a.xlsx",
            None,
        ),
        "part out of the archive": (escaping, "a.xlsx", None),
        "another document": (archive({"word/document.xml": "x"}), "a.docx", "n'est pas un tableau"),
    }


def test_what_is_made_to_hurt_is_refused_at_once_or_read_for_what_it_says():
    world = World()
    for case, (raw, name, sentence) in hostile(world.filled(ANSWERS)).items():
        start = time.perf_counter()
        try:
            filled, refusal = world.read(raw, name), None
        except SpreadsheetError as error:
            filled, refusal = None, str(error)
        assert time.perf_counter() - start < 4, (
            case
        )  # measured alone: 0.3 s at most; the tests share the machine
        assert (sentence is None) == (refusal is None), (case, refusal)
        assert sentence is None or sentence in refusal, (case, refusal)
        if filled:
            assert len(world.preview(filled).changes) == 5, case


def test_a_bomb_costs_little_memory(tmp_path):
    """In a process of its own, that starts no other: the sizes are read before anything is unpacked."""
    (tmp_path / "bomb.xlsx").write_bytes(bomb())
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from logement.spreadsheets.book import SpreadsheetError, read_book\n"
        "raw, start = open(sys.argv[1], 'rb').read(), time.perf_counter()\n"
        "try:\n    read_book(raw, name='a.xlsx')\n"
        "except SpreadsheetError as error:\n"
        "    peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "    print(int(peak) // 1024, time.perf_counter() - start, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "bomb.xlsx"], capture_output=True, text=True, check=True
    )
    peak, seconds, sentence = done.stdout.split(" ", 2)

    assert "trop gros" in sentence
    assert int(peak) < 100
    assert float(seconds) < 1
