"""For each safeguard: the first seed at which the judge notices that it is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.simulation.simulation import simulate
from tests.simulation.variants import Variant
from tests.simulation.world import Violation

MOST_SEEDS = 2_000


@dataclass(frozen=True)
class Bite:
    """Where it was noticed, and how."""

    seed: int
    why: str


def first_bite(variant: Variant, seeds: Iterable[int] = range(MOST_SEEDS)) -> Bite | None:
    """The first seed that fails without the safeguard; None where all pass."""
    for seed in seeds:
        try:
            with variant.around():
                simulate(seed, variant.parts)
        except Violation as fault:
            return Bite(seed, str(fault))
    return None
