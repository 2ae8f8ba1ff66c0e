"""A signal ends the kiosk whatever the main thread has in its hands."""

from __future__ import annotations

import signal
import threading

import pytest

from kiosk.wiring.signals import ended_by_signal

ENDING = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("number", ENDING)
def test_a_lock_that_the_main_thread_holds_does_not_keep_the_kiosk_from_ending(
    number: signal.Signals,
) -> None:
    lock, stopped = threading.Lock(), threading.Event()

    def stop() -> None:
        with lock:
            stopped.set()

    with ended_by_signal(stop):
        with lock:
            signal.raise_signal(number)
            assert not stopped.is_set()
        assert stopped.wait(5)


def test_a_second_signal_finds_no_handler_and_ends_the_process() -> None:
    with ended_by_signal(lambda: None):
        signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_without_a_signal_nothing_is_stopped_and_nothing_is_left() -> None:
    handlers, threads = [signal.getsignal(number) for number in ENDING], threading.enumerate()
    stops: list[int] = []
    with ended_by_signal(lambda: stops.append(1)):
        pass
    assert not stops
    assert [signal.getsignal(number) for number in ENDING] == handlers
    assert threading.enumerate() == threads
