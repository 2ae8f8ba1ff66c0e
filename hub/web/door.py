"""The address at which a hub is reached, and how its server ends."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import SettingsError


@contextmanager
def ending_quietly() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more: by then everything has been stopped."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in before:
        signal.signal(sign, lambda *_: None)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def open_door(host: str, port: int) -> socket.socket:
    """Listen there; raises SettingsError where that is not possible."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as fault:
        raise SettingsError("web", [f"{host}:{port} cannot be served: {fault}"]) from fault
