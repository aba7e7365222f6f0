"""The PDF engine's own process: imports WeasyPrint once, then gives each document a fresh child with limits.

Started as `python -m reporting.renderers.engine` by pdf.py, with one end of a socket pair as standard input. Each
message on it brings a socket: the child forked for it reads the HTML to the end, answers, and is gone. It is not
`multiprocessing`'s fork server, which imports the caller's __main__ (manage.py, gunicorn, pytest) into every child.

Nothing leaves this process: what a document or a stylesheet may load is in `ASSETS`, read before the first document.
"""

import gc
import logging
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import unicodedata
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont, woff2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parents[2] / "static"
HOME = "https://report.invalid/"  # a base for relative names; .invalid exists nowhere (RFC 2606)
SHEETS = ("css/report.css", "css/report-print.css")
LIMITS = struct.Struct("!dQ")  # before the HTML: seconds, then bytes of memory
DONE, OUT_OF_MEMORY, FAILED = b"P", b"M", b"E"  # before the answer
MISSING = "□"
INVISIBLE = {"Cc", "Cf", "Cs", "Me", "Mn", "Zl", "Zp"}


def _bytes(path):
    """A file of ours; fonts are unpacked here, once: 30 times what loading them costs in each child."""
    if path.suffix != ".woff2":
        return path.read_bytes()
    font = BytesIO()
    woff2.decompress(BytesIO(path.read_bytes()), font)
    return font.getvalue()


ASSETS = {
    HOME + str(path.relative_to(STATIC)): _bytes(path)
    for path in sorted((STATIC / "fonts").glob("*"))
    if path.name.startswith(("source-sans-3-", "dejavu-")) and path.suffix in {".woff2", ".ttf"}
}


class ClosedFetcher(URLFetcher):
    """Gives our own files by name and `data:` images; anything else is missing, without a look at disk or network."""

    def fetch(self, url, headers=None):
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        if url in ASSETS:
            return URLFetcherResponse(url, ASSETS[url])
        raise ValueError(f"Not ours: {url[:200]}")


FETCHER = ClosedFetcher()
COVERED = {code for font in ASSETS.values() for code in TTFont(BytesIO(font), lazy=True).getBestCmap()} | {
    9,
    10,
}


def printable(html) -> str:
    """The HTML with a « □ » for each character that no font of ours draws: one without a glyph breaks PDF/UA.

    Those that are not drawn by themselves (joiners, variation selectors, stray controls) are dropped.
    """
    missing = {ord(character) for character in set(html)} - COVERED
    return html.translate(
        {code: "" if unicodedata.category(chr(code)) in INVISIBLE else MISSING for code in missing}
    )


def toolkit(fetcher=FETCHER):
    """(fonts, stylesheets), ready to use: the part of a render that is the same for every document."""
    fonts = FontConfiguration()
    return fonts, [
        CSS(string=(STATIC / name).read_text(), base_url=HOME + name, url_fetcher=fetcher, font_config=fonts)
        for name in SHEETS
    ]


def write(html, tools, fetcher=FETCHER) -> bytes:
    """The tagged PDF of a page, in this process. The same page gives the same bytes."""
    fonts, sheets = tools
    return HTML(string=printable(html), url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
    )


def serve(control) -> None:
    """Answers until the application, which holds the other end of `control`, is gone."""
    tools = _shared_toolkit()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    gc.collect()
    gc.freeze()
    # A layout keeps nearly all it makes: 16 % of the time went in looking for waste.
    gc.set_threshold(200_000, 50, 100)
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection:
            if os.fork() == 0:
                control.close()
                _answer(connection, tools)


def _shared_toolkit():
    """The toolkit that children inherit; None if they must make their own.

    Some versions of Pango keep a thread for their fonts, and a fork leaves threads behind: a child tries first.
    """
    if (pid := os.fork()) == 0:
        threads = 0
        try:
            write("<p>é", toolkit())
            threads = len(list(Path("/proc/self/task").iterdir()))
        finally:
            os._exit(threads != 1)
    if os.waitpid(pid, 0)[1]:
        return None
    tools = toolkit()
    write("<p>é", tools)
    return tools


def _answer(connection, tools):
    """One document: read, render, send, exit. Whatever happens, this process ends here and within its limits.

    It ends without cleaning up: what it inherited, the fonts on disk among it, is the server's.
    """
    try:
        connection.sendall(_rendered(connection, tools))
    except ConnectionError:
        logging.getLogger(__name__).warning("The application did not wait for its PDF")
    finally:
        os._exit(0)


def _rendered(connection, tools):
    try:
        _limit(*LIMITS.unpack(connection.recv(LIMITS.size, socket.MSG_WAITALL)))
        with connection.makefile("rb") as html:
            page = html.read().decode()
        return DONE + write(page, tools or toolkit())
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:
        logging.getLogger(__name__).exception("The PDF engine failed")
        return FAILED


def _limit(seconds, memory):
    signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles this signal: the kernel ends the process
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(prefix="logement-pdf-") as folder,
        socket.socket(fileno=sys.stdin.fileno()) as parent,
    ):
        tempfile.tempdir = folder  # fonts unpacked by a child that was killed go with the server
        serve(parent)
