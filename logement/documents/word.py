"""DOCX (Office Open XML, transitional or strict) -> Document. Tracked changes are read as accepted."""

import posixpath

from logement.documents.content import Cell, Paragraph, Row, Run, Table
from logement.documents.numbering import Numbering
from logement.documents.parts import (
    BOXES,
    COMMENTS,
    HIDDEN,
    IMAGES,
    LINKED,
    NESTED,
    TRACKED,
    assembled,
    flattened,
    local,
    parse,
    runs_of,
    text_run,
)
from logement.documents.styles import Styles, attribute, is_on, named

#: Hold others of their kind, and are nothing by themselves.
WRAPPERS = {
    "ins",
    "moveTo",
    "smartTag",
    "customXml",
    "sdt",
    "sdtContent",
    "fldSimple",
    "hyperlink",
    "dir",
    "bdo",
    "oMath",
    "oMathPara",
}
#: What was taken away, and what was moved from there.
DELETED = {"del", "moveFrom"}
CHARACTERS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t"}
MARGINS = {"header", "footer"}
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


def read_docx(archive):
    """The Document of an open zip archive."""
    return Word(archive).document()


def main_part(archive):
    """The name of the part that holds the body, by the package's relationships."""
    kinds = targets(archive, "")
    return next(
        (name for kind, name in kinds.values() if kind.endswith("/officeDocument")), "word/document.xml"
    )


