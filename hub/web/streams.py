"""A live page as an answer to a browser, and who may go on looking at one."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Sequence

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from hub.accounts import Accounts, SignedIn
from hub.core.roles import Right
from hub.web.live import Judge, Live, Subject
from hub.web.parts import parts_of
from hub.web.viewers import Ticket, Viewer

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""No proxy may keep or collect it."""

LONGEST_VERSION = 400
"""A version names a step and the kiosks that are away; a longer one is none of ours."""

RETRY_MS = (1_000, 4_000)
"""After so long a browser comes back, each in its own time: a hub that was started again would
else have all of them in the same instant."""


def stream_of(
    request: Request, session: SignedIn, subject: Subject, right: Right, version: str
) -> Response:
    """The stream of this page for this session, for as long as it runs and may see the store."""
    seen = request.headers.get("last-event-id", version)[:LONGEST_VERSION]
    ticket = Ticket(session.token, right, subject.store)
    viewer = Viewer(session.user.language, seen, ticket)
    return EventStream(parts_of(request).live, subject, viewer)


def judge_of(accounts: Accounts) -> Judge:
    """Says which tickets still hold: one question to the database for all of them."""

    def judge(tickets: Sequence[Ticket]) -> list[bool]:
        users = accounts.still_signed_in({ticket.token for ticket in tickets})
        found = [(users.get(ticket.token), ticket) for ticket in tickets]
        return [
            user is not None and user.viewer.may(ticket.right) and user.viewer.sees(ticket.store)
            for user, ticket in found
        ]

    return judge


class EventStream(Response):
    """Sends what a viewer is owed, until the viewer is told to end or the browser is gone.

    As lean as it can be: this runs for every viewer at every step.
    """

    media_type = "text/event-stream"

    def __init__(self, live: Live, subject: Subject, viewer: Viewer) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._live, self._subject, self._viewer = live, subject, viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for as long as it goes on."""
        del scope
        viewer = self._viewer
        self._live.join(self._subject, viewer)
        leaving = asyncio.create_task(_leave(receive, viewer))
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            await send(start)
            news = b"retry: %d\n\n" % random.randint(*RETRY_MS)  # noqa: S311 - nobody's secret
            while news:
                await send({"type": "http.response.body", "body": news, "more_body": True})
                news = await viewer.next()
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            pass  # gone in the middle of a write
        finally:
            leaving.cancel()
            self._live.leave(self._subject, viewer)


async def _leave(receive: Receive, viewer: Viewer) -> None:
    """End the viewer when the browser goes."""
    with contextlib.suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass
    viewer.end()
