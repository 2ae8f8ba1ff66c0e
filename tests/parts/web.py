"""A real web server in a thread, on a free port of the loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from hub.web.door import open_door
from hub.web.live import Live
from hub.web.serving import Server, configured

PATIENCE = 10.0
"""Seconds for the server to come up or go down; both take well under one."""


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """The hub's own door on a free port, and the address of what will be served there."""
    with open_door("127.0.0.1", 0) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(
    app: FastAPI, live: Live, listener: socket.socket, trusted_proxies: Sequence[str] = ()
) -> Iterator[None]:
    """The application, served until the block ends."""
    came_up = threading.Event()
    config = configured(app, trusted_proxies)
    config.lifespan = "off"
    config.timeout_graceful_shutdown = 8  # so that a test sees whether it is needed
    server = _Server(config, live, came_up)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert came_up.wait(PATIENCE), "the server did not come up"
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not stop"


class _Server(Server):
    def __init__(self, config: uvicorn.Config, live: Live, came_up: threading.Event) -> None:
        super().__init__(config, live)
        self._came_up = came_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._came_up.set()
