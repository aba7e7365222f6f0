"""The tables of a document -> actions with their state and their texts. Pure but for the codes of axes.models."""

import re
from dataclasses import dataclass, field, replace

from axes.checks.prose.vocabulary import is_small
from axes.imports.documents.columns import IN_ORDER, Head, columns_of, heads_of, is_header
from axes.imports.documents.rich import flat, mark_of, passages_of
from axes.imports.documents.states import is_state, state_found
from axes.imports.documents.understood import (
    CellFound,
    Confidence,
    LeftOut,
    RowFound,
    TableFound,
)
from axes.imports.headings import OBSERVATIONS, STATE, TITLE, folded
from logement.richtext import Paragraph, normal, parse, to_html

MAX_TITLE, MAX_STATE = 300, 60  # characters, as the columns of the database
CONTINUED = re.compile(r"\s*\(?\s*suite(?: et fin)?\s*\)?\s*$", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…:;»)\]]\s*$")
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

    def __init__(self, notes, roles):
        self.notes = notes  # {number: Note of the document}
        self.roles = roles  # {key of a column: role} of those that a person corrected
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
                    self.leave(row.place, " | ".join(flat(cell.text) for cell in row.cells), REPEATED)
            elif not (caption and row == table.rows[0]):
                grid.rows.append(row)

    def leave(self, place, text, reason):
        self.left.append(LeftOut(f"left:{place}", (place,), text, reason))

    # --- What a grid says ---

    def found(self, grid, number, label, doubt):
        """The TableFound; `doubt`: (confidence, reason) of its label."""
        columns = tuple(
            replace(column, role=self.roles[column.key], confidence=Confidence.SURE, reason="")
            if column.key in self.roles
            else column
            for column in self.columns(grid)
        )
        drafts = []
        for row in grid.rows:
            if not any(cell.text.strip() or _calls(cell) for cell in row.cells):
                continue
            draft = self.draft(row, grid.heads, columns)
            if drafts and self.is_continuation(draft, drafts[-1]):
                drafts[-1] = joined(drafts[-1], draft)
            else:
                drafts.append(draft)
        rows = tuple(self.row(draft, columns) for draft in drafts)
        places = tuple(dict.fromkeys([grid.place, *(row.places[0].partition("-")[0] for row in rows)]))
        return TableFound(f"table:{grid.place}", places, number, label, columns, rows, *doubt)

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
            mark_of(paragraph for cell in row.cells for paragraph in cell.paragraphs),
        )

    def is_continuation(self, draft, before):
        """Whether a row goes on with the one before: merged with it, without a title, or under the same one."""
        if not draft.title or draft.is_merged:
            return True
        bare = CONTINUED.sub("", draft.title)
        if bare != draft.title and folded(before.title).startswith(folded(bare)):
            self.leave(draft.places[0], draft.title, AGAIN)
            draft.title = ""
            return True
        return False

    def row(self, draft, columns):
        key = f"row:{draft.places[0]}"
        title, overflow = draft.title, []
        if len(title) > MAX_TITLE:
            title, overflow = flat(draft.titles[0].text)[:MAX_TITLE], draft.titles
            draft.doubt = (
                "L'intitulé est très long : son début est gardé, le tout est repris dans les observations."
            )
        elif any(run.note for paragraph in draft.titles for run in paragraph.runs):
            overflow = draft.titles
            draft.doubt = "L'intitulé appelle une note : il est repris avec elle dans les observations."
        word, rest = _state_of(draft.states)
        state_places = tuple(paragraph.place for paragraph in draft.states) or tuple(draft.places[:1])
        state = state_found(word, title, f"state:{draft.places[0]}", state_places)
        if rest:
            draft.doubt = (
                "La colonne de l'état contient plus qu'un état : le reste est repris dans les observations."
            )
        self.append(draft, columns, [*overflow, *rest])
        cells = tuple(
            CellFound(
                f"cell:{draft.places[0]}:{rank + 1}",
                tuple(paragraph.place for paragraph in paragraphs) or tuple(draft.places[:1]),
                rank,
                merged_passages(passages_of(paragraphs, self.notes), draft.cuts),
            )
            for rank, paragraphs in sorted(draft.texts.items())
        )
        return RowFound(key, tuple(draft.places), title, state, cells, *_row_doubt(draft, title), draft.mark)

    def append(self, draft, columns, paragraphs):
        """Gives to the observations, or to the last column of texts, what has no other place."""
        if paragraphs:
            ranks = [rank for rank, column in enumerate(columns) if column.role == OBSERVATIONS] or sorted(
                draft.texts
            )[-1:]
            draft.texts.setdefault(ranks[0] if ranks else 0, []).extend(paragraphs)


