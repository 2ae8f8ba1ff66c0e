"""The courier as a thread: woken, flooded, stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from kiosk.core.delivery import Limits
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.courier.thread import MOST_WAITING
from shared.health import Health
from shared.notices import Presence, Pulse, Status
from shared.places import kiosk_id, point_id
from shared.sales import Sale, SaleSource
from shared.topics import Channel
from shared.wire import decode
from tests.fakes.broker import FakeBroker
from tests.fakes.clock import FakeClock
from tests.fakes.hub import FakeHub
from tests.fakes.outbox import FakeOutbox

KIOSK = kiosk_id("k-1")


class AnsweringBroker(FakeBroker):
    """A broker behind which a hub sits; `news` is notified of every publish."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = FakeHub(KIOSK)
        self.news = threading.Condition()

    def publish(self, channel: Channel, payload: bytes) -> bool:
        taken = super().publish(channel, payload)
        if taken and channel is Channel.RECORDS:
            self.send(Channel.RECEIPT, self.hub.take(payload))
        with self.news:
            self.news.notify_all()
        return taken

    def wait_for(self, enough: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(enough, 10)


class Rig:
    """A courier's thread with fakes around it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.outbox = FakeOutbox(KIOSK)
        self.broker = AnsweringBroker()
        self.courier = Courier(self.rounds)

    def rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        return Rounds(
            outbox=self.outbox,
            broker=self.broker,
            clock=self.clock,
            post=lambda _: None,
            listen=listen,
            standing=Standing("0.1.0"),
            limits=Limits(),
        )

    def statuses(self) -> list[Status]:
        return [decode(Status, payload) for payload in self.broker.seen(Channel.STATUS)]

    def seal(self, number: int) -> None:
        sale = Sale(f"{number:032x}", point_id("caja-1"), "b0" * 16, self.clock.now(),
                    SaleSource.MANUAL)  # fmt: skip
        self.outbox.add(sale)
        self.courier.wake()


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.courier.stop()


def test_it_connects_sends_what_is_woken_for_and_says_goodbye(rig: Rig) -> None:
    rig.courier.start()
    for number in range(25):
        rig.seal(number)
    rig.courier.pulse(Pulse(point_id("caja-1"), rig.clock.wall))
    rig.broker.wait_for(lambda: bool(rig.broker.hub.ledgers) and len(rig.broker.hub.records) == 25)
    rig.courier.alarm("till")
    rig.broker.wait_for(lambda: rig.statuses()[-1].alarms == ("till",))
    rig.courier.stop()
    rig.courier.stop()
    assert rig.statuses()[-1].presence is Presence.OFFLINE
    assert rig.outbox.held().received == 25


@pytest.mark.assertion("SEM-HLT-001")
def test_how_the_device_is_is_told_when_it_is_news_and_at_every_connection(rig: Rig) -> None:
    def told() -> list[Health]:
        while rig.courier.turn() == 0:
            pass
        return [decode(Health, payload) for payload in rig.broker.seen(Channel.HEALTH)]

    cool, warm = Health(1, "1", temperature=40, up=9), Health(2, "1", temperature=70, up=10)
    rig.courier.health(cool)  # before there is a connection: told as soon as it stands
    assert told() == [cool]
    rig.courier.health(replace(cool, at=3))
    assert told() == [cool]
    rig.courier.health(warm)
    assert told() == [cool, warm]
    rig.broker.cut()
    rig.courier.health(cool)  # nobody hears it
    assert told() == [cool, warm]
    rig.broker.restore()
    rig.clock.advance(60_000)
    assert told() == [cool, warm, cool]


def test_news_of_the_device_that_came_in_a_pause_are_told_when_it_is_over(rig: Rig) -> None:
    def settle() -> float | None:
        while (free := rig.courier.turn()) == 0:
            pass
        return free

    def told() -> list[Health]:
        return [decode(Health, payload) for payload in rig.broker.seen(Channel.HEALTH)]

    first, second = Health(1, "1"), Health(2, "2")
    rig.courier.health(first)
    settle()
    rig.broker.refusing.add(Channel.PULSE)
    rig.courier.pulse(Pulse(point_id("caja-1"), rig.clock.wall))  # is refused: the courier pauses
    settle()
    rig.courier.health(second)
    over = rig.clock.now().boot + Limits().pause
    while rig.clock.now().boot < over:
        assert told() == [first]
        free = settle()
        assert free is not None
        rig.clock.advance(round(free * 1_000))
    settle()
    assert told() == [first, second]
    assert rig.clock.now().boot == over, "at once, and nobody looked for it"


def test_it_stops_at_once_where_no_broker_ever_answered(rig: Rig) -> None:
    rig.broker.up = False
    rig.courier.start()
    begun = time.monotonic()
    rig.courier.stop()
    assert time.monotonic() - begun < 2


def test_a_stop_before_the_start_is_no_fault(rig: Rig) -> None:
    rig.courier.stop()
    assert rig.broker.connects == 0


def test_a_flood_from_the_hub_is_cut_off_and_counted(rig: Rig) -> None:
    rounds: list[Rounds] = []

    def remember(listen: Callable[[int], Inbound]) -> Rounds:
        rounds.append(rig.rounds(listen))
        return rounds[0]

    courier = Courier(remember)  # never started, so nobody takes anything out
    for _ in range(MOST_WAITING + 7):
        courier.hear_message(0, Channel.NOTICE, b"{}")
    assert rounds[0].counts["flood"] == 7
