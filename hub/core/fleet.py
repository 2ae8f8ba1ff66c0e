"""How the kiosks are: which status counts as the newest, and what is shown of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from hub.core.ailing import Sick
from hub.core.awaiting import Awaited
from hub.core.histories import Happening
from hub.core.silence import Silence
from shared.health import Health
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId

_HIDING = frozenset({"damaged", "storage"})
"""Alarms of a kiosk that cannot say what it holds."""


NOTHING: Final[Mapping[KioskKey, Sequence[Happening]]] = MappingProxyType({})


class KioskKey(NamedTuple):
    """Which kiosk: in its store, which is how the broker knows it."""

    store_id: StoreId
    kiosk_id: KioskId


@dataclass(frozen=True, slots=True)
class LastWord:
    """What a kiosk last said about itself, and when the hub heard it (ms since 1970)."""

    status: Status
    seen_at: int


class HeardHealth(NamedTuple):
    """How a device is, and when the hub heard it; `retained` where the broker had kept it."""

    health: Health
    at: int
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """What tells a late status from a new one; `connections` is the highest number per epoch."""

    last: LastWord | None = None
    connections: Mapping[str, int] = field(default_factory=dict)


def is_news(status: Status, memory: Memory) -> bool:
    """Whether this status says how the kiosk is now.

    A broker may hand over the will of a connection long after the next one stands, or what a
    removed card once retained. So a higher connection number of its epoch always counts, a lower
    one never, and an equal one only while that connection has not ended.
    """
    highest = memory.connections.get(status.epoch, 0)
    if status.connection != highest or memory.last is None:
        return status.connection > highest
    last = memory.last.status
    ended = last.presence is Presence.OFFLINE and status.presence is Presence.ONLINE
    return last.epoch == status.epoch and not ended


@dataclass(frozen=True, slots=True)
class FleetView:
    """One kiosk as the dashboard and the API show it; instants are ms since 1970, UTC.

    `presence` is None, like all that comes from a status, where the kiosk never spoke. `held` is
    how many of its seqs the hub has settled: received, lost for ever, or refused. With a `silence`
    sales arrive at its point and nobody touches it. `health` is how its device is, by its own word
    of `health_at`; `ailments` are those of which somebody is told.
    """

    store_id: StoreId
    kiosk_id: KioskId
    point_id: PointId | None
    presence: Presence | None
    last_seen: int | None
    version: str | None
    unsent: int | None
    held: int
    lost: int
    refused: int
    alarms: tuple[str, ...]
    synced: bool | None
    settings_serial: int | None
    silence: Silence | None = None
    health: Health | None = None
    health_at: int | None = None
    ailments: tuple[Sick, ...] = ()

    @property
    def received(self) -> int:
        """How many of its records the hub has stored."""
        return self.held - self.lost - self.refused


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a kiosk may still hold: `unsent` by its last word, less what the hub has settled."""

    unsent: int
    presence: Presence
    seen_at: int
    alarms: tuple[str, ...] = ()

    @property
    def why(self) -> str | None:
        """Why it should not go yet, to be said after its name; None where nothing stays behind."""
        if self.unsent:
            return f"still holds {self.unsent} records that have not come, by its last word"
        if hidden := sorted(_HIDING & set(self.alarms)):
            return f"has the alarm {hidden[0]}; what its card holds nobody here knows"
        if self.presence is Presence.ONLINE:
            return None
        seen = datetime.fromtimestamp(self.seen_at / 1_000, UTC)
        return f"is not connected; what it kept since {seen:%Y-%m-%d %H:%M} UTC nobody here knows"


@dataclass(frozen=True, slots=True)
class LatestPulse:
    """The *now* of a point, as its kiosk last told it."""

    point_id: PointId
    at: int
    open: bool
    heard_at: int


class FleetArchive(Protocol):
    """What the fleet asks of the hub's database. Every method may raise ArchiveError."""

    def kiosks(self) -> Collection[KioskKey]:
        """All kiosks that are enrolled and not retired."""

    def retired(self) -> Collection[KioskKey]:
        """All kiosks that took part once."""

    def memories(self, who: Collection[KioskKey]) -> dict[KioskKey, Memory]:
        """What these said before; those that never spoke are left out."""

    def remember(
        self,
        words: Mapping[KioskKey, LastWord],
        happened: Mapping[KioskKey, Sequence[Happening]] = NOTHING,
    ) -> None:
        """Keep these as the last words, and what they say that happened, in one transaction."""

    def keep_health(self, words: Mapping[KioskKey, HeardHealth]) -> None:
        """Keep how these devices are; what says the same again keeps the time of the first."""

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        """All kiosks (of these stores), by store and name; retired ones are left out."""

    def awaited(self, stores: Collection[StoreId] | None, now: int) -> Sequence[Awaited]:
        """Which points (of these stores) should have a kiosk, and have none that was let in."""

    def online(self) -> int:
        """How many say that they are online."""