@dataclass(slots=True)
class Draft:
    """A row being read: texts are {rank of the column: paragraphs}; `cuts` the places where a page cut a sentence."""

    places: list
    title: str
    is_merged: bool
    titles: list
    states: list
    texts: dict
    is_one_cell: bool
    mark: str
    doubt: str = ""
    cuts: set = field(default_factory=set)


def joined(before, after):
    """The row `before` with what goes on in `after`."""
    if after.states and before.states and not after.is_merged:
        before.doubt = (
            "Une ligne sans intitulé, avec son état, est reprise avec l'action qui précède : vérifiez."
        )
    elif not after.is_merged and not before.doubt:
        before.doubt = "L'action est répartie sur plusieurs lignes du document : elles sont réunies."
    if after.title and after.is_merged:
        before.title = flat(f"{before.title} {after.title}")
    before.places += after.places
    before.titles += after.titles
    before.states += after.states
    for rank, paragraphs in after.texts.items():
        held = before.texts.setdefault(rank, [])
        if held and paragraphs and _is_cut(held[-1].text, paragraphs[0].text):
            before.cuts.add(paragraphs[0].place)
        held += paragraphs
    return before


def _is_cut(before, after):
    """A sentence cut by a page goes on with a small letter, or was left at a comma or a small word."""
    if not after or SENTENCE_END.search(before):
        return False
    last = before.split()[-1:]
    return after[0].islower() or bool(last and (last[0].endswith(",") or is_small(last[0])))


def merged_passages(passages, cuts):
    """The passages, those that begin at a cut joined to the one before."""
    made = []
    for passage in passages:
        if made and passage.places[:1] and passage.places[0] in cuts:
            before = made.pop()
            made.append(
                replace(
                    before,
                    places=before.places + passage.places,
                    html=_joined_html(before.html, passage.html),
                )
            )
        else:
            made.append(passage)
    return tuple(made)


def _joined_html(before, after):
    first, second = parse(before), parse(after)
    if isinstance(first[-1], Paragraph) and isinstance(second[0], Paragraph):
        space = type(first[-1].content[-1])(" ") if hasattr(first[-1].content[-1], "text") else None
        content = (*first[-1].content, *([space] if space else []), *second[0].content)
        return to_html(normal([*first[:-1], Paragraph(content), *second[1:]]))
    return before + after


def _state_of(paragraphs):
    """(the word of the state, the paragraphs that are more than it)."""
    texts = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    if not texts:
        return "", []
    whole = flat(" ".join(paragraph.text for paragraph in texts))
    first = flat(texts[0].text)
    if len(whole) <= MAX_STATE and (len(texts) == 1 or not is_state(first)):
        return whole, []
    return (first, texts[1:]) if len(first) <= MAX_STATE else ("", texts)


def _row_doubt(draft, title):
    if not title:
        return Confidence.UNSURE, "Cette ligne n'a pas d'intitulé : donnez-lui-en un."
    if draft.is_one_cell:
        return Confidence.UNSURE, "Cette ligne n'a qu'une cellule : est-ce une action ?"
    if draft.doubt:
        is_sure_enough = "réunies" in draft.doubt
        return (Confidence.LIKELY if is_sure_enough else Confidence.UNSURE), draft.doubt
    return Confidence.SURE, ""


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
