"""Tables of longer times: nothing is left out, nothing small is seen, nothing is ranked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.figures import Days
from hub.core.hours import day_after
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.steps import summed, total
from hub.core.tabling import Heat, heat_map, register_table, store_table
from hub.core.views import Verdict
from shared.places import PointId, StoreId

ID = StoreId("centro-012")
STORE = Store(ID, "Centro", "Europe/Madrid")
WEEKS = Days(20261102, 20261115)  # two whole weeks


Counts = dict[tuple[int, int], int]


def heat(counts: Counts) -> Heat:
    """All of it told, as cells, by hour of the day, by date and in one."""
    cells = [
        (day_after(WEEKS.first, day), hour, Tally(sales=n, happy=n))
        for (day, hour), n in counts.items()
    ]
    hours = summed((hour, tally) for _, hour, tally in cells)
    days = summed((day, tally) for day, _, tally in cells)
    return Heat(cells, hours, days, total(days.values()) if days else None)


cells = st.dictionaries(
    st.tuples(st.integers(0, 13), st.integers(8, 21)), st.integers(1, 90), max_size=60
)


@given(cells, st.integers(3, 10))
@settings(deadline=None, max_examples=60)
def test_a_heat_map_shows_sums_of_what_is_told_or_nothing(counts: Counts, floor: int) -> None:
    view = heat_map(STORE, WEEKS, heat(counts), floor)
    for row in (*view.rows, view.bottom):
        for cell in (*row.cells, row.total):
            wanted = sum(
                n
                for (day, hour), n in counts.items()
                if cell.weekday in (None, day % 7) and cell.hour_of_day in (None, hour)
            )
            assert cell.hidden == (cell.tally is None)
            assert cell.tally is None or cell.tally.answered == wanted
            assert cell.hidden == (0 < wanted < floor)


def test_only_hours_in_which_something_happened_are_columns() -> None:
    view = heat_map(STORE, WEEKS, heat({(0, 9): 30, (1, 12): 30}), 5)
    assert view.hours == (9, 12)
    assert [row.weekday for row in view.rows] == list(range(7))
    assert all(len(row.cells) == 2 for row in (*view.rows, view.bottom))


def test_a_cell_of_which_nothing_was_told_is_hidden_and_one_of_nobody_is_empty() -> None:
    found = Heat(
        [(WEEKS.first, 9, Tally())], {9: Tally(happy=9)}, {WEEKS.first: Tally(happy=9)}, None
    )
    view = heat_map(STORE, WEEKS, found, 5)
    assert view.rows[0].cells[0].hidden
    assert view.rows[0].total.tally == Tally(happy=9)
    assert view.rows[1].cells[0].tally == Tally()


def test_an_empty_history_is_an_empty_heat_map() -> None:
    view = heat_map(STORE, WEEKS, heat({}), 5)
    assert view.hours == ()
    assert view.bottom.total.tally == Tally()


def test_registers_stand_in_register_order_whatever_their_index() -> None:
    points = [Point(ID, PointId(name), name) for name in ("caja-2", "caja-1", "caja-3")]
    tallies = {
        PointId("caja-1"): Tally(happy=90, sad=10),
        PointId("caja-2"): Tally(sad=90, happy=10),
    }
    view = register_table(STORE, WEEKS, points, tallies, Tally(happy=100, sad=100), 5, live=False)
    assert [row.point.point_id for row in view.rows] == ["caja-2", "caja-1", "caja-3"]
    assert [row.verdict for row in view.rows] == [Verdict.BELOW, Verdict.ABOVE, Verdict.UNKNOWN]
    assert [row.letters for row in view.rows] == ["a", "b", ""]
    assert view.index is not None
    assert view.index.n == 200


def test_stores_stand_in_their_order_and_what_is_hidden_is_in_no_sum() -> None:
    stores = [Store(StoreId(name), name, "UTC") for name in ("a", "b", "c")]
    tallies = {
        StoreId("a"): Tally(),
        StoreId("b"): Tally(happy=40),
        StoreId("c"): Tally(sad=60),
    }
    view = store_table(WEEKS, stores, tallies, 5)
    assert [row.store.store_id for row in view.rows] == ["a", "b", "c"]
    assert [row.hidden for row in view.rows] == [True, False, False]
    assert view.index is not None
    assert view.index.n == 100
