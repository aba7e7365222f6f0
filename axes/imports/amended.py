"""An export of an exercise, amended in Word: what differs from the exercise today, and what is accepted of it.

The rows of the document are known again by their titles, then, in a table with as many rows, by their rank. Spaces and
apostrophes are those of the print and make no difference; nor does a text that is an older version of today's, which
the application changed since. The figures that a sentence cites stay cited where their words still stand.
"""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from axes import workflow
from axes.citations import Reference
from axes.diff import changed_words
from axes.imports.decisions import Verdict, check_pending
from axes.imports.documents import Passage
from axes.imports.headings import folded
from axes.imports.keeping import reading_of
from axes.models import Block, Inflection, Line, ReportImport, State, TextBlock
from axes.passage import ONE_SPACE, linked, passage_of
from logement import audit
from logement.locking import Conflict
from logement.richtext import normal, parse, plain, references, to_html
from logement.richtext.nodes import mapped

ALIKE = 0.6  # how near a title must be of that of a line to be its own, changed
#: What a draft prints beside a figure that changed.
STALE = re.compile(r" ?\[à revoir : [^\]]*\]")
TYPED = str.maketrans("\u00a0\u202f\u2009’", "   '")


@dataclass(frozen=True)
class Difference:
    """What the document says otherwise of a line or a text; `version` is that of the row it would change."""

    key: str
    place: str
    target: Line | TextBlock
    before: str
    after: str
    decision: object = None

    @property
    def anchor(self):
        return self.key.replace(":", "-")

    @property
    def version(self):
        return self.target.version if self.target.pk else 0

    @property
    def is_text(self):
        return isinstance(self.target, TextBlock)

    @property
    def words(self):
        return changed_words(
            *(self._plain(content).translate(ONE_SPACE) for content in (self.before, self.after))
        )

    def _plain(self, content):
        return plain(parse(content), with_notes=True) if self.is_text else content

    @property
    def lost(self):
        """The words of the figures that the amended text no longer cites."""
        if not self.is_text:
            return []
        kept = [text.ref for text in references(parse(self.after))]
        return [text.text for text in references(parse(self.before)) if text.ref not in kept]

    @property
    def verdict(self):
        """A decision holds for what was read then: another text, or another version, asks again."""
        is_same = self.decision and self.decision.fields == self.seen
        return self.decision.verdict if is_same else Verdict.OPEN

    @property
    def seen(self):
        return {"version": self.version, "after": self.after}

    @property
    def is_accepted(self):
        return self.verdict == Verdict.ACCEPTED

    @property
    def is_left(self):
        return self.verdict == Verdict.LEFT


class Amended:
    """A ReportImport that is compared to its exercise; in as many queries whatever they hold."""

    def __init__(self, report):
        self.report, self.year = report, report.compared_to
        self.reading = reading_of(report)
        self.notices = list(self.reading.understanding.notices)
        self.decisions = {one.item: one for one in report.decisions.all()}

    @cached_property
    def differences(self):
        found = [*self._of_tables(), *self._of_chapters()]
        return [replace(one, decision=self.decisions.get(one.key)) for one in found]

    @cached_property
    def accepted(self):
        return [one for one in self.differences if one.is_accepted]

    @cached_property
    def waiting(self):
        return [one for one in self.differences if one.verdict == Verdict.OPEN]

    # --- Tables ---

    @cached_property
    def _texts(self):
        """{(key of a line, key of a column), or key of a block: TextBlock}"""
        texts = TextBlock.objects.filter(year=self.year).select_related("year")
        return {(text.line_id, text.column_id) if text.line_id else text.block_id: text for text in texts}

    @cached_property
    def _older(self):
        """{key of a text: the bare words of its older versions}"""
        found = {}
        for pk, content in TextBlock.history.filter(year=self.year).values_list("id", "content"):
            found.setdefault(pk, set()).add(bare(words_of(content)))
        return found

    def _of_tables(self):
        blocks = Block.objects.filter(chapter__year=self.year, kind=Block.Kind.ACTIONS)
        blocks = blocks.select_related("axis", "layout").prefetch_related("layout__columns")
        lines = {}
        held = Line.objects.filter(year=self.year).select_related("action", "state", "year")
        for line in held.order_by("position", "pk"):
            lines.setdefault(line.action.axis_id, []).append(line)
        by_label = {folded(block.axis.label): block for block in blocks}
        for table in self.reading.understanding.tables:
            block = by_label.get(folded(table.label))
            if block is None and any(row.state.word for row in table.rows):
                self.notices.append(
                    f"Le tableau « {table.label} » n'est celui d'aucun axe de l'exercice : il n'est pas lu."
                )
            elif block is not None:
                yield from self._of_table(table, block, lines.get(block.axis_id, []))

    def _of_table(self, table, block, lines):
        columns = {folded(c.heading_for(self.year.number)): c for c in block.layout.columns.all()}
        pairs, unknown, gone = paired(table.rows, lines)
        self.notices += [
            f"L'action « {row.title} » du document n'est pas dans l'exercice : ajoutez-la depuis son axe."
            for row in unknown
        ]
        self.notices += [
            f"L'action « {line} » n'est plus dans le document : rien n'est retiré." for line in gone
        ]
        for row, line in pairs:
            yield from self._of_line(row, line)
            for cell in row.cells:
                column = columns.get(folded(table.columns[cell.column].heading))
                if column is not None and column.is_text:
                    yield from self._of_cell(cell, line, column)

    def _of_line(self, row, line):
        title, word = typed(row.title), typed(row.state.word)
        if bare(title) != bare(line.title):
            yield Difference(f"title:{line.pk}", f"{line.title}, intitulé", line, line.title, title)
        if word and bare(word) != bare(line.state_word):
            yield Difference(f"state:{line.pk}", f"{line.title}, état", line, line.state_word, word)

    def _of_cell(self, cell, line, column):
        text = self._texts.get((line.pk, column.pk)) or TextBlock(year=self.year, line=line, column=column)
        place = f"{line.title}, {column.heading_for(self.year.number)}"
        yield from self._of_text(f"cell:{line.pk}:{column.pk}", place, text, cell.passages)

    def _of_text(self, key, place, text, passages):
        after = joined(passages)
        words = bare(words_of(after))
        if words == bare(words_of(text.content)) or words in self._older.get(text.pk, ()):
            return
        yield Difference(key, place, text, text.content, with_figures_of(text.content, after))

    # --- Chapters: those that are one text, which the print does not mix with lists and tables ---

    def _of_chapters(self):
        texts = {}
        for block in Block.objects.filter(chapter__year=self.year).select_related("chapter"):
            texts.setdefault(block.chapter, []).append(block)
        alone = {
            folded(chapter.title): blocks[0]
            for chapter, blocks in texts.items()
            if [block.kind for block in blocks] == [Block.Kind.TEXT]
        }
        for section in self.reading.understanding.sections:
            block = alone.get(folded(typed(section.title)))
            passages = [part for part in section.parts if isinstance(part, Passage)]
            if block is not None and passages:
                text = self._texts.get(block.pk) or TextBlock(year=self.year, block=block)
                yield from self._of_text(f"block:{block.pk}", section.title, text, passages)


