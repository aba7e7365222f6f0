"""Rich text as the editor's HTML: p, strong, em, sup, ul, ol, li, br, and two kinds of span: notes, figures.

    <p>Un mot<span data-note="texte de la *note*"></span>, <span data-ref="A3-06, lettres">cinq</span></p>

`data-note` holds the note in the light markup, so that one line of plain typing is a note. `data-ref` says which figure
the words stand for. Never an error:
a tag that is not known leaves its text, what is not closed is closed, what is misnested is put right.
"""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

from logement.richtext.markup import note_from_markup, note_to_markup
from logement.richtext.nodes import MAX_DEPTH, List, Note, Paragraph, Text, normal

MARKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "sup": "superscript"}
LISTS = {"ul", "ol"}
# Unknown tags inside a line (span, a, font, o:p…) are transparent; these end the line, or words would be glued.
BREAKS = set(
    "p h1 h2 h3 h4 h5 h6 hr pre blockquote div section article main header footer aside nav figure figcaption"
    " table caption thead tbody tfoot tr th td dl dt dd".split()
)
# Comments, processing instructions and Word's <![if …]> are no text; what is left of a lone "<!" or "<?" is.
NO_TEXT = re.compile(r"<!--(?:(?!<!--).)*?-->|<[!?][^<>]*>", re.DOTALL)


def parse(html) -> tuple:
    """The blocks of an HTML text, in normal form."""
    html = re.sub(r"<(?=[!?])", "&lt;", NO_TEXT.sub("", html))
    tags, closed, text = html.rpartition(">")
    reader = _Reader()
    # Without a ">" to come no "<" opens a tag; html.parser would look for it in vain, again and again.
    reader.feed(tags + closed + text.replace("<", "&lt;"))
    reader.close()
    reader.end_paragraph()
    return normal(reader.blocks)


class _Reader(HTMLParser):
    CDATA_CONTENT_ELEMENTS = ()  # <script> and <style> hide nothing here: their text is text

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks = []
        self.inline = []
        self.marks = []
        self.spans = (
            0  # inside a figure: the spans open in it, itself included; its words are the last inline
        )
        self.open = []  # the lists and items around the reader, outermost first: (tag, what it holds, lists around)

    def handle_starttag(self, tag, attributes):
        if note := dict(attributes).get("data-note"):
            self.inline.append(note_from_markup(note))
            self.spans = 0
        elif self.spans and tag == "span":
            self.spans += 1
        elif tag in MARKS:
            self.marks.append(MARKS[tag])
        elif tag == "br":
            self.add("\n")
        elif tag in LISTS:
            self.start_list(tag)
        elif tag == "li":
            self.start_item()
        elif tag in BREAKS:
            self.end_paragraph()
        elif tag == "span" and (ref := dict(attributes).get("data-ref")):
            self.inline.append(Text("", **dict.fromkeys(self.marks, True), ref=ref))
            self.spans = 1

    def handle_endtag(self, tag):
        if self.spans and tag == "span":
            self.spans -= 1
        elif MARKS.get(tag) in self.marks:
            self.marks.remove(MARKS[tag])
        elif tag in LISTS:
            self.end_paragraph()
            while self.open and self.open.pop()[0] == "li":
                pass
        elif tag == "li":
            self.end_item()
        elif tag in BREAKS:
            self.end_paragraph()

    def handle_data(self, data):
        self.add(data.replace("\n", " "))

    def add(self, text):
        if self.spans:
            self.inline[-1] = replace(self.inline[-1], text=self.inline[-1].text + text)
        else:
            self.inline.append(Text(text, **dict.fromkeys(self.marks, True)))

    def end_paragraph(self):
        """Marks end with their paragraph: a tag that nobody closed doesn't colour the rest of the text."""
        if self.inline:
            self.place().append(Paragraph(tuple(self.inline)))
        self.inline, self.marks, self.spans = [], [], 0

    def place(self):
        """The list of blocks to which the next block goes."""
        if not self.open:
            return self.blocks
        tag, held, _ = self.open[-1]
        if tag == "li":
            return held
        if not held:
            held.append([])
        return held[-1]

    def start_list(self, tag):
        self.end_paragraph()
        depth = self.open[-1][2] if self.open else 0
        if depth < MAX_DEPTH:
            items = []
            self.place().append(List(items, tag == "ol"))
        else:  # its items join those of the list around it, which is the last thing open or the one before
            items = next(held for name, held, _ in reversed(self.open) if name in LISTS)
        self.open.append((tag, items, depth + 1))

    def start_item(self):
        self.end_item()
        if self.open:
            item = []
            _, items, depth = self.open[-1]
            items.append(item)
            self.open.append(("li", item, depth))

    def end_item(self):
        self.end_paragraph()
        if self.open and self.open[-1][0] == "li":
            self.open.pop()


def to_html(blocks, *, cite=None) -> str:
    """The HTML of blocks in normal form.

    `cite` writes the words of a figure for a page that shows more than what is stored: Text -> HTML, escaped by it.
    """
    cite = cite or _stored
    return "".join(_block(block, cite) for block in blocks)


def _block(block, cite):
    if isinstance(block, Paragraph):
        return "<p>" + "".join(_inline(inline, cite) for inline in block.content) + "</p>"
    tag = "ol" if block.ordered else "ul"
    items = "".join(f"<li>{to_html(item, cite=cite)}</li>" for item in block.items)
    return f"<{tag}>{items}</{tag}>"


def _inline(inline, cite):
    if isinstance(inline, Note):
        return f'<span data-note="{escape(note_to_markup(inline))}"></span>'
    html = cite(inline) if inline.ref else escape(inline.text, quote=False).replace("\n", "<br>")
    for tag, is_on in (("sup", inline.superscript), ("em", inline.italic), ("strong", inline.bold)):
        if is_on:
            html = f"<{tag}>{html}</{tag}>"
    return html


def _stored(text):
    return f'<span data-ref="{escape(text.ref)}">{escape(text.text, quote=False)}</span>'
