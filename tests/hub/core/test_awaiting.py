"""Who is awaited as a kiosk: open and ended codes, and devices that were turned away."""

from __future__ import annotations

from dataclasses import replace

from hub.core.awaiting import SHOWN_MS, Awaited, Refusal, Step, awaited_of
from hub.core.hours import DAY_MS
from hub.core.identity import JoinCode
from shared.places import KioskId, PointId, StoreId

NOW = 1_795_392_000_000
CENTRO, CAJA, K1, K2 = StoreId("centro"), PointId("caja-1"), KioskId("k-1"), KioskId("k-2")
OPEN = JoinCode("c0", CENTRO, CAJA, K1, NOW, "ana", NOW + DAY_MS)
USED = replace(OPEN, used_at=NOW + 5, used_by="key")


def turned(at: int, why: str = "used", kiosk: KioskId = K1) -> Refusal:
    return Refusal(CENTRO, kiosk, at, why)


def test_an_open_code_waits_for_its_device() -> None:
    expected = (Awaited(CENTRO, CAJA, K1, Step.OPEN, OPEN.until),)
    assert awaited_of([OPEN], [], NOW) == expected


def test_a_code_that_ended_unused_is_told_for_a_week() -> None:
    (ended,) = awaited_of([OPEN], [], OPEN.until)
    assert ended.step is Step.ENDED
    assert awaited_of([OPEN], [], OPEN.until + SHOWN_MS) == ()


def test_whoever_joined_or_whose_code_was_withdrawn_is_not_awaited() -> None:
    assert awaited_of([USED, replace(OPEN, code="c1", made_at=NOW - 9)], [], NOW + 9) == ()
    assert awaited_of([replace(OPEN, withdrawn_at=NOW + 1)], [], NOW + 9) == ()


def test_the_last_refusal_since_the_newest_code_is_told() -> None:
    (one,) = awaited_of([OPEN], [turned(NOW + 3, "foreign"), turned(NOW + 2)], NOW + 9)
    assert (one.step, one.at, one.why) == (Step.TURNED_AWAY, NOW + 3, "foreign")
    assert awaited_of([OPEN], [turned(NOW - 1)], NOW + 9)[0].step is Step.OPEN, "a newer code"


def test_what_was_refused_before_it_joined_is_over_and_what_came_after_is_not() -> None:
    assert awaited_of([USED], [turned(NOW + 4)], NOW + 9) == ()
    (one,) = awaited_of([USED], [turned(NOW + 6)], NOW + 9)
    assert one.why == "used"
    assert awaited_of([USED], [turned(NOW + 6)], NOW + 7 + SHOWN_MS) == ()


def test_they_stand_by_store_and_point() -> None:
    other = replace(OPEN, code="c2", point_id=PointId("caja-0"), kiosk_id=K2)
    assert [one.kiosk_id for one in awaited_of([OPEN, other], [], NOW)] == [K2, K1]
