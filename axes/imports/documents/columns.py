"""Which column of a table holds what: by the words of its heading, then by what it holds. Pure: imports no Django."""

import re
from dataclasses import dataclass

from axes.imports.documents.rich import flat
from axes.imports.documents.states import is_state
from axes.imports.documents.understood import ColumnFound, Confidence
from axes.imports.headings import (
    INDICATORS,
    MAX_COLUMNS,
    OBSERVATIONS,
    OTHER,
    STATE,
    TITLE,
    WORDS,
    folded,
    roles_of,
)

MAX_HEADING = 120  # characters; a cell with more is no heading
MOST = 0.6  # of the cells of a column that are states, for it to be that of the states
IN_ORDER = (TITLE, STATE, INDICATORS, OBSERVATIONS)  # where a table has no headings
PRINTED = {
    TITLE: "les actions",
    STATE: "l'état",
    INDICATORS: "les indicateurs",
    OBSERVATIONS: "les observations",
}


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: its words, the column of the grid where it begins, how many it covers, and where it stands."""

    words: str
    column: int
    span: int
    places: tuple[str, ...]


def is_header(row):
    """Whether the words of a row are headings of columns: short, and two of them at least tell what they head."""
    cells = [cell for cell in row.cells if cell.text.strip()]
    if len(cells) < 2 or any(len(cell.text) > MAX_HEADING for cell in cells):
        return False
    told = [roles for cell in cells if (roles := told_by(cell.text))]
    return len({role for roles in told for role in roles}) > 1 and len(told) > 1


def told_by(heading):
    """The roles that the words of a heading tell, the first telling word's first."""
    found = {}
    for word in re.findall(r"\w+", folded(heading)):
        found |= {role: True for role, beginnings in WORDS.items() if word.startswith(tuple(beginnings))}
    return list(found)


def heads_of(rows):
    """The Heads of the header rows of a table; a heading over several others stands before each of them."""
    *above, last = rows
    heads = []
    for cell in last.cells:
        over = [found for row in above if (found := row.at(cell.column)) and found.text != cell.text]
        own = [cell] if cell.text.strip() else []
        words = " – ".join(flat(found.text) for found in (*over, *own) if found.text.strip())
        places = (cell.place, *(found.place for found in over))
        if not cell.is_first and above:  # merged with the heading above it
            words = flat(above[-1].at(cell.column).text) if above[-1].at(cell.column) else words
        heads.append(Head(words, cell.column, cell.span, tuple(dict.fromkeys(places))))
    return heads[:MAX_COLUMNS]


def columns_of(heads, rows, table):
    """The ColumnFound of each head; `rows` are those of the body, `table` the place of the table."""
    named = [head.words or f"Colonne {rank}" for rank, head in enumerate(heads, start=1)]
    names = _once(named)
    guessed = roles_of(names, others=set(), needed=set())
    states = [_share_of_states(rows, head) > MOST for head in heads]
    roles = [_role(*found) for found in zip(guessed, names, states, strict=True)]
    if STATE not in roles and any(states) and roles[states.index(True)] != TITLE:
        roles[states.index(True)] = STATE
    if TITLE not in roles and roles:
        roles[next((rank for rank, role in enumerate(roles) if role == OTHER), 0)] = TITLE
    return tuple(
        ColumnFound(
            f"column:{table}-c{head.column + 1}",
            head.places,
            name,
            role,
            *_doubt(head, name, role, is_states),
        )
        for head, name, role, is_states in zip(heads, names, roles, states, strict=True)
    )


def _role(guessed, name, is_states):
    """The role guessed, unless nothing but its rank speaks for it."""
    if guessed in told_by(name) or guessed == TITLE or (guessed == STATE and is_states):
        return guessed
    return OTHER


def _doubt(head, name, role, is_states):
    if not head.words:
        return Confidence.UNSURE, "Cette colonne n'a pas de titre : dites ce qu'elle contient."
    told = told_by(name)
    if role == STATE and is_states:
        return (
            (Confidence.SURE, "")
            if told[:1] == [STATE]
            else (Confidence.LIKELY, "Ses cellules sont des états.")
        )
    if told[:1] == [role]:
        return Confidence.SURE, ""
    if role in told:
        return Confidence.LIKELY, f"Son titre parle aussi d'autre chose que {PRINTED[role]}."
    if role == OTHER and not told:
        return (
            Confidence.LIKELY,
            "Son titre ne désigne ni l'action, ni l'état, ni les indicateurs, ni les observations.",
        )
    return Confidence.UNSURE, f"« {name} » ne dit pas assez ce que contient cette colonne : vérifiez."


def _share_of_states(rows, head):
    held = [cell.text for row in rows if (cell := row.at(head.column)) and cell.text.strip()]
    return sum(map(is_state, held)) / len(held) if held else 0


def _once(names):
    """The same names, those that come again with their rank."""
    seen, made = {}, []
    for name in names:
        seen[folded(name)] = rank = seen.get(folded(name), 0) + 1
        made.append(name if rank == 1 else f"{name} ({rank})")
    return made
