"""What is to be written, while it waits."""

from __future__ import annotations

from hub.core.waiting.alarming import Kind
from hub.core.waiting.book import MOST_ROWS, AlertKey, AlertRow, OutcomeKey, Rows, WaitRow
from hub.core.waiting.outcomes import Rightness
from shared.places import StoreId
from tests.hub.core.waiting.lines import NAME

CENTRO = StoreId("centro")


def wait(at: int) -> WaitRow:
    return WaitRow(CENTRO, NAME, at, 60_000, 2)


def test_what_came_later_is_added_in_its_order() -> None:
    rows, newer = Rows(), Rows()
    key, alert = OutcomeKey(CENTRO, 0, NAME), AlertKey(CENTRO, NAME, Kind.LINE_LONG, 5)
    rows.waits.append(wait(1))
    rows.judge(key, Rightness(told=1, over_ms=10))
    rows.alerts[alert] = AlertRow(1)
    rows.doubts[CENTRO] = ()
    newer.waits.append(wait(2))
    newer.judge(key, Rightness(told=2, over_ms=5))
    newer.alerts[alert] = AlertRow(1, 9)
    rows.absorb(newer)
    assert list(rows.waits) == [wait(1), wait(2)]
    assert rows.outcomes == {key: Rightness(told=3, over_ms=15)}
    assert rows.alerts == {alert: AlertRow(1, 9)}


def test_of_what_finds_no_room_the_newest_stays() -> None:
    rows = Rows()
    for at in range(MOST_ROWS + 5):
        newer = Rows()
        newer.waits.append(wait(at))
        newer.judge(OutcomeKey(CENTRO, at, NAME), Rightness(told=1))
        rows.absorb(newer)
    assert (len(rows.waits), rows.waits[0], rows.waits[-1]) == (
        MOST_ROWS,
        wait(5),
        wait(MOST_ROWS + 4),
    )
    assert (len(rows.outcomes), min(key.hour for key in rows.outcomes)) == (MOST_ROWS, 5)


def test_rows_know_whether_there_is_anything_to_write() -> None:
    rows = Rows()
    assert not rows
    rows.doubts[CENTRO] = ()
    assert rows, "that nothing is wrong any more must be written, too"
