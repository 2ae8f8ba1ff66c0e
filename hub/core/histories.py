"""What happened to a kiosk: which words change that is worth a line, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from shared.notices import Status
from shared.places import KioskId, StoreId

KEPT_DAYS: Final = 180
"""Half a year: long enough to see that the same kiosk fails every summer month."""

MOST_KEPT: Final = 500
"""Lines of one kiosk: one that comes and goes every minute does not fill the table."""

LONGEST: Final = 200


class Kind(StrEnum):
    """What can happen."""

    ENROLLED = "enrolled"
    JOINED = "joined"
    MOVED = "moved"
    RETIRED = "retired"
    RENEWED = "renewed"
    REVOKED = "revoked"
    TURNED_AWAY = "turned_away"  # a device asked to be it, and was refused
    QUARANTINED = "quarantined"
    VERSION = "version"
    CAME = "came"
    WENT = "went"
    ALARM = "alarm"
    MENDED = "mended"
    COMMAND = "command"
    ANSWERED = "answered"


class Happening(NamedTuple):
    """Something that happened, with one word or a short sentence about it."""

    at: int
    kind: Kind
    detail: str = ""


def between(before: Status | None, after: Status, at: int) -> list[Happening]:
    """What happened between two statuses of one kiosk."""
    told: list[Happening] = []
    if before is None or before.presence is not after.presence:
        told.append(Happening(at, Kind.CAME if after.presence == "online" else Kind.WENT))
    if before is None or before.version != after.version:
        told.append(Happening(at, Kind.VERSION, after.version))
    had = set() if before is None else set(before.alarms)
    told += [Happening(at, Kind.ALARM, code) for code in sorted(set(after.alarms) - had)]
    told += [Happening(at, Kind.MENDED, code) for code in sorted(had - set(after.alarms))]
    return told


class Histories(Protocol):
    """Where they are read. Every method may raise ArchiveError."""

    def history(self, store: StoreId, kiosk: KioskId, most: int) -> Sequence[Happening]:
        """What happened to a kiosk, newest first."""
