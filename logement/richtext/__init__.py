"""Rich text as data: the few nodes that the report can print, and the two ways in which people write them.

Pure: imports no Django. A text is a tuple of blocks. It is stored as the small HTML that the editor
speaks (`parse`, `to_html`) and is written without JavaScript in a light markup (`from_markup`, `to_markup`):

    a paragraph, ended by an empty line      **gras**  *italique*  ^{exposant}  [[note: texte de la note]]
    - a bullet                               1. a numbered item      (two spaces deeper: a list inside the item)
    [[chiffre: A3-06, lettres | trente-cinq]]   the words of a figure, with which it is and how it is written

A single line break stays a line break, in both. Both ways give blocks in normal form (`normal`), and lose nothing:
`parse(to_html(blocks)) == blocks` and `from_markup(to_markup(blocks)) == blocks`.
"""

from logement.richtext.html import parse, to_html
from logement.richtext.markup import from_markup, to_markup
from logement.richtext.nodes import (
    Block,
    Inline,
    List,
    Note,
    Paragraph,
    Text,
    mapped,
    normal,
    notes,
    plain,
    references,
)

__all__ = [
    "Block",
    "Inline",
    "List",
    "Note",
    "Paragraph",
    "Text",
    "from_markup",
    "mapped",
    "normal",
    "notes",
    "parse",
    "plain",
    "references",
    "to_html",
    "to_markup",
]