def paired(rows, lines):
    """([(row, line)], rows that are no line, lines that are no row)."""
    left = {folded(line.title): line for line in lines}
    pairs, others = [], []
    for row in rows:
        line = left.pop(folded(typed(row.title)), None)
        (pairs.append((row, line)) if line else others.append(row))
    by_rank = len(rows) == len(lines)
    unknown = []
    for row in others:
        line = lines[rows.index(row)] if by_rank else nearest(row.title, left.values())
        if line is not None and left.pop(folded(line.title), None):
            pairs.append((row, line))
        else:
            unknown.append(row)
    return pairs, unknown, list(left.values())


def nearest(title, lines):
    """The line whose title is the most alike, or None where none is."""
    ratios = [(SequenceMatcher(None, folded(title), folded(line.title)).ratio(), line) for line in lines]
    ratio, line = max(ratios, key=lambda pair: pair[0], default=(0, None))
    return line if ratio >= ALIKE else None


def bare(text):
    """What the print leaves as it is: no white space, one apostrophe."""
    return "".join(text.translate(TYPED).split())


def typed(text):
    """The spaces and apostrophes that one types."""
    return text.translate(TYPED)


def words_of(content):
    return plain(parse(content), with_notes=True)


def joined(passages):
    """One HTML text of passages, as it would be typed; items that follow one another are one list."""
    blocks = normal(parse("".join(passage.html for passage in passages)))
    return to_html(mapped(blocks, lambda text: replace(text, text=STALE.sub("", typed(text.text)))))


def with_figures_of(before, after):
    """`after`, citing the figures of `before` whose words still stand in it, in the same order."""
    passage, links, cursor = passage_of(parse(after)), {}, 0
    for cited in references(parse(before)):
        words = cited.text.translate(ONE_SPACE)
        start = passage.text.find(words, cursor)
        if words and start >= 0 and passage.leaf_of(start, start + len(words)):
            cursor = start + len(words)
            links[start] = (cursor, Reference.read(cited.ref))
    return linked(after, links) if links else after


# --- Accepting ---


@transaction.atomic
def save_amended(*, report, by):
    """Writes every accepted difference, or nothing; gives how many. Raises ValidationError with French sentences."""
    check_pending(report)
    workflow.check_open(report.compared_to)
    found = Amended(report)
    refused, versions = [], {}
    for one in found.accepted:
        try:
            write(one, versions, by=by)
        except Conflict:
            refused.append(f"« {one.place} » vient d'être modifié : relisez cet écart.")
        except (ValueError, ValidationError) as error:
            refused.append(f"« {one.place} » : {' '.join(getattr(error, 'messages', [str(error)]))}")
    if refused:
        raise ValidationError(refused)
    ReportImport.objects.filter(pk=report.pk).update(year=found.year, saved_at=timezone.now(), saved_by=by)
    audit.record(
        by=by,
        act="Export amendé repris",
        about=report,
        territory=report.territory,
        detail=f"Exercice {found.year.number} : {len(found.accepted)} écarts acceptés sur {len(found.differences)}",
    )
    return len(found.accepted)


def write(one, versions, *, by):
    """Writes a difference upon the version that was read; `versions`: those of the lines written meanwhile."""
    target = one.target
    if one.is_text:
        workflow.save_text(text=target, version=one.version, content=one.after, by=by)
        return
    version = versions.get(target.pk, one.version)
    if one.key.startswith("title:"):
        saved = workflow.save_title(line=target, version=version, title=one.after, by=by)
    else:
        state, inflection = state_of(one.after, target)
        saved = workflow.save_state(
            line=target,
            version=version,
            state=state,
            inflection=inflection,
            reason=target.state_reason,
            by=by,
        )
    versions[target.pk] = saved.version


def state_of(word, line):
    """(State, agreement) that print this word in the convention."""
    for state in State.objects.filter(agreement=line.year.agreement_id):
        for inflection in (line.inflection, *Inflection.values):
            if bare(state.word(inflection)) == bare(word):
                return state, inflection
    raise ValidationError(f"« {word} » n'est pas un état de la convention : choisissez-le dans son tableau.")
