"""The parts of an amended export: each of its paragraphs with the text that it is of, or with what the report composes.

A part of the report holds texts, tables, the list of the axes, charts. Its paragraphs follow one another in the
document: they are aligned with those that the exercise prints today, so that each text gets its own.
"""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from axes.imports.amended.pieces import ALIKE, Piece, piece_of, pieces_of, quoted
from axes.models import Block, Chapter
from axes.printed import EMPTY_TABLE, NO_FIGURES

OF_CONVENTION = "la liste des axes est celle de la convention"
OF_TABLE = "les actions s'ajoutent depuis leur axe"
OF_CHARTS = "la phrase d'un graphique se change dans « Graphiques et « L'année en chiffres » »"
OF_AGREEMENT = "c'est l'intitulé de la convention"
OF_FIGURES = "les indicateurs s'ajoutent depuis leur page"


@dataclass(frozen=True, slots=True)
class Slot:
    """A paragraph that the report prints, of the block of this rank in its part.

    `told` says where it is changed, where it is no text; `is_sure` whether it prints in any case.
    """

    piece: Piece
    rank: int
    told: str = ""
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Stray:
    """What no text takes: a piece of the document, or None where the `slot` is gone; no slot where it has no place."""

    slot: Slot | None
    piece: Piece | None

    @property
    def sentence(self):
        if self.slot is None:
            return f"{quoted(self.piece.words)} n'a de place dans aucun texte : copiez-le dans celui qui l'attend."
        if self.piece is None:
            return (
                f"{quoted(self.slot.piece.words)} n'est plus dans le document, et reste : {self.slot.told}."
            )
        return f"{quoted(self.piece.words)} n'est pas repris : {self.slot.told}."


def slots_of(chapter, today):
    """The Slots of a part in the order of print."""
    slots, charted = [], set()
    for rank, block in enumerate(chapter.blocks.all()):
        match block.kind:
            case Block.Kind.TEXT:
                slots += [Slot(piece, rank) for piece in pieces_of(today.text_of_block(block).content)]
            case Block.Kind.AXES:
                slots += [
                    composed(axis.full_label, rank, OF_CONVENTION)
                    for axis in today.axes.values()
                    if axis.number is not None
                ]
            case Block.Kind.FIGURES:
                slots.append(composed(NO_FIGURES, rank, OF_FIGURES, is_sure=False))
            case Block.Kind.ACTIONS if today.lines_of(block.axis_id):
                slots.append(Slot(table_piece(block.axis), rank, OF_TABLE))
            case Block.Kind.ACTIONS:
                slots += [composed(words, rank, OF_TABLE) for words in (block.axis.full_label, EMPTY_TABLE)]
        if block.kind in {Block.Kind.ACTIONS, Block.Kind.CONTEXT} and block.axis_id not in charted:
            charted.add(block.axis_id)
            sentences = today.sentences(block.axis_id)
            slots += [composed(words, rank, OF_CHARTS, is_sure=False) for words in sentences]
    if chapter.kind == Chapter.Kind.COVER and not slots:
        slots.append(composed(today.year.agreement.title, 0, OF_AGREEMENT, is_sure=False))
    return slots


def composed(words, rank, told, *, is_sure=True):
    return Slot(piece_of(words), rank, told, is_sure)


def table_piece(axis):
    """What stands for the table of an axis, among paragraphs."""
    return replace(piece_of(axis.full_label), bare=f"\n{axis.pk}")


def shared(slots, found, kinds):
    """({rank of a block of text: its pieces of the document}, [Stray]); `kinds` are those of the blocks of the part."""
    texts = {rank: [] for rank, kind in enumerate(kinds) if kind == Block.Kind.TEXT}
    strays = []

    def give(slot, piece):
        texts[slot.rank].append(piece) if slot.rank in texts else strays.append(Stray(slot, piece))

    codes = SequenceMatcher(
        None, [slot.piece.bare for slot in slots], [piece.bare for piece in found], autojunk=False
    ).get_opcodes()
    for code, start, end, first, last in codes:
        if code == "equal":
            for slot, piece in zip(slots[start:end], found[first:last], strict=True):
                texts.get(slot.rank, []).append(piece)
            continue
        at, held = start, set()
        for piece in found[first:last]:
            is_alone = end - start == last - first == 1
            if (best := start if is_alone else nearest(piece, slots, at, end)) is not None:
                give(slots[best], piece)
                held.add(best)
                at = best + 1
            elif (rank := place(slots, at, texts, len(kinds))) is not None:
                texts[rank].append(piece)
            else:
                strays.append(Stray(None, piece))
        gone = (slots[rank] for rank in range(start, end) if rank not in held)
        strays += [Stray(slot, None) for slot in gone if slot.told and slot.is_sure]
    return texts, strays


def nearest(piece, slots, start, end):
    """The rank of the slot that a piece is, changed; None where it is like none of them."""
    likeness = {rank: piece.likeness(slots[rank].piece) for rank in range(start, end)}
    best = max(likeness, key=likeness.get, default=None)
    return best if best is not None and likeness[best] >= ALIKE else None


def place(slots, at, texts, blocks):
    """The rank of the text that takes a new paragraph before the slot `at`: the one before it, or the one after."""
    before = slots[at - 1].rank if at else 0
    after = slots[at].rank if at < len(slots) else blocks - 1
    return next((rank for rank in range(before, after + 1) if rank in texts), None)
