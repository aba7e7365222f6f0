import ctypes
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from logement.richtext import Paragraph, Text
from reporting.document import ReportedFigure, Section
from reporting.renderers import client, csv_figures, html, json_tree, pdf
from tests.reporting.pdf_reading import faults
from tests.reporting.sample import document, sample
from tests.reporting.test_html import hostile

ROOT = Path(__file__).resolve().parents[2]

# Ways for markup to load something. {url} is the thing; none of them may reach it.
VECTORS = [
    '<img src="{url}" alt="x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<style>@import url("{url}");</style>',
    '<style>@font-face {{ font-family: f; src: url("{url}") }} b {{ font-family: f }}</style><b>x</b>',
    "<p style=\"background: url('{url}')\">x</p>",
    "<p style=\"content: url('{url}')\">x</p>",
    "<ul style=\"list-style-image: url('{url}')\"><li>x</li></ul>",
    '<object data="{url}">x</object>',
    '<embed src="{url}">',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    '<base href="{url}"><img src="y.png" alt="x">',
]

FIGURE = ReportedFigure(1, "F1", "Axe 1", "Action", "Ménages", "35 ménages", "ménages", date(2031, 12, 31))

# Writes the page it is given without our fetcher: the walls in front of it are then alone.
OPEN_ENGINE = """
import sys
from weasyprint.urls import URLFetcher
from reporting.renderers import typeset
typeset.write(sys.stdin.read(), typeset.toolkit(), fetcher=URLFetcher(timeout=2))
"""


@pytest.fixture(scope="module")
def made():
    return pdf.report(sample())


@pytest.fixture
def opened(made):
    with pikepdf.open(io.BytesIO(made)) as file:
        yield file


def text_of(content, *options):
    read = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return read.stdout.decode()


def pages_of(content):
    return text_of(content, "-layout").split("\f")[:-1]


