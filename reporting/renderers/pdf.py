"""Document -> PDF/A-3a and PDF/UA-1, made by engine.py in a process of its own, within limits of time and memory.

A long report is laid out by chapters, as many at once as there are cores, then bound (binding.py): the bytes are those
of a report laid out in one piece. A chapter that has not changed is not laid out again.
"""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from django.core.cache import caches

from reporting.renderers import client, csv_figures, html, json_tree
from reporting.renderers.client import MEMORY, SECONDS, RenderError

__all__ = ["RenderError", "data_of", "preview", "render", "render_page", "report"]

KEPT = 24 * 3600  # seconds that a PDF or a chapter is kept, to be given again while it has not changed
LONG = 70_000  # characters of a page: below, laying out in parts costs more than it saves (ADR 24)
CORES = len(os.sched_getaffinity(0))


def report(document) -> bytes:
    """The PDF of a report, its data inside. One that has not changed is not made again. Errors as render()."""
    paged, files = html.paged(document), data_of(document)
    digest = hashlib.sha256(client.identity() + paged.page().encode("utf-8", "surrogatepass"))
    for *labels, content in files:
        digest.update(repr(labels).encode() + hashlib.sha256(content).digest())
    key = f"pdf-{digest.hexdigest()}"
    cache = caches["renders"]
    content = cache.get(key)
    if content is None:
        content = _made(paged, files)
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

    `attachments` are as in data_of(). Raises RenderError after `seconds`, beyond `memory` bytes in one process, or if
    the engine fails.
    """
    return _made(html.paged(document), attachments, seconds=seconds, memory=memory)


def _made(paged, attachments, **limits):
    page = paged.page()
    if len(page) > LONG and len(paged.bodies) > 1:
        try:
            return _bound(paged, attachments, **limits)
        except client.NotApart:
            pass  # its pictures are objects of the whole file: in one piece, then
    return render_page(page, attachments=attachments, **limits)


def render_page(page, *, attachments=(), seconds=SECONDS, memory=MEMORY) -> bytes:
    """The PDF of a page of HTML, which may load nothing but the report's own fonts and styles. Errors as above."""
    return client.make("file", page=page, files=attachments, seconds=seconds, memory=memory)


def _bound(paged, attachments, **limits):
    """The PDF of a page whose chapters are laid out apart. Errors as above, and client.NotApart."""
    limits["since"] = time.monotonic()
    threads = ThreadPoolExecutor(CORES)
    try:
        kept = list(threads.map(lambda chapter: _chapter(chapter, **limits), paged.chapters()))
    finally:
        threads.shutdown(cancel_futures=True)
    return client.make(
        "binding", page=paged.frame, place=html.CHAPTERS, chapters=kept, files=attachments, **limits
    )


def _chapter(page, **limits):
    """A chapter laid out, kept by the hash of its page."""
    key = f"chapter-{hashlib.sha256(client.identity() + page.encode('utf-8', 'surrogatepass')).hexdigest()}"
    cache = caches["renders"]
    content = cache.get(key)
    if content is None:
        content = client.make("chapter", page=page, **limits)
        cache.set(key, content, KEPT)
    return content
