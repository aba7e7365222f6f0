"""The tags of a PDF: marks on its pages where it has content, and its logical tree (tag_tree.py), written at the end.

It replaces private functions of WeasyPrint 70.0: tests/reporting/test_pdf_guards.py fails when they change.
"""

from contextlib import contextmanager

import pydyf
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream

from reporting.renderers import tags
from reporting.renderers.tag_tree import Tree


@contextmanager
def logical(document, coverage, indirect, *, bound=()):
    """Within it, WeasyPrint draws this document's content with marks, the rest as artifacts, and writes its tags.

    `indirect` are the characters that are spelled out beside their glyphs (glyphs.py). `bound` are the chapters
    (binding.py) whose pages are the last ones: they come with their tags. Gives the Tree of the other pages.
    """
    own = document.pages[: len(document.pages) - sum(len(chapter.pages) for chapter in bound)]
    tree = Tree(own)
    for page in own:  # one place to click for a link, not one more for each box in it
        page.links = [link for link in page.links if link[-1].link]

    class MarkedStream(Stream):
        def marked(self, box, tag):
            if box not in tree.leaves:
                return self.artifact()
            is_direct = not indirect or not isinstance(box, boxes.TextBox) or indirect.isdisjoint(box.text)
            return super().marked(box, tag) if is_direct else self._spoken(box, tag)

        @contextmanager
        def _spoken(self, box, tag):
            with super().marked(box, tag):
                self.stream[-2]["ActualText"] = pydyf.String(box.text)  # before BDC, its properties
                yield

    def add_tags(pdf, document, pdf_version, page_streams):
        marks = [stream._tags for stream in page_streams[: len(own)]]
        root, counts = tags.taken(tree, own, marks), [len(page) for page in marks]
        for chapter in bound:
            root.kids.extend(tags.moved(chapter.tags, len(counts)).kids)
            counts += [page.marks for page in chapter.pages]
        links = [page.links for page in document.pages]
        pdf.catalog["StructTreeRoot"] = tags.Writer(pdf, counts, links).write(root).reference
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def build_fonts_dictionary(pdf, fonts, *options):
        for font in fonts.values():
            coverage.name_glyphs(font, indirect)
        return before["build_fonts_dictionary"](pdf, fonts, *options)

    after = {"Stream": MarkedStream, "add_tags": add_tags, "build_fonts_dictionary": build_fonts_dictionary}
    before = {name: getattr(weasyprint.pdf, name) for name in after}
    vars(weasyprint.pdf).update(after)
    try:
        yield tree
    finally:
        vars(weasyprint.pdf).update(before)