def python(program, *, given="", **options):
    """Runs a program of its own, as an application would: its output."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        check=False,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bare(text):
    """Without white space and soft hyphens: lines are cut elsewhere on paper."""
    return re.sub(r"[\s\u00ad]", "", text)


# --- What the file says of itself ---


def test_file_names_itself(opened):
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Rapport d’exécution 2031 – Vallée de l’Orbe"
    assert str(opened.Root.Lang) == "fr"
    assert opened.Root.ViewerPreferences.DisplayDocTitle is True
    assert str(opened.docinfo.Author) == "Vallée de l’Orbe"


def test_bookmarks_are_the_headings(opened):
    def titles(items):
        return [title for item in items for title in (item.title, *titles(item.children))]

    with opened.open_outline() as outline:
        found = titles(outline.root)
    headings = re.findall("<h[1-6]>(.*?)</h[1-6]>", html.page(sample()))

    assert [bare(title) for title in found] == [bare(heading) for heading in headings]


def elements(node, kind):
    """The structure elements of a kind, in the order of the file."""
    if isinstance(node, pikepdf.Array):
        return [element for child in node for element in elements(child, kind)]
    if not isinstance(node, pikepdf.Dictionary):
        return []
    own = [node] if node.get("/S") == kind else []
    return own + (elements(node.K, kind) if "/K" in node else [])


def test_file_is_tagged_with_heads_of_columns_and_rows(opened):
    tree = opened.Root.StructTreeRoot
    head, first = elements(tree, "/THead")[1], elements(tree, "/TBody")[1]

    assert opened.Root.MarkInfo.Marked is True
    assert len(elements(head, "/TH")) == 4
    assert len(elements(first, "/TH")) == len(elements(first, "/TR")) == 3
    assert len(elements(tree, "/H1")) == 1


def test_fonts_are_ours_and_embedded(opened):
    fonts = {
        str(font.BaseFont): font.DescendantFonts[0].FontDescriptor
        for page in opened.pages
        for font in page.Resources.Font.values()
    }

    assert all("+Source-Sans-3" in name for name in fonts)
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor.keys()) for descriptor in fonts.values())


# --- What it shows ---


def test_every_word_is_there(made):
    page = html.page(sample())
    words = re.sub("<[^>]*>", " ", page[page.index("<body") :]).replace("&#x27;", "'").split()
    shown = bare(text_of(made))

    assert [word for word in words if bare(word) not in shown] == []


def test_columns_are_named_again_on_each_page_and_the_action_left_unfinished(made):
    pages = pages_of(made)
    going_on = [i for i, page in enumerate(pages) if "Tenir la permanence téléphonique (suite)" in page]

    assert len(going_on) == 2
    assert all("Observations" in pages[i] for i in going_on)
    assert "Tenir la permanence téléphonique" in pages[going_on[0] - 1]
    assert "(suite)" not in "".join(page for i, page in enumerate(pages) if i not in going_on)


def test_notes_stand_at_the_foot_of_the_page_that_calls_them(made):
    pages = pages_of(made)

    assert [bare(page).count("Premièrenote.") for page in pages if "Un mot" in page] == [1]
    assert [bare(page).count("Notedecellule.") for page in pages if "Écrire le guide" in page] == [1]


def test_pages_are_numbered_and_titled(made):
    pages = pages_of(made)

    assert all(f"{number}/{len(pages)}" in bare(page) for number, page in enumerate(pages[1:], start=2))
    assert all("Vallée de l’Orbe – Rapport d’exécution 2031" in page for page in pages[1:])


def test_character_without_glyph_prints_a_box(made):
    odd = "Fête 🎉 et \ue123, avec \ufe0f\u200d rien ; ключ, Ω, ✓"
    content = pdf.render(
        document(Section("a", "a", 1, (Paragraph((Text(odd), Text(odd, bold=True, italic=True))),)))
    )

    assert "Fête □ et □, avec" in text_of(content)
    assert "ключ, Ω, ✓" in text_of(content)
    assert fonts_with_holes(content) == []


def test_character_without_glyph_would_break_the_file():
    program = "import sys; from reporting.renderers import typeset; typeset.COVERAGE.printable = lambda page: page\n"
    program += "sys.stdout.buffer.write(typeset.write('<p>\\U0010fffd', typeset.toolkit()))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)

    assert len(fonts_with_holes(done.stdout)) == 1


def fonts_with_holes(content):
    """The fonts that had to draw what they lack: WeasyPrint then sends those characters to glyph 0 by an encoding."""
    with pikepdf.open(io.BytesIO(content)) as file:
        fonts = {str(font.BaseFont): font for page in file.pages for font in page.Resources.Font.values()}
        return [name for name, font in fonts.items() if font.Encoding != pikepdf.Name("/Identity-H")]


def test_same_document_same_bytes_even_from_another_engine(made):
    client._stop()

    assert pdf.render(sample(), attachments=pdf.data_of(sample())) == made


# --- What it carries, and what is not made again ---


def test_file_is_valid_for_both_standards_with_its_data(made):
    assert faults(made) == []


def test_data_is_embedded_and_says_what_it_is(opened):
    (spec,) = opened.Root.AF
    file = opened.attachments["rapport.json"]

    assert spec.AFRelationship == "/Data"
    assert file.description == "Le rapport et ses chiffres, pour les programmes"
    assert spec.EF.F.Subtype == "/application/json"
    assert str(spec.EF.F.Params.ModDate) == "D:19800101000000Z"
    assert file.get_file().read_bytes() == json_tree.render(sample())


def test_figures_are_embedded_as_a_table():
    report = replace(sample(), figures=(FIGURE,))
    content = pdf.report(report)

    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.attachments["chiffres.csv"].get_file().read_bytes() == csv_figures.render(report)
    assert faults(content) == []


def test_metadata_is_one_tree_that_names_both_standards(opened):
    xmp = opened.Root.Metadata.read_bytes().decode()

    assert xmp.count("<rdf:RDF") == xmp.count("</rdf:RDF>") == 1
    with opened.open_metadata() as metadata:
        assert [metadata[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")] == [
            "3",
            "A",
            "1",
        ]


def test_report_that_has_not_changed_is_not_made_again(monkeypatch):
    made = []
    monkeypatch.setattr(pdf, "render_page", lambda page, **given: made.append(page) or b"%d" % len(made))

    assert [pdf.report(sample(rows=2)) for _ in range(3)] == [b"1"] * 3
    assert pdf.report(replace(sample(rows=2), edition="Version 2")) == b"2"
    assert pdf.report(replace(sample(rows=2), figures=(FIGURE,))) == b"3"
    assert len(made) == 3


def test_report_is_made_again_when_the_engine_changes(monkeypatch):
    monkeypatch.setattr(pdf, "render_page", lambda page, **given: next(numbers))
    numbers = iter((b"1", b"2"))
    first = pdf.report(sample(rows=3))
    monkeypatch.setattr(client, "identity", lambda: b"another")

    assert (first, pdf.report(sample(rows=3))) == (b"1", b"2")


def test_identity_follows_styles_fonts_and_code():
    program = """
