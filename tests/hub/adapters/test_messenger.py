"""The messenger: at least once, in the end, and nobody waits for another store's receiver."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network

import pytest

from hub.adapters.messenger import AT_ONCE, OF_A_STORE, Messenger
from hub.adapters.webhooks import Webhooks
from hub.core.measures import WEBHOOKS
from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Hook
from hub.core.waiting.outward import AlertKey, Errand, Event, signature
from shared.errors import ArchiveError, WebhookFailed
from shared.places import StoreId
from tests.fakes.alerts import FakeAlerts
from tests.fakes.metrics import FakeMetrics
from tests.parts.receiver import receiving

KEY = "0f" * 32
PATIENCE = 10.0


def errand(address: str = "http://localhost/", store: str = "centro-012", since: int = 7) -> Errand:
    key = AlertKey(StoreId(store), LineId("fila-unica"), "line_long", since)
    return Errand(key, Event.RAISED, None, 1, 9, 0, Hook(address, KEY))


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.ms = 1_000

    def __call__(self) -> int:
        return self.ms


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)  # what a thread did shows only in what it wrote


@contextmanager
def messenger(alerts: FakeAlerts, post: object, clock: Clock) -> Iterator[Messenger]:
    one = Messenger(alerts, post, clock)  # type: ignore[arg-type]
    try:
        yield one
    finally:
        one.stop()


class Posts:
    """Takes note of what is sent; hangs at some addresses until let go."""

    def __init__(self, *hanging: str) -> None:
        self.sent: list[str] = []
        self.hanging, self.free = hanging, threading.Event()

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        assert headers
        self.sent.append(json.loads(body)["id"])
        if address in self.hanging:
            assert self.free.wait(PATIENCE)
            raise WebhookFailed("it answered 500")


def test_a_real_receiver_that_fails_first_is_told_in_the_end() -> None:
    clock = Clock()
    with receiving() as receiver:
        receiver.answers = [503, 500]
        alerts = FakeAlerts(errand(receiver.address))
        [name] = alerts.errands
        with messenger(alerts, Webhooks([ip_network("127.0.0.0/8")]), clock) as one:
            bodies = []
            for attempt in range(3):
                one.look()
                came = receiver.next()
                bodies.append(json.loads(came.body))
                assert came.headers["Semblante-Signature"] == signature(KEY, came.body)
                assert came.headers["Content-Type"] == "application/json"
                until(lambda: not one._under_way.total())
                assert (name in alerts.done) is (attempt == 2)
                one.look()  # it rests now
                assert receiver.arrived.empty()
                clock.ms += 40_000
    assert {body["id"] for body in bodies} == {name}
    assert [body["sent_at"] for body in bodies] == [1_000, 41_000, 81_000]


def test_attempts_are_counted_by_what_came_of_them() -> None:
    metrics, clock = FakeMetrics(), Clock()
    posts = Posts("http://slow/")
    posts.free.set()
    alerts = FakeAlerts(errand("http://slow/"), errand("http://quick/", since=8))
    one = Messenger(alerts, posts, clock, metrics)
    one.look()
    until(lambda: not one._under_way.total())
    one.stop()
    assert metrics.counted == {(WEBHOOKS, "told"): 1, (WEBHOOKS, "failed"): 1}


def test_it_looks_by_itself_and_stops_at_once() -> None:
    alerts, posts = FakeAlerts(errand()), Posts()
    one = Messenger(alerts, posts, Clock())
    one.start()
    until(lambda: len(alerts.done) == 1)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 1.5
    one.stop()  # again is harmless
    assert len(posts.sent) == 1


def test_one_store_s_receiver_that_hangs_holds_up_nobody_else() -> None:
    slow = [errand("http://slow/", "norte-007", since) for since in range(20)]
    quick = errand("http://quick/", "centro-012")
    alerts, posts = FakeAlerts(*slow, quick), Posts("http://slow/")
    with messenger(alerts, posts, Clock()) as one:
        one.look()
        until(lambda: quick.name in alerts.done)
        one.look()
        assert len([each for each in posts.sent if each.startswith("norte")]) == OF_A_STORE
        posts.free.set()


def test_no_more_are_under_way_than_there_are_threads() -> None:
    stores = [errand("http://slow/", f"store-{number}") for number in range(3 * AT_ONCE)]
    alerts, posts = FakeAlerts(*stores), Posts("http://slow/")
    with messenger(alerts, posts, Clock()) as one:
        one.look()
        until(lambda: len(posts.sent) == AT_ONCE)
        claimed = [each for each in alerts.errands.values() if each.attempts]
        assert len(claimed) == AT_ONCE  # the others may be tried by another process
        posts.free.set()
        until(lambda: not one._under_way.total())


def test_what_another_process_is_at_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    alerts, posts = FakeAlerts(errand()), Posts()
    [name] = alerts.errands
    mine = alerts.due(1_000)
    alerts.errands[name] = replace(alerts.errands[name], attempts=1)
    monkeypatch.setattr(alerts, "due", lambda _now: mine)
    with messenger(alerts, posts, Clock()) as one:
        one.look()
        until(lambda: not one._under_way.total())
    assert not posts.sent


@pytest.mark.parametrize("fault", [ArchiveError("away"), RuntimeError("what is this")])
def test_a_fault_ends_nothing(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts, posts = FakeAlerts(errand()), Posts()

    def fails(*_: object) -> None:
        monkeypatch.undo()
        raise fault

    monkeypatch.setattr(alerts, "told", fails)
    clock = Clock()
    with messenger(alerts, posts, clock) as one:
        one.look()
        until(lambda: not one._under_way.total())
        assert not alerts.done
        clock.ms += 10_000
        one.look()  # at least once: this is the second time
        until(lambda: len(alerts.done) == 1)
    assert len(posts.sent) == 2
