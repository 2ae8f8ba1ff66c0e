"""How long a request may take to arrive: whoever sends it a byte at a time is not waited for.

uvicorn bounds neither the head nor the body in time. Here each has PATIENCE_SECONDS: the head from
the beginning of the connection or the end of the answer before, the body from the end of the head.
What takes longer is answered 408 where an answer can still be understood, and the connection ends.
Answers are not bounded: a live stream goes on for hours.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_SECONDS = 30.0
"""A form has 64 kB at most: over the slowest of lines this is still enough."""

_ANSWER = b"The request took too long to arrive."

_COMING = (h11.IDLE, h11.SEND_BODY)
"""Of a browser: a head is awaited, or a body."""


class PatientProtocol(H11Protocol):
    """One connection of a browser, which ends where a request does not arrive in time."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; where it completes a head, its body has its own time."""
        awaited_head = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if awaited_head and self.conn.their_state is not h11.IDLE:
            self._wait()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for what is still missing of the one just answered."""
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._wait_no_longer()

    def _wait(self) -> None:
        self._wait_no_longer()
        if not self.transport.is_closing():
            self._patience = self.loop.call_later(PATIENCE_SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()

    def _give_up(self) -> None:
        if self.conn.their_state not in _COMING:
            return  # all of it is there: how long the answer takes is no fault of the browser's
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever reads the body is told that nobody is there
        if self.conn.our_state is h11.SEND_RESPONSE:
            self._answer()
        self.transport.close()

    def _answer(self) -> None:
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        for event in (
            h11.Response(status_code=408, headers=headers, reason=b"Request Timeout"),
            h11.Data(data=_ANSWER),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
