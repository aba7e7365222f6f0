"""No masked cell of a public table can be recomputed: audited by linear programming, as an attacker would.

The attacker knows the sums, what is at most what, and that counts are whole numbers.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from axes.masking import Cell, Mask, Masking, Sum, masks_of

THRESHOLD = 5
MANY = 1_000_000  # more than any count: « no limit » that the solver takes


def bounds(key, cells, masks, wholes, threshold):
    """What the publication and its rules say of a cell."""
    cell = cells[key]
    if key not in masks:
        return (0, MANY) if not cell.is_printed and not cell.is_known else (cell.count, cell.count)
    if masks[key] is Mask.SMALL:
        return 1, threshold - 1
    if key in wholes:
        return 1, MANY
    return (threshold if cell.count >= threshold else 0), MANY


def range_of(key, cells, sums, masks, threshold=THRESHOLD, at_most=()):
    """The smallest and the greatest value of a cell over all the tables that print the same.

    `at_most`: pairs of cells of which the first never exceeds the second.
    """
    keys = list(cells)
    wholes = {relation.whole for relation in sums}
    equations = np.zeros((len(sums), len(keys)))
    for row, relation in enumerate(sums):
        for part in relation.parts:
            equations[row, keys.index(part)] += 1
        equations[row, keys.index(relation.whole)] -= 1
    limited = np.zeros((len(at_most), len(keys)))
    for row, (small, great) in enumerate(at_most):
        limited[row, keys.index(small)], limited[row, keys.index(great)] = 1, -1
    limits = [bounds(other, cells, masks, wholes, threshold) for other in keys]
    ends = []
    for sign in (1, -1):
        objective = np.zeros(len(keys))
        objective[keys.index(key)] = sign
        found = linprog(
            objective,
            A_eq=equations,
            b_eq=np.zeros(len(sums)),
            A_ub=limited,
            b_ub=np.zeros(len(at_most)),
            bounds=limits,
            integrality=1,
        )
        assert found.status == 0, found.message
        ends.append(round(found.fun * sign))
    return ends[0], ends[1]


def leaks(cells, sums, masks, threshold=THRESHOLD, at_most=()):
    """The cells that a reader knows better than « < 5 » says: masked ones, and small ones that nobody prints."""
    small = [
        k for k, c in cells.items() if not c.is_printed and c.is_about_people and 0 < c.count < threshold
    ]
    leaking = []
    for key in (*masks, *small):
        low, high = range_of(key, cells, sums, masks, threshold, at_most)
        if high - low < threshold - 2:
            leaking.append(key)
    return leaking


def line(*counts):
    """A table of one row, with its total."""
    cells = {f"part {n}": Cell(count) for n, count in enumerate(counts)}
    return cells | {"total": Cell(sum(counts))}, [Sum("total", tuple(cells))]


def grid(rows):
    """A table of two dimensions, with its margins and its grand total."""
    cells = {f"{r},{c}": Cell(count) for r, row in enumerate(rows) for c, count in enumerate(row)}
    columns = range(len(rows[0]))
    cells |= {f"{r},*": Cell(sum(row)) for r, row in enumerate(rows)}
    cells |= {f"*,{c}": Cell(sum(row[c] for row in rows)) for c in columns}
    cells["*,*"] = Cell(sum(map(sum, rows)))
    sums = [Sum(f"{r},*", tuple(f"{r},{c}" for c in columns)) for r in range(len(rows))]
    sums += [Sum(f"*,{c}", tuple(f"{r},{c}" for r in range(len(rows)))) for c in columns]
    sums += [
        Sum("*,*", tuple(f"{r},*" for r in range(len(rows)))),
        Sum("*,*", tuple(f"*,{c}" for c in columns)),
    ]
    return cells, sums


def share(numerator, base):
    """What a percentage and its base say: the rest is one subtraction away."""
    cells = {"n": Cell(numerator), "base": Cell(base), "rest": Cell(base - numerator, is_printed=False)}
    return cells, [Sum("base", ("n", "rest"))]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (line(40, 9, 7), {}),
        (line(40, 9, 0), {}),
        (line(40, 13, 3), {"part 2": Mask.SMALL, "part 1": Mask.HIDDEN}),
        (line(97, 1, 2), {"part 1": Mask.SMALL, "part 2": Mask.SMALL, "part 0": Mask.HIDDEN}),
        (line(3, 0), {"part 0": Mask.SMALL, "total": Mask.HIDDEN}),
        (line(1, 1, 1), {f"part {n}": Mask.SMALL for n in range(3)} | {"total": Mask.HIDDEN}),
        (share(40, 56), {}),
        (share(55, 56), {"n": Mask.HIDDEN}),
        (share(2, 56), {"n": Mask.SMALL}),
    ],
)
def test_masks(table, expected):
    assert masks_of(*table, THRESHOLD) == expected
    assert leaks(*table, expected) == []


def test_a_small_count_of_meetings_is_printed():
    cells = {"réunions": Cell(1, is_about_people=False)}

    assert masks_of(cells, [], THRESHOLD) == {}


def test_the_total_of_last_year_gives_the_flow_away_so_that_of_this_year_is_masked():
    cells = {"flux": Cell(3), "cumul": Cell(145), "avant": Cell(142, is_printed=False, is_known=True)}

    assert masks_of(cells, [Sum("cumul", ("avant", "flux"))], THRESHOLD) == {
        "flux": Mask.SMALL,
        "cumul": Mask.HIDDEN,
    }


def test_what_is_known_already_may_leave_no_way():
    cells = {"part": Cell(3), "rien": Cell(0), "total": Cell(3, is_known=True)}

    with pytest.raises(ValueError, match="déjà publié"):
        masks_of(cells, [Sum("total", ("part", "rien"))], THRESHOLD)


def test_a_threshold_that_protects_nothing_is_refused():
    with pytest.raises(ValueError, match="inférieur à 3"):
        masks_of(*line(1, 2), 2)


@pytest.mark.parametrize(("mask", "words"), [(Mask.SMALL, "< 7"), (Mask.HIDDEN, "masqué")])
def test_words(mask, words):
    assert mask.words(7) == words


counts = st.one_of(st.integers(0, 8), st.integers(0, 60))
lines = st.lists(counts, min_size=2, max_size=7).map(lambda row: line(*row))
grids = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda size: st.lists(
        st.lists(counts, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    ).map(grid)
)
shares = st.tuples(counts, counts).map(lambda pair: share(min(pair), max(pair)))


@st.composite
def families(draw):
    """A whole divided twice, one of its parts divided again, and a share of it: sums that have cells in common."""
    cells, sums = line(*draw(st.lists(counts, min_size=2, max_size=4)))
    inside = draw(st.integers(0, cells["part 0"].count))
    cells |= {"dont a": Cell(inside), "dont b": Cell(cells["part 0"].count - inside)}
    again = draw(st.integers(0, cells["total"].count))
    cells |= {"autre a": Cell(again), "autre b": Cell(cells["total"].count - again)}
    numerator = draw(st.integers(0, cells["total"].count))
    cells |= {"n": Cell(numerator), "rest": Cell(cells["total"].count - numerator, is_printed=False)}
    return cells, [
        *sums,
        Sum("part 0", ("dont a", "dont b")),
        Sum("total", ("autre a", "autre b")),
        Sum("total", ("n", "rest")),
    ]


@settings(max_examples=150, deadline=None)
@given(table=st.one_of(lines, grids, shares, families()), threshold=st.integers(3, 8))
def test_no_masked_cell_can_be_recomputed(table, threshold):
    masks = masks_of(*table, threshold)

    assert leaks(*table, masks, threshold) == []
    printed = {key: cell for key, cell in table[0].items() if key not in masks and cell.is_printed}
    assert [key for key, cell in printed.items() if 0 < cell.count < threshold] == []


def test_the_audit_sees_a_table_without_secondary_masks(monkeypatch):
    monkeypatch.setattr(Masking, "exposed", lambda self: [])

    for table in (line(40, 13, 3), share(55, 56), grid([[3, 20, 9], [12, 30, 40]])):
        assert leaks(*table, masks_of(*table, THRESHOLD)) != []
