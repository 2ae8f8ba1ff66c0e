"""One calm scenario, in which the nth operation of a kind fails, once."""

from __future__ import annotations

from dataclasses import replace

from tests.simulation.line import PERFECT
from tests.simulation.scenario import Scenario, draw
from tests.simulation.simulation import Parts, Simulation

SEAMS = (
    "kiosk commit",
    "kiosk publish",
    "kiosk killed",
    "hub commit",
    "hub publish",
    "hub killed",
    "message up",
    "message down",
)
"""What can be made to fail; “killed” is a death before or after any operation of that program."""

SEED = 3
"""Any would do: of its scenario only the shoppers of the first kiosk are taken."""


def calm(visits: int = 6) -> Scenario:
    """Some shoppers at one register, and no fault at all."""
    drawn = draw(SEED)
    place = replace(drawn.places[0], settings=replace(drawn.places[0].settings, always_on=False))
    arrivals = [replace(one, kiosk=0) for one in drawn.arrivals[:visits]]
    return replace(
        drawn, places=(replace(place, quota=100_000),), arrivals=tuple(arrivals), strikes=(),
        kiosk_line=PERFECT, hub_line=PERFECT, synced=True,
    )  # fmt: skip


class FailingSimulation(Simulation):
    """Counts the operations of one kind; `failed` says whether there was an nth."""

    def __init__(self, scenario: Scenario, seam: str, nth: int, parts: Parts | None = None) -> None:
        super().__init__(scenario, parts or Parts())
        self.failed = False
        self._seam, self._left = seam, nth
        self.world.fails = self._fails

    def _fails(self, what: str) -> bool:
        if what != self._seam:
            return False
        self._left -= 1
        self.failed = self.failed or self._left == 0
        return self._left == 0
