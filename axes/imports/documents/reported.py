"""What a person decided on an understanding -> the ReportFile that `write_report` takes. Pure: imports no Django."""

from dataclasses import replace

from axes.imports.documents.understood import Decision, Passage, TableFound
from axes.imports.errors import Place, ReportFileError
from axes.imports.headings import OTHER, TITLE, folded
from axes.imports.reading import (
    MAX_HEADING,
    MAX_STATE,
    MAX_TITLE,
    ReportFile,
    RowFile,
    SectionFile,
    TableFile,
)
from axes.imports.texts import flat
from logement.documents import place_label
from logement.richtext import List, Paragraph, Text, normal, parse, plain, to_html
from logement.text import MAX_RICH

AS_UNDERSTOOD = Decision()


def report_of(understanding, decisions=None):
    """The ReportFile, its texts the HTML of the passages: marks, nested lists, notes and figures stand in it.

    `decisions`: {key of an item: Decision}; what has none is taken as it was understood. The rows of the tables come
    in the order of `understanding.rows`, less those that were left, so that each is known again once written.
    Raises ReportFileError, a sentence for each place where the report cannot be written so.
    """
    writer = Writer(understanding, decisions or {})
    report = writer.report()
    if writer.errors:
        raise ReportFileError(*writer.errors)
    return report


class Writer:
    def __init__(self, understanding, decisions):
        self.understanding = understanding
        self.decisions = decisions
        self.errors = []
        self.cited = {}  # {key of a passage: [(FigureFound, reference)]}
        for figure in understanding.figures:
            decision = self.on(figure)
            if decision.taken and decision.ref:
                self.cited.setdefault(figure.passage, []).append((figure, decision.ref))

    def on(self, item):
        return self.decisions.get(item.key, AS_UNDERSTOOD)

    def words(self, item, understood):
        """What a person corrected it to, else the words understood."""
        value = self.on(item).value
        return understood if value is None else value

    def refuse(self, item, message):
        Place(self.errors, (place_label(item.places[0]),)).refuse(message)

    def title(self, item, understood, limit):
        """A text on one line that may not be empty."""
        title = flat(self.words(item, understood))
        if not title:
            self.refuse(item, "ce texte est vide.")
        if len(title) > limit:
            self.refuse(item, f"ce texte a {len(title)} caractères, le maximum est {limit}.")
        return title

    # --- The report ---

    def report(self):
        taken = [section for section in self.understanding.sections if self.on(section).taken]
        cover = self.cut(self.understanding.cover)
        lines = [plain(parse(self.html(passage))) for passage in self.kept(self.understanding.cover)]
        report = ReportFile(
            tuple(cover),
            tuple(flat(line) for line in lines),
            tuple(self.cut(self.understanding.preamble)),
            tuple(self.section(section) for section in taken),
        )
        self.refuse_repeats(
            [part for section in taken for part in section.parts if isinstance(part, TableFound)]
        )
        return report

    def refuse_repeats(self, tables):
        """One axis, one table: neither a title nor a number twice."""
        for what, key in (
            ("titre", lambda t: folded(self.words(t, t.label))),
            ("numéro", lambda t: t.number),
        ):
            first = {}
            for table in filter(lambda table: self.on(table).taken, tables):
                earlier = first.setdefault(key(table), table)
                if earlier is not table and key(table) not in {None, ""}:
                    where = place_label(earlier.places[0])
                    self.refuse(table, f"ce {what} de tableau est déjà celui du {where}.")

    def section(self, section):
        parts, passages = [], []
        for part in section.parts:
            if isinstance(part, Passage):
                passages.append(part)
            elif self.on(part).taken:
                parts += [*self.cut(passages), self.table(part)]
                passages = []
        title = self.title(section, section.title, MAX_TITLE)
        return SectionFile(section.number, title, (*parts, *self.cut(passages)))

    def table(self, table):
        columns = tuple((column.role, self.heading(column)) for column in table.columns)
        roles = [role for role, _ in columns]
        if TITLE not in roles:
            self.refuse(table, "aucune colonne ne porte l'intitulé des actions : dites laquelle.")
        twice = {role for role in roles if role != OTHER and roles.count(role) > 1}
        for column in table.columns:
            if column.role in twice:
                self.refuse(
                    column,
                    "une autre colonne contient déjà la même chose : une seule le peut, hors « autre ».",
                )
        label = self.title(table, table.label, MAX_TITLE)
        rows = tuple(self.row(row) for row in table.rows if self.on(row).taken)
        return TableFile(place_label(table.places[0]), table.number, label, columns, rows)

    def heading(self, column):
        if len(column.heading) > MAX_HEADING:
            self.refuse(column, f"ce titre de colonne a plus de {MAX_HEADING} caractères.")
        return column.heading

    def row(self, row):
        state = flat(self.words(row.state, row.state.word)) if self.on(row.state).taken else ""
        if len(state) > MAX_STATE:
            self.refuse(row.state, f"cet état a plus de {MAX_STATE} caractères.")
        texts = tuple("".join(self.cut(cell.passages)) for cell in row.cells)
        for cell, text in zip(row.cells, texts, strict=True):
            if len(text) > MAX_RICH:
                self.refuse(cell, f"le texte dépasse {MAX_RICH} caractères : répartissez-le.")
        return RowFile(self.title(row, row.title, MAX_TITLE), state, texts)

    # --- Texts ---

    def kept(self, passages):
        return [passage for passage in passages if self.on(passage).taken]

    def cut(self, passages):
        """HTML texts, as few as their length allows; the items of one list are one list."""
        texts = []
        for block in normal(block for passage in self.kept(passages) for block in parse(self.html(passage))):
            html = to_html([block])
            if texts and len(texts[-1]) + len(html) <= MAX_RICH:
                texts[-1] += html
            else:
                texts.append(html)
        return texts

    def html(self, passage):
        html = self.words(passage, passage.html)
        for figure, ref in self.cited.get(passage.key, []):
            html = citing(html, figure, ref)
        return html


def citing(html, figure, ref):
    """The text where the words of a figure carry a reference; the same where they are no longer there."""
    blocks = parse(html)
    words = plain(blocks)
    start = figure.start if words[figure.start : figure.end] == figure.words else words.find(figure.words)
    if start < 0 or not figure.words:
        return html
    return to_html(normal(Citing(start, start + len(figure.words), ref).blocks(blocks)))


class Citing:
    """Walks blocks, `place` in their plain words, and gives a reference to what stands from `start` to `end`."""

    def __init__(self, start, end, ref):
        self.start, self.end, self.ref = start, end, ref
        self.place = 0

    def blocks(self, blocks):
        made = []
        for rank, block in enumerate(blocks):
            self.place += rank > 0  # the line that ends between two blocks
            made.append(self.block(block))
        return made

    def block(self, block):
        if isinstance(block, List):
            items = []
            for rank, item in enumerate(block.items):
                self.place += rank > 0
                items.append(tuple(self.blocks(item)))
            return List(tuple(items), block.ordered)
        return Paragraph(tuple(new for inline in block.content for new in self.inline(inline)))

    def inline(self, inline):
        if not isinstance(inline, Text):
            return [inline]
        place, self.place = self.place, self.place + len(inline.text)
        first, last = self.start - place, self.end - place
        if inline.ref or first < 0 or last > len(inline.text) or first >= last:
            return [inline]  # a figure across two marks stays plain words
        cut = (inline.text[:first], inline.text[first:last], inline.text[last:])
        return [
            replace(inline, text=text, ref=self.ref if rank == 1 else "")
            for rank, text in enumerate(cut)
            if text
        ]
