"""Whatever line, hub, card and forger do, in whatever order: what was sealed is held, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.topics import Channel
from shared.wire import encode
from tests.fakes.hub import FakeLedger
from tests.kiosk.courier.rig import EPOCH, LIMITS, Rig, assert_all_arrived


class Chaos(Rig):
    """A rig with hands that do harm; `check` is true at every moment."""

    def seal_some(self) -> None:
        if not self.outbox.broken:
            self.seal(130)

    def pass_on(self) -> None:
        """The hub takes the next batch, and its receipt arrives."""
        if (payload := self._next_batch()) is not None:
            self.broker.send(Channel.RECEIPT, self.hub.take(payload))

    def lose_batch(self) -> None:
        self._next_batch()

    def lose_receipt(self) -> None:
        if (payload := self._next_batch()) is not None:
            self.hub.take(payload)

    def repeat_all(self) -> None:
        """The broker hands out again what it handed out before."""
        for payload in self.broker.seen(Channel.RECORDS)[: self.answered]:
            self.hub.take(payload)

    def repeat_receipt(self) -> None:
        if (last := self.broker.retained.get(Channel.RECEIPT)) is not None:
            self.broker.send(Channel.RECEIPT, last)

    def forge(self) -> None:
        self.broker.send(Channel.RECEIPT, encode(self.receipt(50, "f" * 32)))

    def cut(self) -> None:
        self.broker.cut()

    def restore(self) -> None:
        self.broker.restore()

    def refuse(self) -> None:
        self.broker.refusing = {Channel.RECORDS}

    def allow(self) -> None:
        self.broker.refusing = set()

    def break_card(self) -> None:
        self.outbox.broken = True

    def mend_card(self) -> None:
        self.outbox.broken = False

    def restart(self) -> None:
        self.broker.close()
        self.inbox.clear()
        self.rounds = self.courier()

    def wait(self) -> None:
        self.clock.advance(900)

    def wait_long(self) -> None:
        self.clock.advance(45_000)

    def check(self) -> None:
        """Nothing is forgotten that the hub does not hold."""
        held = max((ledger.held for ledger in self.hub.ledgers.values()), default=0)
        assert self.outbox.held().received <= held

    def calm(self) -> None:
        """Everything is well again, for as long as it takes."""
        self.restore()
        self.allow()
        self.mend_card()
        self.seal(1)
        for _ in range(30):
            self.answer()
            self.later(LIMITS.longest_wait)

    def _next_batch(self) -> bytes | None:
        batches = self.broker.seen(Channel.RECORDS)
        if self.answered >= len(batches):
            return None
        self.answered += 1
        return batches[self.answered - 1]


HANDS: list[Callable[[Chaos], None]] = [
    *[Chaos.seal_some, Chaos.pass_on, Chaos.pass_on, Chaos.wait] * 2,
    *[Chaos.lose_batch, Chaos.lose_receipt, Chaos.repeat_all, Chaos.repeat_receipt, Chaos.forge],
    *[Chaos.cut, Chaos.restore, Chaos.refuse, Chaos.allow, Chaos.break_card, Chaos.mend_card],
    *[Chaos.restart, Chaos.wait_long],
]


AnyChaos = TypeVar("AnyChaos", bound=Chaos)


def live_through(chaos: AnyChaos, hands: Iterable[Callable[[AnyChaos], None]]) -> None:
    """All that happens, checked after each thing, and then quiet."""
    for hand in hands:
        hand(chaos)
        chaos.settle()
        chaos.check()
    chaos.calm()


@pytest.mark.assertion("SEM-BAT-002")
@pytest.mark.assertion("SEM-RCP-002")
@pytest.mark.assertion("SEM-RCP-003")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(HANDS), max_size=40))
def test_nothing_is_lost_doubled_or_forgotten_too_early(
    hands: list[Callable[[Chaos], None]],
) -> None:
    chaos = Chaos()
    live_through(chaos, hands)
    assert_all_arrived(chaos)


class Restored(Chaos):
    """The hub, too, is set back to what it was, again and again, and greets or does not."""

    def __init__(self) -> None:
        super().__init__()
        self._backup: dict[str, FakeLedger] = {}

    def back_up(self) -> None:
        self._backup = deepcopy(self.hub.ledgers)

    def set_back(self) -> None:
        self.hub.ledgers = deepcopy(self._backup)
        self.hub.generation += 1
        self.hub.at += 1_000

    def greet(self) -> None:
        if EPOCH in self.hub.ledgers:
            self.broker.send(Channel.RECEIPT, encode(self.hub.receipt(EPOCH)))

    def check(self) -> None:
        """What the hub no longer has, the kiosk still holds."""
        held = max((ledger.held for ledger in self.hub.ledgers.values()), default=0)
        assert self.outbox.held().oldest <= held + 1


BACKUPS: list[Callable[[Restored], None]] = [
    *[Chaos.seal_some, Chaos.pass_on, Chaos.pass_on, Chaos.wait],
    *[Chaos.lose_batch, Chaos.lose_receipt, Chaos.repeat_receipt, Chaos.cut, Chaos.restore],
    *[Chaos.restart, Restored.back_up, Restored.set_back, Restored.greet],
]


@pytest.mark.assertion("SEM-RCP-008")
@pytest.mark.assertion("SEM-RCP-009")
@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(BACKUPS), min_size=10, max_size=40))
def test_nothing_is_lost_or_doubled_however_often_the_hub_is_restored(
    hands: list[Callable[[Restored], None]],
) -> None:
    chaos = Restored()
    live_through(chaos, hands)
    assert_all_arrived(chaos)
    assert chaos.hub.ledgers[EPOCH].lost == 0
