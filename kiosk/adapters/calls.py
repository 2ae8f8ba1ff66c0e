"""The HTTP of the door: a call is checked, read, answered and ended.

Calls are bounded in size and in number at once, and who says nothing for PATIENCE_SECONDS is
dropped; whatever a call holds, the answer is a status and a sentence, never a crash.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from typing import Any, Final, Protocol

import structlog

log = structlog.get_logger(__name__)

MOST_BODY: Final = 1_024
"""Bytes. The longest call there is has forty."""

MOST_AT_ONCE: Final = 8
"""Calls. A register has one till; whoever opens more is turned away."""

PATIENCE_SECONDS: Final = 5.0
"""How long a caller may stay silent."""

MOST_UNHEARD: Final = 64 * 1_024
"""Bytes of a refused body that are still taken in, so that the refusal arrives and not a reset."""

POLL_SECONDS: Final = 0.1
"""How soon a stop is noticed."""

Answer = Callable[[Mapping[str, Any], str | None], dict[str, Any]]
"""Takes a call's contents and its Idempotency-Key, returns what is answered; may raise Refused."""


class Refused(Exception):
    """A call that is answered with this status and sentence."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Answering(Protocol):
    """Who stands behind the server."""

    def admits(self, authorization: str) -> bool:
        """Whether a call with this header may say anything."""

    def route(self, path: str) -> Answer | None:
        """Who answers this path."""


class CallServer(ThreadingHTTPServer):
    """A server with a bounded number of calls at once."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], door: Answering) -> None:
        self.door = door
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(address, Call)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread to be had
            self._room.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, *_: object) -> None:
        # A caller that hangs up in the middle is no news; the default prints it to the terminal.
        log.debug("call_broken_off")


class Call(BaseHTTPRequestHandler):
    """One call: checked, read, answered, and the connection closed."""

    server: CallServer
    rfile: BufferedReader
    server_version = "semblante"
    sys_version = ""
    timeout = PATIENCE_SECONDS

    def do_GET(self) -> None:
        if self.path == "/health":
            self._answer(HTTPStatus.OK, {"open": True})
        else:
            self._misused()

    def do_PUT(self) -> None:
        self._misused()

    do_DELETE = do_PATCH = do_OPTIONS = do_PUT  # noqa: N815 the names in the library

    def _misused(self) -> None:
        if self.path == "/health":
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, {"fault": "call this with GET"})
        elif self.server.door.route(self.path) is not None:
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, {"fault": "call this with POST"})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"fault": "nothing is here"})

    def do_POST(self) -> None:
        try:
            self._answer(HTTPStatus.OK, self._hear())
        except Refused as refused:
            self._answer(refused.status, {"fault": refused.why})
            self._hear_out()

    def _hear_out(self) -> None:
        self.connection.settimeout(POLL_SECONDS)
        left = MOST_UNHEARD
        while left > 0 and (data := self.rfile.read1(left)):
            left -= len(data)

    def _hear(self) -> dict[str, Any]:
        door = self.server.door
        if not door.admits(self.headers.get("Authorization", "")):
            raise Refused(HTTPStatus.UNAUTHORIZED, "the header “Authorization: Bearer …” is wrong")
        if self.path == "/health":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "call this with GET")
        route = door.route(self.path)
        if route is None:
            raise Refused(HTTPStatus.NOT_FOUND, "nothing is here")
        return route(self._body(), self.headers.get("Idempotency-Key"))

    def _body(self) -> Mapping[str, Any]:
        length = self._length()
        data = self.rfile.read(length)
        if len(data) < length:
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is shorter than Content-Length")
        if not data.strip():
            return {}
        try:
            body = json.loads(data)
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is no JSON") from None
        if not isinstance(body, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is no JSON object")
        return body

    def _length(self) -> int:
        if "Transfer-Encoding" in self.headers:
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "say Content-Length")
        told = self.headers.get("Content-Length", "0")
        if not (told.isascii() and told.isdigit()):
            raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
        if len(told) > 9 or int(told) > MOST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BODY} bytes")
        return int(told)

    def _answer(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET" if self.path == "/health" else "POST")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name in the library
        """Keep quiet: a call is an event like any other."""
