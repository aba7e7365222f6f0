"""The tags of a PDF as plain data: taken from what was drawn, written at the end of a file.

A chapter is drawn in one process and bound in another: between the two its tags hold neither boxes nor PDF objects.
"""

from typing import NamedTuple

import pydyf

from reporting.renderers.tag_tree import Element

KEPT = {"Document", "TR", "TH", "TD"}  # when empty: a row has as many cells as the others
POINTS = 0.75  # of a CSS pixel


class Tag(NamedTuple):
    """A structure element.

    Its `kids`, in reading order, are Tags and marks, (page, number of the mark); its `clicks` are the links over it:
    (page, rank among the links of the page, where it leads in words). Pages are counted from 0.
    """

    kind: str
    attributes: str
    kids: list
    clicks: list


def taken(tree, pages, marks) -> Tag:
    """The tags of a Tree whose pages have been drawn. `marks` has, for each page, {box: its mark}."""
    ranks = [{id(link[-1]): rank for rank, link in enumerate(page.links)} for page in pages]
    heights = [page.height for page in pages]

    def take(element):
        kids, clicks = [], []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids += take(kid)
            elif kid[1] in marks[kid[0]]:  # text can be invisible, a box empty
                kids.append((kid[0], marks[kid[0]][kid[1]]["mcid"]))
        for page, box in element.linked:
            if id(box) in ranks[page]:
                clicks.append((page, ranks[page][id(box)], " ".join("".join(box.element.itertext()).split())))
        if kids or element.tag in KEPT:
            yield Tag(element.tag, "".join(_attributes(element, heights)), kids, clicks)

    return next(take(tree.document))


def moved(tag, pages) -> Tag:
    """The same, that many pages further."""
    kind, attributes, kids, clicks = tag
    return Tag(
        kind,
        attributes,
        [(kid[0] + pages, kid[1]) if is_mark(kid) else moved(kid, pages) for kid in kids],
        [(page + pages, rank, words) for page, rank, words in clicks],
    )


def is_mark(kid):
    return len(kid) == 2


def _attributes(element, heights):
    html = element.html
    if element.tag in {"TH", "TD"}:
        yield _cell(element)
    elif element.tag == "L":
        yield f"/A<</O/List/ListNumbering/{'Decimal' if html.tag == 'ol' else 'Disc'}>>"
    elif element.tag == "Figure":
        yield _figure(element, heights)
    if html is not None and "lang" in html.attrib:
        yield "/Lang" + _string(html.attrib["lang"])


def _cell(element):
    spans = "".join(
        f"/{name} {value}"
        for name in ("ColSpan", "RowSpan")
        if (value := element.html.get(name.lower(), "1")).isascii() and value.isdecimal() and value != "1"
    )
    is_row = element.html.get("scope") == "row" or element.parent.parent.tag != "THead"
    scope = ("/Scope/Row" if is_row else "/Scope/Column") if element.tag == "TH" else ""
    return f"/A<</O/Table{scope}{spans}>>" if scope or spans else ""


def _figure(element, heights):
    """What a picture shows, in words, and where it stands, in points from the foot of the page."""
    page, box = next(kid for kid in element.kids if not isinstance(kid, Element))
    left, top = box.content_box_x(), box.content_box_y()
    corners = (left, heights[page] - top - box.height, left + box.width, heights[page] - top)
    place = " ".join(f"{corner * POINTS:.2f}" for corner in corners)
    said = (element.html.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
    words = element.html.get("alt") or "\u00a0: ".join(filter(None, said))
    return f"/A<</O/Layout/BBox[{place}]>>" + (f"/Alt{_string(words)}" if words else "")


def _string(words):
    return pydyf.String(words).data.decode("ascii")


class Written(pydyf.Object):
    """A PDF object whose bytes are known: pydyf would make them again each time it is asked."""

    data = b""


class Writer:
    """Writes tags in a PDF whose pages have been drawn. `counts` are how many marks each has, `links` their links."""

    def __init__(self, pdf, counts, links):
        self.pdf, self.links = pdf, links
        self.pages = [f"{number} 0 R" for number in pdf.pages["Kids"][::3]]
        self.parents = [[0] * count for count in counts]  # page -> number of a mark -> its element's number
        self.annotations, self.notes = [], []  # numbers of the elements that hold a link; of the notes

    def write(self, document):
        """Adds the tags to the PDF: the object to name in its catalog."""
        parents, root = self._add(), self._add()
        first = self._element(document, root.number)
        parents.data = self._parent_tree()
        names = " ".join(
            f"({_note_name(number)}){number} 0 R" for number in sorted(self.notes, key=_note_name)
        )
        ids = f"/IDTree<</Names[{names}]>>" if names else ""
        root.data = (
            f"<</Type/StructTreeRoot/K {first} 0 R/ParentTree {parents.number} 0 R{ids}"
            f"/ParentTreeNextKey {len(self.pages) + len(self.annotations)}>>"
        ).encode()
        return root

    def _add(self):
        written = Written()
        self.pdf.add_object(written)
        return written

    def _element(self, tag, parent):
        """Writes an element and those below it; gives its number."""
        kind, attributes, kids, clicks = tag
        written = self._add()
        number = written.number
        page = next((kid[0] for kid in kids if is_mark(kid)), None)
        held = [self._mark(kid, page, number) if is_mark(kid) else self._kid(kid, number) for kid in kids]
        held += filter(None, (self._click(*click, number) for click in clicks))
        place = "" if page is None else f"/Pg {self.pages[page]}"
        if kind == "Note":
            self.notes.append(number)
            attributes = f"/ID({_note_name(number)}){attributes}"
        written.data = (
            f"<</Type/StructElem/S/{kind}/P {parent} 0 R{place}/K[{' '.join(held)}]{attributes}>>".encode()
        )
        return number

    def _kid(self, tag, number):
        return f"{self._element(tag, number)} 0 R"

    def _mark(self, mark, page, number):
        where, rank = mark
        self.parents[where][rank] = number
        return str(rank) if where == page else f"<</Type/MCR/Pg {self.pages[where]}/MCID {rank}>>"

    def _click(self, page, rank, words, number):
        """A place to click: it says where it leads in words. Nothing for a link that leads nowhere."""
        annotation = self.links[page][rank][-1].link_annotation
        if not annotation:
            return ""
        annotation["StructParent"] = len(self.pages) + len(self.annotations)
        annotation["Contents"] = pydyf.String(words or "Lien")
        self.annotations.append(number)
        return f"<</Type/OBJR/Pg {self.pages[page]}/Obj {annotation.number} 0 R>>"

    def _parent_tree(self):
        rows = [" ".join(f"{number} 0 R" for number in page) for page in self.parents]
        pages = "".join(f"{page}[{row}]" for page, row in enumerate(rows))
        links = "".join(f" {key} {number} 0 R" for key, number in enumerate(self.annotations, len(rows)))
        return f"<</Nums[{pages}{links}]>>".encode()


def _note_name(number):
    return f"note-{number}"
