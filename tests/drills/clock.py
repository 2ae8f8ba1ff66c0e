"""A kiosk's clock that the nemesis can set, and a machine that it can seem to restart."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path

from shared.moments import LATEST_WALL_MS, Moment

_LOOKS_EVERY_MS = 20
"""A clock that is set is noticed after at most so long; reading a file each time costs more."""


def true_ms() -> int:
    """True time, as the drill and its hub have it (ms since 1970, UTC)."""
    return time.time_ns() // 1_000_000


def _uptime_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """How one kiosk's clock stands: `ahead` is what its wall clock is wrong by (ms)."""

    boot_id: str
    booted: int
    ahead: int = 0
    synced: bool = True

    def write(self, file: Path) -> None:
        """Let the kiosk have this clock, whole or not at all."""
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{self.boot_id} {self.booted} {self.ahead} {int(self.synced)}")
        fresh.replace(file)

    def stepped(self, ahead: int, *, synced: bool) -> Setting:
        """The same boot, and another wall clock."""
        return replace(self, ahead=ahead, synced=synced)


def booted(ahead: int = 0, *, synced: bool = True) -> Setting:
    """The clock of a machine that has just started."""
    return Setting(secrets.token_hex(16), _uptime_ms() - 10_000, ahead, synced)


def read(file: Path) -> Setting:
    """What stands in the file."""
    boot_id, since, ahead, synced = file.read_text().split()
    return Setting(boot_id, int(since), int(ahead), synced == "1")


class DrillClock:
    """Port `Clock`: the machine's, moved by what the file says."""

    def __init__(self, file: Path, *, mark: int = 0) -> None:
        """`mark` is passed over: a drill's clock is as wrong as the nemesis sets it."""
        self._file = file
        self._setting = read(file)
        self._looked = 0

    @property
    def boot_id(self) -> str:
        """Of the boot that the nemesis wants."""
        return self._setting.boot_id

    def now(self) -> Moment:
        """This instant."""
        uptime = _uptime_ms()
        if uptime - self._looked >= _LOOKS_EVERY_MS:
            self._setting, self._looked = read(self._file), uptime
        setting = self._setting
        wall = min(max(true_ms() + setting.ahead, 0), LATEST_WALL_MS)
        return Moment(wall, uptime - setting.booted, setting.synced)
