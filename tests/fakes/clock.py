"""A clock that moves only when it is told to."""

from __future__ import annotations

from dataclasses import dataclass

from shared.moments import Moment

MORNING = 1_760_000_000_000
"""2025-10-09T08:53:20Z."""


@dataclass
class FakeClock:
    """Port `Clock`; `advance` passes time, the fields may be set as a test likes."""

    wall: int = MORNING
    boot: int = 10_000
    synced: bool = True
    boot_id: str = "b0" * 16

    def now(self) -> Moment:
        return Moment(self.wall, self.boot, self.synced)

    def advance(self, ms: int) -> Moment:
        self.wall += ms
        self.boot += ms
        return self.now()
