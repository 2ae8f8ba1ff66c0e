"""How many shoppers usually join a line in each quarter of an hour of the week.

What came while somebody counted is added up as it was; where nobody counts, sales stand for
arrivals, a wait late. Older weeks fade. Quarters are drawn towards their neighbours and towards the
same quarter of other days, so that the first week knows something already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

QUARTER_MS: Final = 15 * 60_000
QUARTERS_A_DAY: Final = 96
QUARTERS: Final = 7 * QUARTERS_A_DAY

WEEK_FADES: Final = 0.8
"""What a week still weighs in the next: five weeks count, which is a season's change."""

OTHER_DAYS: Final = 0.2
"""What the same quarter of another weekday weighs beside the own."""

NEIGHBOUR: Final = 0.25
"""What the quarter before and after weighs: they share part of a peak."""


class Seen(NamedTuple):
    """So many came in so many ms."""

    came: float = 0.0
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Usual:
    """What came in each quarter of the week."""

    seen: Mapping[int, Seen] = field(default_factory=dict)

    def learned(self, at: int, came: float, ms: float) -> Usual:
        """So many came in so many ms of the quarter that begins at `at`; the week before fades."""
        place = quarter_of(at)
        old = self.seen.get(place, Seen())
        new = Seen(WEEK_FADES * old.came + max(0.0, came), WEEK_FADES * old.ms + ms)
        return Usual({**self.seen, place: new})

    def rate(self, at: int) -> float | None:
        """Shoppers per ms at this instant; None where nothing is known of such a time of day."""
        came = ms = 0.0
        place = quarter_of(at)
        for near, weight in ((-1, NEIGHBOUR), (0, 1.0), (1, NEIGHBOUR)):
            for day in range(7):
                cell = (place + near + day * QUARTERS_A_DAY) % QUARTERS
                seen = self.seen.get(cell)
                if seen is not None:
                    own = weight if day == 0 else weight * OTHER_DAYS
                    came, ms = came + own * seen.came, ms + own * seen.ms
        return came / ms if ms > 0 else None


def quarter_of(at: int) -> int:
    """Which quarter of the week (from Thursday on, as 1970 began) an instant lies in.

    `at` is by the store's own clocks, as everywhere on this page: a week begins by them.
    """
    return at // QUARTER_MS % QUARTERS
