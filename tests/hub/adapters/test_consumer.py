from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from hub.adapters import consumer as module
from hub.adapters.consumer import Consumer
from hub.adapters.inbox import Inbox, Letter
from hub.announcer import Announcer
from hub.core.hearing import Message
from hub.core.measures import MESSAGES, POISON, QUARANTINED, RECORDS, TRANSACTIONS
from shared.deliveries import Receipt
from shared.errors import ArchiveError
from shared.places import KioskId, StoreId
from shared.topics import Channel, Topic
from tests.fakes.metrics import FakeMetrics
from tests.fakes.programmes import FakeProgrammes

TOPIC = Topic(StoreId("centro"), KioskId("k-1"), Channel.RECEIPT)
RECEIPT = Receipt("hub", 1, "ab" * 8, 1, "cd" * 16, 1)


class FakeIntake:
    """Takes what it is given, unless told to fail."""

    def __init__(self, story: list[str]) -> None:
        self.counted: Counter[str] = Counter()
        self.failures = 0
        self.poison: set[bytes] = set()
        self._story = story

    def take(
        self, messages: Sequence[Message], received_at_ms: int
    ) -> Sequence[tuple[Topic, Receipt]]:
        if self.failures or any(message.payload in self.poison for message in messages):
            self.failures = max(0, self.failures - 1)
            self._story.append("failed")
            raise ArchiveError("the database is away")
        self.counted.update(messages=len(messages), records=len(messages), **{"quarantined:x": 1})
        self._story.append(f"committed {len(messages)}")
        return [(TOPIC, RECEIPT)]


class Bench:
    """A consumer with everything around it, writing down what happens in which order."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.intake = FakeIntake(self.story)
        self.inbox = Inbox()
        self.metrics = FakeMetrics()
        self.told: list[StoreId] = []
        self.tidied: list[tuple[int, bool, int]] = []
        announcer = Announcer(self._publish, FakeProgrammes(), self.metrics)
        self.consumer = Consumer(
            self.inbox, self.intake, announcer, self.metrics, lambda: 7, self.told.append, self
        )

    def tidy(self, wrote: int, *, rest: bool) -> None:
        self.tidied.append((wrote, rest, len(self.story)))

    def acknowledge(self, mid: int) -> None:
        self.story.append(f"thanked {mid}")

    def put(self, *payloads: bytes) -> None:
        for mid, payload in enumerate(payloads):
            self.inbox.put(Letter("t", payload, False, 0.0, mid, self), wait=0)

    def _publish(self, topic: str, payload: bytes) -> bool:
        self.story.append("receipt")
        return True


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(module, "wait_ms", lambda *_: 1)
    return Bench()


def test_receipts_follow_the_commit_and_thanks_come_last_and_in_order(bench: Bench) -> None:
    bench.put(b"a", b"b")
    bench.consumer.step()
    assert bench.story == ["committed 2", "receipt", "thanked 0", "thanked 1"]
    assert bench.told == [TOPIC.store_id]


def test_while_the_database_fails_nothing_is_thanked_and_the_same_comes_again(
    bench: Bench,
) -> None:
    bench.intake.failures = 3
    bench.put(b"a", b"b")
    bench.consumer.step()
    assert bench.story == ["failed"] * 3 + ["committed 2", "receipt", "thanked 0", "thanked 1"]
    assert bench.metrics.counted[TRANSACTIONS, "failed"] == 3


def test_the_log_is_tidied_when_everybody_has_been_answered(bench: Bench) -> None:
    bench.put(b"abc", b"de")
    bench.consumer.step()
    assert bench.tidied == [(5, True, len(bench.story))]


def test_a_stop_ends_the_attempts_and_thanks_nobody(bench: Bench) -> None:
    bench.intake.failures = 10**9
    bench.put(b"a")
    stepping = threading.Thread(target=bench.consumer.step)
    stepping.start()
    bench.consumer.stop()
    stepping.join(5)
    assert not stepping.is_alive()
    assert set(bench.story) <= {"failed"}


def test_one_letter_that_the_database_will_not_have_holds_up_nobody(bench: Bench) -> None:
    bench.intake.poison = {b"poison"}
    bench.put(b"a", b"poison", b"b")
    bench.consumer.step()
    assert bench.story.count("committed 1") == 2
    assert {"thanked 0", "thanked 1", "thanked 2"} <= set(bench.story)
    assert bench.metrics.counted[POISON, ""] == 1


def test_a_database_that_has_nothing_at_all_makes_poison_of_nobody(bench: Bench) -> None:
    bench.intake.failures = 40
    bench.put(b"a", b"b", b"c")
    bench.consumer.step()
    assert bench.metrics.counted[POISON, ""] == 0
    assert [line for line in bench.story if "thanked" in line] == [
        "thanked 0",
        "thanked 1",
        "thanked 2",
    ]


def test_what_the_intake_counted_is_carried_over_once(bench: Bench) -> None:
    for _ in range(2):
        bench.put(b"a", b"b")
        bench.consumer.step()
    assert bench.metrics.counted[RECORDS, "records"] == 4
    assert bench.metrics.counted[QUARANTINED, "x"] == 2
    assert bench.metrics.counted[MESSAGES, "records"] == 4


def test_a_step_without_letters_ends_by_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.01)
    bench.consumer.step()
    assert bench.story == []
