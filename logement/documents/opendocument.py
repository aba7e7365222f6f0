"""ODT (OpenDocument Text) -> Document. Tracked changes are read as accepted."""

from logement.documents.content import Cell, Paragraph, Row, Run, Table
from logement.documents.parts import (
    BOXES,
    COMMENTS,
    HIDDEN,
    IMAGES,
    LINKED,
    NESTED,
    TRACKED,
    Refusal,
    assembled,
    flattened,
    local,
    parse,
    runs_of,
    text_run,
)
from logement.documents.styles import named

#: Hold blocks, and are nothing by themselves.
WRAPPERS = {
    "section",
    "table-of-content",
    "index-body",
    "index-title",
    "alphabetical-index",
    "user-index",
    "bibliography",
}
#: Hold nothing that prints where they stand.
SILENT = {"sequence-decls", "user-field-decls", "variable-decls", "forms", "table-of-content-source"}
ROW_GROUPS = {"table-header-rows", "table-rows", "table-row-group"}
CHARACTERS = {"s": " ", "tab": "\t", "line-break": "\n"}
MARGINS = ("header", "footer")  # « header-left », « footer-first » too
BOOKMARKS = {"bookmark", "bookmark-start"}
FRAMES = {"frame", "custom-shape", "rect"}
UNREAD = {"annotation": COMMENTS, "hidden-text": HIDDEN}
MAX_REPEATED = 1_000  # rows or columns that one element may stand for


def read_odt(archive):
    """The Document of an open zip archive."""
    return OpenText(archive).document()


