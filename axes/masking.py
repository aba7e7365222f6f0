"""Small counts in what is published: which cells to mask so that none can be recomputed. Pure.

A count of people above zero and below the threshold is masked (« < 5 »): primary. What would give it away by adding
and subtracting is masked as well (« masqué »): secondary. A masked cell is safe when other tables, equally plausible,
print exactly the same and move it over a range as wide as « < 5 » itself says. Such a table is looked for and shown to
exist, cell by cell; where none is found, one more cell is masked.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum

PATIENCE = 3_000  # attempts at a plausible table before masking one more cell instead


class Unmaskable(ValueError):
    """Nothing can be published without giving a small count away. Its text is a French sentence."""


class Mask(Enum):
    SMALL = "small"
    HIDDEN = "hidden"

    def words(self, threshold):
        """« < 5 » tells a range; « masqué » tells nothing."""
        return f"< {threshold}" if self is Mask.SMALL else "masqué"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count. `is_printed` is False for what nobody prints but anyone may compute (the rest of a whole).

    `is_known` was published before and cannot be taken back; `is_about_people` says whether a small count betrays.
    """

    count: int
    is_printed: bool = True
    is_known: bool = False
    is_about_people: bool = True


@dataclass(frozen=True, slots=True)
class Sum:
    """The cell `whole` is the sum of the cells `parts`."""

    whole: str
    parts: tuple[str, ...]


def masks_of(cells, sums, threshold):
    """{key: Mask} of the cells to mask, of `cells` {key: Cell} bound by `sums`.

    Raises Unmaskable where cells already known leave no way to protect another.
    """
    return Masking(cells, sums, threshold).run()


class Masking:
    def __init__(self, cells, sums, threshold):
        if threshold < 3:
            raise Unmaskable("Un seuil inférieur à 3 ne protège rien : « < 2 » veut dire 1.")
        self.cells, self.sums, self.threshold = cells, sums, threshold
        self.wholes = {relation.whole for relation in sums}
        self.printed = set()  # what was tried and cannot be hidden
        self.touching = defaultdict(list)
        for relation in sums:
            for key in (relation.whole, *relation.parts):
                self.touching[key].append(relation)
        self.masks = {
            key: Mask.HIDDEN if key in self.wholes else Mask.SMALL
            for key, cell in cells.items()
            if cell.is_printed and not cell.is_known and self.is_small(cell)
        }

    def is_small(self, cell):
        return cell.is_about_people and 0 < cell.count < self.threshold

    def run(self):
        while exposed := self.exposed():
            self.mask_one_more(exposed[0])
        return self.masks

    def exposed(self):
        """The cells that may be recomputed too well: masked ones, and small ones that nobody prints."""
        wanting = [key for key, cell in self.cells.items() if not cell.is_printed and self.is_small(cell)]
        return [key for key in (*self.masks, *wanting) if not self.is_safe(key)]

    def mask_one_more(self, exposed):
        """Masks the cheapest cell that saves `exposed`, or failing that the cheapest of those bound to it."""
        candidates = self.candidates(exposed)
        if not candidates:
            self.give_up(exposed)
            return
        before = dict(self.masks)
        for key in candidates:
            self.masks = {**before, key: Mask.HIDDEN}
            if self.is_safe(exposed):
                return
        self.masks = {**before, candidates[0]: Mask.HIDDEN}

    def give_up(self, exposed):
        """A cell masked for the sake of another, which cannot be hidden itself, is printed after all, and for good."""
        if exposed not in self.masks or self.is_small(self.cells[exposed]):
            raise Unmaskable(f"La cellule « {exposed} » se déduit de ce qui est déjà publié.")
        del self.masks[exposed]
        self.printed.add(exposed)

    def candidates(self, exposed):
        """What may be masked more, of the cells bound to this one by sums of masked cells, the cheapest first.

        The printed parts, by size; then « < 5 », which may still say less (« masqué »); then the printed wholes.
        """
        bound = self.bound_to(exposed)
        printed = [key for key in bound if self.cells[key].count and self.may_hide(key)]
        small = [key for key in bound if self.masks.get(key) is Mask.SMALL]
        return sorted([*printed, *small], key=self.cost)

    def cost(self, key):
        return key in self.wholes, key in self.masks, self.cells[key].count, key

    def may_hide(self, key):
        return not self.is_unknown(key) and not self.cells[key].is_known and key not in self.printed

    def bound_to(self, exposed):
        """The cells that share a sum with this one, or with an unknown cell bound to it; itself included."""
        seen, waiting = {exposed}, [exposed]
        while waiting:
            for relation in self.touching[waiting.pop()]:
                for key in {relation.whole, *relation.parts} - seen:
                    seen.add(key)
                    if self.is_unknown(key):
                        waiting.append(key)
        return seen

    def is_unknown(self, key):
        return key in self.masks or not (self.cells[key].is_printed or self.cells[key].is_known)

    def is_safe(self, key):
        wide = self.threshold - 2  # as wide as « < 5 », which says 1 to 4
        return self.furthest(key, 1) + self.furthest(key, -1) >= wide

    def furthest(self, key, sign):
        """How far a plausible table moves this cell that way, up to what is asked."""
        distances = range(self.threshold - 2, 0, -1)
        return next((far for far in distances if self.has_table(key, sign * far)), 0)

    def has_table(self, key, change):
        if not self.allows(key, change):
            return False
        self.patience = PATIENCE
        return self.balance({key: change})

    def balance(self, moves):
        """Whether these changes complete to a table that prints the same: one more change per sum out of balance."""
        self.patience -= 1
        touched = (relation for key in moves for relation in self.touching[key])
        broken = next(((relation, gap) for relation in touched if (gap := self.gap(relation, moves))), None)
        if broken is None or self.patience < 0:
            return broken is None
        relation, gap = broken
        for key in (relation.whole, *relation.parts):
            change = gap if key == relation.whole else -gap
            is_free = key not in moves and self.is_unknown(key) and self.allows(key, change)
            if is_free and self.balance({**moves, key: change}):
                return True
        return False

    def gap(self, relation, moves):
        return sum(moves.get(part, 0) for part in relation.parts) - moves.get(relation.whole, 0)

    def allows(self, key, change):
        """Whether the cell so changed would still print as it does."""
        count = self.cells[key].count + change
        low, high = self.domain(key)
        return low <= count and (high is None or count <= high)

    def domain(self, key):
        """What a reader who knows the rules may think of a cell that is not printed."""
        match self.masks.get(key):
            case Mask.SMALL:
                return 1, self.threshold - 1
            case Mask.HIDDEN if key in self.wholes:
                return 1, None
            case Mask.HIDDEN if self.cells[key].count >= self.threshold:
                return self.threshold, None
            case _:
                return 0, None
