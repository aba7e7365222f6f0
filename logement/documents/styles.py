"""The styles of a DOCX, as far as they say what a text is: a heading, an item of a list, bold."""

import re
from dataclasses import dataclass

from logement.documents.parts import local

#: Elements of the properties of a run -> mark.
MARKS = {"b": "bold", "i": "italic"}
OFF = {"0", "false", "off", "none"}
DEEPEST = 20  # styles based on one another; a loop is none


def named(node, name):
    """The first child of that name, whatever its namespace; None without one, or of None."""
    return None if node is None else next((child for child in node if local(child) == name), None)


def attribute(node, name):
    """The value of an attribute in the namespace of its element, or in none."""
    if node is None:
        return None
    space = node.tag.rpartition("}")[0]
    return node.get(f"{space}}}{name}", node.get(name))


def is_on(properties, name):
    """Whether a property that is or is not (bold) is."""
    node = named(properties, name)
    return node is not None and (attribute(node, "val") or "1") not in OFF


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph's style with what it takes from those that it is based on. `outline`: from 0, None without one."""

    name: str = ""
    outline: int | None = None
    numbered: object = None  # its numPr

    def heading(self, properties):
        """The depth of the heading that a paragraph of this style is, 0 for none."""
        own = attribute(named(properties, "outlineLvl"), "val")
        level = int(own) if own and own.isdecimal() else self.outline
        return level + 1 if level is not None and level < 9 else 0


class Styles:
    def __init__(self, root):
        found = () if root is None else root
        self.nodes = {attribute(node, "styleId"): node for node in found if local(node) == "style"}
        self.default = next((key for key, node in self.nodes.items() if is_default(node)), None)
        self.known = {}

    def of_paragraph(self, properties):
        """The Style of a paragraph with these properties."""
        key = attribute(named(properties, "pStyle"), "val") or self.default
        if key not in self.known:
            self.known[key] = self._style(key)
        return self.known[key]

    def _style(self, key):
        name, outline, numbered = name_of(self.nodes.get(key), key), None, None
        for node in self.chain(key):
            properties = named(node, "pPr")
            level = attribute(named(properties, "outlineLvl"), "val") or heading_level(node)
            outline = int(level) if outline is None and level else outline
            numbered = named(properties, "numPr") if numbered is None else numbered
        if not self.nodes and (level := re.fullmatch(r"(?:heading|titre) ?([1-9])", name)):
            outline = int(level[1]) - 1
        return Style(name, outline, numbered)

    def chain(self, key):
        """The style and those that it is based on, nearest first."""
        for _ in range(DEEPEST):
            node = self.nodes.get(key)
            if node is None:
                return
            yield node
            key = attribute(named(node, "basedOn"), "val")

    def marks_of(self, properties):
        """The marks of a run: its own, else those of its character style."""
        own = marks_in(properties)
        for node in self.chain(attribute(named(properties, "rStyle"), "val")):
            own = marks_in(named(node, "rPr")) | own
        return frozenset(mark for mark, on in own.items() if on)


def marks_in(properties):
    """{mark: whether it is on} of what is said."""
    said = {
        mark: is_on(properties, name) for name, mark in MARKS.items() if named(properties, name) is not None
    }
    raised = attribute(named(properties, "vertAlign"), "val")
    return said | ({"superscript": raised == "superscript"} if raised else {})


def heading_level(node):
    """« heading 2 » -> « 1 »: Word's own names of the headings are English in every language."""
    match = re.fullmatch(r"heading ([1-9])", name_of(node, ""))
    return str(int(match[1]) - 1) if match else None


def name_of(node, key):
    return (attribute(named(node, "name"), "val") or key or "").lower()


def is_default(node):
    return attribute(node, "type") == "paragraph" and attribute(node, "default") in {"1", "true"}
