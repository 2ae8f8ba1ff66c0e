"""A live page as an answer to a browser."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from hub.accounts import SignedIn
from hub.core.roles import Right
from hub.web.live import Subject
from hub.web.parts import parts_of

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""No proxy may keep or collect it."""

LONGEST_VERSION = 400
"""A version names a step and the kiosks that are away; a longer one is none of ours."""


def stream_of(
    request: Request, session: SignedIn, subject: Subject, right: Right, version: str
) -> Response:
    """The stream of this page for this session, for as long as it runs and may see the store."""
    parts = parts_of(request)

    def still() -> bool:
        user = parts.accounts.still_signed_in(session.token)
        return user is not None and user.viewer.may(right) and user.viewer.sees(subject.store)

    seen = request.headers.get("last-event-id", version)[:LONGEST_VERSION]
    stream = parts.live.stream(subject, session.user.language, seen, still)
    return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)
