"""From a document as it was read to the report that it is. Pure but for the codes of axes.models."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from axes.imports.documents.exported import COMPOSED, is_export, set_apart
from axes.imports.documents.figures import figures_of
from axes.imports.documents.notes import with_typed_notes
from axes.imports.documents.outline import BY_FORM, Part, axis_of, outlined
from axes.imports.documents.rich import emphasised, flat, mark_of, passages_of
from axes.imports.documents.tables import CONTINUED, Tables, caption_of, is_of_actions
from axes.imports.documents.understood import (
    Confidence,
    LeftOut,
    SectionFound,
    Understanding,
)
from axes.imports.headings import folded
from axes.printed import PART
from logement.documents.content import Table
from logement.richtext import parse, plain

YEAR = re.compile(r"\b20\d\d\b")
CONTENTS = "Table des matières : l'application la refait."
PREAMBLE_TITLE = "Titre du préambule : l'application lui donne le sien."
NO_TITLE = "Aucun titre n'a été trouvé au-dessus de ce tableau : donnez-lui le sien."
NO_SECTION = "Aucun titre de partie n'a été trouvé avant cet endroit : donnez-lui le sien."
MARGIN = "En-tête ou pied de page : le rapport imprime les siens."
ANNOUNCED = "Annonce de la suite d'un tableau : il est repris entier."
SAME_NUMBER = "Un autre tableau porte déjà ce numéro : corrigez l'un des deux."
SAME_TITLE = "Un autre tableau porte déjà ce titre : corrigez l'un des deux."
SUBTITLE = "Le rapport n'a pas de titre à ce niveau : ses mots sont repris en gras."
OTHER_TABLE = "Ce tableau n'est pas un tableau d'actions : ses cellules sont reprises comme du texte."
UNTITLED_PREAMBLE = "Ce texte vient avant la première partie, sans titre : il est repris dans le préambule."
SECTION_TITLE = "Bilan des actions"


def understand(document, roles=None, headings=None):
    """The Understanding of a Document. Never refuses: what is not recognised is unsure, with its reason.

    `roles`: {key of a ColumnFound: role} of the columns that a person corrected; the rows are read again with them.
    `headings`: {folded heading: role} of the columns that are known beforehand. An export of the application has real
    titles and notes: nothing is taken for one there by its form.
    """
    exported = is_export(document)
    prepared, left = (document, []) if exported else with_typed_notes(document)
    reader = Reader(Tables({note.number: note for note in prepared.notes}, roles or {}, headings or {}))
    pieces = outlined(prepared.blocks, is_styled=exported)
    for piece in set_apart(pieces) if exported else pieces:
        reader.take(piece)
    reader.close()
    year = year_of(reader)
    found = Understanding(
        document.name,
        year,
        tuple(reader.cover),
        tuple(reader.preamble),
        tuple(section.found() for section in reader.sections),
        (),
        (*left, *reader.left, *reader.tables.left, *margins_of(document)),
        document.notices,
        exported,
    )
    return replace(found, figures=tuple(figures_of(found)))


@dataclass(slots=True)
class Section:
    """A part of the report being read."""

    key: str
    places: tuple[str, ...]
    number: int | None
    title: str
    doubt: tuple = (Confidence.SURE, "")
    mark: str = ""
    parts: list = field(default_factory=list)

    def found(self):
        return SectionFound(
            self.key, self.places, self.number, self.title, tuple(self.parts), *self.doubt, self.mark
        )


class Reader:
    """Takes the pieces of a document one after the other."""

    def __init__(self, tables):
        self.notes, self.tables = tables.notes, tables
        self.cover, self.preamble, self.sections, self.left = [], [], [], []
        self.numbers, self.names = set(), set()  # of the tables so far, folded
        self.texts = []  # paragraphs that wait for the end of their list
        self.label = None  # the Piece of the title of the next table
        self.grid = None  # the table being read, with its label: it may go on
        self.in_preamble = False

    def take(self, piece):
        match piece.part:
            case Part.COVER:
                self.cover += passages_of([piece.block], self.notes)
            case Part.CONTENTS | Part.COMPOSED:
                self.leave_out(piece)
            case Part.PREAMBLE:
                self.close()
                self.in_preamble = not self.sections
                if self.in_preamble:
                    self.leave(piece.block, PREAMBLE_TITLE)
                else:
                    self.begin(piece)
            case Part.SECTION:
                self.close()
                self.in_preamble = False
                self.begin(piece)
            case Part.LABEL:
                self.take_label(piece)
            case Part.SUBTITLE:
                self.flush()
                self.add(emphasised(piece.block, self.notes, SUBTITLE))
            case Part.TABLE:
                self.take_table(piece.block)
            case Part.TEXT:
                self.take_text(piece.block)

    def leave(self, block, reason):
        self.left.append(LeftOut(f"left:{block.place}", (block.place,), flat(block.text), reason))

    def leave_out(self, piece):
        """The table of contents, and what the application composes in its own export."""
        if piece.part is Part.CONTENTS:
            self.leave(piece.block, CONTENTS)
            return
        self.close()
        if isinstance(piece.block, Table):
            for row in piece.block.rows:
                self.tables.leave(row, COMPOSED)
        else:
            self.leave(piece.block, COMPOSED)

    def begin(self, piece):
        doubt = (Confidence.SURE, "") if piece.is_sure else (Confidence.LIKELY, BY_FORM)
        place = piece.block.place
        mark = mark_of([piece.block], PART)
        self.sections.append(Section(f"section:{place}", (place,), piece.number, piece.title, doubt, mark))

    # --- Texts ---

    def take_text(self, paragraph):
        if self.grid and CONTINUED.fullmatch(paragraph.text):
            self.leave(paragraph, ANNOUNCED)
            return
        self.end_table()
        self.texts.append(paragraph)

    def flush(self):
        """Gives the paragraphs that wait to the part being read."""
        texts, self.texts = self.texts, []
        for passage in passages_of(texts, self.notes):
            self.add(passage)

    def add(self, passage):
        if self.sections:
            self.sections[-1].parts.append(passage)
        elif self.in_preamble:
            self.preamble.append(passage)
        else:
            self.preamble.append(replace(passage, confidence=Confidence.LIKELY, reason=UNTITLED_PREAMBLE))

    # --- Tables ---

    def take_label(self, piece):
        if self.grid and CONTINUED.fullmatch(piece.title):
            self.leave(piece.block, ANNOUNCED)
            return
        if self.label:
            self.flush()
            self.add(emphasised(self.label.block, self.notes, SUBTITLE))
        if (
            self.grid
            and self.grid[1]
            and folded(CONTINUED.sub("", piece.title)) == folded(self.grid[1].title)
        ):
            self.leave(piece.block, "Titre répété au-dessus de la suite du même tableau.")
            return
        self.end_table()
        self.flush()
        self.label = piece

    def take_table(self, table):
        if self.grid and not self.label and not self.texts and self.tables.goes_on(self.grid[0], table):
            self.tables.add(self.grid[0], table)
            return
        self.end_table()
        if is_of_actions(table):
            self.grid = (self.tables.begin(table), self.label, caption_of(table))
            self.label = None
        else:
            self.flush()
            self.cells(table)

    def cells(self, table):
        """A table of another kind: its cells one after the other."""
        for row in table.rows:
            for cell in row.cells:
                for passage in passages_of(cell.paragraphs, self.notes):
                    self.add(replace(passage, confidence=Confidence.UNSURE, reason=OTHER_TABLE))

    def end_table(self):
        if not self.grid:
            return
        (grid, label, caption), self.grid = self.grid, None
        self.flush()
        if not self.sections:
            key = f"section:{grid.place}"
            self.sections.append(
                Section(key, (grid.place,), None, SECTION_TITLE, (Confidence.UNSURE, NO_SECTION))
            )
        parts = self.sections[-1].parts
        found = self.tables.found(grid, *self.titled(grid, label, caption))
        title = label.block.place if label else caption[1] if caption else ""
        parts.append(replace(found, places=tuple(filter(None, (title, *found.places)))))

    def titled(self, grid, label, caption):
        """(number, label, (confidence, reason)) of a table: its title, once in the report."""
        doubt = (Confidence.SURE, "")
        if label:
            number, title = label.number, label.title
            doubt = doubt if label.is_sure else (Confidence.LIKELY, BY_FORM)
        elif caption:
            number, title = axis_of(caption[0])
        else:
            number, title, doubt = None, self.sections[-1].title, (Confidence.UNSURE, NO_TITLE)
        whole = flat(label.block.text) if label else caption[0] if caption else title
        if number is not None and number in self.numbers:
            number, title, doubt = None, whole, (Confidence.UNSURE, SAME_NUMBER)
        rank, bare = 1, title
        while folded(title) in self.names:
            rank += 1
            title, doubt = f"{bare} ({rank})", (Confidence.UNSURE, SAME_TITLE)
        self.numbers.add(number)
        self.names.add(folded(title))
        return number, title, doubt

    def close(self):
        self.end_table()
        if self.label:
            self.flush()
            self.add(emphasised(self.label.block, self.notes, SUBTITLE))
            self.label = None
        self.flush()


def margins_of(document):
    """The LeftOut of the headers and feet."""
    return [
        LeftOut(f"left:{paragraph.place}", (paragraph.place,), flat(paragraph.text), MARGIN)
        for paragraph in document.margins
    ]


def year_of(reader):
    """The year that the title page says, else that which the headings of the tables say most."""
    cover = [plain(parse(passage.html)) for passage in reader.cover]
    report = [line for line in cover if re.search("rapport|ex[ée]cution|exercice|bilan", line, re.IGNORECASE)]
    for lines in (report, cover):
        years = [int(year) for line in lines for year in YEAR.findall(line)]
        if years:
            return years[-1]
    headings = [
        column.heading
        for section in reader.sections
        for part in section.parts
        if hasattr(part, "columns")
        for column in part.columns
    ]
    counts = Counter(int(year) for heading in headings for year in YEAR.findall(heading))
    return counts.most_common(1)[0][0] if counts else None
