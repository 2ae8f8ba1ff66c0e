"""The watchdog is fed by a glass that is served and an outbox that can be written, by both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from kiosk.wiring.heartbeat import Heart, beating
from tests.kiosk.adapters.test_systemd import Systemd


class Loop:
    """A glass whose loop a test turns."""

    def __init__(self) -> None:
        self.regularly: list[tuple[float, Callable[[], None]]] = []

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        self.regularly.append((seconds, call))


def test_only_both_together_feed_it(tmp_path: Path) -> None:
    writable, asked = threading.Event(), threading.Semaphore(0)
    told = threading.Semaphore(0)

    def is_writable() -> bool:
        asked.release()
        return writable.is_set()

    heart = Heart(is_writable, told.release)
    heart.start()
    assert not asked.acquire(timeout=0.05), "a glass that is not served asks nothing"
    heart.beat()
    assert asked.acquire(timeout=5)
    assert not told.acquire(timeout=0.05), "an outbox that cannot be written is not fed"
    writable.set()
    heart.beat()
    assert told.acquire(timeout=5)
    heart.close()
    heart.close()


def test_systemd_is_told_at_a_quarter_of_its_patience(tmp_path: Path) -> None:
    glass = Loop()
    with Systemd(tmp_path / "notify") as systemd, ExitStack() as stack:
        known = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "20000000"}
        beating(glass, None, stack, known)
        assert systemd.next() == "WATCHDOG=1"
        ((seconds, beat),) = glass.regularly
        assert seconds == 5
        beat()
        assert systemd.next() == "WATCHDOG=1"


def test_without_a_watchdog_nothing_beats() -> None:
    glass = Loop()
    with ExitStack() as stack:
        beating(glass, None, stack, {})
    assert not glass.regularly
