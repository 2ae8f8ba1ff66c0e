"""Cutting a box up loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.screen.boxes import Box

sides = st.integers(0, 2_000).map(float)
boxes = st.builds(Box, sides, sides, sides, sides)

Cut = Callable[[Box, float], tuple[Box, Box]]


@pytest.mark.parametrize("cut", [Box.top_cut, Box.bottom_cut, Box.left_cut, Box.right_cut])
@settings(deadline=None)
@given(box=boxes, much=sides)
def test_a_strip_and_the_rest_make_the_whole(cut: Cut, box: Box, much: float) -> None:
    strip, rest = cut(box, much)
    area = box.width * box.height
    assert strip.width * strip.height + rest.width * rest.height == area
    assert min(strip.x, rest.x) == box.x
    assert min(strip.y, rest.y) == box.y
    assert max(strip.right, rest.right) == box.right
    assert max(strip.top, rest.top) == box.top


def test_strips_lie_where_their_names_say() -> None:
    box = Box(10, 20, 100, 50)
    assert box.top_cut(10)[0] == Box(10, 60, 100, 10)
    assert box.bottom_cut(10)[0] == Box(10, 20, 100, 10)
    assert box.left_cut(10)[0] == Box(10, 20, 10, 50)
    assert box.right_cut(10)[0] == Box(100, 20, 10, 50)


@settings(deadline=None)
@given(columns=st.integers(1, 5), rows=st.integers(1, 5), gap=st.integers(0, 9))
def test_cells_of_a_grid_are_equal_apart_and_in_reading_order(
    columns: int, rows: int, gap: int
) -> None:
    cells = Box(0, 0, 600, 600).grid(columns, rows, gap)
    assert len({(round(c.width, 6), round(c.height, 6)) for c in cells}) == 1
    assert len(cells) == columns * rows
    assert cells == sorted(cells, key=lambda cell: (-round(cell.y, 6), cell.x))
    for one, other in combinations(cells, 2):
        beside = max(one.x, other.x) - min(one.right, other.right)
        above = max(one.y, other.y) - min(one.top, other.top)
        assert max(beside, above) >= gap - 1e-6


def test_the_middle_is_never_larger_than_the_box() -> None:
    assert Box(0, 0, 100, 50).middle(40, 20) == Box(30, 15, 40, 20)
    assert Box(0, 0, 100, 50).middle(400, 200) == Box(0, 0, 100, 50)


def test_an_inset_stops_at_nothing() -> None:
    assert Box(0, 0, 10, 10).inset(2, 3) == Box(2, 3, 6, 4)
    assert Box(0, 0, 10, 10).inset(9).size == (0, 0)


def test_the_lower_left_edge_is_inside_and_the_upper_right_is_the_neighbours() -> None:
    box = Box(0, 0, 10, 10)
    assert box.holds(0, 0)
    assert not box.holds(10, 5)
    assert not box.holds(5, 10)
    assert not Box(0, 0, 0, 0).holds(0, 0)
