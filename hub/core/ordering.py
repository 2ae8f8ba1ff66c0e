"""Commands on their way: who was told what, by whom, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.core.accounts import Note
from hub.core.fleet import KioskKey
from shared.commands import Answer, Command, Order
from shared.places import KioskId, StoreId

BEGUN: Final = "begun"
"""What a kiosk answers while it is at it."""

LATE: Final = "late"
"""What becomes of a command that nobody answered in time."""

LASTS_MS: Final[Mapping[Order, int]] = {
    Order.IDENTIFY: 2 * 60_000,  # whoever looks for it stands in the store now
    Order.RESTART: 3_600_000,
    Order.REBOOT: 3_600_000,
    Order.COLLECT: 24 * 3_600_000,
    Order.RENEW: 24 * 3_600_000,
    Order.UPDATE: 7 * 24 * 3_600_000,  # a store may be closed for a week
    Order.ROLL_BACK: 24 * 3_600_000,
}
"""How long each is good for: nothing is done on a Monday because somebody wished it last week."""

GRACE_MS: Final = 5 * 60_000
"""It may be carried out in the last moment, and answered a little later."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A command that was given to a kiosk."""

    store_id: StoreId
    kiosk_id: KioskId
    command: Command
    user: str
    made_at: int
    outcome: str | None = None
    answered_at: int | None = None

    @property
    def who(self) -> KioskKey:
        """To whom it was given."""
        return KioskKey(self.store_id, self.kiosk_id)

    @property
    def pending(self) -> bool:
        """Whether it is still on its way, or being carried out."""
        return self.outcome in (None, BEGUN)


class OrderBook(Protocol):
    """The commands in the hub's database. Every method may raise ArchiveError."""

    def order(self, sent: Sequence[Sent], note: Note) -> None:
        """Keep them, with a line in each kiosk's history, in one transaction."""

    def pending(self, now: int) -> Mapping[KioskKey, Command]:
        """The oldest of each kiosk that is neither answered nor late."""

    def ended(self, since: int) -> Collection[KioskKey]:
        """Whose commands ended since then: the broker may still keep one."""

    def answered(self, answers: Mapping[KioskKey, Sequence[Answer]], at: int) -> int:
        """Note what became of them; of what is unknown nothing, once each; returns how many."""

    def expire(self, now: int) -> int:
        """Let those that nobody answered in time be late; returns how many."""

    def outcomes(self, ids: Collection[str]) -> Mapping[str, str | None]:
        """What became of these."""

    def of_kiosk(self, store: StoreId, kiosk: KioskId, most: int) -> Sequence[Sent]:
        """The last ones of a kiosk, newest first."""