from reporting.renderers import typeset
first = typeset.identity()
typeset.STYLES["css/report.css"] += " "
second = typeset.identity()
typeset.ASSETS["x"] = b""
print(len({first, second, typeset.identity()}), first == typeset.identity())
"""
    assert python(program) == "3 False\n"


def test_preview_is_the_section_alone():
    content = pdf.preview(sample(), "axe-1")
    shown = text_of(content)

    assert "Axe 1 : Accéder" in shown
    assert "Axe 3" not in shown
    assert "Rapport d’exécution 2031" in pages_of(content)[0]
    assert "Action n° 1" in pages_of(content)[0]
    assert faults(content) == []


def test_preview_of_an_unknown_section_is_an_error():
    with pytest.raises(KeyError):
        pdf.preview(sample(), "axe-9")


# --- Walls: nothing is loaded ---


@pytest.fixture
def bait(tmp_path):
    """(address, file, seen): a server and a file that nobody may touch; `seen()` says how often each was."""
    file = tmp_path / "canari.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    libc.inotify_add_watch(watch, str(file).encode(), 0x20)  # IN_OPEN
    callers = []
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: serve(server, callers), daemon=True).start()

    def seen():
        try:
            opened = len(os.read(watch, 65536)) // 16
        except BlockingIOError:
            opened = 0
        return len(callers), opened

    yield f"http://127.0.0.1:{server.getsockname()[1]}/x.svg", file.as_uri(), seen
    server.close()
    os.close(watch)


def serve(server, callers):
    while True:
        try:
            caller, _ = server.accept()
        except OSError:  # closed: the test is over
            return
        callers.append(caller)
        caller.close()


def vectors(bait):
    address, file, _ = bait
    return [vector.format(url=url) for url in (address, file) for vector in VECTORS]


def test_nothing_is_loaded(bait):
    for vector in vectors(bait):
        pdf.render(hostile(vector))

    assert bait[2]() == (0, 0)


def test_nothing_is_loaded_when_only_text_is_escaped(bait):
    for page in (html.page(hostile("".join(vectors(bait)))), html.page(hostile(f"url({bait[0]})"))):
        python(OPEN_ENGINE, given=page)

    assert bait[2]() == (0, 0)


def test_nothing_is_loaded_when_only_the_fetcher_is_closed(bait):
    for vector in vectors(bait):
        pdf.render_page(f'<html lang="fr"><title>x</title><p>{vector}</p>')

    assert bait[2]() == (0, 0)


def test_without_walls_the_bait_is_taken(bait):
    python(OPEN_ENGINE, given="".join(vectors(bait)))
    connections, files = bait[2]()

    assert connections > 5
    assert files > 0


def test_images_within_the_page_are_allowed():
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
    content = pdf.render_page(f'<html lang="fr"><title>x</title><img alt="x" src="data:image/svg+xml,{svg}">')

    with pikepdf.open(io.BytesIO(content)) as file:
        assert elements(file.Root.StructTreeRoot, "/Figure")


# --- Limits ---

# A page of one square millimetre: a sheet for each letter, for ever.
ENDLESS = "<style>@page { size: 1mm; margin: 0 }</style><p>" + "mot " * 5000


@pytest.mark.parametrize("seconds", [1, 2])
def test_page_that_does_not_end_is_stopped_in_time(seconds):
    with pytest.raises(pdf.RenderError, match=f"arrêtée après {seconds} secondes"):
        pdf.render_page(ENDLESS, seconds=seconds)


def test_document_that_swells_is_stopped():
    with pytest.raises(pdf.RenderError, match="trop de mémoire"):
        pdf.render(sample(), memory=120 * 1024**2)

    assert pdf.render(sample())


def test_page_nested_beyond_reason_is_a_sentence():
    with pytest.raises(pdf.RenderError, match="avant la fin"):
        pdf.render_page("<div>" * 2_000 + "x", seconds=30)


def test_lone_surrogate_is_no_error():
    assert pdf.render(document(Section("a", "a\ud800", 1)))


# --- The engine's process ---


def test_application_never_imports_weasyprint():
    program = """
