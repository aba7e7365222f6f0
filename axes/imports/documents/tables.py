"""The tables of a document -> actions with their state and their texts. Pure but for the codes of axes.models."""

import re
from dataclasses import dataclass, field, replace

from axes.imports.documents.columns import IN_ORDER, Head, columns_of, heads_of, is_header
from axes.imports.documents.rich import flat, mark_of
from axes.imports.documents.rows import Draft, joined, row_of
from axes.imports.documents.states import is_state
from axes.imports.documents.understood import Confidence, LeftOut, TableFound
from axes.imports.headings import STATE, TITLE, folded
from axes.printed import LINE

CONTINUED = re.compile(r"\s*\(?\s*suite(?: et fin)?\s*\)?\s*$", re.IGNORECASE)
REPEATED = "Titres de colonnes répétés : ils s'impriment en haut de chaque page."
AGAIN = "Intitulé répété : la suite de l'action est reprise avec elle."


@dataclass(slots=True)
class Grid:
    """A table being put together, over several tables of the document where it was cut."""

    place: str
    heads: list
    has_headings: bool
    rows: list = field(default_factory=list)


def is_of_actions(table):
    """Whether a table lists actions: it has headings that say so, or a column of states."""
    if header_rows(table):
        return True
    return any(_is_states(table, column) for column in range(table.columns)) and table.columns > 1


def _is_states(table, column):
    held = [cell.text for row in table.rows if (cell := row.at(column)) and cell.text.strip()]
    return len(held) > 0 and sum(map(is_state, held)) > len(held) / 2


def caption_of(table):
    """(words, place) of a first row that is one cell over the whole table, or None."""
    first = table.rows[0] if table.rows else None
    if first is None or len(table.rows) < 2 or table.columns < 2:
        return None
    filled = [cell for cell in first.cells if cell.text.strip()]
    if len(filled) == 1 and filled[0].span == table.columns:
        return flat(filled[0].text), filled[0].place
    return None


def header_rows(table):
    """The rows of headings at the top, below a caption."""
    rows = list(table.rows[1:] if caption_of(table) else table.rows)
    first = next((rank for rank, row in enumerate(rows[:2]) if is_header(row)), None)
    if first is None:
        marked = [row for row in rows[:3] if row.is_heading]
        return marked if len(marked) < len(rows) and marked == rows[: len(marked)] else []
    last = first + 1
    while last < len(rows) and (rows[last].is_heading or any(not cell.is_first for cell in rows[last].cells)):
        last += 1
    return rows[:last] if last < len(rows) else rows[: first + 1]


