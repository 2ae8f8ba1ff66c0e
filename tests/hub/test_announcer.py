from __future__ import annotations

import pytest

from hub.announcer import MOST_CLEARING, Announcer
from hub.core.measures import RECEIPTS
from shared.deliveries import Receipt
from shared.notices import KioskSettings, Notice
from shared.places import KioskId, StoreId
from shared.programme import default_programme
from shared.topics import DOWNWARD, UPWARD, Channel, Topic
from shared.wire import decode
from tests.fakes.metrics import FakeMetrics
from tests.fakes.programmes import FakeProgrammes

STORE, KIOSK = StoreId("centro"), KioskId("k-1")
TOPIC = Topic(STORE, KIOSK, Channel.RECEIPT)


class Broker:
    """Takes so many messages, then no more."""

    def __init__(self) -> None:
        self.room = 1000
        self.taken: list[tuple[str, bytes]] = []

    def publish(self, topic: str, payload: bytes) -> bool:
        if self.room <= 0:
            return False
        self.room -= 1
        self.taken.append((topic, payload))
        return True

    def settings(self) -> list[tuple[str, int]]:
        return [
            (topic.split("/")[3], decode(KioskSettings, payload).serial)
            for topic, payload in self.taken
            if topic.endswith("/settings")
        ]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def programmes() -> FakeProgrammes:
    programmes = FakeProgrammes()
    programmes.kept[STORE] = default_programme(1)
    programmes.kiosks[STORE] = [KIOSK, KioskId("k-2")]
    return programmes


@pytest.fixture
def announcer(broker: Broker, programmes: FakeProgrammes) -> Announcer:
    return Announcer(broker.publish, programmes, FakeMetrics())


def receipt(upto: int) -> Receipt:
    return Receipt("hub", 1, "ab" * 8, upto, "cd" * 16, 1)


def test_a_receipt_waits_for_a_broker_and_only_the_newest_does(
    announcer: Announcer, broker: Broker
) -> None:
    broker.room = 0
    for upto in (10, 20, 30):
        announcer.receipt(TOPIC, receipt(upto))
        announcer.flush()
    assert announcer.waiting == 1
    broker.room = 1
    announcer.flush()
    assert [decode(Receipt, payload).upto for _, payload in broker.taken] == [30]
    assert announcer.waiting == 0


def test_a_kiosk_is_told_its_settings_once_until_the_serial_rises(
    announcer: Announcer, broker: Broker, programmes: FakeProgrammes
) -> None:
    for _ in range(3):
        announcer.settings()
        announcer.flush()
    assert broker.settings() == [("k-1", 1), ("k-2", 1)]
    programmes.kept[STORE] = default_programme(2)
    announcer.settings()
    announcer.flush()
    assert broker.settings()[2:] == [("k-1", 2), ("k-2", 2)]


def test_a_kiosk_that_is_enrolled_later_is_told_alone(
    announcer: Announcer, broker: Broker, programmes: FakeProgrammes
) -> None:
    announcer.settings()
    programmes.kiosks[STORE].append(KioskId("k-3"))
    announcer.flush()
    announcer.settings()
    announcer.flush()
    assert broker.settings() == [("k-1", 1), ("k-2", 1), ("k-3", 1)]


def test_after_a_new_connection_everybody_is_told_again(
    announcer: Announcer, broker: Broker
) -> None:
    for _ in range(2):
        announcer.forget()
        announcer.settings()
        announcer.flush()
    assert len(broker.settings()) == 4


def test_stores_where_nothing_changed_are_not_read(
    announcer: Announcer, programmes: FakeProgrammes
) -> None:
    announcer.settings()
    announcer.settings()
    assert programmes.asked == [STORE]


def test_what_was_handed_over_is_counted(broker: Broker, programmes: FakeProgrammes) -> None:
    metrics = FakeMetrics()
    announcer = Announcer(broker.publish, programmes, metrics)
    announcer.receipt(TOPIC, receipt(1))
    announcer.flush()
    assert metrics.counted[RECEIPTS, ""] == 1


@pytest.mark.assertion("SEM-TOP-005")
def test_clearing_is_an_empty_message_on_every_channel_and_the_status_goes_last(
    announcer: Announcer, broker: Broker
) -> None:
    announcer.receipt(TOPIC, receipt(10))
    announcer.clear(STORE, KIOSK)
    announcer.flush()
    assert {payload for _, payload in broker.taken} == {b""}, "the receipt that waited is void"
    assert {topic for topic, _ in broker.taken} == {
        str(Topic(STORE, KIOSK, channel)) for channel in (*UPWARD, *DOWNWARD)
    }
    assert broker.taken[-1][0].endswith("/status")


def test_strangers_without_end_fill_no_memory(announcer: Announcer, broker: Broker) -> None:
    broker.room = 0
    for number in range(MOST_CLEARING):
        announcer.clear(StoreId(f"made-up-{number}"), KIOSK)
    assert announcer.waiting <= MOST_CLEARING + len(Channel)
    announcer.receipt(TOPIC, receipt(10))
    broker.room = MOST_CLEARING * 2
    announcer.flush()
    assert decode(Receipt, broker.taken[-1][1]).upto == 10


def test_a_greeting_gives_way_to_a_receipt_that_waits(announcer: Announcer, broker: Broker) -> None:
    broker.room = 0
    announcer.receipt(TOPIC, receipt(9))
    announcer.greet([(TOPIC, receipt(5))])
    broker.room = 5
    announcer.flush()
    announcer.greet([(TOPIC, receipt(6))])
    announcer.flush()
    assert [decode(Receipt, payload).upto for _, payload in broker.taken] == [9, 6]


def test_of_notices_the_newest_goes_out_after_all_else(
    announcer: Announcer, broker: Broker
) -> None:
    broker.room = 0
    for minutes in (3, 4, 5):
        announcer.notice(STORE, KIOSK, Notice(1_000, minutes, 60))
    announcer.notice(STORE, KioskId("k-2"), None)
    announcer.receipt(TOPIC, receipt(10))
    announcer.flush()
    assert announcer.waiting == 3
    broker.room = 2
    announcer.flush()
    assert [topic.split("/")[-1] for topic, _ in broker.taken] == ["receipt", "notice"]
    assert decode(Notice, broker.taken[1][1]).minutes == 5
    broker.room = 1
    announcer.flush()
    assert broker.taken[2] == (str(Topic(STORE, KioskId("k-2"), Channel.NOTICE)), b"")
    assert announcer.waiting == 0


def test_a_kiosk_that_is_cleared_gets_no_notice_that_waited(
    announcer: Announcer, broker: Broker
) -> None:
    announcer.notice(STORE, KIOSK, Notice(1_000, 3, 60))
    announcer.clear(STORE, KIOSK)
    announcer.flush()
    assert {payload for _, payload in broker.taken} == {b""}
