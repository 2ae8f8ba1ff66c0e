"""The courier on a clock of its own, over every fault of the line, the hub and the card."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import partial

import pytest

from kiosk.core.delivery import Limits
from kiosk.core.events import Event, HubTimeHeard, NoticeCame, SettingsCame
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier.rounds import SETTINGS, Act, Rounds
from shared.deliveries import Receipt, chain_start
from shared.notices import KioskSettings, Notice, Presence, Pulse, Status
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


@pytest.fixture
def rig() -> Rig:
    return Rig()


def assert_all_arrived(rig: Rig) -> None:
    assert rig.hub.records == rig.outbox.records
    held = rig.outbox.held()
    assert held.oldest == held.last + 1


def test_records_travel_oldest_first_and_are_forgotten_on_receipt(rig: Rig) -> None:
    """SEM-BAT-002"""
    rig.seal(1_234)
    rig.answer()
    assert_all_arrived(rig)
    assert rig.hub.ledgers[EPOCH].repeated == 0


def test_nothing_is_forgotten_before_the_receipt(rig: Rig) -> None:
    """SEM-RCP-003"""
    rig.seal(50)
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1
    assert rig.outbox.held().oldest == 1


def test_no_more_than_a_window_is_out(rig: Rig) -> None:
    """SEM-BAT-003"""
    rig.seal(2_000)
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1
    rig.broker.send(Channel.RECEIPT, rig.hub.take(rig.broker.seen(Channel.RECORDS)[0]))
    rig.settle()
    assert len(rig.broker.seen(Channel.RECORDS)) == 1 + LIMITS.window


def test_at_rest_it_sleeps_until_it_is_woken(rig: Rig) -> None:
    rig.seal(3)
    rig.answer()
    assert rig.settle() is None
    rig.seal(1)
    assert rig.settle() == LIMITS.answer / 1_000
    rig.answer()
    assert_all_arrived(rig)


def test_after_every_connection_the_status_is_told_and_the_will_has_its_number(rig: Rig) -> None:
    """SEM-STA-001, SEM-STA-002"""
    rig.seal(7)
    rig.settle()
    (online,) = rig.statuses
    assert (online.presence, online.connection, online.epoch) == (Presence.ONLINE, 1, EPOCH)
    assert online.unsent == 7
    rig.broker.cut()
    will = rig.statuses[-1]
    assert (will.presence, will.connection) == (Presence.OFFLINE, 1)
    rig.settle()
    rig.broker.restore()
    rig.later(5_000)
    assert (rig.statuses[-1].presence, rig.statuses[-1].connection) == (Presence.ONLINE, 2)


def test_a_status_is_repeated_only_as_often_as_it_was_set() -> None:
    rig = Rig(Limits(tell=300_000))
    assert rig.settle() == 300
    rig.later(299_999)
    assert len(rig.statuses) == 1
    rig.later(1)
    assert len(rig.statuses) == 2


def test_a_lost_receipt_costs_a_new_connection_and_nothing_else(rig: Rig) -> None:
    """SEM-BAT-003"""
    rig.seal(30)
    rig.settle()
    rig.hub.take(rig.broker.seen(Channel.RECORDS)[0])
    rig.answered = 1
    rig.later(LIMITS.answer)
    rig.later(1_000)
    assert rig.broker.connects == 2
    rig.answer()
    assert_all_arrived(rig)
    assert rig.hub.ledgers[EPOCH].repeated == 30


def test_a_repeated_receipt_changes_nothing(rig: Rig) -> None:
    """SEM-RCP-002"""
    rig.seal(10)
    rig.answer()
    last = rig.hub.receipt(EPOCH)
    rig.seal(10)
    rig.settle()
    for _ in range(5):
        rig.send(last)
    assert not rig.alarms
    assert len(rig.broker.seen(Channel.RECORDS)) == 2
    rig.answer()
    assert_all_arrived(rig)


def test_a_lost_batch_is_sent_again_without_a_new_connection(rig: Rig) -> None:
    rig.seal(100)
    rig.answer()
    rig.seal(200)
    rig.settle()
    rig.answered += 1  # the first of two batches never reached the hub
    rig.answer()
    assert rig.outbox.held().oldest == 101
    rig.later(LIMITS.stall)
    rig.answer()
    assert rig.broker.connects == 1
    assert_all_arrived(rig)


@pytest.mark.parametrize("upto", [5, 11, 2**40])
def test_a_receipt_of_another_chain_or_the_future_deletes_nothing(rig: Rig, upto: int) -> None:
    """SEM-RCP-003, SEM-RCP-004"""
    rig.seal(10)
    rig.settle()
    rig.send(rig.receipt(upto, "f" * 32))
    assert rig.outbox.held().oldest == 1
    assert rig.alarms == ["receipt"]
    sent = len(rig.broker.attempts)
    rig.later(LIMITS.pause - 1)
    assert len(rig.broker.attempts) == sent
    rig.later(1)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_the_brokers_copy_of_a_receipt_for_an_earlier_outbox_is_no_alarm(rig: Rig) -> None:
    """SEM-RCP-003"""
    old = replace(rig.receipt(900), epoch="0d" * 8)
    rig.broker.send(Channel.RECEIPT, encode(old))
    rig.seal(5)
    rig.answer()
    assert rig.rounds.counts["other_epoch"] == 1
    assert all(status.alarms == () for status in rig.statuses)
    assert_all_arrived(rig)


def test_a_refused_publish_is_an_alarm_and_tried_once_in_thirty_seconds(rig: Rig) -> None:
    rig.broker.refusing = {Channel.RECORDS}
    rig.seal(500)
    rig.settle()
    assert rig.alarms == ["refused"]
    for _ in range(10 * 30):
        rig.later(1_000)
    assert rig.broker.attempts.count(Channel.RECORDS) == 11
    assert rig.broker.attempts.count(Channel.STATUS) == 2
    assert rig.broker.connects == 1
    rig.broker.refusing = set()
    rig.later(LIMITS.pause)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_refused_status_does_not_become_a_hot_loop(rig: Rig) -> None:
    rig.broker.refusing = {Channel.STATUS}
    rig.settle()
    for _ in range(60):
        rig.later(1_000)
    assert rig.broker.attempts.count(Channel.STATUS) == 2


def test_a_disconnect_in_mid_window_loses_and_doubles_nothing(rig: Rig) -> None:
    rig.seal(100)
    rig.answer()
    rig.seal(700)
    rig.settle()
    rig.broker.cut()
    rig.later(60_000)
    rig.broker.restore()
    rig.later(300_000)
    rig.answer()
    assert_all_arrived(rig)


def test_a_silent_hub_is_tried_ever_more_seldom(rig: Rig) -> None:
    rig.broker.deaf = True
    rig.seal(1)
    for _ in range(3_600):
        rig.later(1_000)
    assert 15 <= rig.broker.connects <= 35
    rig.broker.deaf = False
    rig.later(300_000)
    rig.answer()
    assert_all_arrived(rig)


def test_a_problem_is_an_alarm_and_tried_again_slowly(rig: Rig) -> None:
    """SEM-RCP-006"""
    rig.seal(10)
    rig.settle()
    for _ in range(3):
        rig.send(replace(rig.receipt(10), problem="chain", hint="call somebody"))
        assert rig.alarms == ["problem"]
        rig.later(LIMITS.pause)
    assert rig.outbox.held().oldest == 1
    assert len(rig.broker.seen(Channel.RECORDS)) == 4
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_hub_that_does_not_advance_becomes_an_alarm(rig: Rig) -> None:
    rig.seal(10)
    rig.settle()
    for _ in range(40):
        rig.send(rig.receipt(0))
        rig.later(500)
    assert rig.alarms == ["problem"]
    assert rig.broker.connects == 1
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_refusals_are_noted_and_told(rig: Rig) -> None:
    """SEM-RCP-005"""
    rig.seal(3)
    rig.settle()
    rig.hub.take(rig.broker.seen(Channel.RECORDS)[0])
    rig.hub.ledgers[EPOCH].refused[2] = "unreadable"
    rig.send(rig.hub.receipt(EPOCH))
    assert rig.statuses[-1].refused_seen == 2
    assert rig.outbox.held().oldest == 4


def settings_with(serial: int) -> KioskSettings:
    return KioskSettings(serial, "Mercado Centro", "Caja 3", ("es",))


def test_newer_settings_are_kept_posted_and_told(rig: Rig) -> None:
    """SEM-SET-001"""
    rig.settle()
    rig.broker.send(Channel.SETTINGS, encode(settings_with(4)))
    rig.settle()
    for serial in (4, 3):
        rig.broker.send(Channel.SETTINGS, encode(settings_with(serial)))
        rig.settle()
    (came,) = rig.posted
    assert isinstance(came, SettingsCame)
    assert came.settings == settings_with(4)
    kept = rig.outbox.recall(SETTINGS)
    assert kept is not None
    assert decode(KioskSettings, kept) == settings_with(4)
    assert rig.statuses[-1].settings_serial == 4


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[1]", b'{"v":1}', b'{"v":2}', b"x" * 300_000])
def test_hostile_settings_are_counted_and_ignored(rig: Rig, payload: bytes) -> None:
    """SEM-SET-002"""
    rig.settle()
    rig.broker.send(Channel.SETTINGS, payload)
    rig.settle()
    assert rig.rounds.counts["unreadable"] == 1
    assert rig.posted == []
    assert rig.outbox.recall(SETTINGS) is None
    assert rig.alarms == ["settings"]
    rig.broker.send(Channel.SETTINGS, encode(settings_with(1)))
    rig.settle()
    assert not rig.alarms


@pytest.mark.parametrize("channel", list(Channel))
def test_rubbish_on_any_channel_stops_nothing(rig: Rig, channel: Channel) -> None:
    rig.seal(2)
    rig.settle()
    rig.broker.send(channel, b'{"v":1,"epoch":NaN}')
    rig.answer()
    assert_all_arrived(rig)


def test_a_notice_is_posted(rig: Rig) -> None:
    rig.settle()
    notice = Notice(rig.clock.wall, 5, 120)
    rig.broker.send(Channel.NOTICE, encode(notice))
    rig.settle()
    assert rig.posted == [NoticeCame(rig.clock.now(), notice)]


def test_a_pulse_is_told_when_connected_and_dropped_when_not(rig: Rig) -> None:
    pulse = encode(Pulse(point_id("caja-1"), rig.clock.wall))
    rig.rounds.pulse(pulse)
    rig.settle()
    rig.rounds.pulse(pulse)
    assert rig.broker.seen(Channel.PULSE) == [pulse]


def test_a_fresh_receipt_tells_the_time_and_the_brokers_copy_does_not(rig: Rig) -> None:
    """SEM-RCP-007"""
    rig.seal(1)
    rig.answer()
    assert rig.posted == []
    rig.seal(1)
    rig.answer()
    assert rig.posted == [HubTimeHeard(rig.clock.now(), rig.hub.at)]
    rig.broker.cut()
    rig.broker.restore()
    rig.clock.advance(3_600_000)
    rig.seal(1)
    rig.answer()
    assert len(rig.posted) == 1


def test_a_broken_card_is_told_and_the_line_stays(rig: Rig) -> None:
    rig.seal(5)
    rig.settle()
    rig.outbox.broken = True
    rig.answer()
    assert rig.alarms == ["storage"]
    assert rig.broker.connects == 1
    rig.outbox.broken = False
    rig.later(LIMITS.pause)
    rig.answer()
    assert_all_arrived(rig)
    assert not rig.alarms


def test_a_card_broken_from_the_start_is_tried_again_with_growing_waits(rig: Rig) -> None:
    rig.outbox.broken = True
    for _ in range(600):
        rig.later(1_000)
    assert rig.broker.connects == 0
    rig.outbox.broken = False
    rig.later(300_000)
    assert rig.broker.connects == 1


def test_a_new_epoch_makes_a_new_connection(rig: Rig) -> None:
    rig.seal(3)
    rig.answer()
    fresh = FakeOutbox(KIOSK, "0e" * 8)
    rig.outbox.__dict__.update(fresh.__dict__)
    rig.seal(2)
    rig.settle()
    rig.later(1_000)
    rig.answer()
    assert rig.broker.connects == 2
    assert rig.statuses[-1].epoch == "0e" * 8
    assert len(rig.hub.ledgers["0e" * 8].records) == 2


def test_other_parts_alarms_are_told_once_and_taken_back(rig: Rig) -> None:
    rig.settle()
    rig.rounds.alarm("till")
    rig.rounds.alarm("till")
    rig.settle()
    assert rig.alarms == ["till"]
    rig.rounds.alarm("till", on=False)
    rig.settle()
    assert not rig.alarms
    assert len(rig.statuses) == 3


def test_a_fault_of_our_own_ends_the_connection_and_not_the_courier(rig: Rig) -> None:
    def fault() -> None:
        raise RuntimeError("ours")

    rig.settle()
    rig.rounds.guarded(fault)
    rig.seal(4)
    rig.later(1_000)
    rig.answer()
    assert rig.broker.connects == 2
    assert_all_arrived(rig)


def test_the_end_says_goodbye_without_a_will(rig: Rig) -> None:
    rig.settle()
    rig.rounds.end()
    assert [status.presence for status in rig.statuses] == [Presence.ONLINE, Presence.OFFLINE]
    assert not rig.broker.publish(Channel.STATUS, b"")


def test_a_new_start_sends_what_was_left(rig: Rig) -> None:
    rig.seal(250)
    rig.settle()
    rig.rounds.end()
    rig.rounds = rig.courier()
    rig.answer()
    assert_all_arrived(rig)
    assert rig.statuses[-1].connection == 2


def test_what_an_old_connection_still_says_is_not_heard(rig: Rig) -> None:
    rig.settle()
    old = Line(rig, rig.rounds.line)
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(1_000)
    old.disconnected("late")
    old.refused(Channel.RECORDS, "late")
    rig.seal(3)
    rig.answer()
    assert_all_arrived(rig)
    assert rig.broker.connects == 2
    assert not rig.alarms
