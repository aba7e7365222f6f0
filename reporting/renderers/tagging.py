"""The tags of a PDF: marks on its pages where it has content, and its logical tree (tag_tree.py), written at the end.

It replaces private functions of WeasyPrint 70.0: tests/reporting/test_pdf_guards.py fails when they change.
"""

from contextlib import contextmanager

import pydyf
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream

from reporting.renderers.tag_tree import CELLS, Element, Tree

POINTS = 0.75  # of a CSS pixel


class Written(pydyf.Object):
    """A PDF object whose bytes are known: pydyf would make them again each time it is asked."""

    data = b""


class _Writer:
    """Writes a tree in a PDF whose pages have been drawn. `marks` has, for each page, {box: its mark}."""

    def __init__(self, pdf, heights, marks):
        self.pdf, self.heights, self.marks = pdf, heights, marks
        self.pages = [f"{number} 0 R" for number in pdf.pages["Kids"][::3]]
        self.parents = [[0] * len(page) for page in marks]  # page -> number of a mark -> its element's number
        self.annotations, self.notes = [], []  # numbers of the elements that hold a link; of the notes

    def write(self, tree):
        """Adds the tree to the PDF: the object to name in its catalog."""
        parents, root = self._add(), self._add()
        document = self._element(tree.document, root.number)
        parents.data = self._parent_tree()
        names = " ".join(
            f"({_note_name(number)}){number} 0 R" for number in sorted(self.notes, key=_note_name)
        )
        ids = f"/IDTree<</Names[{names}]>>" if names else ""
        root.data = (
            f"<</Type/StructTreeRoot/K {document} 0 R/ParentTree {parents.number} 0 R{ids}"
            f"/ParentTreeNextKey {len(self.pages) + len(self.annotations)}>>"
        ).encode()
        return root

    def _add(self):
        written = Written()
        self.pdf.add_object(written)
        return written

    def _element(self, element, parent):
        """Writes an element and those below it; gives its number."""
        written = self._add()
        number = written.number
        page = next((kid[0] for kid in element.kids if not isinstance(kid, Element)), None)
        kids = [self._kid(kid, page, number) for kid in element.kids if self._is_drawn(kid)]
        kids += [self._click(box, where, number) for where, box in element.linked if box.link_annotation]
        place = "" if page is None else f"/Pg {self.pages[page]}"
        written.data = (
            f"<</Type/StructElem/S/{element.tag}/P {parent} 0 R{place}/K[{' '.join(kids)}]".encode()
            + b"".join(self._attributes(element, number))
            + b">>"
        )
        return number

    def _is_drawn(self, kid):
        """Whether there is something to read in it: text can be invisible, a box empty."""
        if not isinstance(kid, Element):
            return kid[1] in self.marks[kid[0]]
        return kid.tag in CELLS or any(map(self._is_drawn, kid.kids))

    def _kid(self, kid, page, number):
        if isinstance(kid, Element):
            return f"{self._element(kid, number)} 0 R"
        where, box = kid
        mark = self.marks[where][box]["mcid"]
        self.parents[where][mark] = number
        return str(mark) if where == page else f"<</Type/MCR/Pg {self.pages[where]}/MCID {mark}>>"

    def _click(self, box, page, number):
        """A place to click: it says where it leads in words."""
        annotation = box.link_annotation
        annotation["StructParent"] = len(self.pages) + len(self.annotations)
        annotation["Contents"] = pydyf.String(" ".join("".join(box.element.itertext()).split()) or "Lien")
        self.annotations.append(number)
        return f"<</Type/OBJR/Pg {self.pages[page]}/Obj {annotation.number} 0 R>>"

    def _attributes(self, element, number):
        html = element.html
        if element.tag in {"TH", "TD"}:
            yield _cell(element)
        elif element.tag == "L":
            yield f"/A<</O/List/ListNumbering/{'Decimal' if html.tag == 'ol' else 'Disc'}>>".encode()
        elif element.tag == "Note":
            self.notes.append(number)
            yield f"/ID({_note_name(number)})".encode()
        elif element.tag == "Figure":
            yield self._figure(element)
        if html is not None and "lang" in html.attrib:
            yield b"/Lang" + pydyf.String(html.attrib["lang"]).data

    def _figure(self, element):
        """What a picture shows, in words, and where it stands, in points from the foot of the page."""
        page, box = next(kid for kid in element.kids if not isinstance(kid, Element))
        left, top = box.content_box_x(), box.content_box_y()
        corners = (left, self.heights[page] - top - box.height, left + box.width, self.heights[page] - top)
        place = " ".join(f"{corner * POINTS:.2f}" for corner in corners)
        words = element.html.get("alt") or "\u00a0: ".join(
            filter(
                None,
                (
                    element.html.findtext(f"{{http://www.w3.org/2000/svg}}{name}")
                    for name in ("title", "desc")
                ),
            )
        )
        alternative = b"/Alt" + pydyf.String(words).data if words else b""
        return f"/A<</O/Layout/BBox[{place}]>>".encode() + alternative

    def _parent_tree(self):
        rows = [" ".join(f"{number} 0 R" for number in page) for page in self.parents]
        pages = "".join(f"{page}[{row}]" for page, row in enumerate(rows))
        links = "".join(f" {key} {number} 0 R" for key, number in enumerate(self.annotations, len(rows)))
        return f"<</Nums[{pages}{links}]>>".encode()


def _note_name(number):
    return f"note-{number}"


def _cell(element):
    spans = "".join(
        f"/{name} {value}"
        for name in ("ColSpan", "RowSpan")
        if (value := element.html.get(name.lower(), "1")).isascii() and value.isdecimal() and value != "1"
    )
    is_row = element.html.get("scope") == "row" or element.parent.parent.tag != "THead"
    scope = ("/Scope/Row" if is_row else "/Scope/Column") if element.tag == "TH" else ""
    return f"/A<</O/Table{scope}{spans}>>".encode() if scope or spans else b""


@contextmanager
def logical(document, coverage, indirect):
    """Within it, WeasyPrint draws this document's content with marks, the rest as artifacts, and writes its tree.

    `indirect` are the characters that are spelled out beside their glyphs (glyphs.py).
    """
    tree = Tree(document.pages)
    for page in document.pages:  # one place to click for a link, not one more for each box in it
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
        heights = [page.height for page in document.pages]
        root = _Writer(pdf, heights, [stream._tags for stream in page_streams]).write(tree)
        pdf.catalog["StructTreeRoot"] = root.reference
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
        yield
    finally:
        vars(weasyprint.pdf).update(before)
