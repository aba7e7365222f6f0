"""Notes typed by hand, « ¹ », « (1) », « * »: made footnotes like the others. Pure: imports no Django."""

import re
from dataclasses import dataclass, replace

from axes.imports.documents.understood import LeftOut
from axes.imports.texts import DIGITS, TO_DIGITS
from logement.documents.content import Note, Paragraph, Run, Table

#: How the text of a note begins: a number in brackets, alone or raised, or stars.
OPENING = re.compile(
    rf"\s*(?:\((?P<round>\d{{1,2}})\)|\[(?P<square>\d{{1,2}})\]|(?P<raised>[{DIGITS}]{{1,2}})|(?P<stars>\*{{1,3}})"
    rf"|(?P<bare>\d{{1,2}})[.)]?(?=[\s\u00a0]))[\s\u00a0]*(?=\S)"
)
#: What may call a note in a text: a raised number, but that of « m² »; stars after a word; a number in brackets.
SIGNS = re.compile(
    rf"(?<![\s\d{DIGITS}])(?<!m)(?P<raised>[{DIGITS}]{{1,2}})(?![{DIGITS}])|(?<=[^\s*])(?P<stars>\*{{1,3}})(?![\w*])"
    r"|(?<=\S)[ \u00a0]?(?P<around>\(\d{1,2}\)|\[\d{1,2}\])"
)
CALL = "Appel d'une note tapée à la main : la note est reprise comme une vraie note."
NUMBER = "Numéro d'une note tapée à la main : les notes sont numérotées à l'impression."


@dataclass(frozen=True, slots=True)
class Call:
    """Where a note is called: from `start` to `end` in the words of a paragraph."""

    place: str
    start: int
    end: int


def with_typed_notes(document):
    """(the Document where the typed notes are notes, [LeftOut] of their calls and numbers).

    A note is taken for one where a paragraph outside the titles begins by its number, and exactly one place before
    calls it.
    """
    found = _found(document)
    if not found:
        return document, []
    calls = {call.place: [] for call, _, _ in found}
    first = max((note.number for note in document.notes), default=0) + 1
    notes, left = [], []
    for number, (call, paragraph, end) in enumerate(found, start=first):
        calls[call.place].append((call, number))
        words = replace(paragraph, runs=_cut(paragraph.runs, 0, end, None))
        notes.append(Note(paragraph.place, number, (words,)))
        left += [
            LeftOut(f"call:{call.place}:{call.start}", (call.place,), _words(document, call), CALL),
            LeftOut(f"number:{paragraph.place}", (paragraph.place,), paragraph.text[:end].strip(), NUMBER),
        ]
    taken = {paragraph.place for _, paragraph, _ in found}
    return _rebuilt(document, calls, taken, notes), left


def _words(document, call):
    paragraph = next(each for each in document.paragraphs if each.place == call.place)
    return paragraph.text[call.start : call.end]


def _found(document):
    """[(Call, the paragraph of the note, where its text begins)], in the order of the notes. Linear in the text."""
    found, seen, used = [], {}, set()
    for paragraph in document.paragraphs:
        opening = None if paragraph.heading or paragraph.level else OPENING.match(paragraph.text)
        calls = {call for mark in _marks(opening) for call in seen.get(mark, ())} - used if opening else ()
        if len(calls) == 1:
            (call,) = calls
            used.add(call)
            found.append((call, paragraph, opening.end()))
            continue
        for mark, call in _calls(paragraph):
            seen.setdefault(mark, []).append(call)
    return found


def _marks(opening):
    """The marks by which the note that begins so may be called: its number raised, or as it stands in the note."""
    if opening["stars"]:
        return [opening["stars"]]
    number = opening["round"] or opening["square"] or opening["bare"]
    number = number or opening["raised"].translate(TO_DIGITS)
    around = {"round": f"({number})", "square": f"[{number}]"}
    return [f"^{number}", *(mark for name, mark in around.items() if opening[name])]


def _calls(paragraph):
    """(mark, Call) of all that may call a note: « ¹ » and what is raised is « ^1 »."""
    for match in SIGNS.finditer(paragraph.text):
        raised, stars, around = match["raised"], match["stars"], match["around"]
        mark = f"^{raised.translate(TO_DIGITS)}" if raised else stars or around
        yield mark, Call(paragraph.place, match.start(), match.end())
    place = 0
    for run in paragraph.runs:
        number = run.text.strip(" ()[]\u00a0")
        if run.superscript and place and number.isdecimal():
            yield f"^{number}", Call(paragraph.place, place, place + len(run.text))
        place += len(run.text)


# --- The document with them ---


def _rebuilt(document, calls, taken, notes):
    def paragraph(held):
        if held.place in taken:
            return []
        runs = held.runs
        for call, number in sorted(calls.get(held.place, []), key=lambda found: -found[0].start):
            runs = _cut(runs, call.start, call.end, Run("", note=number))
        return [replace(held, runs=runs)]

    def cell(held):
        kept = tuple(new for each in held.paragraphs for new in paragraph(each))
        return replace(held, paragraphs=kept)

    def row(held):
        return replace(held, cells=tuple(map(cell, held.cells)))

    blocks = []
    for block in document.blocks:
        if isinstance(block, Table):
            blocks.append(replace(block, rows=tuple(map(row, block.rows))))
        elif isinstance(block, Paragraph):
            blocks += paragraph(block)
    return replace(document, blocks=tuple(blocks), notes=(*document.notes, *notes))


def _cut(runs, start, end, put):
    """The runs less what stands from `start` to `end`, with `put` in its place."""
    return (*_part(runs, 0, start), *([put] if put else []), *_part(runs, end, None))


def _part(runs, start, stop):
    """What stands from `start` to `stop`; the calls at `start` follow it, those at `stop` too."""
    place = 0
    for run in runs:
        end = place + len(run.text)
        text = run.text[max(0, start - place) : None if stop is None else max(0, stop - place)]
        if text or (run.note and start <= place and (stop is None or place <= stop)):
            yield replace(run, text=text)
        place = end
