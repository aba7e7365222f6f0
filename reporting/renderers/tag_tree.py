"""The logical tree of a laid out document: one element for each HTML element, however many pages it was cut into.

WeasyPrint's own tree has one element for each box, so a table or a paragraph that crosses a page is two of them, and
the headings repeated at the top of each page are read again and again. Here text belongs to its HTML element, in the
order of the HTML; what pages add (margins, repeated heads) belongs to nothing.
"""

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

ROOT = {"html", "body"}
TAGS = {
    "header": "Sect",
    "section": "Sect",
    "article": "Sect",
    "nav": "Sect",
    "main": "Sect",
    "figure": "Sect",
    "div": "Div",
    "p": "P",
    "pre": "P",
    "dt": "P",
    "dd": "P",
    "figcaption": "P",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
    "ul": "L",
    "ol": "L",
    "table": "Table",
    "caption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a": "Link",
    "img": "Figure",
    "{http://www.w3.org/2000/svg}svg": "Figure",
}
#: Elements that hold others and no text of their own: text found directly in them gets a paragraph.
GROUPS = {"Document", "Sect", "Div", "L", "TOC", "TOCI"}


class Element:
    """A structure element: its PDF tag, its HTML element, and its kids in reading order.

    A kid is an Element or (page number, box), a piece of text or a picture. `linked` has the boxes, as (page number,
    box), over which a reader can click.
    """

    __slots__ = ("html", "kids", "linked", "page", "parent", "tag")

    def __init__(self, tag, parent, html=None, page=0):
        self.tag, self.parent, self.html, self.page = tag, parent, html, page
        self.kids, self.linked = [], []
        if parent:
            parent.kids.append(self)


class Tree:
    """The structure elements of a laid out document, read from its boxes page by page."""

    def __init__(self, pages):
        self.document = Element("Document", None)
        self.leaves = set()  # the boxes that are content; anything else that is drawn is an artifact
        self._known = {}  # (HTML element, name of its pseudo-element) -> Element
        for number, page in enumerate(pages):
            self._read(page._page_box, self.document, number)

    def _read(self, box, parent, page):
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox) or self._is_repeated(box, page):
            return
        element = self._element(box, parent, page)
        if isinstance(box, boxes.TextBox) or _is_picture(box):
            self.leaves.add(box)
            _text_holder(element, page).kids.append((page, box))
        if link := next((one for one in (element, element.parent) if one and one.tag == "Link"), None):
            link.linked.append((page, box))
        for child in box.children:
            self._read(child, element, page)

    def _is_repeated(self, box, page):
        """Whether these are the heads of columns, or the foot of a table, said on an earlier page."""
        if not isinstance(box, boxes.TableRowGroupBox) or not (box.is_header or box.is_footer):
            return False
        element = self._known.get((box.element, ""))
        return element is not None and element.page < page

    def _element(self, box, parent, page):
        """The element that a box belongs to: the one made for an earlier box, a new one, or that of its parent."""
        if box.element is None or isinstance(box, boxes.PageBox):
            return parent
        name, _, pseudo = box.element_tag.partition("::")
        known = self._known.get((box.element, pseudo))
        if known is None:
            known = self._new(name, pseudo, box.element, parent, page)
            self._known[box.element, pseudo] = known
        return parent if known is self.document else known

    def _new(self, name, pseudo, html, parent, page):
        """A new element, where HTML and PDF nest otherwise with what lies between; words keep their parent."""
        if pseudo == "footnote-call":  # the note is read where it is called, wherever it stands
            self._known[html, ""] = Element("Note", parent, html, page)
            reference = Element("Reference", parent, html, page)
            parent.kids[-2:] = reversed(parent.kids[-2:])
            return Element("Lbl", reference, html, page)
        if pseudo in {"footnote-marker", "marker"}:
            return self._label(pseudo, html, parent, page)
        if pseudo:
            return Element("Span", parent, html, page) if name == "a" else parent
        if name in ROOT:
            return self.document
        if name in {"ul", "ol"} and (parent.tag == "TOCI" or _is_contents(parent)):
            return Element("TOC", parent, html, page)
        if name == "li":
            return _item(parent, html, page)
        if name == "a" and parent.tag == "TOCI":
            parent = Element("Reference", parent, html, page)
        if name == "thead":
            return _head(parent, html, page)
        return Element(TAGS[name], parent, html, page) if name in TAGS else parent

    def _label(self, pseudo, html, parent, page):
        """The number or the bullet of a note or of an item of a list, before what it labels."""
        owner = parent.parent if pseudo == "marker" and parent.tag == "LBody" else parent
        label = Element("Lbl", owner, html, page)
        owner.kids.insert(0, owner.kids.pop())
        return label


def _is_picture(box):
    """Whether it says something: a bullet, or an image whose description is empty, adds nothing to the text."""
    return (
        isinstance(box, boxes.ReplacedBox)
        and TAGS.get(box.element.tag) == "Figure"
        and box.element.get("alt") != ""
    )


def _is_contents(element):
    return element.html is not None and element.html.tag == "nav"


def _head(parent, html, page):
    """The heads of columns, before the rows: where they don't fit with the first row, a later page draws them first."""
    head = Element("THead", parent, html, page)
    parent.kids.pop()
    parent.kids.insert(sum(kid.tag == "Caption" for kid in parent.kids), head)
    return head


def _item(parent, html, page):
    if parent.tag == "TOC":
        return Element("TOCI", parent, html, page)
    return Element("LBody", Element("LI", parent, html, page), html, page)


def _text_holder(element, page):
    """The element itself, or a paragraph at its end."""
    if element.tag not in GROUPS:
        return element
    last = element.kids[-1] if element.kids else None
    if isinstance(last, Element) and last.tag == "P" and last.html is None:
        return last
    return Element("P", element, None, page)
