"""Paragraphs of a document -> passages of rich text. Pure: imports no Django."""

import re

from axes.imports.documents.understood import Confidence, Passage
from logement.richtext import List, Note, Paragraph, Text, normal, plain, to_html

#: A bullet that somebody typed; « -5 % » is no item.
TYPED_BULLET = re.compile(r"\s*(?:[-–—][ \u00a0]+|[•·▪■●○◦‣\uf0b7\uf0a7\uf0d8]\s*)(?=\S)")


def passages_of(paragraphs, notes):
    """The Passages of paragraphs that follow one another; `notes`: {number: Note of the document}."""
    return tuple(_passage(group, notes) for group in _groups(paragraphs))


def _groups(paragraphs):
    """Each paragraph, and each item with the deeper ones that follow it."""
    groups, base = [], 0
    for paragraph in paragraphs:
        level = level_of(paragraph)
        if level and base and level > base:
            groups[-1].append(paragraph)
        else:
            groups.append([paragraph])
            base = level
    return groups


def level_of(paragraph):
    """The depth of an item, typed bullets too; 0 for a paragraph."""
    return paragraph.level or (1 if TYPED_BULLET.match(paragraph.text) else 0)


def _passage(group, notes):
    blocks = normal(_block(paragraph, level_of(paragraph) - level_of(group[0]), notes) for paragraph in group)
    if len(group) > 1:
        blocks = normal([_nested([(level_of(paragraph), paragraph) for paragraph in group], notes)])
    places = [paragraph.place for paragraph in group]
    called = [run.note for paragraph in group for run in paragraph.runs if run.note]
    places += [held.place for number in called if number in notes for held in notes[number].paragraphs]
    return Passage(f"text:{group[0].place}", tuple(dict.fromkeys(places)), to_html(blocks))


def _block(paragraph, depth, notes):
    inlines = Paragraph(inlines_of(paragraph, notes))
    return List(((inlines,),), paragraph.is_ordered) if level_of(paragraph) else inlines


def _nested(levelled, notes):
    """The list that begins with the first of (level, paragraph), those that are deeper inside the item before them."""
    (base, first), *others = levelled
    items, at = [[Paragraph(inlines_of(first, notes))]], 0
    while at < len(others):
        end = at
        while end < len(others) and others[end][0] > base:
            end += 1
        if end > at:
            items[-1].append(_nested(others[at:end], notes))
        elif end < len(others):
            items.append([Paragraph(inlines_of(others[end][1], notes))])
            end += 1
        at = end
    return List(tuple(map(tuple, items)), first.is_ordered)


def inlines_of(paragraph, notes):
    """The texts and the notes of a paragraph, its typed bullet left out."""
    bullet = None if paragraph.level else TYPED_BULLET.match(paragraph.text)
    skipped = bullet.end() if bullet else 0
    inlines = []
    for run in paragraph.runs:
        text, skipped = run.text[skipped:], max(0, skipped - len(run.text))
        if run.note and run.note in notes:
            inlines.append(Note(_note_texts(notes[run.note])))
        elif text:
            inlines.append(Text(text, run.bold, run.italic, run.superscript))
    return tuple(inlines)


def _note_texts(note):
    """The paragraphs of a note on one line: a note of the report has no others."""
    texts = []
    for paragraph in note.paragraphs:
        texts += [Text(" ")] if texts else []
        texts += [
            Text(run.text, run.bold, run.italic, run.superscript) for run in paragraph.runs if not run.note
        ]
    return tuple(texts)


def emphasised(paragraph, notes, reason):
    """A heading that the report has no place for: its words in bold."""
    inlines = (Text(plain((Paragraph(inlines_of(paragraph, notes)),)), bold=True),)
    html = to_html(normal([Paragraph(inlines)]))
    return Passage(f"text:{paragraph.place}", (paragraph.place,), html, Confidence.LIKELY, reason)


def mark_of(paragraphs, prefix=""):
    """The first bookmark of paragraphs that begins so, as an anchor: « action-12 »; "" where there is none.

    Those that Word made for itself (« _Toc1 ») are none.
    """
    marks = (mark for paragraph in paragraphs for mark in paragraph.marks if not mark.startswith("_"))
    anchors = (mark.replace("_", "-") for mark in marks)
    return next((anchor for anchor in anchors if anchor.startswith(prefix)), "")


def flat(text):
    """A title on one line."""
    return " ".join(text.split())
