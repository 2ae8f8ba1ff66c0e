from __future__ import annotations

import os
import signal
import socket

import pytest

from hub.web.door import ending_quietly, open_door
from shared.errors import SettingsError


def test_it_listens_where_it_was_told() -> None:
    with open_door("127.0.0.1", 0) as door:
        socket.create_connection(door.getsockname(), timeout=5).close()


def test_no_answer_waits_until_its_beginning_is_acknowledged() -> None:
    with (
        open_door("127.0.0.1", 0) as door,
        socket.create_connection(door.getsockname(), timeout=5),
        door.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("host", ["127.0.0.1", "203.0.113.1", "no such name"])
def test_an_address_that_cannot_be_served_is_a_fault_of_the_settings(host: str) -> None:
    with open_door("127.0.0.1", 0) as taken, pytest.raises(SettingsError, match="cannot be served"):
        open_door(host, taken.getsockname()[1])


class FakeServer:
    """A server that is told."""

    should_exit = False


def test_a_signal_ends_the_server_and_nothing_else() -> None:
    server = FakeServer()
    before = signal.getsignal(signal.SIGTERM)
    with ending_quietly(server):
        os.kill(os.getpid(), signal.SIGTERM)
    assert server.should_exit
    assert signal.getsignal(signal.SIGTERM) is before
