"""The writer: in order, tried again until it works, and honest to who stands before the glass."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from kiosk.core.events import Event, KeepFailed, Kept
from kiosk.core.ports import WALK, WRONG_PINS
from kiosk.writer import Writer
from shared.errors import NotKept
from shared.records import Record
from shared.visits import Face, Visit
from shared.wire import decode_record
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.samples import KIOSK, response, sale, visit

SECONDS = 5.0


class SlowCard(FakeOutbox):
    """An outbox whose commits wait for `go`, and that says when one has begun."""

    def __init__(self) -> None:
        super().__init__(KIOSK)
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.poison: Record | None = None

    def keep_open(self, visit: Visit) -> None:
        self._wait()
        super().keep_open(visit)

    def add(self, record: Record) -> None:
        self._wait()
        if record is self.poison:
            raise TypeError("nobody can write this")
        super().add(record)

    def _wait(self) -> None:
        self.begun.release()
        assert self.go.acquire(timeout=SECONDS)


@dataclass
class Bench:
    """A writer with its ears open."""

    outbox: FakeOutbox = field(default_factory=lambda: FakeOutbox(KIOSK))
    pause_seconds: float = 0.01
    events: queue.SimpleQueue[Event] = field(default_factory=queue.SimpleQueue)
    trouble: queue.SimpleQueue[bool] = field(default_factory=queue.SimpleQueue)
    recorded: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.writer = Writer(
            outbox=self.outbox,
            clock=FakeClock(),
            post=self.events.put,
            on_record=self.recorded.release,
            on_trouble=self.trouble.put,
            pause_seconds=self.pause_seconds,
        )

    def next_event(self) -> Event:
        return self.events.get(timeout=SECONDS)

    def wait_for_records(self, number: int) -> None:
        for _ in range(number):
            assert self.recorded.acquire(timeout=SECONDS)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    made.writer.start()
    yield made
    made.writer.stop()


def test_kept_is_said_after_the_visit_is_on_disk(bench: Bench) -> None:
    bench.writer.keep_open(7, visit())
    event = bench.next_event()
    assert isinstance(event, Kept)
    assert (event.ticket, bench.outbox.open_visit()) == (7, visit())


def test_kept_is_not_said_before_the_commit_returns() -> None:
    card = SlowCard()
    bench = Bench(card)
    bench.writer.start()
    bench.writer.keep_open(1, visit())
    assert card.begun.acquire(timeout=SECONDS)
    assert bench.events.empty()
    card.go.release()
    assert isinstance(bench.next_event(), Kept)
    bench.writer.stop()


def test_what_was_asked_for_first_is_committed_first(bench: Bench) -> None:
    bench.writer.add(sale(1))
    bench.writer.keep_open(1, visit())
    bench.writer.seal(visit())
    bench.writer.add(sale(2))
    bench.wait_for_records(3)
    assert bench.outbox.records == [sale(1), visit(), sale(2)]
    assert bench.outbox.open_visit() is None


def test_every_record_is_told_to_the_courier_and_an_open_visit_is_not(bench: Bench) -> None:
    bench.writer.keep_open(1, visit())
    bench.next_event()
    assert not bench.recorded.acquire(blocking=False)
    bench.writer.seal(visit())
    bench.wait_for_records(1)


def test_an_answer_that_cannot_be_kept_is_told_at_once_and_not_tried_again(bench: Bench) -> None:
    bench.outbox.broken = True
    bench.writer.keep_open(3, visit())
    event = bench.next_event()
    assert isinstance(event, KeepFailed)
    assert (event.ticket, event.why) == (3, "the card is broken")
    bench.outbox.broken = False
    bench.writer.add(sale())
    bench.wait_for_records(1)
    assert bench.outbox.open_visit() is None


def test_a_record_is_tried_again_until_it_is_on_disk_and_keeps_its_place(bench: Bench) -> None:
    bench.outbox.broken = True
    bench.writer.add(sale(1))
    bench.writer.seal(visit())
    bench.writer.add(sale(2))
    assert bench.trouble.get(timeout=SECONDS) is True
    assert bench.outbox.records == []
    bench.outbox.broken = False
    bench.wait_for_records(3)
    assert bench.outbox.records == [sale(1), visit(), sale(2)]
    assert bench.trouble.get(timeout=SECONDS) is False
    assert bench.trouble.empty()


def test_nobody_waits_before_the_glass_for_a_card_that_fails() -> None:
    bench = Bench(pause_seconds=3_600)
    bench.outbox.broken = True
    bench.writer.start()
    bench.writer.add(sale())
    bench.trouble.get(timeout=SECONDS)
    bench.writer.keep_open(1, visit())
    assert isinstance(bench.next_event(), KeepFailed)
    bench.outbox.broken = False
    bench.writer.keep_open(2, visit(face=Face.SAD))  # an answer is a reason to try at once
    assert isinstance(bench.next_event(), Kept)
    assert bench.outbox.records == [sale()]
    bench.writer.stop()


def test_a_record_that_nobody_can_write_does_not_hold_up_the_others() -> None:
    card = SlowCard()
    card.poison = sale(1)
    card.go.release(2)
    bench = Bench(card)
    with capture_logs() as logs:
        bench.writer.start()
        bench.writer.add(card.poison)
        bench.writer.add(sale(2))
        bench.wait_for_records(1)
        bench.writer.stop()
    assert card.records == [sale(2)]
    assert "record_lost" in [log["event"] for log in logs]


def test_a_listener_that_fails_does_not_stop_the_writer() -> None:
    told: queue.SimpleQueue[int] = queue.SimpleQueue()

    def listen() -> None:
        told.put(1)
        raise RuntimeError("a courier with a fault")

    writer = Writer(
        outbox=FakeOutbox(KIOSK),
        clock=FakeClock(),
        post=lambda _event: None,
        on_record=listen,
        on_trouble=lambda _failing: None,
    )
    writer.start()
    with capture_logs():
        for number in range(2):
            writer.add(sale(number))
            assert told.get(timeout=SECONDS)
    writer.stop()


def test_stopping_commits_what_is_waiting() -> None:
    bench = Bench()
    for number in range(50):
        bench.writer.add(sale(number))
    bench.writer.start()
    bench.writer.stop()
    bench.writer.stop()
    assert len(bench.outbox.records) == 50


def test_stopping_on_a_dead_card_ends_and_says_what_is_lost() -> None:
    bench = Bench(pause_seconds=3_600)
    bench.outbox.broken = True
    with capture_logs() as logs:
        bench.writer.start()
        for number in range(3):
            bench.writer.add(sale(number))
        bench.trouble.get(timeout=SECONDS)
        bench.writer.stop()
    assert [log["event"] for log in logs].count("record_lost") == 3


def test_a_fault_is_told_with_its_hint() -> None:
    bench = Bench()
    bench.outbox.broken = True
    with capture_logs() as logs:
        bench.writer.start()
        bench.writer.keep_open(1, visit())
        bench.next_event()
        bench.writer.stop()
    assert [log["hint"] for log in logs if log["event"] == "storage_failed"] == [NotKept.hint]


# Responses


def test_a_whole_response_is_answered_like_a_visit_and_told_like_a_record(bench: Bench) -> None:
    bench.writer.keep_response(response(), -1)
    event = bench.next_event()
    assert isinstance(event, Kept)
    assert event.ticket == -1
    bench.wait_for_records(1)
    assert bench.outbox.records == [response()]


def test_a_part_of_one_is_answered_by_nobody(bench: Bench) -> None:
    bench.writer.keep_response(response(complete=False), None)
    bench.wait_for_records(1)
    assert bench.events.empty()


def test_a_response_that_fails_is_told_once_and_kept_later_all_the_same() -> None:
    bench = Bench()
    bench.outbox.broken = True
    bench.writer.start()
    bench.writer.keep_response(response(), -1)
    event = bench.next_event()
    assert isinstance(event, KeepFailed)
    assert event.ticket == -1
    bench.outbox.broken = False
    bench.wait_for_records(1)
    assert bench.outbox.records == [response()]
    bench.writer.stop()
    assert bench.events.empty()


def test_whoever_waits_behind_a_failing_card_is_told_and_the_response_is_kept_later() -> None:
    card = SlowCard()
    card.broken = True
    bench = Bench(card)
    bench.writer.add(sale(1))
    bench.writer.keep_response(response(), -1)
    bench.writer.start()
    card.go.release()
    assert isinstance(bench.next_event(), KeepFailed)
    card.broken = False
    for _ in range(2):
        card.go.release()
    bench.wait_for_records(2)
    assert card.records == [sale(1), response()]
    bench.writer.stop()
    assert bench.events.empty()


def test_how_far_somebody_walked_is_noted_and_forgotten_with_the_response(bench: Bench) -> None:
    bench.writer.note_walk(response(complete=False))
    bench.writer.add(sale(1))
    bench.wait_for_records(1)
    assert decode_record(bench.outbox.recall(WALK) or b"") == response(complete=False)
    bench.writer.keep_response(response(), None)
    bench.wait_for_records(1)
    assert bench.outbox.recall(WALK) is None


def test_how_often_a_pin_was_wrong_is_noted(bench: Bench) -> None:
    for count in (9, 10):
        bench.writer.note_wrong_pins(count)
    bench.writer.add(sale(1))
    bench.wait_for_records(1)
    assert bench.outbox.recall(WRONG_PINS) == b"10"


def test_a_note_that_fails_holds_nothing_up() -> None:
    bench = Bench()
    bench.outbox.broken = True
    bench.writer.note_walk(response(complete=False))
    bench.writer.turn()
    assert bench.outbox.recall(WALK) is None
    assert bench.writer.turn() is None
    assert bench.events.empty()
