"""What is hidden: cells under the floor, and those that would give them away by subtraction.

Laws of this page
1. No cell is shown that rests on 1 to floor − 1 answers, neither as a cell nor as a total.
2. What is hidden in a line whose total is shown is at least two cells and at least a floor of
   answers together, so that subtracting what is shown gives nothing that law 1 would hide.
3. In a table, every hidden cell could have another value with all that is shown unchanged:
   checked by walking the flows between rows and columns, on which whole answers could shift.
   Where nobody was is taken as known: a register that is closed can be seen.
4. Where anything is hidden, cells of nobody are hidden with it: else they would narrow it down.
5. Which cells join is decided by where they stand, never by how few they have: the choice itself
   says little to whoever knows this program.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.errors import WordError

FLOOR = 5
"""Answers under a figure (Viva Glint and others hide ratings of fewer)."""

TEXT_FLOOR = 10
"""Texts under a list of texts: people are recognised by how they write."""

LOWEST_FLOOR = 3
"""No setting goes below: with two, each of the two knows the other's answer."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HiddenLine:
    """The places of a line that are hidden, and whether its total is."""

    cells: frozenset[int]
    total: bool


def check_floor(floor: int) -> int:
    """Return the floor if it may be set; raises WordError under LOWEST_FLOOR."""
    if floor < LOWEST_FLOOR:
        raise WordError(f"a floor of {floor}: never under {LOWEST_FLOOR} answers")
    return floor


def hide_line(counts: Sequence[int], floor: int) -> HiddenLine:
    """What to hide of cells whose total is shown beside them."""
    hidden = {place for place, n in enumerate(counts) if 0 < n < floor}
    safe = _close(counts, hidden, floor)
    if hidden:
        hidden.update(place for place, n in enumerate(counts) if n == 0)
    return HiddenLine(frozenset(hidden), total=not safe)


def hide_cells(
    counts: Sequence[Sequence[int]],
    floor: int,
    rows: Collection[int] = (),
    columns: Collection[int] = (),
    held: Collection[Cell] = (),
) -> frozenset[Cell]:
    """What to hide of a table whose totals are shown, but for those of `rows` and `columns`.

    The cells `held` are hidden whatever they have.
    """
    table = _Table(counts, floor, rows, columns)
    table.hide(held)
    while table.close_lines():
        hidden = table.masked()
        given_away = _Flows(counts, hidden, rows, columns).first_fixed()
        if given_away is None or not table.join(given_away):
            return hidden
    return frozenset((r, c) for r, row in enumerate(counts) for c in range(len(row)))


