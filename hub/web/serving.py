"""The web server, which ends the live streams first when it is told to stop."""

from __future__ import annotations

import socket

import uvicorn

from hub.web.live import Live

PATIENCE_SECONDS = 3
"""Streams end at once; what is left is a page or an export that is being sent."""


class Server(uvicorn.Server):
    """uvicorn waits for open streams for ever: they are told to end before it begins to wait."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        config.timeout_graceful_shutdown = config.timeout_graceful_shutdown or PATIENCE_SECONDS
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._live.close()
        await super().shutdown(sockets)
