"""Whether what was estimated agrees with what was then observed, of those who entered service."""

from __future__ import annotations

from typing import Final, NamedTuple

FADES: Final = 0.05
"""Each weighs so much: about the last twenty, because neighbours in a line share their fate."""

MOST_DRIFT: Final = 2.0
"""Deviations by which all the last ones missed on the same side: the estimate rests on something
that is not so, such as a register that nobody sees."""

LEAST_MS: Final = 60_000
"""A notice tells whole minutes: who steps up at once where a minute was estimated is no miss."""

ENOUGH: Final = 20
"""Fewer say nothing."""


class Agreement(NamedTuple):
    """The mean miss in standard deviations, its mean square, and of how many."""

    drift: float = 0.0
    square: float = 1.0
    known: int = 0

    @property
    def holds(self) -> bool:
        """Whether estimates and what then happened agree."""
        return self.known < ENOUGH or abs(self.drift) <= MOST_DRIFT


def compared(agreement: Agreement, waited: float, mean: float, deviation: float) -> Agreement:
    """Somebody waited so long, for whom so much was estimated."""
    miss = max(-5.0, min(5.0, (waited - mean) / max(deviation, LEAST_MS)))
    return Agreement(
        agreement.drift + FADES * (miss - agreement.drift),
        agreement.square + FADES * (miss * miss - agreement.square),
        agreement.known + 1,
    )
