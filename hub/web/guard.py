"""What stands around every answer: security headers, bounded bodies, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024
"""The largest form is a user with some hundred stores: about 10 kB."""

LARGER: Final = {"/questionnaires": 2 * 1024 * 1024, "/api/v1/diagnoses": 288 * 1024}
"""A questionnaire as a text, where a form writes each letter that is not Latin as six or nine; a
diagnostic file of 128 kB, whose quotation marks are written as two letters, with its proof."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""No inline script or style, no frame around us, nothing from or to another site, no camera."""

FRAMED: Final = {
    "content-security-policy": HEADERS["content-security-policy"]
    .replace("script-src 'self'", "script-src 'none'")
    .replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "x-frame-options": "SAMEORIGIN",
}
"""Of a page that changes nothing and has no script: our own pages, and no others, may frame it."""


def headers_of(secure: bool) -> dict[str, str]:
    """What every answer carries, unless it says otherwise; pages about people are never cached."""
    headers = {**HEADERS, "cache-control": "no-store"}
    if secure:  # a year, as browsers' own lists ask
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


class SecurityHeaders:
    """Put the headers on every answer."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = headers_of(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


Refusing = Callable[[Scope, int, str], Response]
"""What whoever sent this is shown, by status and reason."""


def plainly(_: Scope, status: int, why: str) -> Response:
    """The reason, and nothing else."""
    return PlainTextResponse(why, status)


class TooLarge(HTTPException):
    """A body went over its bound while it was read."""

    def __init__(self) -> None:
        super().__init__(413)


class BoundedBody:
    """Refuse bodies over the bound, told or found out, before anybody reads them."""

    def __init__(
        self, app: ASGIApp, largest: int = LARGEST_BODY, refusing: Refusing = plainly
    ) -> None:
        self._app = app
        self._largest = largest
        self._refusing = refusing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told, largest = (
            Headers(scope=scope).get("content-length", "0"),
            self._bound(scope.get("path", "")),
        )
        if not told.isdecimal() or int(told) > largest:
            await self._refuse(scope, receive, send)
            return
        counted = _Counted(receive, largest)
        began = _Began(send)
        try:
            await self._app(scope, counted, began)
        except TooLarge:
            if began.begun:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._refusing(scope, 413, "The request is too large.")(scope, receive, send)

    def _bound(self, path: str) -> int:
        larger = [bound for start, bound in LARGER.items() if path.startswith(start)]
        return max(self._largest, *larger) if larger else self._largest


class _Counted:
    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise TooLarge
        return message


class _Began:
    def __init__(self, send: Send) -> None:
        self._send, self.begun = send, False

    async def __call__(self, message: Message) -> None:
        self.begun = True
        await self._send(message)


class SameOrigin:
    """Refuse whatever changes something and was not sent by a page of ours (besides CSRF tokens).

    Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`); one that says neither is
    let through only where it carries no cookie, so that nobody's session can be borrowed.
    """

    def __init__(self, app: ASGIApp, public_url: str, refusing: Refusing = plainly) -> None:
        self._app = app
        self._public = _origin(public_url)
        self._refusing = refusing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or 403."""
        changes = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if changes and not self._ours(scope, Headers(scope=scope)):
            await _drain(receive)
            refusal = self._refusing(scope, 403, "This request came from another site.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _ours(self, scope: MutableMapping[str, Any], headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            here = _origin(f"{scope['scheme']}://{headers.get('host', '')}")
            return origin != "null" and _origin(origin) in (here, self._public)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        return "cookie" not in headers


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None, None
    return parts.scheme, parts.hostname, port


async def _drain(receive: Receive) -> None:
    """Read the (bounded) body: a connection closed on unread data loses the answer too."""
    while (await receive()).get("more_body"):
        pass
