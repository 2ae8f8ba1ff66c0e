"""The hub: a machine with a database, and the real intake, consumer and announcer on it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from hub.adapters.consumer import Consumer
from hub.adapters.inbox import Inbox, Letter
from hub.adapters.tidying import NoLog
from hub.announcer import Announcer
from hub.intake import Intake
from shared.backoff import wait_ms
from shared.deliveries import Receipt
from shared.errors import ArchiveError, LedgerMoved, WireError
from shared.notices import KioskSettings
from shared.places import KioskId, StoreId
from shared.topics import Channel, read_topic
from shared.wire import decode, decode_batch
from tests.fakes.metrics import FakeMetrics
from tests.fakes.programmes import FakeProgrammes
from tests.simulation.broker import SimBroker
from tests.simulation.disk import Database, away
from tests.simulation.line import Line, Quality
from tests.simulation.world import Actor, Crash, World

AT_ONCE = 50
"""Letters in one transaction; the real bound is 500, and seldom met with so few kiosks."""


class Hearing(Protocol):
    """The judge's ear."""

    def acknowledged(self, payload: bytes, topic: str) -> None:
        """The hub told the broker that it has this."""


class SimProgrammes(FakeProgrammes):
    """Each kiosk has its own settings; a higher serial makes them news."""

    def __init__(self) -> None:
        super().__init__()
        self.each: dict[tuple[StoreId, KioskId], KioskSettings] = {}

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        return [(store, kiosk, one.serial) for (store, kiosk), one in self.each.items()]

    def settings_of(self, store_id: StoreId) -> Mapping[KioskId, KioskSettings]:
        return {kiosk: one for (store, kiosk), one in self.each.items() if store == store_id}

    def ask_longer(self) -> None:
        """Ask a little longer, everywhere."""
        for key, one in self.each.items():
            self.each[key] = replace(one, serial=one.serial + 1, ask_seconds=one.ask_seconds + 1)


def told(topic: str, payload: bytes) -> str:
    """A message for the event log."""
    to = read_topic(topic)
    try:
        if to.channel is Channel.RECORDS:
            batch = decode_batch(payload)
            held = f"from {batch.oldest}" if batch.oldest != batch.first else ""
            return f"{to.kiosk_id} {batch.epoch[:4]} {batch.first} to {batch.last} {held}"
        if to.channel is Channel.RECEIPT:
            receipt = decode(Receipt, payload)
            problem = receipt.problem or ""
            return f"{to.kiosk_id} {receipt.epoch[:4]} held up to {receipt.upto} {problem}"
    except WireError as fault:
        return f"{to.kiosk_id} something unreadable: {fault}"
    return f"{to.kiosk_id} {to.channel.value}"


@dataclass(frozen=True)
class HubParts:
    """What a program is made of; a variant replaces one."""

    database: Callable[[], Database]
    intake: type[Intake] = Intake
    consumer: type[Consumer] = Consumer


class HubMachine:
    """The hardware; `run` is the program on it, None while it is down."""

    def __init__(
        self, world: World, broker: SimBroker, quality: Quality, parts: HubParts,
        database: Database, judge: Hearing,
    ) -> None:  # fmt: skip
        self.world, self.broker, self.parts, self.judge = world, broker, parts, judge
        self.line = Line(world, quality)
        self.programmes = SimProgrammes()
        self.database = database
        self.database.step = self.step
        self.run: HubRun | None = None
        self.locked = False
        self.moving = 0.0  # how probable it is that a ledger moved meanwhile
        self.doom: int | None = None

    def start(self) -> None:
        """Start the program, if it does not run."""
        if self.run is None:
            self.world.note("hub", "starts")
            self.run = HubRun(self)
            self.run.knock()

    def die(self) -> None:
        """The program dies; what was committed stays."""
        if self.run is not None:
            self.world.note("hub", "dies")
            self.run.end()
            self.run = None
        self.database.cut()
        self.doom = None

    def step(self, what: str) -> None:
        """One operation at a seam; perhaps the last one."""
        if self.doom is not None:
            self.doom -= 1
        if (self.doom is not None and self.doom <= 0) or self.world.fails("hub killed"):
            self.world.fault("hub killed at a seam", what)
            self.world.after(self.world.dice.randrange(500, 30_000), self.start)
            raise Crash(self)
        if what == "commit" and (self.locked or self.world.fails("hub commit")):
            self.world.fault("commit failed", "hub")
            raise away()
        if what == "commit" and self.world.chance(self.moving):
            raise LedgerMoved("somebody was first")


