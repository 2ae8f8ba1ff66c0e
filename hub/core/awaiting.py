"""Who is awaited as a kiosk and has not come: codes that nobody used, and devices turned away."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from hub.core.hours import DAY_MS
from hub.core.identity import JoinCode
from shared.places import KioskId, PointId, StoreId

SHOWN_MS: Final = 7 * DAY_MS
"""So long it is told: who has not asked by then asks for a new code."""

QUIET_MS: Final = 3_600_000
"""A device that asks each minute is told of once an hour, and fills no history."""


class Step(StrEnum):
    """How far it has come."""

    TURNED_AWAY = "turned_away"  # a device asked, and was refused
    OPEN = "open"  # its code waits for its device
    ENDED = "ended"  # nobody came while its code was good


class Refusal(NamedTuple):
    """A device that asked and was refused: `why` is the refusal's code."""

    store_id: StoreId
    kiosk_id: KioskId
    at: int
    why: str


class Awaited(NamedTuple):
    """A point that should have a kiosk: `at` is when it was refused, or when its code ends."""

    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    step: Step
    at: int
    why: str = ""


def awaited_of(
    codes: Iterable[JoinCode], refusals: Iterable[Refusal], now: int
) -> tuple[Awaited, ...]:
    """All of them, by store and point; `codes` come the newest first."""
    newest: dict[tuple[str, str], JoinCode] = {}
    for code in codes:
        newest.setdefault((code.store_id, code.kiosk_id), code)
    last: dict[tuple[str, str], Refusal] = {}
    for one in sorted(refusals, key=lambda one: one.at):
        last[one.store_id, one.kiosk_id] = one
    found = (_one(code, last.get(key), now) for key, code in newest.items())
    return tuple(sorted(one for one in found if one is not None))


def _one(code: JoinCode, refusal: Refusal | None, now: int) -> Awaited | None:
    place = code.store_id, code.point_id, code.kiosk_id
    since = max(code.made_at, code.used_at or 0, now - SHOWN_MS)
    if refusal is not None and refusal.at >= since:
        return Awaited(*place, Step.TURNED_AWAY, refusal.at, refusal.why)
    match code.state(now):
        case "open":
            return Awaited(*place, Step.OPEN, code.until)
        case "expired" if now - code.until < SHOWN_MS:
            return Awaited(*place, Step.ENDED, code.until)
    return None
