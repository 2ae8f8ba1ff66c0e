"""What points and hours tell together of one point's hour."""

from __future__ import annotations

from hub.core.crossing import as_cells, as_rows, given_away, with_cells
from hub.core.satisfaction import Tally
from hub.core.steps import Held, PointHour, Step
from shared.places import PointId

A, B = PointId("caja-1"), PointId("caja-2")
FLOOR = 5
Place = tuple[PointId, int]


def cells(**answers: int) -> dict[Place, Tally]:
    """a9=3: three answers at the first point at nine."""
    names = {"a": A, "b": B}
    return {(names[k[0]], int(k[1:])): Tally(happy=n) for k, n in answers.items()}


def test_one_answer_before_the_hour_is_found_where_the_other_register_closed_with_it() -> None:
    taken = cells(a9=1, b9=5, a10=5)
    assert given_away(taken, {}, {}, FLOOR) == {(A, 9)}


def test_where_both_were_open_in_both_hours_nothing_is_found() -> None:
    assert given_away(cells(a9=1, b9=5, a10=5, b10=1), {}, {}, FLOOR) == set()


def test_what_is_found_and_is_enough_may_be_found() -> None:
    assert given_away(cells(a9=6, b9=5, a10=5), {}, {}, FLOOR) == set()


def test_two_lines_that_are_held_hide_each_other() -> None:
    assert given_away(cells(a9=4, b9=1), {A: False, B: False}, {}, FLOOR) == set()
    assert given_away(cells(a9=4, b9=1), {B: False}, {}, FLOOR) == {(A, 9), (B, 9)}


def test_a_line_is_not_freed_while_its_move_is_found() -> None:
    taken = cells(b9=9)
    assert given_away(taken, {A: True, B: True}, {}, FLOOR) == {(B, 9)}
    assert given_away(taken, {A: False, B: False}, {}, FLOOR) == set()
    assert given_away(taken, {}, {9: True, 10: True}, FLOOR) == {(B, 9)}


def test_late_answers_open_no_cell_in_a_line_that_is_told_only_now() -> None:
    before = as_rows(cells(a10=3))
    shown = Step(1, 1, 0, held=Held(hours=((10, Tally(happy=3)),), cells=before), over=True)
    late = cells(b10=5, b9=5, a9=5)
    moved = Step(1, 2, 0, held=Held(cells=as_rows({**late, **cells(a10=3)})), over=True)
    told = as_cells(with_cells(shown, moved, late, FLOOR, first=False).cells)
    assert (B, 10) not in told  # else the hour's eight would tell the three


def test_cells_are_told_where_nothing_is_small() -> None:
    table = cells(a9=9, b9=9)
    moved = Step(1, 1, 0, held=Held(cells=as_rows(table)), over=True)
    step = with_cells(Step(1, 0, 0), moved, table, FLOOR, first=True)
    assert as_cells(step.cells) == table
    assert step.held.cells == ()


def test_rows_of_nothing_are_left_out() -> None:
    assert as_rows({(B, 9): Tally(), (A, 9): Tally(happy=1)}) == (PointHour(A, 9, Tally(happy=1)),)