class HubRun:
    """One run of the real programs, and its line to the broker."""

    def __init__(self, machine: HubMachine) -> None:
        self.machine, self.world, self.line = machine, machine.world, machine.line
        self.alive, self.connected = True, False
        self.letters: deque[Letter] = deque()
        self._failures = self._knocks = 0
        meter = FakeMetrics()
        self.announcer = Announcer(self._publish, machine.programmes, meter)
        self.consumer = machine.parts.consumer(
            Inbox(), machine.parts.intake(machine.database), self.announcer, meter,
            lambda: machine.world.true, lambda store: None, NoLog(),
        )  # fmt: skip
        dice = machine.world.dice
        self._actor = Actor(machine.world, self._turn, lambda: dice.randrange(3, 15))

    # The line

    def knock(self) -> None:
        """Connect to the broker, or try again later."""
        if not self.alive or self.connected:
            return
        if self.machine.broker.up and not self.line.deaf:
            self.connected, self._knocks = True, 0
            self.announcer.forget()
            self.machine.broker.greet(self)
            self._actor.poke()
        else:
            self._knocks += 1
            self.world.after(1 + wait_ms(self._knocks, self.world.dice.random()), self.knock)

    def part(self) -> None:
        """The line breaks."""
        if self.machine.broker.hub is self:
            self.machine.broker.hub = None
        self.parted()

    def parted(self) -> None:
        """The connection is gone."""
        self.connected = False
        if self.alive:
            self.world.after(self.world.dice.randrange(1_000), self.knock)

    def deliver(self, mid: int, topic: str, payload: bytes) -> None:
        """A message from the broker."""
        if self.alive and self.connected:
            self.letters.append(Letter(topic, payload, False, 0.0, mid, self))
            self._actor.poke()

    def acknowledge(self, mid: int) -> None:
        """Port `Line`: the message is kept."""
        self.machine.step("acknowledge")
        if self.connected and mid in self.machine.broker.session:
            self._witness(mid)
            self.line.carry(b"", True, lambda _: self.machine.broker.acknowledge(mid))

    def end(self) -> None:
        """Nothing of it moves any more."""
        self.alive = self._actor.alive = False
        if self.machine.broker.hub is self:
            self.machine.broker.hub = None

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self.letters and not self.announcer.waiting

    # The work

    _taking: list[Letter] = []  # noqa: RUF012 replaced before use

    def _turn(self) -> float | None:
        if self.connected:
            self.announcer.settings()
        if self.letters:
            self._taking = [self.letters[at] for at in range(min(AT_ONCE, len(self.letters)))]
            self._tell_letters()
            try:
                self.consumer.take(self._taking)
            except ArchiveError:
                self._failures += 1
                return (1 + wait_ms(self._failures, self.world.dice.random())) / 1_000
            self._failures = 0
            for _ in self._taking:
                self.letters.popleft()
        self.announcer.flush()
        if self.letters:
            return 0
        return 1 if self.announcer.waiting else None

    def _witness(self, mid: int) -> None:
        """Only a kiosk's last letter: one before it may have come too early, and be pending."""
        at, letter = next((at, one) for at, one in enumerate(self._taking) if one.mid == mid)
        if all(later.topic != letter.topic for later in self._taking[at + 1 :]):
            self.machine.judge.acknowledged(letter.payload, letter.topic)

    def _tell_letters(self) -> None:
        if self.world.is_told:
            for letter in self._taking:
                self.world.note("hub", "takes", told(letter.topic, letter.payload))

    def _publish(self, topic: str, payload: bytes) -> bool:
        self.machine.step("publish")
        if not self.connected or self.world.fails("hub publish"):
            return False
        if self.world.is_told:
            self.world.note("hub", "tells", told(topic, payload))
        to = read_topic(topic)
        broker = self.machine.broker
        tell = partial(broker.tell, topic, to.channel, to.kiosk_id)
        self.line.carry(payload, True, tell)
        return True
