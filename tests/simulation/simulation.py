"""Lets one scenario happen from beginning to end, and has it judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hub.core.ports import Point, Store
from tests.simulation.broker import SimBroker
from tests.simulation.disk import SimArchive
from tests.simulation.equipment import KioskParts
from tests.simulation.hub import HubMachine, HubParts
from tests.simulation.judge import Judge
from tests.simulation.kiosk import Machine
from tests.simulation.nemesis import Nemesis
from tests.simulation.scenario import MOST_VISITS, ZONES, Scenario, draw
from tests.simulation.shopper import Shopper
from tests.simulation.stroller import Stroller, judge_walks
from tests.simulation.witness import Witness
from tests.simulation.world import Violation, World

PATIENCE_MS = 900_000
"""After everything healed; a refused kiosk alone waits half a minute before it tries again."""

LOOK_MS = 250


@dataclass(frozen=True)
class Parts:
    """The programs of one simulation; a variant replaces a part of them."""

    kiosk: KioskParts = field(default_factory=KioskParts)
    hub: HubParts = field(default_factory=lambda: HubParts(SimArchive))


@dataclass(frozen=True)
class Result:
    """What one simulation came to."""

    seed: int
    visits: int
    walks: int
    thanked: int
    records: int
    lost: int
    recovery_ms: int
    faults: Counter[str]


def simulate(
    seed: int,
    parts: Parts | None = None,
    tell: Callable[[str], None] | None = None,
    visits: int = MOST_VISITS,
) -> Result:
    """Let the scenario of this seed happen; raises Violation where a law did not hold."""
    return Simulation(draw(seed, visits=visits), parts or Parts(), tell).run()


class Simulation:
    """All machines, and the world in which they stand."""

    def __init__(
        self, scenario: Scenario, parts: Parts, tell: Callable[[str], None] | None = None
    ) -> None:
        self.scenario = scenario
        self.world = World(scenario.seed, scenario.start, tell)
        self.broker = SimBroker(self.world)
        self.database = parts.hub.database()
        witness = Witness(self.world, self.database)
        self.hub = HubMachine(
            self.world, self.broker, scenario.hub_line, parts.hub, self.database, witness
        )
        self.machines = [
            Machine(self.world, self.broker, place, scenario.kiosk_line, parts.kiosk, witness)
            for place in scenario.places
        ]
        self.shoppers: list[Shopper] = []
        self.strollers: list[Stroller] = []
        self._furnish()
        self._nemesis = Nemesis(self.world, self.broker, self.hub, self.machines)

    def run(self) -> Result:
        """From the first shopper to the judge."""
        world, scenario = self.world, self.scenario
        self.hub.start()
        for machine in self.machines:
            if not scenario.synced:
                machine.clock.forget()
            machine.start()
        for number, arrival in enumerate(scenario.arrivals):
            machine = self.machines[arrival.kiosk]
            till = not machine.place.settings.always_on
            shopper = Shopper(world, machine, number, sale=till)
            self.shoppers.append(shopper)
            world.at(arrival.at, shopper.arrive)
        for number, stroll in enumerate(scenario.strolls):
            stroller = Stroller(world, self.machines[stroll.kiosk], number)
            self.strollers.append(stroller)
            world.at(stroll.at, stroller.arrive)
        for strike in scenario.strikes:
            world.at(strike.at, self._nemesis.strike, strike)
        world.run(scenario.ends)
        recovery = self._recover()
        found = self.database.found()
        Judge(found, self.machines, self.shoppers, ZONES).judge()
        walks = judge_walks(found, self.strollers)
        if any(machine.outbox.open_visit() is not None for machine in self.machines):
            raise Violation("nobody is there, and a visit stands open on a card")
        return Result(
            seed=scenario.seed,
            visits=len(self.shoppers),
            walks=walks,
            thanked=sum(one.thanked is not None for one in self.shoppers),
            records=len(found.records),
            lost=sum(ledger.lost for ledger in found.ledgers.values()),
            recovery_ms=recovery,
            faults=world.faults,
        )

    def _recover(self) -> int:
        """Heal, and wait until nothing is owed; how long that took (ms)."""
        self._nemesis.heal()
        began = self.world.now
        while not self._is_drained():
            if self.world.now > began + PATIENCE_MS:
                raise Violation("it does not drain: " + "; ".join(self._owed()))
            self.world.run(self.world.now + LOOK_MS)
        return self.world.now - began

    def _is_drained(self) -> bool:
        hub = self.hub.run
        if hub is None or not hub.idle:
            return False
        for machine in self.machines:
            held = machine.outbox.held()
            if held.owed or machine.run is None or not machine.run.idle:
                return False
            if machine.run.is_visited:
                return False
        return True

    def _owed(self) -> list[str]:
        """Who still waits, and for what."""
        owed = ["the hub has work"] if self.hub.run is None or not self.hub.run.idle else []
        for machine in self.machines:
            held = machine.outbox.held()
            if held.owed:
                owed.append(f"{machine.name} owes {held.received + 1} to {held.last}")
            elif machine.run is None or not machine.run.idle or machine.run.is_visited:
                owed.append(f"{machine.name} is busy")
        return owed

    def _furnish(self) -> None:
        archive = self.database
        for store, zone in ZONES.items():
            archive.add_store(Store(store, store.title(), zone), at=1)
        for machine in self.machines:
            place = machine.place
            archive.add_point(Point(place.store, place.point, place.point))
            archive.enrol_kiosk(place.kiosk, place.store, at=1)
            settings = replace(place.settings, serial=10)
            self.hub.programmes.each[place.store, place.kiosk] = settings
