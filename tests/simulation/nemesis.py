"""Lets faults strike; each mends itself after a while, and all of them in the end."""

from __future__ import annotations

from collections.abc import Callable

from shared.deliveries import Receipt
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.simulation.broker import SimBroker
from tests.simulation.hub import HubMachine
from tests.simulation.kiosk import Machine
from tests.simulation.scenario import Strike
from tests.simulation.world import World

Blow = Callable[[Machine, int], None]


class Nemesis:
    """Knows every machine and what can befall it."""

    def __init__(
        self, world: World, broker: SimBroker, hub: HubMachine, machines: list[Machine]
    ) -> None:
        self.world, self.broker, self.hub, self.machines = world, broker, hub, machines
        self._over = False
        self._blows: dict[str, Blow] = {
            "kiosk killed": self._kill,
            "kiosk killed at a seam": self._doom,
            "power cut": self._cut_power,
            "power cut at a seam": self._doom_power,
            "card damaged": self._damage,
            "card failing": self._fail_card,
            "card stalling": self._stall_card,
            "card unreadable": self._blind_card,
            "broker restarted": self._stop_broker,
            "broker restarted, all forgotten": self._wipe_broker,
            "hub killed": self._kill_hub,
            "hub killed at a seam": self._doom_hub,
            "hub's line cut": self._cut_hub,
            "kiosk's line cut": self._cut_line,
            "kiosk's line deaf": self._deafen,
            "hub's line deaf": self._deafen_hub,
            "database locked": self._lock,
            "ledger moved": self._move_ledgers,
            "point unknown": self._forget_point,
            "kiosk refused": self._refuse,
            "clock at 1970": self._forget_time,
            "clock synchronised": self._synchronise,
            "clock an hour back": self._hour_back,
            "old batch replayed": self._replay,
            "receipt forged": self._forge,
            "rubbish published": self._rubbish,
            "settings changed": self._change_settings,
            "bit turned on the card": self._turn_bit,
            "record spoiled on the card": self._spoil_record,
        }

    def strike(self, strike: Strike) -> None:
        """Let it happen."""
        if not self._over:
            machine = self.machines[strike.kiosk]
            self.world.fault(strike.kind, machine.name)
            self._blows[strike.kind](machine, strike.lasts)

    def heal(self) -> None:
        """Everything mends, for good."""
        self._over = True
        self.world.note("nemesis", "everything heals")
        self.broker.up = True
        self.broker.refusing.clear()
        self.hub.line.heal()
        self.hub.locked, self.hub.moving, self.hub.doom = False, 0.0, None
        self.hub.database.hide(None)
        self.hub.start()
        for machine in self.machines:
            machine.line.heal()
            machine.weakness.mend()
            machine.weakness.doom = None
            machine.start()

    # Kiosks

    def _kill(self, machine: Machine, lasts: int) -> None:
        machine.die()
        self.world.after(lasts, machine.start)

    def _cut_power(self, machine: Machine, lasts: int) -> None:
        machine.lose_power()
        if self.world.chance(0.5):
            machine.clock.forget()
        self.world.after(lasts, machine.start)

    def _doom(self, machine: Machine, lasts: int) -> None:
        machine.weakness.doom = self.world.dice.randrange(1, 12)

    def _doom_power(self, machine: Machine, lasts: int) -> None:
        self._doom(machine, lasts)
        machine.weakness.unplugged = True

    def _damage(self, machine: Machine, lasts: int) -> None:
        machine.lose_card()
        self.world.after(lasts, machine.start)

    def _fail_card(self, machine: Machine, lasts: int) -> None:
        machine.weakness.failing = True
        self.world.after(lasts, self._mend_card, machine)

    def _stall_card(self, machine: Machine, lasts: int) -> None:
        machine.weakness.stalling = True
        self.world.after(lasts, self._mend_card, machine)

    def _blind_card(self, machine: Machine, lasts: int) -> None:
        machine.weakness.failing = machine.weakness.unreadable = True
        self.world.after(lasts, self._mend_card, machine)

    def _mend_card(self, machine: Machine) -> None:
        machine.weakness.mend()

    def _forget_time(self, machine: Machine, lasts: int) -> None:
        machine.lose_power()
        machine.clock.forget()
        self.world.after(lasts, machine.start)

    def _synchronise(self, machine: Machine, lasts: int) -> None:
        machine.clock.step(0, synced=True)

    def _hour_back(self, machine: Machine, lasts: int) -> None:
        machine.clock.step(-3_600_000, synced=self.world.chance(0.5))
        if self.world.chance(0.7):
            self.world.after(lasts, self._synchronise, machine, 0)

    def _turn_bit(self, machine: Machine, lasts: int) -> None:
        seq = self._unharmed(machine)
        if seq is not None:
            column = self.world.dice.choice(("body", "body", "chain"))
            row = machine.outbox.row(seq)  # type: ignore[attr-defined]
            spoiled = self._turned(row.body if column == "body" else row.chain, 1)
            machine.outbox.spoil(seq, **{column: spoiled})  # type: ignore[attr-defined]
            machine.logs[-1].turned.add(seq)

    def _spoil_record(self, machine: Machine, lasts: int) -> None:
        seq = self._unharmed(machine)
        if seq is not None:
            body = machine.outbox.row(seq).body  # type: ignore[attr-defined]
            spoiled = self._turned(body, self.world.dice.randrange(2, 9))
            machine.outbox.spoil(seq, body=spoiled)  # type: ignore[attr-defined]
            machine.logs[-1].turned.add(seq)
            machine.logs[-1].spoiled.add(seq)

    def _unharmed(self, machine: Machine) -> int | None:
        """Some record that lies there, mostly one that waits; no two neighbours are harmed."""
        held, log = machine.outbox.held(), machine.logs[-1]
        first = held.received + 1 if self.world.chance(0.8) else held.oldest
        near = {seq + step for seq in log.turned for step in (-1, 0, 1)}
        seqs = [seq for seq in range(first, held.last + 1) if seq not in near]
        return self.world.dice.choice(seqs) if seqs else None

    def _turned(self, value: bytes, bits: int) -> bytes:
        places = self.world.dice.sample(range(len(value) * 8), bits)
        number = int.from_bytes(value, "big") ^ sum(1 << place for place in places)
        return number.to_bytes(len(value), "big")

    # Lines and broker

    def _cut_line(self, machine: Machine, lasts: int) -> None:
        if machine.run is not None:
            machine.run.link.cut()

    def _deafen(self, machine: Machine, lasts: int) -> None:
        machine.line.deaf = True
        self.world.after(lasts, setattr, machine.line, "deaf", False)

    def _deafen_hub(self, machine: Machine, lasts: int) -> None:
        self.hub.line.deaf = True
        self.world.after(lasts, self._hub_hears, machine)

    def _hub_hears(self, machine: Machine) -> None:
        self.hub.line.deaf = False
        self._cut_hub(machine, 0)

    def _cut_hub(self, machine: Machine, lasts: int) -> None:
        if self.hub.run is not None and self.hub.run.connected:
            self.hub.run.part()

    def _stop_broker(self, machine: Machine, lasts: int) -> None:
        self.broker.crash(forgetting=False)
        self.world.after(lasts, self.broker.restart)

    def _wipe_broker(self, machine: Machine, lasts: int) -> None:
        self.broker.crash(forgetting=True)
        self.world.after(lasts, self.broker.restart)

    def _refuse(self, machine: Machine, lasts: int) -> None:
        self.broker.refusing.add(machine.place.kiosk)
        self.world.after(lasts, self.broker.refusing.discard, machine.place.kiosk)

    # The hub

    def _kill_hub(self, machine: Machine, lasts: int) -> None:
        self.hub.die()
        self.world.after(lasts, self.hub.start)

    def _doom_hub(self, machine: Machine, lasts: int) -> None:
        self.hub.doom = self.world.dice.randrange(1, 15)

    def _lock(self, machine: Machine, lasts: int) -> None:
        self.hub.locked = True
        self.world.after(lasts, setattr, self.hub, "locked", False)

    def _move_ledgers(self, machine: Machine, lasts: int) -> None:
        """As if another intake were ahead of us, now and then."""
        self.hub.moving = 0.4
        self.world.after(lasts, setattr, self.hub, "moving", 0.0)

    def _forget_point(self, machine: Machine, lasts: int) -> None:
        """Somebody mistyped the point: its records are refused, and lie in quarantine."""
        self.hub.database.hide(machine.place.point)
        self.world.after(min(lasts, 60_000), self.hub.database.hide, None)

    def _change_settings(self, machine: Machine, lasts: int) -> None:
        self.hub.programmes.ask_longer()

    # Bad words

    def _replay(self, machine: Machine, lasts: int) -> None:
        if self.broker.heard and self.broker.up:
            self.broker.queue(*self.world.dice.choice(self.broker.heard))

    def _forge(self, machine: Machine, lasts: int) -> None:
        """A receipt for everything that the kiosk holds, or for more, by who cannot know it."""
        held = machine.outbox.held()
        upto = held.last + self.world.dice.choice((0, 0, 0, 5))
        chain = f"{self.world.dice.getrandbits(128):032x}"
        word = Receipt("h" * 32, 1, held.epoch, upto, chain, self.world.true)
        topic = str(Topic(machine.place.store, machine.place.kiosk, Channel.RECEIPT))
        self.broker.tell(topic, Channel.RECEIPT, machine.place.kiosk, encode(word))

    def _rubbish(self, machine: Machine, lasts: int) -> None:
        topic = str(Topic(machine.place.store, machine.place.kiosk, Channel.RECORDS))
        dice = self.world.dice
        self.broker.queue(topic, dice.choice((b"", b"{", b'{"v":9}', b"\xff" * 50, b"[]" * 2_000)))
