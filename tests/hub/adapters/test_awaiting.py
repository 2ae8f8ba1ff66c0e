"""Devices that were turned away stand at their point, and strangers fill no history."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import SqlHistories
from hub.core.awaiting import QUIET_MS, Step
from hub.core.histories import Kind
from hub.core.hours import DAY_MS
from shared.joining import write_code
from shared.places import KioskId, StoreId
from tests.hub.test_identity import CAJA, CENTRO, ENTRADA, HERE, K1, K2, NOW, Scene, refused
from tests.parts.databases import engine
from tests.parts.devices import Device

__all__ = ["engine"]


@pytest.fixture
def scene(engine: Engine, tmp_path: Path) -> Scene:
    return Scene(engine, tmp_path / "authority")


def told(engine: Engine, at: int = NOW) -> list[tuple[str, str, Step, str]]:
    found = SqlFleet(engine).awaited([CENTRO], at)
    return [(one.point_id, one.kiosk_id, one.step, one.why) for one in found]


def lines(engine: Engine, kiosk: KioskId) -> list[str]:
    history = SqlHistories(engine).history(CENTRO, kiosk, 100)
    return [one.detail for one in history if one.kind is Kind.TURNED_AWAY]


def test_from_a_code_to_a_kiosk_everything_stands_at_the_point(
    scene: Scene, engine: Engine
) -> None:
    assert told(engine) == []
    code = scene.code()
    assert told(engine) == [(CAJA, K1, Step.OPEN, "")]
    scene.now += DAY_MS
    assert refused(lambda: scene.join(code, Device())) == "expired"
    assert told(engine, scene.now) == [(CAJA, K1, Step.TURNED_AWAY, "expired")]
    scene.now += 1
    scene.join(scene.code(), Device())
    assert told(engine, scene.now) == []
    assert SqlFleet(engine).awaited(None, scene.now) == ()
    assert SqlFleet(engine).awaited([StoreId("norte")], scene.now) == ()


def test_a_second_card_is_told_at_the_point_of_the_first(scene: Scene, engine: Engine) -> None:
    code = scene.code()
    scene.join(code, Device())
    scene.now += 1
    assert refused(lambda: scene.join(code, Device())) == "used"
    assert told(engine, scene.now) == [(CAJA, K1, Step.TURNED_AWAY, "used")]


def test_a_code_of_another_kiosk_is_told_at_both(scene: Scene, engine: Engine) -> None:
    code = scene.code()
    scene.code(K2, ENTRADA)
    said = ("centro", "entrada", "kiosk-2")
    device = Device()
    assert refused(lambda: scene.identity.join(code, device.request(), HERE, said)) == "foreign"
    assert {(kiosk, why) for _, kiosk, _, why in told(engine)} == {(K1, "foreign"), (K2, "foreign")}


def test_an_unknown_code_is_told_where_there_is_such_a_kiosk_and_nowhere_else(
    scene: Scene, engine: Engine
) -> None:
    scene.code()
    for kiosk in ("kiosk-1", "nobody", "'; --", ""):
        said, device = ("centro", "caja-1", kiosk), Device()
        nobodys = write_code(kiosk.encode().ljust(16, b"!"))
        ask = device.request()
        assert refused(lambda: scene.identity.join(nobodys, ask, HERE, said)) == "unknown"  # noqa: B023
    assert told(engine) == [(CAJA, K1, Step.TURNED_AWAY, "unknown")]
    assert lines(engine, KioskId("nobody")) == []


def test_who_asks_each_minute_has_one_line_an_hour(scene: Scene, engine: Engine) -> None:
    code = scene.code()
    scene.join(code, Device())
    for _ in range(13):
        scene.now += 600_000
        assert refused(lambda: scene.join(code, Device())) == "used"
    assert lines(engine, K1) == ["used"] * (13 * 600_000 // QUIET_MS + 1)


def test_who_was_replaced_and_still_asks_stands_there_too(scene: Scene, engine: Engine) -> None:
    old = Device()
    before = scene.join(scene.code(), old)
    scene.now += 1
    scene.join(scene.code(), Device())
    scene.now += 1
    assert refused(lambda: scene.renew(before, old, Device())) == "replaced"
    assert told(engine, scene.now) == [(CAJA, K1, Step.TURNED_AWAY, "replaced")]
