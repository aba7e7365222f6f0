"""Texts that somebody may type, paste or send, by accident or not: seeded, so that a case can be run again."""

import json
import random
import re
import unicodedata
from io import BytesIO
from itertools import count, islice
from operator import itemgetter

from python_calamine import CalamineWorkbook

from logement.spreadsheets import to_xlsx
from logement.text import clean_text

LONG = 40_000  # characters of the longest cell that people paste
RARE = 40  # one text in so many is that long
#: Each breaks something somewhere: a database, a page, XML, a spreadsheet, the grammar of the texts, a path, a number.
FRAGMENTS = [
    *(
        "\0",
        "\x01\x08",
        "\v",
        "\f",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\ud800",
        "a\udfff",
        "\ufffe",
        "\ufdd0",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\ue000\uf8ff",
        "\U000f0000",
        "😀",
        "👩‍👩‍👧",
        "🇫🇷",
    ),
    *(
        "=1+1",
        "+33 4",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("//a.example";"x")',
        "'=1",
    ),
    *(
        "<script>alert(1)</script>",
        "<b a='",
        "</p>",
        "<!--",
        "]]>",
        "<?xml",
        "&amp;",
        "&#0;",
        "\"'`",
        "{{ a }}",
    ),
    *(
        "{% url 1 %}",
        "{0}",
        "%s",
        "$title",
        "\\",
        "\\n",
        "..",
        "/../",
        "_x0041_",
        "[[note:",
        "**gras",
        "^{",
        "- ",
    ),
    *(
        "1. ",
        "# ",
        "«",
        "»",
        " : ",
        "nul",
        "NaN",
        "1e400",
        "٣",
        "１２",
        "½",
        "34\u202f500",
        "שלום",
        "مرحبا",
        "漢字",
    ),
    *(
        "e\u0301\u0301",
        "ﬁ",
        "İ",
        "ß",
        "Ǆ",
        "a" + "\u0300" * 8,
        "\U0001d173",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u202f",
    ),
]
#: What is written where a number or a date is expected, and is none that a database or a calendar holds.
VALUES = [
    *(
        "0",
        "-1",
        "1.5",
        "1,5",
        "9" * 19,
        "9" * 400,
        "9" * 5_000,
        "1e400",
        "-inf",
        "NaN",
        "0x10",
        "1_000",
        "٣",
        "１２",
    ),
    *(
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "2023-02-30",
        "31/12/9999",
        "01/01/0001",
        "2023-13",
    ),
    *("\0", "\ud800", "\u202e2023", "", " ", "None", "[]", "-pk", "--pk", "a__b", "pk__gt", "../", "2023\n"),
]
WORDS = ["toit", "foyer", "n° 3", "été", "œuvre", "Sète", "34 500", "56 %"]


def texts(seed):
    """One text after another, without end: each fragment after a word, then mixtures; now and then a very long one."""
    chance = random.Random(seed)  # noqa: S311  the same texts each time
    yield from (f"{fragment}toit" for fragment in chance.sample(FRAGMENTS, len(FRAGMENTS)))
    for rank in count():
        pieces = [chance.choice(FRAGMENTS) for _ in range(chance.randint(1, 6))]
        pieces += [chance.choice(WORDS) for _ in pieces]
        chance.shuffle(pieces)
        text = chance.choice(["", " "]).join(pieces)
        yield text if rank % RARE else (text * LONG)[:LONG]


def some_texts(seed, number):
    return list(islice(texts(seed), number))


def some_values(seed, number):
    """As many, one in two of which is a number, a date or what passes for one."""
    chance = random.Random(seed)  # noqa: S311  the same ones each time
    return [chance.choice(VALUES) if rank % 2 else text for rank, text in enumerate(some_texts(seed, number))]


def hostile_files(seed):
    """(name, bytes) of files that are not what they say, or hold texts that break things."""
    cells = some_texts(seed, 60)[:-1]
    table = {f"Titre {rank}": itemgetter(rank) for rank in range(3)}
    rows = [cells[at : at + 3] for at in range(0, len(cells) - 3, 3)]
    book = to_xlsx(table, rows, title="Feuille")
    csv = "\n".join(";".join(row) for row in rows).encode("utf-8", "surrogatepass")
    tree = json.dumps({"convention": {"intitule": cells[0], "debut": "2025-01-31"}, "axes": cells}).encode()
    yield from [
        ("a.csv", csv),
        ("a.csv", b"\0" * 50),
        ("a.csv", "Adultes;Provenance\n\ud800;=1".encode("utf-8", "surrogatepass")),
    ]
    yield from [
        ("a.json", tree),
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"axes": NaN}'),
        ("a.json", b"\xff\xfe{"),
    ]
    yield from [("a.xlsx", book), ("a.xlsx", book[: len(book) // 2]), ("a.xlsx", b"PK\3\4" + b"x" * 500)]
    yield from [("a.docx", book), ("a.odt", b"MZ" + b"\0" * 500), ("a.exe", b"MZ"), ("a.pdf", b"%PDF-1.7")]
    yield from [
        ("../../\u202ea\0'\"<b>=1.xlsx", book),
        ("x" * 250 + ".csv", csv),
        ("x", b"x"),
        ("a.xlsx", b""),
    ]


MARKED = re.compile(r"zq(\d{3})a(.*?)zq\1b", re.DOTALL)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BEGINNINGS = ("=A1", "+toit", "-toit", "@SUM(A1)", "'=A1", "")


def marked(rank, text):
    """The text between two marks that nothing changes: what is cut loses the second. Before them begins a formula.

    No note inside: it is read elsewhere.
    """
    return f"{BEGINNINGS[rank % 6]} zq{rank:03}a {text.replace('[[note:', '[[')} zq{rank:03}b".strip()


def cells_of(content):
    """The texts of the cells of a workbook."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return [cell for row in rows for cell in row if isinstance(cell, str)]


def received(text):
    """The text as a form gets it: bytes that are no character of Unicode are marked so."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def bare(text):
    """Its letters and digits alone: what the grammar of no format spends."""
    return "".join(filter(str.isalnum, clean_text(text).casefold()))


NUMBERED = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


def letters(text):
    """What must come back of a text, however it is spaced and composed."""
    decomposed = unicodedata.normalize("NFKD", clean_text(text))
    return "".join(character for character in decomposed if not character.isspace())


def is_whole(text, stored):
    """Whether every letter and digit of `text` is in `stored`, in order: rich text spends signs on its grammar.

    The numbers of a list that is numbered are those of its items.
    """
    if "<ol>" in stored:
        text = NUMBERED.sub("", text)
    left = iter(letters(stored))
    return all(character in left for character in letters(text) if character.isalnum())