class Tables:
    """Reads the tables of a document in their order; `left` gathers what is left out."""

    def __init__(self, notes, roles, headings):
        self.notes = notes  # {number: Note of the document}
        self.roles = roles  # {key of a column: role} of those that a person corrected
        self.headings = headings  # {folded heading: role} of those that are known beforehand
        self.left = []

    def begin(self, table):
        """The Grid of a table that does not go on with another one."""
        heads = heads_of(header_rows(table)) if header_rows(table) else []
        grid = Grid(table.place, heads or _unnamed(table), bool(heads))
        self.add(grid, table)
        return grid

    def goes_on(self, grid, table):
        """Whether a table is what follows of the grid: the same headings, or none and as many columns."""
        if caption_of(table):
            return False
        heads = header_rows(table)
        if heads:
            return [folded(head.words) for head in heads_of(heads)] == [
                folded(head.words) for head in grid.heads
            ]
        return table.columns == max(head.column + head.span for head in grid.heads)

    def add(self, grid, table):
        headings = [folded(head.words) for head in grid.heads]
        skipped = header_rows(table)
        caption = caption_of(table)
        for row in table.rows:
            words = [folded(cell.text) for cell in row.cells]
            if row in skipped or (grid.has_headings and words == headings):
                if grid.place != table.place or row not in skipped:
                    self.leave(row, REPEATED)
            elif not (caption and row == table.rows[0]):
                grid.rows.append(row)

    def leave(self, row, reason):
        self.left_out(row.place, " | ".join(flat(cell.text) for cell in row.cells), reason)

    def left_out(self, place, text, reason):
        self.left.append(LeftOut(f"left:{place}", (place,), text, reason))

    # --- What a grid says ---

    def found(self, grid, number, label, doubt):
        """The TableFound; `doubt`: (confidence, reason) of its label."""
        columns = tuple(map(self.corrected, self.columns(grid)))
        drafts = []
        for row in grid.rows:
            if not any(cell.text.strip() or _calls(cell) for cell in row.cells):
                continue
            draft = self.draft(row, grid.heads, columns)
            if drafts and self.is_continuation(draft, drafts[-1]):
                drafts[-1] = joined(drafts[-1], draft)
            else:
                drafts.append(draft)
        rows = tuple(row_of(draft, columns, self.notes) for draft in drafts)
        places = tuple(dict.fromkeys([grid.place, *(row.places[0].partition("-")[0] for row in rows)]))
        return TableFound(f"table:{grid.place}", places, number, label, columns, rows, *doubt)

    def corrected(self, column):
        """The column with the role that somebody gave it, or that it is known to have."""
        role = self.roles.get(column.key) or self.headings.get(folded(column.heading))
        return replace(column, role=role, confidence=Confidence.SURE, reason="") if role else column

    def columns(self, grid):
        if grid.has_headings:
            return columns_of(grid.heads, grid.rows, grid.place)
        reason = "Ce tableau n'a pas de titres de colonnes : ils sont proposés par leur rang."
        return tuple(
            replace(column, confidence=Confidence.UNSURE, reason=reason)
            for column in columns_of(_by_rank(grid), grid.rows, grid.place)
        )

    def draft(self, row, heads, columns):
        """What each column of a row holds: {rank of the column: [cells]}."""
        held = {rank: [] for rank in range(len(columns))}
        for cell in row.cells:
            rank = next(
                (r for r, head in enumerate(heads) if head.column <= cell.column < head.column + head.span),
                None,
            )
            held[len(columns) - 1 if rank is None else rank].append(cell)
        titles = [cell for rank, column in enumerate(columns) if column.role == TITLE for cell in held[rank]]
        state_cells = [
            cell for rank, column in enumerate(columns) if column.role == STATE for cell in held[rank]
        ]
        return Draft(
            [row.place],
            flat(" ".join(cell.text for cell in titles)),
            any(not cell.is_first for cell in titles),
            [paragraph for cell in titles for paragraph in cell.paragraphs],
            [paragraph for cell in state_cells for paragraph in cell.paragraphs],
            {
                rank: [paragraph for cell in cells for paragraph in cell.paragraphs]
                for rank, cells in held.items()
                if columns[rank].role not in {TITLE, STATE}
            },
            len(columns) > 1 and len(row.cells) == 1,
            mark_of((paragraph for cell in row.cells for paragraph in cell.paragraphs), LINE),
        )

    def is_continuation(self, draft, before):
        """Whether a row goes on with the one before: merged with it, without a title, or under the same one."""
        if draft.mark and draft.mark != before.mark:
            return False
        if not draft.title or draft.is_merged:
            return True
        bare = CONTINUED.sub("", draft.title)
        if bare != draft.title and folded(before.title).startswith(folded(bare)):
            self.left_out(draft.places[0], draft.title, AGAIN)
            draft.title = ""
            return True
        return False


def _calls(cell):
    return any(run.note for paragraph in cell.paragraphs for run in paragraph.runs)


def _unnamed(table):
    return [Head("", column, 1, (table.place,)) for column in range(table.columns)]


def _by_rank(grid):
    names = {"title": "Action", "state": "État", "indicators": "Indicateurs", "observations": "Observations"}
    words = [names[role] for role in IN_ORDER[: len(grid.heads)]]
    return [
        replace(head, words=name)
        for head, name in zip(grid.heads, [*words, *[""] * len(grid.heads)], strict=False)
    ]
