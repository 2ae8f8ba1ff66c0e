"""The web server, which ends the live streams first when it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import uvicorn
from fastapi import FastAPI

from hub.web.live import Live
from hub.web.patience import PatientProtocol

GRACE_SECONDS = 2
"""Streams end at once; what is left is a page or an export that is being sent."""


def configured(app: FastAPI, trusted_proxies: Sequence[str] = ()) -> uvicorn.Config:
    """How this application is served; what others say of whom they speak for is believed of
    `trusted_proxies` alone (addresses or networks)."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        proxy_headers=bool(trusted_proxies),  # uvicorn believes everybody on this machine
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class Server(uvicorn.Server):
    """uvicorn waits for open streams for ever: they are told to end before it begins to wait."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._live.close()
        await super().shutdown(sockets)
