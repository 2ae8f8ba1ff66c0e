"""What one sitting of the intake does to one ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.core.ledger import Ledger
from hub.core.ports import LedgerKey
from hub.core.settling import Reading, Site
from shared.deliveries import Batch
from shared.records import Anchor
from shared.topics import Topic


@dataclass(slots=True)
class Account:
    """What one sitting does to one ledger."""

    key: LedgerKey
    number: int | None
    ledger: Ledger
    held_before: int
    site: Site | None = None
    readings: list[Reading] = field(default_factory=list)
    lost: list[tuple[int, int]] = field(default_factory=list)
    refused: int = 0
    refused_seen: int = 0
    problem: str | None = None

    @property
    def anchors(self) -> list[Anchor]:
        """The anchors that came, in order."""
        return [anchor for reading in self.readings for anchor in reading.anchors]


def key_of(topic: Topic, batch: Batch) -> LedgerKey:
    """Whose ledger a batch is of."""
    return LedgerKey(topic.store_id, topic.kiosk_id, batch.epoch)


def duplicates_in(batch: Batch, ledger: Ledger) -> int:
    """How many of its records the ledger holds already."""
    return max(0, min(batch.last, ledger.held) - batch.first + 1)
