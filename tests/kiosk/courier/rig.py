"""A courier with everything around it on a clock of its own: the stage of the courier's tests."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial

from kiosk.core.delivery import Limits
from kiosk.core.events import Event
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier.rounds import Act, Rounds
from shared.commands import Command
from shared.deliveries import Receipt, chain_start
from shared.notices import KioskSettings, Status
from shared.places import kiosk_id, point_id
from shared.sales import Sale, SaleSource
from shared.topics import Channel
from shared.wire import decode, encode
from tests.fakes.broker import FakeBroker
from tests.fakes.clock import FakeClock
from tests.fakes.hub import FakeHub
from tests.fakes.outbox import FakeOutbox

KIOSK = kiosk_id("k-1")
EPOCH = "e0" * 8
LIMITS = Limits(tell=0)


@dataclass(frozen=True)
class Line:
    """What a connection says, kept for the rig as the thread's inbox would keep it."""

    rig: Rig
    number: int

    def _say(self, act: Act) -> None:
        self.rig.inbox.append((self.number, act))

    def connected(self) -> None:
        self._say(self.rig.rounds.connected)

    def disconnected(self, why: str) -> None:
        self._say(partial(self.rig.rounds.disconnected, why))

    def received(self, channel: Channel, payload: bytes) -> None:
        self._say(partial(self.rig.rounds.received, channel, payload))

    def refused(self, channel: Channel, why: str) -> None:
        self._say(partial(self.rig.rounds.refused, channel, why))


class Rig:
    """A courier with everything around it; `settle` lets all happen that is due now."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.clock = FakeClock()
        self.outbox = FakeOutbox(KIOSK, EPOCH)
        self.broker = FakeBroker()
        self.hub = FakeHub(KIOSK)
        self.posted: list[Event] = []
        self.obeyed: list[Command] = []
        self.inbox: deque[tuple[int, Act]] = deque()
        self.answered = 0
        self.rounds = self.courier(limits)

    def courier(self, limits: Limits = LIMITS) -> Rounds:
        """A courier as after a new start of the kiosk."""
        return Rounds(
            outbox=self.outbox,
            broker=self.broker,
            clock=self.clock,
            post=self.posted.append,
            listen=self.listen,
            standing=Standing("0.1.0"),
            limits=limits,
            chance=lambda: 0.5,
            obey=self.obeyed.append,
        )

    def listen(self, number: int) -> Inbound:
        return Line(self, number)

    def seal(self, count: int) -> None:
        for _ in range(count):
            number = len(self.outbox.records)
            sale = Sale(f"{number:032x}", point_id("caja-1"), "b0" * 16, self.clock.now(),
                        SaleSource.MANUAL)  # fmt: skip
            self.outbox.add(sale)
        self.rounds.woken()

    def settle(self) -> float | None:
        """Let the courier do everything that is due; returns how long it would sleep."""
        for _ in range(10_000):
            while self.inbox:
                number, act = self.inbox.popleft()
                if number == self.rounds.line:
                    self.rounds.guarded(act)
            wait = self.rounds.turn()
            if wait != 0 and not self.inbox:
                return wait
        raise AssertionError("a hot loop")

    def answer(self) -> None:
        """The hub takes what arrived and answers; the courier goes on, until all is quiet."""
        self.settle()
        while self.answered < len(batches := self.broker.seen(Channel.RECORDS)):
            payload = batches[self.answered]
            self.answered += 1
            self.broker.send(Channel.RECEIPT, self.hub.take(payload))
            self.settle()

    def later(self, ms: int) -> None:
        self.clock.advance(ms)
        self.settle()

    @property
    def statuses(self) -> list[Status]:
        return [decode(Status, payload) for payload in self.broker.seen(Channel.STATUS)]

    @property
    def alarms(self) -> list[str]:
        return list(self.statuses[-1].alarms)

    def receipt(self, upto: int, chain: str | None = None) -> Receipt:
        value = chain if chain is not None else chain_start(KIOSK, EPOCH).hex()
        return Receipt("hub-1", 1, EPOCH, upto, value, self.clock.wall)

    def send(self, receipt: Receipt) -> None:
        self.broker.send(Channel.RECEIPT, encode(receipt))
        self.settle()


def assert_all_arrived(rig: Rig) -> None:
    assert rig.hub.records == rig.outbox.records
    held = rig.outbox.held()
    assert held.owed == 0


def settings_with(serial: int) -> KioskSettings:
    return KioskSettings(serial, "Mercado Centro", "Caja 3", ("es",))
