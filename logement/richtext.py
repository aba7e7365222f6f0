"""Rich text as data: the few nodes that the report can print, and the two ways in which people write them.

Pure: imports no Django. A text is a tuple of blocks. It is stored as the small HTML that the editor
speaks (`parse`, `to_html`) and is written without JavaScript in a light markup (`from_markup`, `to_markup`):

    a paragraph, ended by an empty line      **gras**  *italique*  ^{exposant}  [[note: texte de la note]]
    - a bullet                               1. a numbered item      (two spaces deeper: a list inside the item)
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters with the same marks."""

    text: str
    bold: bool = False
    italic: bool = False
    superscript: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote where it is called; renderers number the notes in the order of their calls."""

    content: "tuple[Text, ...]"


Inline = Text | Note


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A bullet or numbered list; each item is a tuple of blocks."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False


Block = Paragraph | List
