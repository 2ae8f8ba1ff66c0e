"""How long after a fault the first receipt came, and how long from a tap to the thanks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.drills.faults import CABLES, Kind
from tests.drills.nemesis import Struck
from tests.drills.notebook import Notes
from tests.drills.seats import Seat

EVERYBODY = frozenset({"hub", "broker", "database"})
"""What strikes these strikes every kiosk."""


@dataclass
class Recoveries:
    """Milliseconds from the end of the last fault to the first receipt, by the kind of it."""

    by_kind: dict[str, list[int]] = field(default_factory=dict)
    never: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[int]:
        """Of every kind, in order."""
        return sorted(ms for each in self.by_kind.values() for ms in each)


def recoveries(
    seats: Iterable[Seat], notes: Notes, struck: Sequence[Struck], end: int
) -> Recoveries:
    """For every kiosk and every calm after a fault, if the calm lasted until a receipt.

    `end`: when the shoppers were sent home; from then on nothing needs a receipt.
    """
    found = Recoveries()
    for seat in seats:
        receipts = sorted(notes.receipts[seat.name])
        ours = sorted(
            (one for one in struck if one.target == seat.name or one.target in EVERYBODY),
            key=lambda one: one.began,
        )
        for number, one in enumerate(ours):
            if any(other.ended > one.ended for other in ours[:number]):
                continue  # something else still lasted
            until = ours[number + 1].began if number + 1 < len(ours) else end
            _calm(found, seat, one, receipts, until)
    return found


def _calm(found: Recoveries, seat: Seat, one: Struck, receipts: list[int], until: int) -> None:
    place = bisect_left(receipts, one.ended)
    if place < len(receipts) and receipts[place] <= until:
        found.by_kind.setdefault(one.kind.value, []).append(receipts[place] - one.ended)
    elif until - one.ended > LONGEST_MS[one.kind in SILENT]:
        found.never.append(f"{seat.name} got no receipt {until - one.ended} ms after {one.kind}")


SILENT = CABLES | {Kind.BLACK_HOLE}

LONGEST_MS = {False: 15_000, True: 25_000}
"""The goal; that nobody answers any more is noticed within ten seconds more."""


def percentile(ordered: Sequence[int], share: float) -> int:
    """The value below which that share lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
