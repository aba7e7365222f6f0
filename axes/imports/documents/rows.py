"""A row of actions being put together, over the rows of the document where a page cut it. Pure."""

import re
from dataclasses import dataclass, field, replace

from axes.checks.prose.vocabulary import is_small
from axes.imports.documents.rich import flat, passages_of
from axes.imports.documents.states import is_state, state_found
from axes.imports.documents.understood import CellFound, Confidence, RowFound
from axes.imports.headings import OBSERVATIONS
from logement.richtext import Paragraph, normal, parse, to_html

MAX_TITLE, MAX_STATE = 300, 60  # characters, as the columns of the database
SENTENCE_END = re.compile(r"[.!?…:;»)\]]\s*$")
TOO_LONG = "L'intitulé est très long : son début est gardé, le tout est repris dans les observations."
CALLS = "L'intitulé appelle une note : il est repris avec elle dans les observations."
MORE = "La colonne de l'état contient plus qu'un état : le reste est repris dans les observations."


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


def row_of(draft, columns, notes):
    """The RowFound of a draft; `notes`: {number: Note of the document}."""
    title, overflow = draft.title, []
    if len(title) > MAX_TITLE:
        title, overflow, draft.doubt = flat(draft.titles[0].text)[:MAX_TITLE], draft.titles, TOO_LONG
    elif any(run.note for paragraph in draft.titles for run in paragraph.runs):
        overflow, draft.doubt = draft.titles, CALLS
    word, rest = _state_of(draft.states)
    if rest:
        draft.doubt = MORE
    place = draft.places[0]
    state_places = tuple(paragraph.place for paragraph in draft.states) or (place,)
    state = state_found(word, title, f"state:{place}", state_places)
    _append(draft, columns, [*overflow, *rest])
    cells = tuple(
        CellFound(
            f"cell:{place}:{rank + 1}",
            tuple(paragraph.place for paragraph in paragraphs) or (place,),
            rank,
            merged_passages(passages_of(paragraphs, notes), draft.cuts),
        )
        for rank, paragraphs in sorted(draft.texts.items())
    )
    doubt = _row_doubt(draft, title)
    return RowFound(f"row:{place}", tuple(draft.places), title, state, cells, *doubt, draft.mark)


def _append(draft, columns, paragraphs):
    """Gives to the observations, or to the last column of texts, what has no other place."""
    if paragraphs:
        ranks = [rank for rank, column in enumerate(columns) if column.role == OBSERVATIONS]
        ranks = ranks or sorted(draft.texts)[-1:]
        draft.texts.setdefault(ranks[0] if ranks else 0, []).extend(paragraphs)


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
