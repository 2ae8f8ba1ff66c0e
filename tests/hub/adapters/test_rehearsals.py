"""A week of notices and waits, as it is kept: of one store, and no more than can be told anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, insert

from hub.adapters import rehearsals
from hub.adapters.rehearsals import SqlRehearsals
from hub.adapters.tables import notices, waits
from hub.core.waiting.facts import LineId
from hub.core.waiting.noticing import Terms, Withdrawn
from hub.core.waiting.rehearsing import Waited, rehearsed
from shared.places import StoreId

CENTRO, NORTE = StoreId("centro-012"), StoreId("norte-007")
LINE = LineId("line-1")
MINUTE = 60_000


def keep(engine: Engine, at: int, store: StoreId = CENTRO, **change: Any) -> None:
    row = {
        "store_id": store,
        "line_id": LINE,
        "at": at,
        "minutes": 5,
        "method": "queue_length",
        "because": "agrees",
        "mean": 4.0 * MINUTE,
        "low": 3.0 * MINUTE,
        "middle": 4.0 * MINUTE,
        "high": 5.0 * MINUTE,
        "waiting": 4.0,
        "open": 2.0,
        "quickest": False,
    }
    with engine.begin() as db:
        db.execute(insert(notices).values({**row, **change}))


def wait(engine: Engine, at: int, waited: int, store: StoreId = CENTRO) -> None:
    row = {"store_id": store, "line_id": LINE, "at": at, "waited": waited, "told": 5}
    with engine.begin() as db:
        db.execute(insert(waits).values(row))


def test_it_is_this_store_s_since_then_in_the_order_of_time(engine: Engine) -> None:
    for at in (3 * MINUTE, MINUTE, 2 * MINUTE):
        keep(engine, at)
    keep(engine, 2 * MINUTE, NORTE)
    wait(engine, 3 * MINUTE, MINUTE)
    wait(engine, 3 * MINUTE, 150_000)  # joined before
    wait(engine, 3 * MINUTE, MINUTE, NORTE)
    keep(engine, 2 * MINUTE, line_id="gone")
    week = SqlRehearsals(engine).week(CENTRO, [LINE], MINUTE)
    assert week.since == MINUTE
    assert {line: [one.at for one in those] for line, those in week.notices.items()} == {
        LINE: [MINUTE, 2 * MINUTE, 3 * MINUTE]
    }
    assert week.waits == [Waited(LINE, 3 * MINUTE, MINUTE)]
    assert rehearsed(week, Terms()).told == 1


def test_a_notice_without_an_estimate_has_none(engine: Engine) -> None:
    nothing: dict[str, Any] = {
        "minutes": None,
        "mean": None,
        "low": None,
        "middle": None,
        "high": None,
    }
    keep(engine, MINUTE, withdrawn=Withdrawn.CLOSED.value, **nothing)
    [one] = SqlRehearsals(engine).week(CENTRO, [LINE], 0).notices[LINE]
    assert (one.curve, one.withdrawn) == (None, "closed")


def test_a_store_of_which_nothing_is_kept_has_an_empty_week(engine: Engine) -> None:
    week = SqlRehearsals(engine).week(CENTRO, [LINE], 7)
    assert (week.since, dict(week.notices), list(week.waits)) == (7, {LINE: []}, [])


def test_of_too_much_the_latest_part_is_taken(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "MOST_NOTICES", 2)
    for at in range(1, 5):
        keep(engine, at * MINUTE)
        wait(engine, at * MINUTE, 0)
    week = SqlRehearsals(engine).week(CENTRO, [LINE], 0)
    assert week.since == 3 * MINUTE
    assert [one.at for one in week.notices[LINE]] == [3 * MINUTE, 4 * MINUTE]
    assert {one.at for one in week.waits} == {3 * MINUTE, 4 * MINUTE}
