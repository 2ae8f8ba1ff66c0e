"""The watchdog is fed by a glass that is served and an outbox that can be written, by both."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from kiosk.wiring.heartbeat import Heart, beating
from tests.kiosk.adapters.test_systemd import Systemd
from tests.kiosk.wiring.samples import headless


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


def test_a_real_kiosk_whose_commits_hang_is_left_to_systemd(tmp_path: Path) -> None:
    """READY, then life signs; none any more while somebody else holds the outbox for ever."""
    headless(tmp_path)
    command = [sys.executable, "-m", "kiosk", "run", "-c", str(tmp_path / "kiosk.toml")]
    with Systemd(tmp_path / "notify") as systemd:
        known = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "4000000"}
        program = subprocess.Popen(
            command, env=os.environ | known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            assert [systemd.next(30) for _ in range(3)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
            with closing(sqlite3.connect(tmp_path / "outbox.db", isolation_level=None)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                with suppress(TimeoutError):
                    systemd.next(0.5)  # one that was on its way
                with pytest.raises(TimeoutError):
                    systemd.next(2)
                holder.execute("ROLLBACK")
            assert systemd.next(10) == "WATCHDOG=1"
        finally:
            program.terminate()
            assert program.wait(20) == 0