def targets(archive, part):
    """{key: (type, name of the part)} of what a part refers to inside the package; links outside are left out."""
    folder, _, file = part.rpartition("/")
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in archive.namelist():
        return {}
    return {
        link.get("Id", ""): (
            link.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in parse(archive.read(name))
        if link.get("TargetMode") != "External"
    }


class Word:
    """One reading: the parts of the package, the notes in the order of their calls, and what there is to say."""

    def __init__(self, archive):
        self.archive = archive
        self.main = main_part(archive)
        self.parts = {kind.rpartition("/")[2]: name for kind, name in targets(archive, self.main).values()}
        self.styles = Styles(self.part("styles"))
        self.numbering = Numbering(self.part("numbering"), self.styles)
        self.notes, self.notices, self.carried = {}, [], []
        self.sources = {kind: self.note_parts(f"{kind}s") for kind in NOTES.values()}

    def part(self, kind):
        """The root of the part of that kind, or None."""
        name = self.parts.get(kind)
        return parse(self.archive.read(name)) if name in self.archive.namelist() else None

    def note_parts(self, kind):
        """{key of a note: its element}; those that draw the separators have a type."""
        root = self.part(kind)
        found = () if root is None else root
        return {attribute(note, "id"): note for note in found if attribute(note, "type") in {None, "normal"}}

    def document(self):
        body = next(node for node in parse(self.archive.read(self.main)) if local(node) == "body")
        blocks = [*self.blocks(body), *self.left()]
        return assembled("docx", blocks, self.notes, self.notices, list(self.margins()))

    def margins(self):
        """The paragraphs of the headers and feet of the pages."""
        for kind, name in targets(self.archive, self.main).values():
            if kind.rpartition("/")[2] in MARGINS and name in self.archive.namelist():
                yield from self.flat(parse(self.archive.read(name)))

    # --- Blocks ---

    def blocks(self, parent):
        for node in parent:
            name = local(node)
            if name == "p":
                yield from self.paragraph(node)
            elif name == "tbl":
                yield self.table(node)
            elif name in WRAPPERS:
                self.tell(TRACKED if name in {"ins", "moveTo"} else None)
                yield from self.blocks(node)
            elif name in DELETED:
                self.tell(TRACKED)
            elif name == "AlternateContent":
                yield from self.blocks(first_choice(node))

    def paragraph(self, node):
        """The paragraph, and those of the text boxes anchored to it."""
        properties = named(node, "pPr")
        pieces, boxes = [*self.carried], []
        self.carried = []
        breaks = self.inlines(node, pieces, boxes)
        if is_deleted(properties):  # its mark is: what it holds goes on in the next one
            self.tell(TRACKED)
            self.carried = pieces
            return
        style = self.styles.of_paragraph(properties)
        heading = style.heading(properties)
        level, is_ordered, label = self.numbering.of(properties, style, is_heading=bool(heading))
        if label:
            pieces.insert(0, Run(f"{label} "))
        marks = tuple(attribute(mark, "name") or "" for mark in node.iter("{*}bookmarkStart"))
        yield Paragraph(
            "",
            runs_of(pieces),
            heading=heading,
            level=0 if heading else level,
            is_ordered=is_ordered and not heading,
            starts_page=breaks or is_on(properties, "pageBreakBefore"),
            style=style.name,
            marks=marks,
        )
        for box in boxes:
            self.tell(BOXES)
            yield from self.flat(box)

    def left(self):
        """What a deleted mark carried on, where no paragraph follows."""
        carried, self.carried = self.carried, []
        return [Paragraph("", runs_of(carried))] if carried else []

    def flat(self, parent):
        """The paragraphs under an element, those of its tables too."""
        for block in self.blocks(parent):
            if isinstance(block, Table):
                self.tell(NESTED)
                yield from flattened(block)
            else:
                yield block
        yield from self.left()

    def table(self, node):
        rows = []
        for child in unwrapped(node, "tr"):
            properties = named(child, "trPr")
            if named(properties, "del") is not None:
                self.tell(TRACKED)
                continue
            cells, column = [], int_of(named(properties, "gridBefore"))
            for cell in unwrapped(child, "tc"):
                span = max(1, int_of(named(named(cell, "tcPr"), "gridSpan"), 1))
                merged = named(named(cell, "tcPr"), "vMerge")
                goes_on = merged is not None and attribute(merged, "val") != "restart"
                cells.append(Cell("", tuple(self.flat(cell)), column, span, is_first=not goes_on))
                column += span
            rows.append(Row("", tuple(cells), is_heading=is_on(properties, "tblHeader")))
        return Table("", tuple(rows), 0)

    # --- Inside a paragraph ---

    def inlines(self, parent, pieces, boxes):
        """Adds the pieces of text under an element; whether a page ends there."""
        breaks = False
        for node in parent:
            name = local(node)
            if name == "r":
                breaks |= self.run(node, pieces, boxes)
            elif name in WRAPPERS:
                self.tell({"ins": TRACKED, "moveTo": TRACKED, "hyperlink": LINKED}.get(name))
                breaks |= self.inlines(node, pieces, boxes)
            elif name in DELETED:
                self.tell(TRACKED)
            elif name == "commentRangeStart":
                self.tell(COMMENTS)
            elif name == "AlternateContent":
                breaks |= self.inlines(first_choice(node), pieces, boxes)
        return breaks

    def run(self, node, pieces, boxes):
        properties = named(node, "rPr")
        if is_on(properties, "vanish"):
            self.tell(HIDDEN if any(local(child) == "t" for child in node) else None)
            return False
        return self.characters(node, self.styles.marks_of(properties), pieces, boxes)

    def characters(self, parent, marks, pieces, boxes):
        breaks = False
        for node in parent:
            breaks |= self.character(node, marks, pieces, boxes)
        return breaks

    def character(self, node, marks, pieces, boxes):
        """Adds what one element of a run prints; whether it ends the page."""
        name = local(node)
        if name == "t":
            pieces.append(text_run(node.text or "", marks))
        elif name == "br":
            if attribute(node, "type") in {"page", "column"}:
                return attribute(node, "type") == "page"
            pieces.append(text_run("\n", marks))
        elif name in CHARACTERS:
            pieces.append(text_run(CHARACTERS[name], marks))
        elif name in NOTES:
            self.call(NOTES[name], attribute(node, "id"), pieces)
        elif name == "AlternateContent":
            return self.characters(first_choice(node), marks, pieces, boxes)
        elif name in {"drawing", "pict", "object"}:
            found = [
                box
                for box in node.iter("{*}txbxContent")
                if not any(local(up) == "txbxContent" for up in box.iterancestors())
            ]
            boxes += found
            self.tell(None if found else IMAGES)
        return False

    def call(self, kind, key, pieces):
        """A call, and the note itself at its first one."""
        source = self.sources[kind].get(key)
        if source is None:
            return
        number = len(self.notes) + 1
        self.notes[number] = []
        self.notes[number] = list(self.flat(source))
        pieces.append(Run("", note=number))

    def tell(self, notice):
        if notice:
            self.notices.append(notice)


def first_choice(node):
    """Word writes a drawing twice, for itself and for older readers: the first one is read."""
    return node[0] if len(node) else ()


def unwrapped(parent, name):
    """The children of that name, those that content controls wrap too."""
    for node in parent:
        if local(node) == name:
            yield node
        elif local(node) in WRAPPERS:
            yield from unwrapped(node, name)


def is_deleted(properties):
    return named(named(properties, "rPr"), "del") is not None


def int_of(node, default=0):
    value = attribute(node, "val") if node is not None else None
    return int(value) if value and value.isdecimal() and len(value) < 4 else default
