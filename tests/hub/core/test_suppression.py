"""Hidden cells, attacked by whoever sees everything that is shown and knows the floor."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.core.suppression import (
    FLOOR,
    LOWEST_FLOOR,
    TEXT_FLOOR,
    check_floor,
    fixed_cells,
    hide_cells,
    hide_columns,
    hide_line,
    weak,
)
from shared.errors import WordError

Rows = tuple[tuple[int, ...], ...]


@pytest.mark.parametrize(
    ("length", "most", "floor"), [(2, 16, 5), (3, 9, 5), (4, 7, 5), (4, 7, 3), (5, 4, 3)]
)
def test_who_knows_the_floor_cannot_compute_a_hidden_cell_of_a_line(
    length: int, most: int, floor: int
) -> None:
    for counts in product(range(most + 1), repeat=length):
        found = hide_line(counts, floor)
        if not found.total:
            hidden = sorted(found.cells)
            worlds = list(behind(sum(counts[place] for place in hidden), len(hidden), floor))
            for number, place in enumerate(hidden):
                assert counts[place] == 0 or len({world[number] for world in worlds}) > 1, counts


@cache
def behind(total: int, cells: int, floor: int) -> list[tuple[int, ...]]:
    """All that hidden cells could hold: they add up, and one of them is the reason for hiding."""
    every = product(range(total + 1), repeat=cells)
    worlds = [world for world in every if sum(world) == total]
    return [world for world in worlds if any(0 < n < floor for n in world)]


lines = st.lists(st.one_of(st.integers(0, 7), st.integers(0, 300)), max_size=30)
floors = st.integers(LOWEST_FLOOR, TEXT_FLOOR)


@given(lines, floors)
def test_what_a_line_hides_is_nothing_or_at_least_a_floor_of_answers(
    counts: list[int], floor: int
) -> None:
    found = hide_line(counts, floor)
    assert {place for place, n in enumerate(counts) if 0 < n < floor} <= found.cells
    assert found.total or not 0 < sum(counts) < floor
    assert not found.total or sum(counts) < floor or max(counts) < floor
    covered = [counts[place] for place in found.cells if counts[place]]
    if found.cells and not found.total:
        assert len(covered) >= 2
        assert sum(covered) >= floor
    if not any(0 < n < floor for n in counts):
        assert not found.cells


Cells = frozenset[tuple[int, int]]


@dataclass
class Shown:
    """What of a table is hidden: cells, and the totals of some rows and columns."""

    cells: Cells
    rows: set[int]
    columns: set[int]


def judged(counts: Rows, floor: int) -> Shown:
    """Totals hidden as lines are, and then the cells."""
    rows = hide_line([sum(row) for row in counts], floor)
    columns = hide_line([sum(column) for column in zip(*counts, strict=True)], floor)
    assume(not rows.total and not columns.total)  # else nothing of it is told
    lines = {*rows.cells}, {*columns.cells}
    return Shown(hide_cells(counts, floor, *lines), *lines)


def attack(counts: Rows, found: Shown) -> list[object]:
    """Solve, cell by cell, for what else could be there: the least and most by whole shifts.

    Independent of the program: it looks for any other table of whole numbers with the same shown
    cells and totals by adding and taking one along closed ways of length 4, 6 and 8.
    """
    fixed: list[object] = []
    for cell in found.cells:
        nobody = counts[cell[0]][cell[1]] == 0
        if not nobody and not any(ring_through(counts, found, cell, sign) for sign in (1, -1)):
            fixed.append(cell)
    return fixed


def ring_through(counts: Rows, found: Shown, cell: tuple[int, int], sign: int) -> bool:
    """Whether the cell can change by `sign` while others, alternately, change the other way."""
    height, width = len(counts), len(counts[0])
    totals = [*counts, tuple(sum(column) for column in zip(*counts, strict=True))]
    grid = [(*row, sum(row)) for row in totals]
    hidden = set(found.cells)
    hidden |= {(r, width) for r in found.rows} | {(height, c) for c in found.columns}

    def may(r: int, c: int, change: int) -> bool:
        way = -change if (r == height) != (c == width) else change  # totals stand across
        return (r, c) in hidden and grid[r][c] + way >= 0

    def walk(r: int, c: int, change: int, by_row: bool, used: frozenset[tuple[int, int]]) -> bool:
        if not may(r, c, change):
            return False
        line = [(r, k) for k in range(width + 1)] if by_row else [(k, c) for k in range(height + 1)]
        for after in line:
            if after == cell and len(used) >= 4 and not by_row:
                return True
            if after not in used and walk(*after, -change, not by_row, used | {after}):
                return True
        return False

    start = -sign if (cell[0] == height) != (cell[1] == width) else sign
    return walk(*cell, start, True, frozenset({cell}))


small = st.one_of(st.integers(0, 6), st.sampled_from([0, 1, 40]))


@given(
    st.integers(2, 3).flatmap(lambda w: st.lists(st.tuples(*[small] * w), min_size=2, max_size=3)),
    floors,
)
@settings(deadline=None, max_examples=150)
def test_every_hidden_cell_of_a_table_could_hold_something_else(
    rows: list[tuple[int, ...]], floor: int
) -> None:
    counts = tuple(rows)
    found = judged(counts, floor)
    small = {cell for cell in attack(counts, found) if is_small(counts, cell, floor)}
    assert small == set()


def is_small(counts: Rows, cell: object, floor: int) -> bool:
    """Cells that only the totals tell may be found out where they are not small."""
    row, column = cell  # type: ignore[misc]
    return counts[row][column] < floor  # type: ignore[has-type]


@given(
    st.integers(1, 9).flatmap(lambda w: st.lists(st.tuples(*[small] * w), min_size=1, max_size=8)),
    floors,
)
@settings(deadline=None)
def test_a_table_shows_nothing_under_the_floor_and_nothing_by_one_subtraction(
    rows: list[tuple[int, ...]], floor: int
) -> None:
    counts = tuple(rows)
    found = judged(counts, floor)
    if len(found.cells) == len(counts) * len(counts[0]):
        return  # only totals are told, which were judged as lines
    for r, row in enumerate(counts):
        assert all((r, c) in found.cells for c, n in enumerate(row) if 0 < n < floor)
        check_line(
            row, {c for c in range(len(row)) if (r, c) in found.cells}, r in found.rows, floor
        )
    for c, column in enumerate(zip(*counts, strict=True)):
        hidden = {r for r in range(len(column)) if (r, c) in found.cells}
        check_line(column, hidden, c in found.columns, floor)


def check_line(
    line: list[int] | tuple[int, ...], hidden: set[int], total: bool, floor: int
) -> None:
    covered = [line[place] for place in hidden if line[place]]
    if covered and not total:
        assert len(covered) >= 2
        assert sum(covered) >= floor


def test_two_rings_joined_by_one_hidden_cell_do_not_give_that_cell_away() -> None:
    rows = ((2, 2, 2, 9), (2, 2, 9, 9), (9, 9, 2, 2), (9, 9, 2, 2))
    found = Shown(hide_cells(rows, 3), set(), set())
    assert attack(rows, found) == []
    assert len(found.cells) > 9  # the nine under the floor, and something to cover the bridge


def test_a_whole_weeks_table_is_judged_quickly_and_not_all_hidden() -> None:
    draw = random.Random(3)
    rows = tuple(tuple(draw.choice((0, 2, 30, 60, 80, 90)) for _ in range(24)) for _ in range(7))
    assert 0 < len(hide_cells(rows, FLOOR)) < 7 * 24


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hide_cells(((5, 0), (9, 7)), 5) == frozenset()
    assert hide_cells((), 5) == frozenset()


def test_under_a_hidden_total_and_where_it_is_told_to_every_cell_is_hidden() -> None:
    rows = ((50, 60, 70), (50, 60, 70), (50, 60, 70))
    assert {(0, c) for c in range(3)} <= hide_cells(rows, 5, rows={0}, columns={0, 1})
    held = hide_cells(rows, 5, held={(1, 1)})
    assert (1, 1) in held
    assert len(held) == 4  # a ring


def test_where_nobody_was_hides_nothing() -> None:
    """Somebody who saw that a register was closed must not find its neighbour's few answers."""
    assert (0, 0) in fixed_cells(((1, 5), (5, 0)), (), ())
    assert fixed_cells(((1, 5), (5, 1)), (), ()) == []
    assert fixed_cells(((1, 4),), (), {0, 1}) == []
    assert hide_columns(((3, 3, 0, 0), (2, 2, 1, 0), (0, 0, 4, 3), (0, 0, 3, 4)), 5) != frozenset()


