"""A kiosk's clock: a boot clock that never jumps, and a wall clock that may say anything."""

from __future__ import annotations

from typing import NamedTuple

from shared.moments import LATEST_WALL_MS, Moment
from tests.simulation.world import World


class Reading(NamedTuple):
    """What really was when something happened; for the notebook, never for the programs."""

    true: int
    boot_id: str
    boot: int
    synced: bool
    right: bool


class KioskClock:
    """Port `Clock`. `offset` is what the wall clock is ahead of true time (ms)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.offset = 0
        self.synced = True
        self.boots: dict[str, int] = {}  # boot id → true time at boot clock 0
        self.boot_id = ""
        self.restart()

    def restart(self) -> None:
        """The machine boots: the boot clock begins anew."""
        self.boot_id = f"{self._world.dice.getrandbits(128):032x}"
        self.boots[self.boot_id] = self._world.true - self._world.dice.randrange(5_000, 30_000)

    def forget(self) -> None:
        """No battery: the wall clock begins in 1970 and knows that it knows nothing."""
        self.offset = -self._world.true
        self.synced = False

    def step(self, offset: int, *, synced: bool) -> None:
        """Somebody sets the wall clock."""
        self.offset, self.synced = offset, synced

    def now(self) -> Moment:
        """This instant, as the kiosk sees it."""
        true = self._world.true
        wall = min(max(0, true + self.offset), LATEST_WALL_MS)
        return Moment(wall, true - self.boots[self.boot_id], self.synced)

    def reading(self) -> Reading:
        """This instant, as it is."""
        true = self._world.true
        boot = true - self.boots[self.boot_id]
        return Reading(true, self.boot_id, boot, self.synced, abs(self.offset) <= 1)
