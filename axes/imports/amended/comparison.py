"""An export of an exercise, amended in Word, compared to that exercise today."""

from dataclasses import replace
from functools import cached_property
from itertools import chain

from axes.imports.amended import composed
from axes.imports.amended.chapters import shared, slots_of, table_piece
from axes.imports.amended.difference import Difference
from axes.imports.amended.pieces import bare_of, merged, pieces_of, quoted, read_back, typed
from axes.imports.amended.tables import Tables
from axes.imports.amended.today import Today
from axes.imports.decisions import Verdict
from axes.imports.documents import TableFound
from axes.imports.documents.outline import PREAMBLES
from axes.imports.documents.rich import flat
from axes.imports.headings import folded
from axes.imports.keeping import reading_of
from axes.models import Block, Chapter
from axes.printed import PART


class Amended:
    """A ReportImport that is compared to its exercise; in as many queries whatever they hold.

    `notices` are sentences: what the reading has to say, then what the document changes that is not taken this way.
    """

    def __init__(self, report):
        self.report, self.year = report, report.compared_to
        self.reading = reading_of(report)
        self.understanding = self.reading.understanding
        self.today = Today(self.year)
        self.tables = Tables(self.understanding.tables, self.today, self.of_text)
        self.told = []
        self.decisions = {one.item: one for one in report.decisions.all()}

    @cached_property
    def differences(self):
        found = list(chain.from_iterable(self.of_chapter(*held) for held in self.chapters()))
        self.tables.close()
        return [replace(one, decision=self.decisions.get(one.key)) for one in found]

    @cached_property
    def notices(self):
        document = self.reading.document
        told = [
            *self.understanding.notices,
            *composed.told_of_document(self.understanding, self.year),
            *(self.told if self.differences is not None else ()),
            *self.tables.told,
            *composed.told_of_figures(document, self.year),
            *composed.told_of_annexes(document, self.understanding),
        ]
        return list(dict.fromkeys(told))

    @cached_property
    def accepted(self):
        return [one for one in self.differences if one.is_accepted]

    @cached_property
    def waiting(self):
        return [one for one in self.differences if one.verdict == Verdict.OPEN]

    # --- The parts ---

    def chapters(self):
        """(Chapter, its parts in the document), in the order of the report; a part that is on one side only is told."""
        found = self._parts()
        for chapter in self.today.chapters:
            parts = found.get(chapter.pk)
            if parts is not None:
                yield chapter, parts
            elif chapter.kind == Chapter.Kind.SECTION:
                self.told.append(
                    f"La partie « {chapter} » n'est plus dans le document : rien n'en est retiré."
                )

    def _parts(self):
        """{key of a Chapter: the passages and tables of the document}"""
        by_kind = {chapter.kind: chapter for chapter in reversed(self.today.chapters)}
        found = {}
        if cover := by_kind.get(Chapter.Kind.COVER):
            found[cover.pk] = self.understanding.cover
        preamble = by_kind.get(Chapter.Kind.PREAMBLE) or self._named(PREAMBLES)
        if preamble and self.understanding.preamble:
            found[preamble.pk] = self.understanding.preamble
        for section in self.understanding.sections:
            chapter = self._chapter_of(section, found)
            if chapter is None:
                self.told.append(
                    f"La partie {quoted(section.title)} du document n'est pas dans l'exercice : ajoutez-la dans "
                    "« Titres et ordre des parties », puis copiez-y son texte."
                )
            else:
                if section.mark:
                    self.told += composed.told_of_title(chapter.full_title, self._written(section))
                found[chapter.pk] = section.parts
        return found

    def _named(self, titles):
        return next((chapter for chapter in self.today.chapters if folded(chapter.title) in titles), None)

    def _chapter_of(self, section, taken):
        """That of its bookmark, else of its title."""
        left = [chapter for chapter in self.today.chapters if chapter.pk not in taken]
        marked = (chapter for chapter in left if section.mark == f"{PART}{chapter.pk}")
        named = (chapter for chapter in left if folded(chapter.title) == folded(typed(section.title)))
        return next(chain(marked, named), None)

    def _written(self, item):
        """The title of a part or of a table, as the document writes it."""
        return self._titles.get(item.places[0], "")

    @cached_property
    def _titles(self):
        return {paragraph.place: flat(paragraph.text) for paragraph in self.reading.document.paragraphs}

    def of_chapter(self, chapter, parts):
        blocks = list(chapter.blocks.all())
        tables = {part.key: part for part in parts if isinstance(part, TableFound)}
        found = [piece for part in parts for piece in self._pieces(part)]
        texts, strays = shared(slots_of(chapter, self.today), found, [block.kind for block in blocks])
        self.told += [stray.sentence for stray in strays]
        by_axis = {self.tables.axes[table.key]: table for table in reversed(tables.values())}
        for rank, block in enumerate(blocks):
            if rank in texts:
                text = self.today.text_of_block(block)
                yield from self.of_text(f"block:{block.pk}", str(chapter), text, texts[rank])
            elif block.kind == Block.Kind.ACTIONS and block.axis_id in by_axis:
                table = by_axis[block.axis_id]
                self.told += composed.told_of_title(block.axis.full_label, self._written(table))
                yield from self.tables.of_table(table, block)

    def _pieces(self, part):
        if not isinstance(part, TableFound):
            return read_back([part])
        axis = self.today.axes.get(self.tables.axes[part.key])
        if axis is None:
            self.told.append(
                f"Le tableau « {part.label} » n'est celui d'aucun axe de l'exercice : il n'est pas lu."
            )
        return [table_piece(axis)] if axis else []

    # --- A text ---

    def of_text(self, key, place, text, found):
        """The Difference of a text, where the document changed it: `found` are its pieces there."""
        current = pieces_of(text.content)
        if bare_of(current) == bare_of(found):
            return
        older = [pieces_of(content) for content in self.today.older(text)]
        merge = merged(current, found, older)
        if bare_of(pieces_of(merge.html)) != bare_of(current):
            yield Difference(key, place, text, text.content, merge.html, merge.is_crossed)
