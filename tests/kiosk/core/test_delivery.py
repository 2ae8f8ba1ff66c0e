"""Whatever happens on the line, everything arrives, and never more than a window is out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.delivery import Delivery, Due, Limits, Phase

LIMITS = Limits()
BATCH = 3


@dataclass
class Simulation:
    """A kiosk with `last` records, a line that does what it likes, and a hub that is honest."""

    last: int
    delivery: Delivery = field(default_factory=lambda: Delivery(LIMITS))
    now: int = 0
    hub: int = 0
    forgotten: int = 0
    up: list[tuple[int, int]] = field(default_factory=list)
    down: list[int] = field(default_factory=list)
    sends: list[int] = field(default_factory=list)

    def act(self) -> None:
        """Do all that is due, as the courier would."""
        for _ in range(100):
            due = self.delivery.due(self.now)
            if due is None:
                return
            self.do(due)
            assert len(self.delivery.flights) <= LIMITS.window
            assert self.delivery.held <= self.hub
        raise AssertionError("a hot loop")

    def do(self, due: Due) -> None:
        match due:
            case Due.JOIN:
                self.delivery = self.delivery.joining(self.now)
            case Due.LEAVE:
                self.leave()
            case Due.GO_BACK:
                self.delivery = self.delivery.gone_back()
            case Due.SEND:
                self.send()
            case Due.TELL:
                self.delivery = self.delivery.told(self.now)

    def send(self) -> None:
        first = max(self.delivery.next_seq, self.forgotten + 1)
        last = min(first + BATCH - 1, self.last)
        if first > self.last:
            self.delivery = self.delivery.emptied()
            return
        self.up.append((first, last))
        self.sends.append(self.now)
        self.delivery = self.delivery.sent(last, self.now)

    def leave(self) -> None:
        self.delivery = self.delivery.lost(self.now, 0.5)

    def answer(self) -> None:
        """The hub takes what came, in whatever order, and answers each batch."""
        for first, last in self.up:
            if first <= self.hub + 1:
                self.hub = max(self.hub, last)
            self.down.append(self.hub)
        self.up = []

    def receive(self) -> None:
        """The oldest receipt on the line reaches the kiosk."""
        if self.down and self.delivery.phase is Phase.JOINED:
            upto = self.down.pop(0)
            self.forgotten = max(self.forgotten, upto)
            self.delivery = self.delivery.receipted(upto, self.now)

    def disturb(self, what: str) -> None:
        getattr(self, what)()
        self.act()

    def connect(self) -> None:
        if self.delivery.phase is Phase.JOINING:
            self.delivery = self.delivery.joined(self.forgotten, self.now)

    def disconnect(self) -> None:
        if self.delivery.phase is not Phase.APART:
            self.leave()

    def lose(self) -> None:
        self.up = self.up[1:]

    def reorder(self) -> None:
        self.up = self.up[::-1]

    def repeat(self) -> None:
        self.up = self.up + self.up

    def mute(self) -> None:
        self.down = self.down[1:]

    def say_again(self) -> None:
        self.down = self.down + self.down[:3]

    def refuse(self) -> None:
        if self.delivery.phase is Phase.JOINED:
            self.delivery = self.delivery.paused(self.now)

    def wait(self) -> None:
        self.now += 700

    def wait_long(self) -> None:
        self.now += 20_000

    def seal_more(self) -> None:
        self.last += 2
        self.delivery = self.delivery.woken()

    def calm(self) -> None:
        """From now on all goes well: only the clock moves, and everybody answers."""
        for _ in range(200):
            self.disturb("connect")
            self.answer()
            while self.down and self.delivery.phase is Phase.JOINED:
                self.disturb("receive")
            if self.forgotten == self.last and not self.delivery.owed:
                return
            deadline = self.delivery.deadline()
            if not self.up and deadline is not None:
                self.now = max(self.now, deadline)
            self.act()


TROUBLES = (
    *["connect", "answer", "receive"] * 3,  # often enough that something gets under way
    *["disconnect", "lose", "reorder", "repeat", "mute", "say_again", "refuse"],
    *["wait", "wait", "wait_long", "seal_more"],
)


@pytest.mark.assertion("SEM-BAT-002")
@pytest.mark.assertion("SEM-BAT-003")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TROUBLES), max_size=60))
def test_whatever_happens_everything_arrives_in_the_end(troubles: list[str]) -> None:
    run = Simulation(last=20)
    run.act()
    for trouble in troubles:
        run.disturb(trouble)
    run.calm()
    assert run.hub == run.last
    assert run.forgotten == run.last


def joined(received: int = 0, now: int = 0) -> Delivery:
    return Delivery(LIMITS).joining(now).joined(received, now)


def test_one_batch_is_sent_until_the_hub_has_answered_then_a_window() -> None:
    state = joined().sent(100, 0)
    assert state.due(0) is None
    state = state.receipted(100, 5)
    for last in (200, 300, 400, 500):
        assert state.due(5) is Due.SEND
        state = state.sent(last, 5)
    assert state.due(5) is None


@pytest.mark.assertion("SEM-BAT-002")
def test_sending_goes_on_from_the_receipt_and_from_the_oldest_after_a_new_connection() -> None:
    state = joined(received=6)
    assert state.next_seq == 7
    state = state.sent(106, 0).receipted(50, 1).gone_back()
    assert state.next_seq == 51
    assert state.lost(2, 0.0).joining(2).joined(50, 3).next_seq == 51


@pytest.mark.assertion("SEM-BAT-003")
def test_a_silent_line_is_left_after_ten_seconds() -> None:
    state = joined().sent(100, 1_000)
    assert state.due(10_999) is None
    assert state.deadline() == 11_000
    assert state.due(11_000) is Due.LEAVE


def test_a_silent_hub_does_not_count_as_success_so_waits_grow() -> None:
    state, now, waits = Delivery(LIMITS), 0, []
    for _ in range(8):
        state = state.joining(now).joined(0, now).sent(100, now)
        now += LIMITS.answer
        state = state.lost(now, 0.999)
        waits.append(state.until - now)
        now = state.until
    assert waits == sorted(waits)
    assert waits[-1] > 100_000


def test_an_answer_or_a_long_connection_makes_the_next_wait_short_again() -> None:
    tired = Delivery(LIMITS, failures=12)
    answered = tired.joining(0).joined(0, 0).sent(100, 0).receipted(100, 1).lost(2, 0.999)
    stood = tired.joining(0).joined(0, 0).lost(LIMITS.steady, 0.999)
    fell = tired.joining(0).joined(0, 0).lost(LIMITS.steady - 1, 0.999)
    assert answered.until - 2 < 1_000
    assert stood.until - LIMITS.steady < 1_000
    assert fell.until - LIMITS.steady > 100_000


def test_a_pause_sends_nothing_then_one_batch_from_what_is_held() -> None:
    state = joined().sent(100, 0).receipted(100, 1).sent(200, 2).sent(300, 2).paused(10)
    assert state.due(10) is None
    assert state.paused_at(10)
    assert state.due(10 + LIMITS.pause) is Due.SEND
    assert state.next_seq == 101
    assert state.sent(200, 10 + LIMITS.pause).due(10 + LIMITS.pause) is None


def test_repeated_receipts_do_not_breed_repeats() -> None:
    state = joined().sent(100, 0).receipted(100, 1).sent(200, 2)
    state = state.receipted(100, 3).receipted(100, 4)
    assert state.due(500) is Due.SEND
    assert state.next_seq == 201
    assert state.receipted(200, 600).stalled_at is None


def test_a_hub_that_answers_and_does_not_advance_is_sent_it_again_ever_more_slowly() -> None:
    state, now, gaps = joined().sent(100, 0).receipted(100, 0), 0, []
    for _ in range(6):
        state = state.sent(200, now).receipted(100, now)
        due_at = state.stalled_at
        assert due_at is not None
        while state.due(now) is not Due.GO_BACK:
            now += 100
            state = state.receipted(100, now)
        gaps.append(now - due_at)
        state = state.gone_back()
        assert state.next_seq == 101
    assert gaps == [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]


def test_at_rest_only_the_status_is_due() -> None:
    state = joined().sent(100, 0).receipted(100, 1).emptied()
    assert state.deadline() == LIMITS.tell
    assert state.due(LIMITS.tell) is Due.TELL
    silent = Delivery(Limits(tell=0)).joining(0).joined(0, 0).emptied()
    assert silent.deadline() is None


def test_the_first_answer_tells_no_time_for_the_broker_may_have_kept_it() -> None:
    state = joined().sent(100, 0)
    assert not state.is_fresh(100, 5)
    state = state.receipted(100, 5).sent(200, 10)
    assert state.is_fresh(200, 1_010)
    assert not state.is_fresh(200, 1_011)
    assert not state.is_fresh(199, 11)
    assert not state.paused(12).is_fresh(200, 13)
