"""What a kiosk owes the hub besides visits, sales and responses, and the union of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import WordError
from shared.moments import Moment, check_boot_id
from shared.questionnaires import Response
from shared.sales import Sale
from shared.visits import Visit


class AnchorCause(StrEnum):
    """Why a kiosk wrote an anchor."""

    SYNCHRONISED = "synchronised"
    STEPPED = "stepped"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pair of readings that ties the boot clock of one boot to true time.

    At boot time `boot` of the boot `boot_id`, true time was `true` (ms since 1970, UTC), while the
    kiosk's wall clock said `wall` just before. The true time of any other instant of that boot is
    then `true - (boot - other.boot)`.
    """

    boot_id: str
    boot: int
    true: int
    wall: int
    cause: AnchorCause

    def __post_init__(self) -> None:
        check_boot_id(self.boot_id)
        Moment(self.true, self.boot, True)
        Moment(self.wall, self.boot, True)


class LossCause(StrEnum):
    """Why records are gone."""

    QUOTA = "quota"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss notice: the records `first` to `last` of this epoch are gone, and what they were.

    The counts are by kind, and for visits by what came of them.
    """

    first: int
    last: int
    cause: LossCause
    sad: int = 0
    neutral: int = 0
    happy: int = 0
    unanswered: int = 0
    sales: int = 0
    others: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last < 2**63:
            raise WordError(f"a loss from {self.first} to {self.last}")
        counted = (self.sad, self.neutral, self.happy, self.unanswered, self.sales, self.others)
        if min(counted) < 0 or sum(counted) > self.last - self.first + 1:
            raise WordError("a loss notice that counts more than was lost")


Record = Visit | Sale | Response | Anchor | Loss
"""Anything a kiosk owes the hub."""
