"""The bad line does what its weather says, to real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.drills.proxy import Proxy, Weather

SOON_S = 5.0


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says back what it hears."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(line,), daemon=True).start()

    def answer(line: socket.socket) -> None:
        with closing(line):
            try:
                while heard := line.recv(65_536):
                    line.sendall(heard)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(SOON_S)


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    made = Proxy(echo, seed=1)
    made.start()
    made.add("line")
    yield made
    made.stop()


def called(proxy: Proxy, seconds: float = SOON_S) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.links["line"].port), timeout=seconds)


def weather(proxy: Proxy, **changes: object) -> None:
    proxy.change("line", lambda now: replace(now, **changes))  # type: ignore[arg-type]


def test_in_fair_weather_everything_passes_both_ways(proxy: Proxy) -> None:
    with called(proxy) as line:
        line.sendall(b"x" * 20_000)
        heard = b""
        while len(heard) < 20_000:
            heard += line.recv(65_536)
    assert heard == b"x" * 20_000


def test_a_slow_line_takes_its_time(proxy: Proxy) -> None:
    weather(proxy, delay_s=0.1)
    with called(proxy) as line:
        began = time.monotonic()
        line.sendall(b"x")
        assert line.recv(10) == b"x"
    assert time.monotonic() - began >= 0.2


def test_a_line_of_few_bytes_a_second_carries_few(proxy: Proxy) -> None:
    weather(proxy, bytes_a_second=10_000)
    with called(proxy) as line:
        began = time.monotonic()
        line.sendall(b"x" * 2_000)
        heard = 0
        while heard < 2_000:
            heard += len(line.recv(65_536))
    assert time.monotonic() - began >= 0.3


def test_a_black_line_swallows_and_says_nothing_and_the_old_connection_stays_dead(
    proxy: Proxy,
) -> None:
    with called(proxy, 0.5) as old:
        old.sendall(b"x")
        assert old.recv(10) == b"x"
        weather(proxy, deaf=True)
        old.sendall(b"y")
        with pytest.raises(TimeoutError):
            old.recv(10)
        proxy.change("line", lambda _: Weather())
        old.sendall(b"z")
        with pytest.raises(TimeoutError):
            old.recv(10)
    with called(proxy) as fresh:
        fresh.sendall(b"x")
        assert fresh.recv(10) == b"x"


@pytest.mark.parametrize("bite", ["reset", "truncate"])
def test_a_packet_is_cut_inside_and_only_one(proxy: Proxy, bite: str) -> None:
    weather(proxy, bite=bite)
    with called(proxy) as line:
        line.sendall(b"x" * 1_000)
        heard = 0
        try:
            while got := line.recv(65_536):
                heard += len(got)
        except ConnectionResetError:
            assert bite == "reset"
    assert heard < 1_000
    assert proxy.links["line"].counted[bite] == 1
    with called(proxy) as line:
        line.sendall(b"x")
        assert line.recv(10) == b"x"


def test_a_cut_line_ends_what_stands_and_lets_nobody_in(proxy: Proxy) -> None:
    with called(proxy) as line:
        line.sendall(b"x")
        assert line.recv(10) == b"x"
        weather(proxy, shut=True)
        with pytest.raises(ConnectionResetError):
            line.recv(10)
    with pytest.raises(ConnectionResetError), called(proxy) as line:  # it may not even connect
        line.recv(10)
