"""The demo's three stores, their registers, and how their shoppers feel at which hour."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from shared.places import KioskId, PointId, StoreId
from shared.visits import Face

OPENS, CLOSES = 9, 21

_ZONES = (
    "Europe/Madrid",
    "America/Mexico_City",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Canary",
    "Europe/Lisbon",
    "America/Bogota",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Pacific/Auckland",
    "Australia/Adelaide",
    "Asia/Manila",
    "Asia/Kathmandu",
    "Asia/Dubai",
)

_BEST_HOUR = 17.5
"""The demo is nicest late in the afternoon: enough has happened, and the evening rush is on."""


class Lines(Enum):
    """How people stand in line in a store, and who counts them."""

    ONE = "one line for all registers, with a counter over it"
    LANES = "a lane before each register, with a counter over all of them"
    UNCOUNTED = "one line for all registers, and nobody counts"


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A store with its registers `caja-1` … and one kiosk at each.

    `pace` is how many seconds lie between two sales of a register while the demo runs.
    """

    store_id: StoreId
    name: str
    zone: str
    registers: int
    mood: float
    lines: Lines
    pace: float

    @property
    def points(self) -> list[PointId]:
        """The registers, in order."""
        return [PointId(f"caja-{number}") for number in range(1, self.registers + 1)]

    def kiosk_at(self, point: PointId) -> KioskId:
        """The kiosk that stands there."""
        return KioskId(f"k-{self.store_id.rpartition('-')[2]}-{int(point[5:]):02}")

    @property
    def running(self) -> list[PointId]:
        """The registers that sell while the demo runs: enough to see, light enough to run."""
        return self.points if self.lines is Lines.ONE else self.points[:2]


def demo_stores(now: datetime) -> list[DemoStore]:
    """Three stores in zones where it is afternoon just now, so that there is something to see."""
    by_hour = sorted(_ZONES, key=lambda zone: abs(_local_hour(now, zone) - _BEST_HOUR))
    return [
        DemoStore(StoreId("centro-012"), "Mercado Centro", by_hour[0], 6, 0.0, Lines.ONE, 40),
        DemoStore(StoreId("norte-007"), "Mercado Norte", by_hour[1], 4, 0.04, Lines.LANES, 12),
        DemoStore(StoreId("playa-021"), "Mercado Playa", by_hour[2], 3, -0.05, Lines.UNCOUNTED, 12),
    ]


def _local_hour(now: datetime, zone: str) -> float:
    there = now.astimezone(ZoneInfo(zone))
    return there.hour + there.minute / 60


REASONS = ("wait", "service", "products", "prices", "cleanliness", "other")

_SALES_AN_HOUR = (14, 18, 24, 32, 30, 22, 18, 20, 36, 34, 24, 12)
"""By trading hour from nine o'clock: a supermarket's two peaks."""


def sales_an_hour(hour: int, weekday: int) -> int:
    """How many sales one register makes in this hour of this weekday (0 is Monday)."""
    if not OPENS <= hour < CLOSES:
        return 0
    weekend = 1.3 if weekday >= 5 else 1.0
    return round(_SALES_AN_HOUR[hour - OPENS] * weekend)


@dataclass(frozen=True, slots=True)
class Shopper:
    """What one shopper will do when asked: a face or nothing, and perhaps a reason."""

    face: Face | None
    reason: str | None
    skips: bool


def shopper(rng: random.Random, store: DemoStore, point: PointId, hour: int) -> Shopper:
    """Somebody at this register in this hour; busy hours and register 3 make people sadder."""
    chance = rng.random()
    if chance > 0.34:
        return Shopper(None, None, skips=chance < 0.39)
    busy = hour in (13, 17, 18)
    happy = 0.72 + store.mood - 0.10 * busy + {"caja-3": -0.13, "caja-5": 0.11}.get(point, 0.0)
    sad = 0.10 - store.mood / 2 + 0.07 * busy + {"caja-3": 0.07, "caja-5": -0.05}.get(point, 0.0)
    felt = rng.random()
    face = Face.HAPPY if felt < happy else Face.SAD if felt > 1 - sad else Face.NEUTRAL
    return Shopper(face, _reason(rng, face, busy), skips=False)


def _reason(rng: random.Random, face: Face, busy: bool) -> str | None:
    if rng.random() > (0.25 if face is Face.HAPPY else 0.6):
        return None
    if face is Face.HAPPY:
        return rng.choices(REASONS, (1, 6, 5, 2, 2, 1))[0]
    return rng.choices(REASONS, (12 if busy else 4, 3, 4, 3, 1, 2))[0]
