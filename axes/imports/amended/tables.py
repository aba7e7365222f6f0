"""The tables of actions of an amended export: each of its rows with the line that it was, each cell with its text.

A row is known by its bookmark; where somebody typed or copied it, by its title, then by its rank in a table with as
many rows, then by the title that is the most alike.
"""

from difflib import SequenceMatcher

from axes.imports.amended.difference import Difference
from axes.imports.amended.pieces import bare, read_back, typed
from axes.imports.headings import folded
from axes.printed import LINE, MISSING_STATE

ALIKE = 0.6  # how near a title must be of that of a line to be its own, changed
IN_CONVENTION = "il se change depuis « Conventions »"


class Tables:
    """The differences of the tables; `told` gathers the sentences on what is not taken from them."""

    def __init__(self, tables, today, of_text):
        self.today, self.of_text, self.told = today, of_text, []
        marked = {f"{LINE}{line.pk}": line for line in today.lines.values()}
        self.marked = {}  # {key of a RowFound: its line, by its bookmark}
        for row in (row for table in tables for row in table.rows):
            if row.mark in marked:
                self.marked[row.key] = marked.pop(row.mark)
        self.axes = {table.key: self._axis_of(table) for table in tables}
        self.found = {line.pk for line in self.marked.values()}
        self.compared = set()  # keys of the axes whose table is in the document

    def _axis_of(self, table):
        lines = (self.marked[row.key] for row in table.rows if row.key in self.marked)
        return next((line.axis_id for line in lines), None) or self.today.axis_named(table.label)

    def of_table(self, table, block):
        self.compared.add(block.axis_id)
        columns = self.columns(table, block)
        pairs = self.paired(table.rows, self.today.lines_of(block.axis_id))
        ranks = [line.position for _, line in pairs if line.axis_id == block.axis_id]
        if ranks != sorted(ranks):
            self.told.append(f"« {block.axis} » : l'ordre des actions du document n'est pas repris.")
        for row, line in pairs:
            if line.axis_id != block.axis_id:
                self.told.append(
                    f"L'action « {line} » est passée dans « {block.axis} » : elle reste dans son axe."
                )
            yield from self.of_line(row, line)
            for cell in row.cells:
                if column := columns.get(cell.column):
                    place = f"{line.title}, {column.heading_for(self.today.year.number)}"
                    text = self.today.text_of_cell(line, column)
                    yield from self.of_text(
                        f"cell:{line.pk}:{column.pk}", place, text, read_back(cell.passages)
                    )

    def of_line(self, row, line):
        title, word = typed(row.title), typed(row.state.word)
        before = line.state_word or MISSING_STATE
        if not title:
            self.told.append(f"« {line} » n'a plus d'intitulé dans le document : elle garde le sien.")
        elif bare(title) != bare(line.title):
            yield Difference(f"title:{line.pk}", f"{line.title}, intitulé", line, line.title, title)
        if not word:
            self.told.append(f"« {line} » n'a plus d'état dans le document : elle garde le sien.")
        elif bare(word) != bare(before):
            yield Difference(f"state:{line.pk}", f"{line.title}, état", line, line.state_word, word)

    # --- Columns ---

    def columns(self, table, block):
        """{rank of a column of the document: the Column of texts that it is}, by its heading, else by its rank."""
        number, held = self.today.year.number, list(block.layout.columns.all())
        by_heading = {folded(column.heading_for(number)): column for column in held}
        named = {
            rank: by_heading.get(folded(typed(found.heading))) for rank, found in enumerate(table.columns)
        }
        for rank, found in enumerate(table.columns):
            if named[rank] is None:
                renamed = held[rank] if len(held) == len(table.columns) else None
                named[rank] = None if renamed in named.values() else renamed
                self.told.append(told_of_heading(found.heading, named[rank], number))
        gone = [column for column in held if column not in named.values()]
        self.told += [
            f"La colonne « {column.heading_for(number)} » n'est plus dans le document : rien n'en est retiré."
            for column in gone
        ]
        return {rank: column for rank, column in named.items() if column and column.is_text}

    # --- Rows ---

    def paired(self, rows, lines):
        """[(row, line)] in the order of the document."""
        left = {line.pk: line for line in lines if line.pk not in self.found}
        found = {row.key: self.marked[row.key] for row in rows if row.key in self.marked}
        others = [row for row in rows if row.key not in found]
        for find in (self.by_title, self.by_rank(rows, lines), self.by_likeness):
            for row in others:
                line = None if row.key in found else find(row, left)
                if line is not None:
                    found[row.key] = left.pop(line.pk)
        self.found |= {line.pk for line in found.values()}
        self.told += [
            f"L'action « {row.title} » du document n'est pas dans l'exercice : ajoutez-la depuis son axe."
            for row in others
            if row.key not in found
        ]
        return [(row, found[row.key]) for row in rows if row.key in found]

    @staticmethod
    def by_title(row, left):
        return next((line for line in left.values() if folded(line.title) == folded(typed(row.title))), None)

    @staticmethod
    def by_rank(rows, lines):
        def find(row, left):
            line = lines[rows.index(row)] if len(rows) == len(lines) else None
            return line if line is not None and line.pk in left else None

        return find

    @staticmethod
    def by_likeness(row, left):
        ratios = [
            (SequenceMatcher(None, folded(row.title), folded(line.title)).ratio(), line)
            for line in left.values()
        ]
        ratio, line = max(ratios, key=lambda pair: pair[0], default=(0, None))
        return line if ratio >= ALIKE else None

    def close(self):
        """Tells the lines that no row was."""
        self.told += [
            f"L'action « {line} » n'est plus dans le document : rien n'est retiré."
            for line in self.today.lines.values()
            if line.pk not in self.found and line.axis_id in self.compared
        ]


def told_of_heading(heading, column, number):
    if column is None:
        return f"La colonne « {heading} » du document n'est pas dans l'exercice : elle n'est pas lue."
    return f"« {heading} » : le titre de la colonne « {column.heading_for(number)} » n'est pas repris, {IN_CONVENTION}."
