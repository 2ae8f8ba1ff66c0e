"""From a tap to its thanks: while a fault of the net stood, and while all was calm, in one run.

A machine under load is slow for both, so their ratio is what a fault of the net costs a shopper.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from tests.drills.faults import CABLES, Kind
from tests.drills.nemesis import Struck
from tests.drills.notebook import Notes, Shopper
from tests.drills.recovery import EVERYBODY

NET: Final = frozenset(
    {Kind.DELAY, Kind.TRICKLE, Kind.BLACK_HOLE, Kind.RESET, Kind.TRUNCATE, Kind.CUT, Kind.FLAP}
    | CABLES
)

CALM: Final = "calm"
OTHER: Final = "other faults"
"""Deaths, clocks, storage: a tap there is no measure of the net."""

WINDOW: Final = "a real window"
"""A finger stays 80 ms on it, and it is drawn without a graphics card: no measure of the net."""

AFTERMATH_MS: Final = 2_000
"""A bite waits for the next packet, and who was killed or cut off must come back."""

Waits = dict[str, Counter[int]]
"""By what stood (a fault of the net, or a word above): how many waited so many milliseconds."""


@dataclass(frozen=True)
class Spread:
    """What a heap of waits says (ms)."""

    count: int
    p50: int
    p99: int
    longest: int


def spread(waits: Mapping[int, int]) -> Spread:
    """Exact, for nothing was rounded but the milliseconds."""
    if not waits:
        return Spread(0, 0, 0, 0)
    values = sorted(waits)
    upto = list(accumulate(waits[value] for value in values))

    def at(share: float) -> int:
        return values[bisect_left(upto, share * upto[-1])]

    return Spread(upto[-1], at(0.5), at(0.99), values[-1])


def together(heaps: Iterable[Mapping[int, int]]) -> Counter[int]:
    """All of them as one."""
    total: Counter[int] = Counter()
    for heap in heaps:
        total.update(heap)
    return total


def waits(notes: Notes, struck: Sequence[Struck]) -> Waits:
    """Every tap that was thanked, under each fault of the net that stood meanwhile."""
    by_target: dict[str, list[Struck]] = {}
    for one in struck:
        by_target.setdefault(one.target, []).append(one)
    found: Waits = {}
    for shopper in notes.thanked:
        if shopper.tapped is None or shopper.waited is None:
            continue
        stood = _stood(shopper.tapped, shopper.waited, _on(shopper, by_target))
        for what in {WINDOW} if shopper.seat.manner.window else stood:
            found.setdefault(what, Counter())[shopper.waited] += 1
    return found


def _on(shopper: Shopper, by_target: dict[str, list[Struck]]) -> Iterable[Struck]:
    for target in (shopper.seat.name, *EVERYBODY):
        yield from by_target.get(target, ())


def _stood(tapped: int, waited: int, struck: Iterable[Struck]) -> set[str]:
    kinds = {
        one.kind
        for one in struck
        if one.began <= tapped + waited and tapped <= one.ended + AFTERMATH_MS
    }
    if kinds - NET:
        return {OTHER}
    return {kind.value for kind in kinds} or {CALM}