def attribute(node, name):
    """The value of an attribute, whatever its namespace; "" without one."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def count_of(node, name):
    value = attribute(node, name)
    return min(int(value), MAX_REPEATED) if value.isdecimal() and len(value) < 6 else 1


class OpenText:
    """One reading: the styles, the notes in the order of their calls, and what there is to say."""

    def __init__(self, archive):
        self.content = parse(archive.read("content.xml"))
        self.common = parse(archive.read("styles.xml")) if "styles.xml" in archive.namelist() else None
        self.styles, self.lists = {}, {}
        for root in (self.common, self.content):
            for node in () if root is None else root.iter("{*}style", "{*}list-style"):
                held = self.styles if local(node) == "style" else self.lists
                held[attribute(node, "name")] = node
        self.notes, self.notices = {}, []

    def document(self):
        text = next(self.content.iter("{*}text"), None)
        if text is None:
            raise Refusal("broken")
        return assembled("odt", list(self.blocks(text)), self.notes, self.notices, list(self.margins()))

    def margins(self):
        """The paragraphs of the headers and feet of the pages."""
        for page in () if self.common is None else self.common.iter("{*}master-page"):
            for node in page:
                if local(node).startswith(MARGINS):
                    yield from self.flat(node)

    def tell(self, notice):
        if notice:
            self.notices.append(notice)

    # --- Blocks ---

    def blocks(self, parent):
        for node in parent:
            name = local(node)
            if name in {"p", "h"}:
                yield from self.paragraph(node)
            elif name == "list":
                yield from self.list(node, 1, "")
            elif name == "table":
                yield self.table(node)
            elif name in WRAPPERS:
                yield from self.blocks(node)
            elif name == "tracked-changes":
                self.tell(TRACKED)
            elif name not in SILENT:
                yield from self.box(node)

    def paragraph(self, node, level=0, *, is_ordered=False):
        """The paragraph, and those of the text boxes anchored to it."""
        pieces, boxes, marks = [], [], []
        self.inlines(node, frozenset(), pieces, boxes, marks)
        style = attribute(node, "style-name")
        depth = count_of(node, "outline-level") if local(node) == "h" else 0
        yield Paragraph(
            "",
            runs_of(pieces),
            heading=depth,
            level=0 if depth else level,
            is_ordered=is_ordered and not depth,
            starts_page=any(
                "page" in attribute(found, "break-before")
                for found in self.properties(style, "paragraph-properties")
            ),
            style=self.name_of(style),
            marks=tuple(marks),
        )
        for box in boxes:
            yield from self.box(box)

    def box(self, node):
        """What a frame holds, or any other element that is not known: its paragraphs, in their order."""
        found = next(node.iter("{*}text-box"), None)
        if found is not None:
            self.tell(BOXES)
            yield from self.flat(found)
        elif next(node.iter("{*}image"), None) is not None:
            self.tell(IMAGES)

    def list(self, node, level, style):
        style = attribute(node, "style-name") or style
        for item in node:
            first = True
            for child in item:
                if local(child) == "list":
                    yield from self.list(child, level + 1, style)
                elif local(child) in {"p", "h"}:
                    is_ordered = local(item) == "list-item" and self.is_ordered(style, level)
                    yield from self.paragraph(child, level if first else 0, is_ordered=is_ordered)
                    first = False

    def is_ordered(self, style, level):
        found = self.lists.get(style)
        levels = () if found is None else found
        node = next((node for node in levels if attribute(node, "level") == str(level)), None)
        return (
            node is not None
            and local(node) == "list-level-style-number"
            and bool(attribute(node, "num-format"))
        )

    def flat(self, parent):
        """The paragraphs under an element, those of its tables too."""
        for block in self.blocks(parent):
            if isinstance(block, Table):
                self.tell(NESTED)
                yield from flattened(block)
            else:
                yield block

    def table(self, node):
        rows = []
        for row, is_heading in self.rows(node):
            cells, column = [], 0
            for cell in row:
                if local(cell) not in {"table-cell", "covered-table-cell"}:
                    continue
                is_covered = local(cell) == "covered-table-cell"
                span = count_of(cell, "number-columns-spanned")
                for _ in range(count_of(cell, "number-columns-repeated")):
                    before = cells[-1] if cells else None
                    if not (is_covered and before and before.column + before.span > column):
                        cells.append(Cell("", tuple(self.flat(cell)), column, span, is_first=not is_covered))
                    column += 1
            rows.append(Row("", tuple(cells), is_heading=is_heading))
        return Table("", tuple(rows), 0)

    def rows(self, node, *, is_heading=False):
        for child in node:
            name = local(child)
            if name == "table-row":
                # A row repeated is the same empty one: it is read once.
                yield child, is_heading
            elif name in ROW_GROUPS:
                yield from self.rows(child, is_heading=is_heading or name == "table-header-rows")

    # --- Inside a paragraph ---

    def inlines(self, parent, marks, pieces, boxes, found):
        """Adds the pieces of text under an element; the names of bookmarks go to `found`."""
        pieces.append(text_run(flat_text(parent.text), marks))
        for node in parent:
            self.inline(node, marks, pieces, boxes, found)
            pieces.append(text_run(flat_text(node.tail), marks))

    def inline(self, node, marks, pieces, boxes, found):
        name = local(node)
        if name in CHARACTERS:
            pieces.append(text_run(CHARACTERS[name] * count_of(node, "c"), marks))
        elif name == "note":
            self.call(node, pieces)
        elif name in BOOKMARKS:
            found.append(attribute(node, "name"))
        elif name in FRAMES:
            boxes.append(node)
        elif name in UNREAD:
            self.tell(UNREAD[name])
        else:
            self.tell(LINKED if name == "a" else None)
            inside = self.marks_of(attribute(node, "style-name"), marks) if name == "span" else marks
            self.inlines(node, inside, pieces, boxes, found)

    def call(self, node, pieces):
        body = named(node, "note-body")
        number = len(self.notes) + 1
        self.notes[number] = []
        self.notes[number] = [] if body is None else list(self.flat(body))
        pieces.append(Run("", note=number))

    # --- Styles ---

    def marks_of(self, style, marks):
        """The marks inside a span of that style, in a text that has `marks`."""
        weight = slant = place = ""
        for node in self.properties(style, "text-properties"):
            weight = weight or attribute(node, "font-weight")
            slant = slant or attribute(node, "font-style")
            place = place or attribute(node, "text-position")
        raised = place.startswith("super") or (place[:1].isdecimal() and not place.startswith("0"))
        said = {
            "bold": (weight, weight not in {"normal", "400"}),
            "italic": (slant, slant != "normal"),
            "superscript": (place, raised),
        }
        off = {mark for mark, (value, on) in said.items() if value and not on}
        return (marks - off) | {mark for mark, (value, on) in said.items() if value and on}

    def properties(self, style, kind):
        """The properties of that kind, of the style then of those that it is based on."""
        for _ in range(20):
            node = self.styles.get(style)
            if node is None:
                return
            if (held := named(node, kind)) is not None:
                yield held
            style = attribute(node, "parent-style-name")

    def name_of(self, style):
        """The name that people see, of the style that an automatic one is made from."""
        node = self.styles.get(style)
        if node is not None and local(node.getparent()) == "automatic-styles":
            return self.name_of(attribute(node, "parent-style-name"))
        return ((attribute(node, "display-name") if node is not None else "") or style).lower()


def flat_text(text):
    """White space collapses to one space, as the norm says."""
    return " ".join(f"x{text}x".split())[1:-1] if text else ""
