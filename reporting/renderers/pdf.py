"""Document -> PDF/A-3a and PDF/UA-1, made by engine.py in a process of its own, within limits of time and memory.

This process never imports WeasyPrint (0.5 s and 45 MB), nor runs it: a document that hangs or swells takes down one
child, and the caller gets a sentence. The engine starts with the first document and ends with this process.
"""

import atexit
import base64
import functools
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from django.core.cache import caches

from reporting.renderers import csv_figures, html, json_tree

SECONDS = 180.0  # the report of 2023 takes half a second, a hundred of them together less than 80
MEMORY = 3 * 1024**3  # bytes of address space
KEPT = 24 * 3600  # seconds that a PDF is kept, to be given again for the same report
LIMITS = struct.Struct("!dQ")  # as in engine.py, which cannot be imported here
ROOT = Path(__file__).resolve().parents[2]
#: The engine knows no secret: of the environment it gets what finds programs, fonts and a place for temporary files.
PASSED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)

_lock = threading.Lock()
_engines = {}  # the process that started it (a fork must not share it) -> (Popen, our end of its socket)


class RenderError(Exception):
    """The PDF could not be made. Its text is a French sentence for the person who asked for it."""


def report(document) -> bytes:
    """The PDF of a report, its data inside. One that has not changed is not made again. Errors as render()."""
    page, files = html.page(document), data_of(document)
    digest = hashlib.sha256(_identity(os.getpid()) + page.encode("utf-8", "surrogatepass"))
    for *labels, content in files:
        digest.update(repr(labels).encode() + hashlib.sha256(content).digest())
    key = f"pdf-{digest.hexdigest()}"
    cache = caches["renders"]
    content = cache.get(key)
    if content is None:
        content = render_page(page, attachments=files)
        cache.set(key, content, KEPT)
    return content


def data_of(document):
    """The files that a report carries: (name, French description, relationship to the PDF in the words of ISO 32000-2,
    bytes).
    """
    tree = json_tree.render(document)
    files = [("rapport.json", "Le rapport et ses chiffres, pour les programmes", "Data", tree)]
    if document.figures:
        table = csv_figures.render(document)
        files.append(("chiffres.csv", "Les chiffres du rapport, leur unité et leur source", "Data", table))
    return tuple(files)


def preview(document, anchor) -> bytes:
    """The PDF of one section as the report prints it, under the report's title. KeyError for an unknown anchor."""
    section = {section.anchor: section for section in _all(document.sections)}[anchor]
    return render(replace(document, cover=(), sections=(section,)))


def _all(sections):
    for section in sections:
        yield section
        yield from _all(section.sections)


def render(document, *, attachments=(), seconds=SECONDS, memory=MEMORY) -> bytes:
    """The PDF of a document. The same document gives the same bytes, with the same fonts, stylesheets and versions.

    `attachments` are as in data_of(). Raises RenderError after `seconds`, beyond `memory` bytes, or if the engine
    fails.
    """
    return render_page(html.page(document), attachments=attachments, seconds=seconds, memory=memory)


def render_page(page, *, attachments=(), seconds=SECONDS, memory=MEMORY) -> bytes:
    """The PDF of a page of HTML, which may load nothing but the report's own fonts and styles. Errors as above."""
    files = [(*labels, base64.b64encode(content).decode()) for *labels, content in attachments]
    request = json.dumps([page, files]).encode()
    start = time.monotonic()
    answer = _ask(LIMITS.pack(seconds, memory) + request, patience=seconds + 30)
    match answer[:1]:
        case b"P":
            return answer[1:]
        case b"M":
            raise RenderError(
                "Ce rapport demande trop de mémoire pour être mis en page : répartissez ses textes les plus longs."
            )
        case b"" if time.monotonic() - start >= seconds:
            raise RenderError(
                f"La mise en page a été arrêtée après {seconds:.0f} secondes : un passage y est trop long."
            )
    raise RenderError(
        "Le moteur PDF s’est arrêté avant la fin. Relancez la demande ; si cela se répète, prévenez l’administrateur."
    )


@functools.cache
def _identity(_pid):
    """What decides the bytes beside the page, as the engine of this process read it when it started."""
    answer = _ask(LIMITS.pack(SECONDS, MEMORY) + json.dumps([None, []]).encode(), patience=SECONDS)
    if answer[:1] != b"P":
        raise RenderError("Le moteur PDF ne démarre pas. Prévenez l’administrateur.")
    return answer[1:]


def _ask(request, patience):
    """The engine's answer; empty if its child died. It ends itself in time; `patience` is for a frozen machine."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _send_to_engine(theirs)
        ours.settimeout(patience)
        try:
            ours.sendall(request)
            ours.shutdown(socket.SHUT_WR)
            with ours.makefile("rb") as answer:
                return answer.read()
        except (TimeoutError, ConnectionError):
            return b""


def _send_to_engine(connection):
    with _lock:
        try:
            socket.send_fds(_engine(), [b"."], [connection.fileno()])
        except ConnectionError:  # it died since its last document; the next one starts at once
            _stop()
            socket.send_fds(_engine(), [b"."], [connection.fileno()])


def _engine():
    """Our end of the socket of this process's engine, started if need be."""
    process, control = _engines.get(os.getpid(), (None, None))
    if process and process.poll() is not None:
        _stop()
        process = None
    if process is None:
        control, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "reporting.renderers.engine"],
                cwd=ROOT,
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                env={name: os.environ[name] for name in PASSED if name in os.environ},
                start_new_session=True,  # Ctrl-C is for the application, which closes the socket
            )
        _engines[os.getpid()] = process, control
    return control


@atexit.register
def _stop():
    process, control = _engines.pop(os.getpid(), (None, None))
    if process:
        control.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
