"""A long report in parts: each chapter laid out in a process of its own, and bound with the others in one file.

A chapter is kept as data: what its pages draw, but for their numbers; its links, anchors, bookmarks and tags; the
glyphs that it uses. It depends on nothing around it, so it serves until its own text changes.

To bind them, the engine lays out the rest for good, cover and contents, followed by an empty page for each page kept,
of its kind and with the anchors that the contents lead to. So the numbers of pages, the contents and the links need
nothing of ours: they come out as in a report of one piece, and so do the bytes.
"""

import json
import re
import zlib
from contextlib import contextmanager
from html import escape
from typing import NamedTuple

import pydyf
import weasyprint.draw
import weasyprint.pdf
from weasyprint.stacking import StackingContext
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango

from reporting.renderers import tagging, tags

SCALE = 0.75  # from CSS pixels to points
LED_TO = re.compile(r'href="#([^"]+)"')
NUMBER = "@bottom-right"  # the margin box in which our pages have their number
#: An empty page, without the words of its foot: a millimetre, or the break before the next one would be none.
EMPTY_PAGES = '.report > .bound { break-before: page; height: 1mm; margin: 0; string-set: running "" }'


class NotApart(Exception):
    """The pages draw more than text and lines, pictures that are objects of the whole file: one process makes it."""


class KeptPage(NamedTuple):
    """A page as data. `before` and `after` are its commands, around its number; `marks` how many marks they hold.

    `links` are (type, target, rectangle); `fonts` say, as KeptFont, what it adds to what the chapter has used of each.
    """

    name: str
    size: list
    before: str
    after: str
    marks: int
    links: list
    anchors: dict
    bookmarks: list
    alphas: dict
    fonts: list


class KeptFont(NamedTuple):
    """A font as Pango finds it, in CSS pixels; the `widths` and the `texts` of its glyphs, as (glyph, value)."""

    hash: str
    family: str
    style: int
    weight: int
    size: float
    widths: list
    texts: list


class Chapter(NamedTuple):
    pages: list
    tags: tags.Tag
    indirect: str  # characters


class Link:
    """In place of the box of a link: the engine leaves there the annotation that it made."""

    link_annotation = None


# --- Kept ---


def kept(document, coverage, indirect) -> bytes:
    """The chapter that is this laid out document. Raises NotApart."""
    with tagging.logical(document, coverage, indirect) as tree, _numbers_left_out():
        resources = {name: {} for name in ("ExtGState", "XObject", "Pattern", "Shading")} | {
            "ColorSpace": None
        }
        images, used, pages, marks = {}, {}, [], []
        for page in document.pages:
            marks.append({})
            stream = weasyprint.pdf.Stream(
                document.fonts,
                None,
                resources,
                images,
                marks[-1],
                document.color_profiles,
                document.output_intent,
            )
            page.paint(stream, SCALE)
            pages.append(_kept_page(page, stream, resources["ExtGState"], _added(document.fonts, used)))
        is_plain = all(set(state) <= {"ca", "CA"} for state in resources["ExtGState"].values())
        if images or not is_plain or any(resources[name] for name in ("XObject", "Pattern", "Shading")):
            raise NotApart
        chapter = Chapter(pages, tags.taken(tree, document.pages, marks), "".join(sorted(indirect)))
    return zlib.compress(json.dumps(chapter).encode(), 1)


def _kept_page(page, stream, alphas, fonts):
    commands = b"\n".join(map(pydyf._to_bytes, stream.stream)).decode("latin-1")
    before, _, after = commands.partition(f"\n{NUMBER}\n")
    return KeptPage(
        page._page_box.page_type.name,
        [page.width, page.height],
        before,
        after,
        len(stream._tags),
        [link[:-1] for link in page.links],
        page.anchors,
        page.bookmarks,
        dict(alphas),
        fonts,
    )


def _added(fonts, used):
    """What a page has added to the fonts since the one before; `used` remembers how much there was."""
    added = []
    for key, font in fonts.items():
        widths, texts = used.get(key, (0, 0))
        used[key] = len(font.widths), len(font.to_unicode)
        if used[key] != (widths, texts):
            new = [*font.widths.items()][widths:], [*font.to_unicode.items()][texts:]
            added.append(KeptFont(font.hash, font.family, font.style, font.weight, font.font_size, *new))
    return added


@contextmanager
def _numbers_left_out():
    """Within it, the numbers of pages are not drawn: their place in the commands is marked."""
    draw = weasyprint.draw.draw_stacking_context

    def draw_but_numbers(stream, context):
        if getattr(context.box, "at_keyword", "") == NUMBER:
            stream.stream.append(NUMBER)
        else:
            draw(stream, context)

    weasyprint.draw.draw_stacking_context = draw_but_numbers
    try:
        yield
    finally:
        weasyprint.draw.draw_stacking_context = draw


# --- Bound ---


def read(content) -> Chapter:
    pages, *rest = json.loads(zlib.decompress(content))
    return Chapter([KeptPage(*page) for page in pages], *rest)


def empty_pages(chapters, html) -> str:
    """The HTML that stands for the chapters among the pages laid out for good, with the anchors to which those lead."""
    led_to = set(LED_TO.findall(html))
    return "".join(
        f'<section class="bound" style="page: {escape(page.name or "auto")}">{_names(page, led_to)}</section>'
        for chapter in chapters
        for page in chapter.pages
    )


def _names(page, led_to):
    names = map(escape, page.anchors)
    return "".join(f'<div id="{name}"></div>' for name in names if name in led_to)


def lay(document, chapters):
    """Puts the chapters in place of the empty pages, which are the last ones of the document."""
    kept = [page for chapter in chapters for page in chapter.pages]
    empty = document.pages[-len(kept) :]
    if [[page.width, page.height] for page in empty] != [page.size for page in kept]:
        raise RuntimeError("The empty pages are not those that the chapters need")
    for page, content in zip(empty, kept, strict=True):
        page.links = [(*link, Link()) for link in content.links]
        page.anchors, page.bookmarks = content.anchors, content.bookmarks
        page.paint = _painter(page._page_box, content, document.font_config)


def _painter(box, kept, font_config):
    (number,) = (child for child in box.children if getattr(child, "at_keyword", "") == NUMBER)

    def paint(stream, scale):
        for name, alpha in kept.alphas.items():
            stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(alpha))
        for font in map(KeptFont._make, kept.fonts):
            _use(stream, font, font_config)
        stream.stream.append(kept.before)
        weasyprint.draw.draw_stacking_context(stream, StackingContext.from_box(number, box))
        stream.stream.append(kept.after)

    return paint


def _use(stream, kept, font_config):
    """Gives the file what a page uses of a font, which Pango finds here as it did there."""
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    pango.pango_font_description_set_family(description, kept.family.encode())
    pango.pango_font_description_set_style(description, kept.style)
    pango.pango_font_description_set_weight(description, kept.weight)
    pango.pango_font_description_set_absolute_size(description, round(kept.size * TO_UNITS))
    context = ffi.gc(pango.pango_font_map_create_context(font_config.font_map), gobject.g_object_unref)
    found = pango.pango_font_map_load_font(font_config.font_map, context, description)
    font, _ = stream.add_font(ffi.gc(found, gobject.g_object_unref))
    if font.hash != kept.hash:
        raise RuntimeError(f"Not the font of the chapter: {kept.family}, {kept.weight}")
    for glyph, width in kept.widths:
        font.widths.setdefault(glyph, width)
    for glyph, text in kept.texts:
        font.to_unicode.setdefault(glyph, text)
