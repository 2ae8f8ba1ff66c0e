"""The address at which a hub is reached, and how its server ends."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from shared.errors import SettingsError


class Stoppable(Protocol):
    """A server that ends soon after it was told to."""

    should_exit: bool


@contextmanager
def ending_quietly(server: Stoppable) -> Iterator[None]:
    """Let the signals that end a program end the server, and only that.

    uvicorn takes them itself while it runs; this holds before that, where a signal would be lost,
    and after it, when uvicorn raises the signal that ended it once more.
    """

    def end(_signal: int, _frame: object) -> None:
        server.should_exit = True

    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in before:
        signal.signal(sign, end)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def open_door(host: str, port: int) -> socket.socket:
    """Listen there; raises SettingsError where that is not possible."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as fault:
        raise SettingsError("web", [f"{host}:{port} cannot be served: {fault}"]) from fault
    # Inherited by every connection. asyncio sets it only on sockets that it made itself; without
    # it the end of an answer may wait 40 ms until the browser has acknowledged the beginning.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door
