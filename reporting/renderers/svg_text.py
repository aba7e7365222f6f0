"""The words of a picture that are anchored at their middle or at their end, set where they begin.

WeasyPrint draws such words in an object of the whole file, to move it once their width is known: a chapter with one
could not be laid out apart from the others. Measured first, they are drawn as all words are.
"""

import re
from math import inf

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.svg.text import Style
from weasyprint.text.line_break import split_first_line

TEXT = "{http://www.w3.org/2000/svg}text"
BEFORE = {"middle": 0.5, "end": 1}  # what part of their width stands before the place of their anchor
PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")
#: What else would move the words or stretch them: those that our charts do not use are left as they are.
MOVING = {"x", "y", "dx", "dy", "rotate", "letter-spacing", "textLength", "direction"}


def set_from_start(root, fonts):
    """Changes the anchored words of all the pictures of a page."""
    for text in root.iter(TEXT):
        part, size = BEFORE.get(text.get("text-anchor")), PIXELS.fullmatch(text.get("font-size", ""))
        if part and size and not len(text) and MOVING.isdisjoint(text.attrib):
            del text.attrib["text-anchor"]
            text.set("x", f"{-part * width_of(text, float(size[1]), fonts):.6f}")


def width_of(text, size, fonts):
    """In pixels. As it draws, WeasyPrint measures the letters of a picture one by one."""
    style = Style(INITIAL_VALUES)
    style.font_config = fonts
    style["font_size"] = size
    style["font_family"] = [name.strip("\"'") for name in text.get("font-family", "sans-serif").split(",")]
    style["font_weight"] = int(text.get("font-weight", 400))
    return sum(split_first_line(letter, style, None, inf, 0)[3] for letter in text.text or "")
