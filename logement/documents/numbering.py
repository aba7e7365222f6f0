"""The lists of a DOCX: how deep an item is, whether it is numbered, and the number that a heading prints."""

import re

from logement.documents.parts import local
from logement.documents.styles import attribute, named

UNNUMBERED = {"bullet", "none"}
#: Styles that Word gives to lists without any numbering of their own: « List Bullet 2 ».
LIST_STYLE = re.compile(r"list (bullet|number)(?: ([2-5]))?")


class Numbering:
    def __init__(self, root, styles):
        found = [] if root is None else root
        abstract = {attribute(node, "abstractNumId"): node for node in found if local(node) == "abstractNum"}
        self.levels = {  # {key of a numbering: {level: its element}}
            attribute(node, "numId"): levels_of(abstract.get(attribute(named(node, "abstractNumId"), "val")))
            for node in found
            if local(node) == "num"
        }
        self.counts = {}  # {key of a numbering: [number reached at each level]}

    def of(self, properties, style, *, is_heading):
        """(level from 1 or 0 outside lists, whether it is numbered, words that a numbered heading prints before)."""
        own = named(properties, "numPr")
        numbered = style.numbered if own is None else own
        key = attribute(named(numbered, "numId"), "val")
        if numbered is None or key not in self.levels:
            match = LIST_STYLE.fullmatch(style.name) if own is None else None
            return (int(match[2] or 1), match[1] == "number", "") if match else (0, False, "")
        level = level_of(numbered, style if own is None else None)
        node = self.levels[key].get(level)
        is_ordered = (attribute(named(node, "numFmt"), "val") or "bullet") not in UNNUMBERED
        label = self.label(key, level) if is_heading and is_ordered else ""
        return level + 1, is_ordered, label

    def label(self, key, level):
        """« 2. » or « Axe 3 : »: the numbers reached, in the words of the level."""
        counts = self.counts.setdefault(key, [0] * 9)
        counts[level] += 1
        counts[level + 1 :] = [0] * (8 - level)
        words = attribute(named(self.levels[key].get(level), "lvlText"), "val") or ""
        return re.sub(r"%([1-9])", lambda match: str(counts[int(match[1]) - 1]), words)


def levels_of(node):
    found = () if node is None else node
    return {int(attribute(child, "ilvl") or 0): child for child in found if local(child) == "lvl"}


def level_of(numbered, style):
    """From 0. A style of headings says its level by its outline."""
    own = attribute(named(numbered, "ilvl"), "val")
    if own and own.isdecimal():
        return min(int(own), 8)
    return min(style.outline or 0, 8) if style else 0
