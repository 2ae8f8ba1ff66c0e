"""What a kiosk says about itself: the status, from what the courier knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.core.ports import Held
from shared.moments import Moment
from shared.notices import Presence, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything in a status that is not read from the outbox or the clock."""

    version: str
    connection: int = 1
    settings_serial: int = 0
    refused_seen: int = 0  # as last told; the outbox knows
    alarms: frozenset[str] = frozenset()

    def alarmed(self, *codes: str) -> Standing:
        """The same with these alarms raised."""
        return replace(self, alarms=self.alarms | set(codes))

    def mended(self, *codes: str) -> Standing:
        """The same with these alarms taken back."""
        return replace(self, alarms=self.alarms - set(codes))

    def status(self, presence: Presence, held: Held, now: Moment) -> Status:
        """The word to publish now, or to leave with the broker as last will."""
        return Status(
            epoch=held.epoch,
            connection=self.connection,
            presence=presence,
            version=self.version,
            at=now.wall,
            held_from=held.oldest,
            held_to=held.last,
            received=held.received,
            again=held.again,
            settings_serial=self.settings_serial,
            refused_seen=held.refused_seen,
            synced=now.synced,
            alarms=tuple(sorted(self.alarms)),
        )