def test_columns_are_told_where_no_row_can_be_found_from_them() -> None:
    week = ((3, 3, 0), (2, 4, 0), (3, 3, 1))
    assert hide_columns(week, 5) == {0, 2}  # the third has one, and the first covers it
    assert hide_columns(((3, 3), (2, 4), (3, 3)), 5) == frozenset()
    assert hide_columns(((9, 0), (0, 9)), 5) == {0, 1}  # each is one day's
    assert hide_columns((), 5) == frozenset()


@given(
    st.integers(2, 4).flatmap(lambda w: st.lists(st.tuples(*[small] * w), min_size=2, max_size=4)),
    floors,
)
@settings(deadline=None)
def test_the_columns_that_are_hidden_hide_each_other(
    rows: list[tuple[int, ...]], floor: int
) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)]
    hidden = [sums[c] for c in hide_columns(rows, floor) if sums[c]]
    assert not hidden or not weak(hidden, floor) or len(hidden) == sum(map(bool, sums))
    for c in set(range(len(sums))) - hide_columns(rows, floor):
        assert sums[c] == 0 or sums[c] >= floor


def test_the_floor_is_never_set_under_three() -> None:
    assert check_floor(3) == 3
    with pytest.raises(WordError, match="never under 3"):
        check_floor(2)
