from __future__ import annotations

import threading

import pytest

from hub.adapters import worker
from hub.adapters.worker import Worker


def test_it_goes_on_after_a_step_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PAUSE", 0.001)
    steps = 0
    third = threading.Event()

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps < 3:
            raise ValueError("nobody foresaw this")
        third.set()
        third_done.wait(5)

    third_done = threading.Event()
    working = Worker("test", step)
    working.start()
    assert third.wait(5)
    assert working.alive
    third_done.set()
    working.stop()
    assert not working.alive


def test_one_that_never_began_can_be_stopped() -> None:
    working = Worker("test", lambda: None)
    working.stop()
    assert not working.alive
