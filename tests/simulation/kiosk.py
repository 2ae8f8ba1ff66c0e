"""A kiosk: a machine with a clock, a card and a glass, and the real programs that run on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from kiosk.adapters.absent import NoBacklight, NoTools, NoVoice
from kiosk.core.effects import Page
from kiosk.core.events import Event
from kiosk.core.guests import Turn
from kiosk.core.ports import WALK, Inbound, Outbox
from kiosk.core.session import Session
from kiosk.core.standing import Standing
from kiosk.core.turns import Turns
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.courier.tidings import SETTINGS
from kiosk.wiring.recalling import walked
from shared.deliveries import Receipt
from shared.errors import OutboxError, ReceiptError
from shared.notices import KioskSettings, Pulse
from shared.questionnaires import Response
from shared.records import Record
from shared.sales import Sale
from shared.topics import Channel
from shared.visits import Visit
from shared.wire import decode, decode_batch
from tests.fakes.lamp import FakeLamp
from tests.simulation.broker import Link, SimBroker
from tests.simulation.card import Log, not_kept
from tests.simulation.clock import KioskClock
from tests.simulation.equipment import Absorbed, KioskParts, Place, Watcher, Weakness
from tests.simulation.line import Line, Quality
from tests.simulation.world import Actor, Crash, World


class Hearing(Protocol):
    """The judge's ear."""

    def forgot(self, kiosk: Machine, log: Log, seqs: range) -> None:
        """A kiosk deleted these because of a receipt."""


class Machine:
    """The hardware; `run` is the program on it, None while it is down."""

    def __init__(
        self,
        world: World,
        broker: SimBroker,
        place: Place,
        quality: Quality,
        parts: KioskParts,
        judge: Hearing,
    ) -> None:
        self.world, self.broker, self.place, self.parts, self.judge = (
            world,
            broker,
            place,
            parts,
            judge,
        )
        self.name = place.kiosk
        self.line = Line(world, quality)
        self.clock = KioskClock(world)
        self.weakness = Weakness()
        self.logs: list[Log] = []
        self.outbox = self._new_outbox()
        self.run: Run | None = None
        self.page: Page | None = None
        self.toucher: Watcher | None = None
        self.stroller: Absorbed | None = None
        self.customers: list[int] = []

    def start(self) -> None:
        """Start the program, if it does not run."""
        if self.run is None:
            reborn = getattr(self.outbox, "reborn", None)
            if reborn is not None:  # a real file is opened anew
                try:
                    self.outbox = reborn()
                except OutboxError:
                    self.world.after(1_000, self.start)
                    return
            self.world.note(self.name, "starts, boot", self.clock.boot_id[:4])
            try:
                self.run = Run(self)
                self.run.begin()
            except OutboxError:  # whoever watches over the program starts it anew
                self.world.note(self.name, "cannot start")
                self.die()
                self.world.after(1_000, self.start)

    def die(self) -> None:
        """The program dies; the disk stays."""
        if self.run is not None:
            self.world.note(self.name, "dies")
            self.run.end()
            self.run = None
        self.page = self.stroller = None
        if self.weakness.unplugged:
            cut = getattr(self.outbox, "cut", None)
            if cut is not None:
                cut()
            self.clock.restart()
        self.weakness.doom, self.weakness.unplugged = None, False

    def lose_power(self) -> None:
        """The plug is pulled: the boot clock begins anew, too."""
        self.weakness.unplugged = True
        self.die()

    def lose_card(self) -> None:
        """The file is damaged: the next start sets it aside and begins another."""
        self.lose_power()
        self.logs[-1].set_aside = self.world.true
        self.outbox = self._new_outbox()

    def show(self, page: Page) -> None:
        """Port `Screen`."""
        self.page = page
        self.world.note(self.name, "shows", type(page).__name__, getattr(page, "chosen", "") or "")
        if self.stroller is not None and self.stroller.saw(page):
            return
        if self.toucher is not None:
            self.toucher.saw(page)

    def dress(self, night: bool, calm: bool) -> None:
        """Port `Screen`; colours are nothing here."""

    def post(self, event: Event) -> bool:
        """Something outside happened; False where no program runs."""
        if self.run is None:
            return False
        self.run.post(event)
        return True

    # What the card does

    def before_commit(self) -> None:
        """May raise."""
        self.step("commit")
        if self.weakness.failing or self.world.fails("kiosk commit"):
            self.world.fault("commit failed", self.name)
            raise not_kept()

    def before_reading(self) -> None:
        """May raise."""
        if self.weakness.unreadable:
            raise not_kept()

    def after_commit(self) -> None:
        """May raise."""
        self.step("committed")

    def forgot(self, log: Log, seqs: range) -> None:
        """Deleted for a receipt."""
        self.world.note(self.name, "forgets", seqs)
        self.judge.forgot(self, log, seqs)

    def step(self, what: str) -> None:
        """One operation at a seam; perhaps the last one."""
        weakness = self.weakness
        if weakness.doom is not None:
            weakness.doom -= 1
        if (weakness.doom is not None and weakness.doom <= 0) or self.world.fails("kiosk killed"):
            self.world.fault("kiosk killed at a seam", f"{self.name} {what}")
            self.world.after(self.world.dice.randrange(500, 20_000), self.start)
            raise Crash(self)

    def _new_outbox(self) -> Outbox:
        epoch = f"{self.world.dice.getrandbits(64):016x}"
        outbox = self.parts.outbox(self.place.kiosk, epoch, self.place.quota)
        self.logs.append(Log(outbox.held().epoch))
        return outbox


