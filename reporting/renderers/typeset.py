"""A page of HTML -> the bytes of a PDF, in this process, which must be the engine's: WeasyPrint is imported here.

Nothing leaves this process: what a document or a stylesheet may load is in `ASSETS`, read before the first document.
"""

import functools
import hashlib
import re
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint.layout.page
from fontTools.ttLib import woff2
from weasyprint import CSS, HTML
from weasyprint.html import UA, UA_COUNTER_STYLE
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reporting.renderers import archive, binding, glyphs, svg_text, tag_tree, tagging, tags
from reporting.renderers.glyphs import Coverage

STATIC = Path(__file__).resolve().parents[2] / "static"
HOME = "https://report.invalid/"  # a base for relative names; .invalid exists nowhere (RFC 2606)
SHEETS = ("css/report.css", "css/report-print.css")
VARIANT = "pdf/a-3a"
#: What WeasyPrint's own stylesheet gives to every element, and what ours uses of it: a style less to compute for each.
NARROWED = {
    "\n::marker {": "\nli::marker {",
    "\n::footnote-call {": "\n.note::footnote-call {",
    "\n::footnote-marker {": "\n.note::footnote-marker {",
    "\n::note-call {": "\nnote-call {",
    "\n::note-marker {": "\nnote-marker {",
    "\n::note-callback {": "\nnote-callback {",
}
#: Margins of a page that ours never fill: their rules are computed for each page all the same.
UNUSED = re.compile(
    r"^ +@(?:(?:left|right)-\w+|\w+-(?:center|left-corner|right-corner)) +\{.*\}\n", re.MULTILINE
)
#: Tags that HTML leaves open. Closed, the pages of html.py are XML, which is read twenty times faster.
OPEN = re.compile(r"<(meta|col|br|img|hr)\b([^<>]*?)/?>")


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
STYLES = {name: (STATIC / name).read_text() for name in SHEETS} | {"": binding.EMPTY_PAGES}


class ClosedFetcher(URLFetcher):
    """Gives our own files by name and `data:` images; anything else is missing, without a look at disk or network."""

    def fetch(self, url, headers=None):
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        if url in ASSETS:
            return URLFetcherResponse(url, ASSETS[url])
        raise ValueError(f"Not ours: {url[:200]}")


FETCHER = ClosedFetcher()
COVERAGE = Coverage(ASSETS.values())


@functools.cache
def _base_stylesheet():
    css = UA
    for before, after in NARROWED.items():
        if css.count(before) != 1:
            raise RuntimeError(f"WeasyPrint's own stylesheet has changed: {before.strip()}")
        css = css.replace(before, after)
    css, removed = UNUSED.subn("", css)
    if removed != 12:
        raise RuntimeError(f"WeasyPrint's own stylesheet has changed: {removed} margins")
    return CSS(string=css, counter_style=UA_COUNTER_STYLE)


class Page(HTML):
    """A page as WeasyPrint takes it, read as XML where it is."""

    def __init__(self, html, fetcher):
        closed = OPEN.sub(r"<\1\2/>", html.replace("<!doctype html>", "", 1))
        try:
            root = ElementTree.fromstring(closed)  # noqa: S314 (the child has its limits; expat has its own)
        except ElementTree.ParseError:
            super().__init__(string=html, url_fetcher=fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms=False):
        return [_base_stylesheet()]


def _set_page_styles(page_type, html, style_for, stock=weasyprint.layout.page.set_page_type_computed_styles):
    """WeasyPrint's, once for all the pages of a name and a side: no rule of ours is about a page by its rank.

    Nor does it go through the rules of the pages before again for each page.
    """
    of_kinds = vars(style_for).setdefault("_of_kinds", {})
    kind, computed = (page_type.side, page_type.blank, page_type.name), style_for.get_computed_styles()
    if kind not in of_kinds:
        style_for.get_cascaded_styles().clear()
        stock(page_type, html, style_for)
        of_kinds[kind] = {
            pseudo: computed[element, pseudo] for element, pseudo in computed if element == page_type
        }
    computed.update({(page_type, pseudo): style for pseudo, style in of_kinds[kind].items()})


def _page_references(pdf):
    """pydyf's, made once and not for each bookmark: no page comes after the first of them."""
    kids = pdf.pages["Kids"][::3]
    known = pdf.__dict__.setdefault("_known_references", ())
    if len(known) != len(kids):
        known = pdf.__dict__["_known_references"] = tuple(b"%d 0 R" % number for number in kids)
    return known


weasyprint.layout.page.set_page_type_computed_styles = _set_page_styles
pydyf.PDF.page_references = property(_page_references)


def toolkit(fetcher=FETCHER):
    """(fonts, stylesheets), ready to use: the part of a render that is the same for every document."""
    fonts = FontConfiguration()
    return fonts, [
        CSS(string=css, base_url=HOME + name, url_fetcher=fetcher, font_config=fonts)
        for name, css in STYLES.items()
    ]


def write(html, tools, *, attachments=(), fetcher=FETCHER) -> bytes:
    """The PDF of a page: PDF/A-3a and PDF/UA-1, tagged by its logic, with `attachments` (archive.embedded) inside.

    The same page and attachments give the same bytes.
    """
    html = COVERAGE.printable(html)
    return _file(_laid_out(html, tools, fetcher), COVERAGE.indirect(html), attachments)


def keep(html, tools) -> bytes:
    """The chapter of a page, to be bound with others (binding.py). Raises binding.NotApart where it cannot be."""
    html = COVERAGE.printable(html)
    return binding.kept(_laid_out(html, tools), COVERAGE, COVERAGE.indirect(html))


def bind(html, place, chapters, tools, *, attachments=()) -> bytes:
    """The PDF of a page with `chapters`, as keep() gives them, where `place` stands in it: as write() gives it."""
    chapters = [binding.read(chapter) for chapter in chapters]
    html = COVERAGE.printable(html)
    indirect = COVERAGE.indirect(html).union(*(chapter.indirect for chapter in chapters))
    document = _laid_out(html.replace(place, binding.empty_pages(chapters, html)), tools)
    binding.lay(document, chapters)
    return _file(document, indirect, attachments, chapters)


def _laid_out(html, tools, fetcher=FETCHER):
    fonts, sheets = tools
    page = Page(html, fetcher)
    svg_text.set_from_start(page.etree_element, fonts)
    return page.render(stylesheets=sheets, font_config=fonts, pdf_variant=VARIANT)


def _file(document, indirect, attachments, chapters=()):
    with tagging.logical(document, COVERAGE, indirect, bound=chapters):
        return document.write_pdf(
            pdf_variant=VARIANT, attachments=archive.embedded(attachments), finisher=archive.finish
        )


def identity() -> str:
    """What decides the bytes beside the page: our code, styles and fonts, the libraries and the text engine."""
    digest = hashlib.sha256()
    names = ("weasyprint", "pydyf", "fonttools", "tinycss2", "cssselect2", "pyphen", "pillow")
    digest.update(" ".join(f"{name} {version(name)}" for name in names).encode())
    digest.update(b"pango %d" % pango.pango_version())
    digest.update(Path(__file__).read_bytes())
    for module in (archive, binding, glyphs, svg_text, tag_tree, tagging, tags):
        digest.update(Path(module.__file__).read_bytes())
    for name, css in STYLES.items():
        digest.update(name.encode() + css.encode())
    for name, font in ASSETS.items():
        digest.update(name.encode() + hashlib.sha256(font).digest())
    return digest.hexdigest()