def fixed_cells(
    counts: Sequence[Sequence[int]], rows: Collection[int], columns: Collection[int]
) -> list[Cell]:
    """What the totals alone tell of a table, but for those of `rows` and `columns`.

    Such a hidden total that they tell is named by its row and the place after the last column.
    """
    every = [(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if n]
    return list(_Flows(counts, every, rows, columns).fixed())


def hide_columns(counts: Sequence[Sequence[int]], floor: int) -> frozenset[int]:
    """Which columns' totals to hide of a table of which the rows' totals alone are shown."""
    lines = [*zip(*counts, strict=True)]
    every = frozenset((r, c) for r, row in enumerate(counts) for c in range(len(row)))
    sums = [sum(line) for line in lines]
    hidden = {c for c, line in enumerate(lines) if any(line) and weak([*filter(None, line)], floor)}
    while _close(sums, hidden, floor):
        given_away = _Flows(counts, every, (), hidden).first_fixed()
        if given_away is None:
            return frozenset(hidden)
        if given_away[1] in hidden:
            break
        hidden.add(given_away[1])
    return frozenset(range(len(lines)))


def weak(hidden: Sequence[int], floor: int) -> bool:
    """Whether their sum says too much: few, or as much as only cells just under the floor hold."""
    most = len(hidden) * (floor - 1)
    return len(hidden) < 2 or sum(hidden) < floor or (max(hidden) < floor and sum(hidden) == most)


def _close(counts: Sequence[int], hidden: set[int], floor: int) -> bool:
    """Add the neighbours that must join (law 2); False where there are not enough of them."""
    while hidden and weak([counts[place] for place in hidden], floor):
        joining = _nearest(counts, hidden)
        if joining is None:
            return False
        hidden.add(joining)
    return True


def _nearest(counts: Sequence[int], hidden: Iterable[int]) -> int | None:
    """The place with answers nearest to the first hidden one, neighbours being two by two.

    Of such a pair either hides the other, so that the pair does not tell which was the small one.
    """
    first = min(hidden, default=0)
    open_ = [place for place, n in enumerate(counts) if n and place not in set(hidden)]
    return min(open_, key=lambda place: place ^ first, default=None)


class _Table:
    """A table on the way to being safe: more and more of its cells are hidden."""

    def __init__(
        self,
        counts: Sequence[Sequence[int]],
        floor: int,
        rows: Collection[int],
        columns: Collection[int],
    ) -> None:
        """Under a total that is hidden (those of `rows` and `columns`) every cell is."""
        self._counts, self._floor = counts, floor
        self._lines = [
            [(r, c) for c in range(len(row))] for r, row in enumerate(counts) if r not in rows
        ]
        width = len(counts[0]) if counts else 0
        self._lines += [
            [(r, c) for r in range(len(counts))] for c in range(width) if c not in columns
        ]
        self._every = [(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if n]
        self._cells = {
            (r, c) for r, c in self._every if counts[r][c] < floor or r in rows or c in columns
        }

    def hide(self, cells: Iterable[Cell]) -> None:
        """Hide these, too."""
        self._cells.update((r, c) for r, c in cells if self._counts[r][c])

    def close_lines(self) -> bool:
        """Hide until every line whose total is shown obeys law 2; False where only all will do."""
        size = -1
        while size != (size := len(self._cells)):
            for line in self._lines:
                hidden = {place for place, cell in enumerate(line) if cell in self._cells}
                if not _close([self._counts[r][c] for r, c in line], hidden, self._floor):
                    return False
                self._cells.update(line[place] for place in hidden)
        return True

    def masked(self) -> frozenset[Cell]:
        """What is hidden now, with the cells of nobody (law 4) but where a shown total is 0."""
        if not self._cells:
            return frozenset()
        alive, used = {r for r, _ in self._every}, {c for _, c in self._every}
        zeros = {(r, c) for r in alive for c in used if not self._counts[r][c]}
        return frozenset(self._cells | zeros)

    def join(self, given_away: Cell) -> bool:
        """Hide one more, in the row or column of the one given away; False where none is left."""
        open_ = [cell for cell in self._every if cell not in self._cells]
        row, column = given_away
        near = [(r, c) for r, c in open_ if r == row or c == column]
        self._cells.update((near or open_)[:1])
        return bool(open_)


class _Flows:
    """The ways on which whole answers could shift among what is hidden, totals staying true.

    Rows and columns are nodes, with one more of each for the totals. A hidden cell that may grow
    is a way from its row to its column, one that may shrink a way back; totals run the other way.
    A cell has another possible value just where a way closes to a ring without going back on it.
    """

    def __init__(
        self,
        counts: Sequence[Sequence[int]],
        hidden: Iterable[Cell],
        rows: Iterable[int],
        columns: Iterable[int],
    ) -> None:
        self._last_row, self._last_column = len(counts), len(counts[0]) if counts else 0
        self._ways: dict[int, set[int]] = {}
        self._hidden: list[tuple[Cell, int, int]] = []
        for r, c in sorted(hidden):
            self._add((r, c), counts[r][c], total=False)
        for r in sorted(rows):
            self._add((r, self._last_column), sum(counts[r]), total=True)
        for c in sorted(columns):
            self._add((self._last_row, c), sum(row[c] for row in counts), total=True)

    def first_fixed(self) -> Cell | None:
        """The first hidden cell or total that can have no other value; None where all can."""
        return next(self.fixed(), None)

    def fixed(self) -> Iterator[Cell]:
        """Every hidden cell or total that can have no other value."""
        for cell, start, end in self._hidden:
            if not self._reaches(end, start) and not self._reaches(start, end):
                yield cell

    def _add(self, cell: Cell, count: int, *, total: bool) -> None:
        row, column = cell[0], self._last_row + 1 + cell[1]
        start, end = (column, row) if total else (row, column)
        if count > 0:  # where nobody was, nothing can shift to: it may be known
            self._hidden.append((cell, start, end))
            self._ways.setdefault(start, set()).add(end)
            self._ways.setdefault(end, set()).add(start)

    def _reaches(self, start: int, goal: int) -> bool:
        """Whether a way leads from start to goal other than the direct one."""
        seen, waiting = {start}, deque([start])
        while waiting:
            node = waiting.popleft()
            for after in self._ways.get(node, ()):
                if after == goal and node != start:
                    return True
                if after not in seen and after != goal:
                    seen.add(after)
                    waiting.append(after)
        return False