@dataclass
class Run:
    """One run of the real programs, wired as kiosk/wiring/whole.py does it, without a thread."""

    machine: Machine
    actors: list[Actor] = field(default_factory=list)

    def __post_init__(self) -> None:
        machine, world = self.machine, self.machine.world
        place, parts = machine.place, machine.parts
        self.card = parts.card(machine.outbox, machine, machine.logs[-1])
        self.link = Link(
            machine.broker, machine.line, place.store, place.kiosk, self._stir_courier,
            partial(machine.step, "publish"), self._puback,
        )  # fmt: skip
        kept = self.card.recall(SETTINGS)
        settings = place.settings if kept is None else decode(KioskSettings, kept)
        self.courier = Courier(partial(self._rounds, 0 if kept is None else settings.serial))
        self.writer = parts.writer(
            outbox=self.card, clock=machine.clock, post=self.post,
            on_record=self._record, on_trouble=self._trouble,
        )  # fmt: skip
        session, dice = Session(settings, place.point, machine.clock.boot_id), world.dice
        self.loop = parts.loop(
            turns=Turns(session, place.kiosk, dice.randbytes),
            clock=machine.clock, screen=machine, lamp=FakeLamp(), backlight=NoBacklight(),
            voice=NoVoice(), tools=NoTools(), keeping=self, on_sale=self._pulse,
        )  # fmt: skip
        self._loop_actor = Actor(world, self._turn_loop, lambda: dice.randrange(4))
        self._writer_actor = Actor(world, self.writer.turn, self._commit_ms)
        self._courier_actor = Actor(world, self.courier.turn, lambda: dice.randrange(6))
        self.actors = [self._loop_actor, self._writer_actor, self._courier_actor]

    def begin(self) -> None:
        """Start all parts."""
        found = self.card.open_visit() if self.machine.parts.finds_open else None
        self.loop.begin(found, walked(self.card.recall(WALK)))
        for actor in self.actors:
            actor.poke()

    def end(self) -> None:
        """Nothing of it moves any more."""
        self.link.abandon()
        for actor in self.actors:
            actor.alive = False

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be committed or handled."""
        return not self.writer._jobs and self.loop._inbox.empty()

    @property
    def is_visited(self) -> bool:
        """Whether a visit or a walk is open that may not be on the disk yet."""
        turns = self.loop._turns
        assert isinstance(turns, Turns)
        session = turns.session
        lingers = session._open.stands is not None or session._lingering is not None
        return lingers or turns.turn is Turn.WALK

    def post(self, event: Event) -> None:
        """Put an event in the inbox."""
        self.loop.post(event)
        self._loop_actor.poke()

    # Keeping

    def keep_open(self, ticket: int, visit: Visit) -> None:
        """Make this the open visit."""
        self.writer.keep_open(ticket, visit)
        self._writer_actor.poke()

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq."""
        self.writer.seal(visit)
        self._writer_actor.poke()

    def add(self, record: Record) -> None:
        """Give another record its seq."""
        self.writer.add(record)
        self._writer_actor.poke()

    def keep_response(self, response: Response, ticket: int | None) -> None:
        """Give it its seq, and forget the walk."""
        self.writer.keep_response(response, ticket)
        self._writer_actor.poke()

    def note_walk(self, response: Response) -> None:
        """Remember how far somebody walked."""
        self.writer.note_walk(response)
        self._writer_actor.poke()

    def note_wrong_pins(self, count: int) -> None:
        """Remember how often the technician's PIN was wrong."""
        self.writer.note_wrong_pins(count)
        self._writer_actor.poke()

    # Wiring

    def _rounds(self, serial: int, listen: Callable[[int], Inbound]) -> Rounds:
        machine = self.machine
        damaged = {"damaged"} if len(machine.logs) > 1 else set()
        return machine.parts.rounds(
            outbox=self.card,
            broker=self.link,
            clock=machine.clock,
            post=self.post,
            listen=listen,
            standing=Standing("simulated", settings_serial=serial, alarms=frozenset(damaged)),
            limits=machine.parts.limits,
            chance=machine.world.dice.random,
        )

    def _turn_loop(self) -> float | None:
        self.loop.turn()
        return self.loop.patience() if self.loop._inbox.empty() else 0

    def _commit_ms(self) -> int:
        dice = self.machine.world.dice
        if self.machine.weakness.stalling:
            self.machine.world.fault("commit stalled", self.machine.name)
            return dice.randrange(2_000, 9_000)
        return dice.randrange(1, 40)

    def _stir_courier(self) -> None:
        self._courier_actor.poke()

    def _record(self) -> None:
        self.courier.wake()
        self._courier_actor.poke()

    def _trouble(self, failing: bool) -> None:
        self.courier.alarm("storage", failing)
        self._courier_actor.poke()

    def _pulse(self, sale: Sale) -> None:
        self.courier.pulse(Pulse(sale.point_id, sale.at.wall))
        self._courier_actor.poke()

    def _puback(self, channel: Channel, payload: bytes) -> None:
        """A PUBACK proves nothing; a variant believes it all the same."""
        if self.machine.parts.forgets_at_puback and channel is Channel.RECORDS and self.link.alive:
            batch = decode_batch(payload)
            at = self.machine.world.true
            with suppress(ReceiptError):
                self.card.forget(Receipt("-", 1, batch.epoch, batch.last, batch.chain, at))