import sys
from reporting.renderers import pdf
from tests.reporting.sample import sample
pdf.render(sample())
print("weasyprint" in sys.modules, "fontTools" in sys.modules)
"""
    assert python(program) == "False False\n"


def test_application_without_a_main_guard_is_not_run_again():
    program = """
print("une fois")
from reporting.renderers import pdf
from tests.reporting.sample import sample
print(pdf.render(sample())[:4])
"""
    assert python(program) == "une fois\nb'%PDF'\n"


def test_engine_ends_with_its_application_and_knows_no_secret():
    program = """
import os
from reporting.renderers import client, pdf
pdf.render_page("<p>x")
process, _ = client._engines[os.getpid()]
print(process.pid, "un secret" in open(f"/proc/{process.pid}/environ").read())
"""
    number, knows = python(program, env={**os.environ, "SECRET_KEY": "un secret"}).split()

    assert knows == "False"
    assert not Path(f"/proc/{number}").exists()


def test_engine_ends_even_when_its_application_is_killed():
    program = "import os, signal\nfrom reporting.renderers import client, pdf\npdf.render_page('<p>x')\n"
    program += "print(client._engines[os.getpid()][0].pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    engine = Path(f"/proc/{int(done.stdout)}")
    deadline = time.monotonic() + 10
    while engine.exists() and time.monotonic() < deadline:
        time.sleep(0.05)

    assert done.returncode == -signal.SIGKILL
    assert not engine.exists()


def test_forked_application_has_an_engine_of_its_own():
    program = """
import os
from reporting.renderers import client, pdf
pdf.render_page("<p>x")
first = client._engines[os.getpid()][0].pid
if os.fork() == 0:
    pdf.render_page("<p>x")
    print(client._engines[os.getpid()][0].pid != first, flush=True)
else:
    os.wait()
    pdf.render_page("<p>x")
"""
    assert python(program) == "True\n"


def test_children_make_their_own_fonts_where_pango_keeps_threads():
    program = """
import os, socket
from reporting.renderers import client, engine, pdf, typeset
ours, theirs = socket.socketpair()
engine._shared_toolkit = lambda: None
if os.fork() == 0:
    ours.close()
    engine.serve(theirs)
    os._exit(0)
theirs.close()
client._engine = lambda: ours
print(pdf.render_page("<p>x") == typeset.write("<p>x", typeset.toolkit()))
"""
    assert python(program) == "True\n"


def test_engine_that_died_is_started_again(made):
    process, _ = client._engines[os.getpid()]
    process.kill()
    process.wait()

    assert pdf.render(sample(), attachments=pdf.data_of(sample())) == made


def test_document_whose_engine_is_killed_meanwhile_is_made_by_the_next(made, monkeypatch):
    process, _ = client._engines[os.getpid()]
    send, sent = client._send_to_engine, threading.Event()
    monkeypatch.setattr(client, "_send_to_engine", lambda connection: (send(connection), sent.set()))
    process.send_signal(signal.SIGSTOP)

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(pdf.render, sample(), attachments=pdf.data_of(sample()))
        assert sent.wait(60)
        process.kill()

        assert asked.result() == made


def test_documents_asked_at_once_are_all_made(made):
    with ThreadPoolExecutor(4) as threads:
        render = partial(pdf.render, sample(), attachments=pdf.data_of(sample()))
        assert list(threads.map(lambda _: render(), range(6))) == [made] * 6
