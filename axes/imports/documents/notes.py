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
    """[(Call, the paragraph of the note, where its text begins)], in the order of the notes."""
    found, before, used = [], [], set()
    for paragraph in document.paragraphs:
        opening = None if paragraph.heading or paragraph.level else OPENING.match(paragraph.text)
        if opening:
            calls = [call for call in _calls(before, opening) if call not in used]
            if len(calls) == 1:
                used.add(calls[0])
                found.append((calls[0], paragraph, opening.end()))
                continue
        before.append(paragraph)
    return found


def _calls(paragraphs, opening):
    """The Calls of the note that begins so: where its number is raised, or stands as it does in the note."""
    stars, number = opening["stars"], opening["round"] or opening["square"] or opening["bare"]
    number = number or (opening["raised"] or "").translate(TO_DIGITS)
    if stars:
        signs = re.compile(rf"(?<=[^\s*]){re.escape(stars)}(?![\w*])")
        return [
            _call(paragraph, match) for paragraph in paragraphs for match in signs.finditer(paragraph.text)
        ]
    raised = "".join(DIGITS[int(digit)] for digit in number)
    patterns = [rf"(?<![\s\d{DIGITS}])(?<!m){raised}(?![{DIGITS}])"]
    patterns += [rf"(?<=\S)[ \u00a0]?\({number}\)"] * bool(opening["round"])
    patterns += [rf"(?<=\S)[ \u00a0]?\[{number}\]"] * bool(opening["square"])
    signs = re.compile("|".join(patterns))
    return [
        call
        for paragraph in paragraphs
        for call in (
            *(_call(paragraph, match) for match in signs.finditer(paragraph.text)),
            *_raised_calls(paragraph, number),
        )
    ]


def _call(paragraph, match):
    return Call(paragraph.place, match.start(), match.end())


def _raised_calls(paragraph, number):
    """The runs that are this number raised, « (1) » too."""
    place = 0
    for run in paragraph.runs:
        if run.superscript and place and run.text.strip(" ()[]\u00a0") == number:
            yield Call(paragraph.place, place, place + len(run.text))
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
