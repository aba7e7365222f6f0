"""The PDF against stock WeasyPrint (`pdf/a-3a`, the same HTML and stylesheets), which runs in a process of its own,
kept warm. Ratios are of one run, the two in turn: A B A B.
"""

import io
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace

from tests import bench_typst

ROUNDS = int(os.environ.get("ROUNDS", "7"))

#: Answers each line (the name of a file of HTML) with the time of its PDF. With "shared", fonts and stylesheets are
#: read once; with "read", at each document, as WeasyPrint's documentation has it (docs/adr/0029).
STOCK = """
import sys, time
from pathlib import Path
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

def tools():
    fonts = FontConfiguration()
    sheets = [CSS(filename=f"static/css/{name}.css", font_config=fonts) for name in ("report", "report-print")]
    return {"font_config": fonts, "stylesheets": sheets}

shared = tools()
for line in sys.stdin:
    page = Path(line.strip()).read_text()
    start = time.perf_counter()
    options = tools() if sys.argv[1] == "read" else shared
    HTML(string=page).write_pdf(pdf_variant="pdf/a-3a", **options)
    print(time.perf_counter() - start, flush=True)
"""
#: The most memory that a process has held which made one PDF, import and fonts among it, in MB.
PEAK = """
import sys
from pathlib import Path
from reporting.renderers import typeset
typeset.write(Path(sys.argv[1]).read_text(), typeset.toolkit())
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024)
"""


class Stock:
    """Stock WeasyPrint in another process."""

    def __init__(self, mode):
        self._process = subprocess.Popen(
            [sys.executable, "-c", STOCK, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def seconds(self, path):
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def end(self):
        self._process.communicate()


def rows(document, folder):
    """The figures of a report: `document` is its tree, `folder` a place for files."""
    from reporting.renderers import html, pdf

    path = folder / "report.html"
    path.write_text(html.page(document))
    pdf.render(document)
    stocks = [Stock("shared"), Stock("read")]
    whole, shared, read, previews, distances = [], [], [], [], []
    limit, source = bench_typst.Typst(), bench_typst.source_of(document)
    anchor = next(section.sections[0].anchor for section in document.sections if section.sections)
    for turn in range(ROUNDS + 1):
        whole.append(seconds(lambda: pdf.render(document)))
        shared.append(whole[-1] / stocks[0].seconds(path))
        read.append(whole[-1] / stocks[1].seconds(path))
        previews.append(seconds(lambda: pdf.preview(document, anchor)) / whole[-1])
        distances.append(whole[-1] / seconds(lambda turn=turn: limit.make(f"{source}\n// {turn}")))
    for stock in stocks:
        stock.end()
    return [
        ("Rapport en PDF, à chaud", f"{median(whole):.3f} s", ""),
        ("Rapport / WeasyPrint nu, comme sa documentation l'emploie", f"{median(read):.2f}", "<= 0,75"),
        ("Rapport / WeasyPrint nu, polices et styles gardés", f"{median(shared):.2f}", "imprimé"),
        ("Rapport / Typst, le même contenu", f"{median(distances):.1f}", "imprimé"),
        ("Aperçu d'un axe / rapport entier", f"{median(previews):.2f}", "<= 0,25"),
        ("Rendus d'un rapport inchangé", f"{renders_of_an_unchanged(document)}", "0"),
        (
            "Octets par page balisée, sans les données jointes",
            f"{size_of_a_page(document):.1f} ko",
            "<= 7 ko",
        ),
        ("Mémoire d'un rendu, au plus haut", f"{peak(path):.0f} Mo", "<= 150 Mo"),
    ]


def growth_rows(document, folder):
    """Ten exercises against stock: in one piece, by chapters, with one changed; then a hundred, in one piece."""
    from django.core.cache import caches

    from reporting.renderers import html, pdf

    ten, hundred = (exercises(document, times) for times in (10, 100))
    page = html.page(ten)
    path = folder / "ten.html"
    path.write_text(page)
    stock = Stock("read")
    wholes, rounds = [], []
    for turn in range(3):
        caches["renders"].clear()
        times = [seconds(lambda: pdf.render_page(page)), seconds(lambda: pdf.render(ten))]
        changed = with_one_changed(ten, turn)
        times.append(seconds(lambda changed=changed: pdf.render(changed)))
        wholes.append(times[0])
        theirs = stock.seconds(path)
        rounds.append([ours / theirs for ours in times])
    stock.end()
    whole, apart, one_changed = (statistics.median(ratios) for ratios in zip(*rounds, strict=True))
    long = seconds(lambda: pdf.render_page(html.page(hundred), seconds=900))
    exponent = math.log10(long / statistics.median(wholes))
    return [
        ("Dix exercices / WeasyPrint nu, d'un seul tenant", f"{whole:.2f}", "imprimé"),
        (f"Dix exercices / WeasyPrint nu, par chapitres, {pdf.CORES} cœurs", f"{apart:.2f}", "<= 0,5"),
        ("Les mêmes, un chapitre changé", f"{one_changed:.2f}", "<= 0,2"),
        ("Croissance de 10 à 100 exercices (exposant)", f"{exponent:.3f}", "<= 1,02"),
    ]


def with_one_changed(document, turn):
    """The same with another sentence in the longest of its chapters."""
    from logement.richtext import Paragraph, Text

    longest = max(range(len(document.sections)), key=lambda at: len(repr(document.sections[at])))
    section = document.sections[longest]
    section = replace(section, content=(Paragraph((Text(f"Phrase {turn}."),)), *section.content))
    return replace(
        document, sections=(*document.sections[:longest], section, *document.sections[longest + 1 :])
    )


def exercises(document, times):
    """The report's sections `times` times, under names of their own."""
    return replace(
        document,
        sections=tuple(
            renamed(section, f"e{number}-") for number in range(times) for section in document.sections
        ),
    )


def renamed(section, prefix):
    inner = tuple(renamed(one, prefix) for one in section.sections)
    return replace(section, anchor=prefix + section.anchor, sections=inner)


def renders_of_an_unchanged(document):
    """How often the engine is asked for a page when a report already made is asked for again."""
    from reporting.renderers import client, pdf

    pdf.report(document)
    asked, make = [], client.make
    client.make = lambda what, **given: asked.append(what) or make(what, **given)
    try:
        pdf.report(document)
    finally:
        client.make = make
    return len(asked) - asked.count("identity")


def size_of_a_page(document):
    """Thousands of bytes."""
    import pikepdf

    from reporting.renderers import pdf

    content = pdf.render(document)
    with pikepdf.open(io.BytesIO(content)) as file:
        return len(content) / len(file.pages) / 1000


def peak(path):
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(figures):
    """The median, the first round (cold caches) left out."""
    return statistics.median(figures[1:])
