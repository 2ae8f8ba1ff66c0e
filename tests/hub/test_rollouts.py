"""Rollouts on a real database: begun, carried on, halted, let go on, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, update
from structlog.testing import capture_logs

from hub.adapters.database import writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.orders import SqlOrders
from hub.adapters.rollouts import SqlRollouts
from hub.adapters.tables import commands, statuses
from hub.core.fleet import KioskKey
from hub.core.ringing import SILENT_MS
from hub.core.rollouts import Rollout, Stage, State
from hub.orders import Orders
from hub.rollouts import Rollouts
from shared.bundles import Manifest
from shared.commands import Order
from shared.errors import DeviceError, WordError
from shared.places import KioskId, StoreId
from tests.hub.web.building import CENTRO, NORTE, NOW, Clock, make_places
from tests.parts.databases import migrated_sqlite


class Shelf:
    """One bundle."""

    def bundles(self) -> Sequence[Manifest]:
        return [Manifest("2.0", 7, "aarch64", "3.13", 1, {})]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with migrated_sqlite(tmp_path / "hub.db") as opened:
        make_places(opened, NOW)
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rollouts(engine: Engine, clock: Clock) -> Rollouts:
    orders = Orders(SqlOrders(engine), clock)
    return Rollouts(SqlRollouts(engine), SqlFleet(engine), Shelf(), orders, clock)


def begun(rollouts: Rollouts) -> Rollout:
    return rollouts.begin("2.0", "technician", stores=[CENTRO])


def now(rollouts: Rollouts) -> Rollout:
    return rollouts.rollouts()[0]


def stages(rollouts: Rollouts) -> dict[KioskId, Stage]:
    told = rollouts.told(now(rollouts))
    return {who.kiosk_id: stage for who, stage in told.progress.stages.items()}


def sent(engine: Engine) -> set[tuple[KioskId, Order, str | None]]:
    pending = SqlOrders(engine).pending(NOW)
    return {(who.kiosk_id, one.order, one.version) for who, one in pending.items()}


def answer(engine: Engine, outcome: str, kiosk: str | None = None) -> None:
    c = commands.c
    which = c.outcome.is_(None) if kiosk is None else c.kiosk_id == kiosk
    with writing(engine) as db:
        db.execute(update(commands).where(which).values(outcome=outcome, answered_at=NOW))


def test_a_rollout_orders_half_of_a_store_and_then_the_other(
    rollouts: Rollouts, engine: Engine
) -> None:
    begun(rollouts)
    rollouts.look()
    first = {kiosk for kiosk, *_ in sent(engine)}
    assert len(first) == 2, "five registers are there, of which at least three ask"
    assert {one[1:] for one in sent(engine)} == {(Order.UPDATE, "2.0")}
    rollouts.look()
    assert {kiosk for kiosk, *_ in sent(engine)} == first
    answer(engine, "done")
    rollouts.look()
    second = {kiosk for kiosk, *_ in sent(engine)}
    assert len(second) == 2
    assert not first & second
    assert all(stages(rollouts)[kiosk] is Stage.UPDATED for kiosk in first)


def test_it_halts_by_itself_and_goes_on_when_somebody_says_so(
    rollouts: Rollouts, engine: Engine
) -> None:
    begun(rollouts)
    rollouts.look()
    answer(engine, "rolled_back")
    with capture_logs() as logs:
        rollouts.look()
    assert now(rollouts).state is State.HALTED
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["rollout.halted"]
    rollouts.look()
    assert not sent(engine)
    assert rollouts.resume(now(rollouts), "ana")
    rollouts.look()
    assert now(rollouts).state is State.RUNNING
    assert len(sent(engine)) == 2


def test_somebody_halts_it_and_takes_it_back(rollouts: Rollouts, engine: Engine) -> None:
    begun(rollouts)
    rollouts.look()
    answer(engine, "done")
    took = {kiosk for kiosk, stage in stages(rollouts).items() if stage is Stage.UPDATED}
    assert rollouts.halt(now(rollouts), "ana")
    assert rollouts.back(now(rollouts), "ana")
    rollouts.look()
    assert {(kiosk, order) for kiosk, order, _ in sent(engine)} == {
        (kiosk, Order.ROLL_BACK) for kiosk in took
    }
    answer(engine, "done")
    rollouts.look()
    assert now(rollouts).state is State.ENDED
    assert not rollouts.back(now(rollouts), "ana")
    assert not rollouts.resume(now(rollouts), "ana")


def test_a_kiosk_that_never_comes_back_keeps_nobody_from_what_is_new(
    rollouts: Rollouts, engine: Engine, clock: Clock
) -> None:
    begun(rollouts)
    rollouts.look()
    answer(engine, "done")
    assert rollouts.back(now(rollouts), "ana")
    with pytest.raises(WordError, match="not over"):
        begun(rollouts)  # they are there, and about to go back
    with writing(engine) as db:
        gone = func.replace(statuses.c.body, '"online"', '"offline"')
        db.execute(update(statuses).values(presence="offline", body=gone))
    assert begun(rollouts).state is State.RUNNING
    assert [one.state for one in rollouts.rollouts()] == [State.RUNNING, State.ENDED]


def test_what_somebody_says_meanwhile_wins(rollouts: Rollouts, engine: Engine) -> None:
    rollout = begun(rollouts)
    assert rollouts.halt(rollout, "ana")
    assert not rollouts.halt(rollout, "eva"), "it is no longer as she saw it"
    assert not SqlRollouts(engine).change(rollout, State.RUNNING, None)


def test_only_what_is_there_is_rolled_out_and_a_new_one_takes_its_place(
    rollouts: Rollouts,
) -> None:
    with pytest.raises(DeviceError, match="no bundle"):
        rollouts.begin("9.9", "ana")
    with pytest.raises(WordError, match="no kiosk"):
        rollouts.begin("2.0", "ana", stores=[StoreId("nowhere")])
    with pytest.raises(WordError, match="no kiosk"):
        rollouts.begin("2.0", "ana", stores=[CENTRO], first=NORTE)
    with pytest.raises(WordError, match="hours"):
        rollouts.begin("2.0", "ana", rest_hours=-1)
    first, second = begun(rollouts), begun(rollouts)
    assert [one.state for one in rollouts.rollouts()] == [State.RUNNING, State.ENDED]
    assert not rollouts.halt(first, "ana"), "as she saw it"
    assert rollouts.back(second, "ana")
    assert begun(rollouts).state is State.RUNNING, "nobody had taken it"


def test_a_kiosk_that_was_never_seen_keeps_nobody_waiting(
    rollouts: Rollouts, engine: Engine, clock: Clock
) -> None:
    rollouts.begin("2.0", "ana", first=CENTRO, rest_hours=1)
    for _ in range(4):
        rollouts.look()
        answer(engine, "done")
    assert now(rollouts).ring == 1
    clock.ms += SILENT_MS * 2
    _refresh(engine, clock)
    rollouts.look()
    assert now(rollouts).ring == 2
    found = stages(rollouts)
    assert found[KioskId("k-012-06")] is Stage.AWAY
    assert found[KioskId("k-012-01")] is Stage.UPDATED


def _refresh(engine: Engine, clock: Clock) -> None:
    """All that are there say so once more."""
    fleet = SqlFleet(engine)
    who = [KioskKey(CENTRO, KioskId(f"k-012-{n:02d}")) for n in range(1, 5)]
    words = {
        one: replace(memory.last, seen_at=clock.ms)
        for one, memory in fleet.memories(who).items()
        if memory.last is not None
    }
    fleet.remember(words)
