"""A true time that outlives a restart of the program: the machine's own clock goes on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from shared.errors import WordError
from shared.moments import Moment, check_boot_id, check_instant

TRUE_TIME: Final = "true-time"
"""The name under which an outbox remembers it."""


@dataclass(frozen=True, slots=True)
class TrueTime:
    """When this start of the machine was, by a true time: ms since 1970."""

    boot_id: str
    started: int

    def __post_init__(self) -> None:
        check_boot_id(self.boot_id)
        check_instant(self.started, "a start of the machine")

    @classmethod
    def known(cls, boot_id: str, at: Moment, true: int) -> Self:
        """By what was known once: at this moment it truly was `true`; may raise WordError."""
        return cls(boot_id, true - at.boot)

    def at(self, boot_id: str, now: Moment) -> int | None:
        """The true time of this moment; None after another start, for nobody counted between."""
        return self.started + now.boot if boot_id == self.boot_id else None

    def kept(self) -> bytes:
        """As the outbox remembers it."""
        return f"{self.boot_id} {self.started}".encode()


def true_time_recalled(kept: bytes | None) -> TrueTime | None:
    """What the outbox remembered; None where it is none, or cannot be read."""
    boot_id, _, started = (kept or b"")[:100].decode(errors="replace").partition(" ")
    try:
        return TrueTime(boot_id, int(started))
    except (ValueError, WordError):
        return None
