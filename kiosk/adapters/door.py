"""The local HTTP call: a till program on this network tells a sale; drills may touch the screen.

Laws of this page
1. Nothing is believed without the token, and the token is compared in constant time.
2. Calls are bounded in size and in number at once, and who says nothing for PATIENCE_SECONDS is
   dropped; whatever a call holds, the answer is a status and a sentence, never a crash.
3. A call that is repeated with the same Idempotency-Key is the same sale.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from typing import Any, Final

import structlog
import uuid6

from kiosk.core.events import (
    ChangeTouched,
    DoneTouched,
    Event,
    FaceTouched,
    LanguageTouched,
    NotNowTouched,
    ReasonTouched,
    SaleSeen,
)
from kiosk.core.ports import Clock, Post
from kiosk.core.tills import DoorSettings
from shared.errors import HardwareError
from shared.moments import Moment
from shared.sales import SaleSource
from shared.visits import Face, Input, check_word

log = structlog.get_logger(__name__)

MOST_BODY: Final = 1_024
"""Bytes. The longest call there is has forty."""

MOST_AT_ONCE: Final = 8
"""Calls. A register has one till; whoever opens more is turned away."""

PATIENCE_SECONDS: Final = 5.0
"""How long a caller may stay silent."""

MOST_UNHEARD: Final = 64 * 1_024
"""Bytes of a refused body that are still taken in, so that the refusal arrives and not a reset."""

KEYS_REMEMBERED: Final = 256
"""A till repeats a call within seconds; this is hours of sales."""

LONGEST_KEY: Final = 200

STOP_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.1


class Refused(Exception):
    """A call that is answered with this status and sentence."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Door:
    """Listens on one address, by default reachable from this machine alone."""

    def __init__(self, settings: DoorSettings, *, clock: Clock, post: Post) -> None:
        """Raises HardwareError where the address cannot be had."""
        self._settings = settings
        self._clock = clock
        self._post = post
        self._keys: OrderedDict[str, str] = OrderedDict()  # of sales told lately, with their ids
        self._lock = threading.Lock()
        try:
            self._server = _Server((settings.host, settings.port), self)
        except OSError as fault:
            raise HardwareError(
                f"the door {settings.host}:{settings.port} cannot be opened: {fault}",
                hint="Choose another port in [door], or see who has this one: ss -ltnp.",
            ) from fault
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="door", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens (a port of 0 in the settings means any)."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        log.info("door open", host=self._settings.host, port=self.port)

    def close(self) -> None:
        """Stop; safe to call twice."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(STOP_SECONDS)
        self._server.server_close()

    def admits(self, authorization: str) -> bool:
        """Whether a call with this header may say anything."""
        wanted = f"Bearer {self._settings.token}"
        return hmac.compare_digest(authorization.encode(), wanted.encode())

    def route(self, path: str) -> Route | None:
        """Who answers this path; the drills' only where drills are on."""
        if path == "/sale":
            return Door._sale
        return _DRILLS.get(path) if self._settings.drills else None

    def _sale(self, body: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        if body:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "a sale is told without any contents")
        if key is None:
            return {"sale": self._tell_sale()}
        if not 1 <= len(key) <= LONGEST_KEY:
            raise Refused(HTTPStatus.BAD_REQUEST, f"Idempotency-Key: 1 to {LONGEST_KEY} characters")
        with self._lock:
            known = self._keys.get(key)
            if known is None:
                self._keys[key] = known = self._tell_sale()
                if len(self._keys) > KEYS_REMEMBERED:
                    self._keys.popitem(last=False)
        return {"sale": known}

    def _tell_sale(self) -> str:
        sale = uuid6.uuid7().hex
        self._post(SaleSeen(self._clock.now(), sale, SaleSource.HTTP))
        return sale

    def touch(self, event: Callable[[Moment], Event]) -> dict[str, Any]:
        """A drill's touch, now."""
        self._post(event(self._clock.now()))
        return {}


Route = Callable[[Door, Mapping[str, Any], str | None], dict[str, Any]]


def _face(door: Door, body: Mapping[str, Any], _: str | None) -> dict[str, Any]:
    try:
        face = Face(str(body.get("face")))
    except ValueError:
        faces = ", ".join(face.value for face in Face)
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"“face” is one of {faces}") from None
    return door.touch(lambda at: FaceTouched(at, face, Input.TOUCH, at))


def _reason(door: Door, body: Mapping[str, Any], _: str | None) -> dict[str, Any]:
    reason = _word(body, "reason")
    return door.touch(lambda at: ReasonTouched(at, reason))


def _language(door: Door, body: Mapping[str, Any], _: str | None) -> dict[str, Any]:
    language = _word(body, "language")
    return door.touch(lambda at: LanguageTouched(at, language))


def _word(body: Mapping[str, Any], key: str) -> str:
    try:
        return check_word(body[key], key)
    except (KeyError, TypeError, ValueError):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"“{key}” is a code word") from None


_DRILLS: Final[Mapping[str, Route]] = {
    "/touch": _face,
    "/reason": _reason,
    "/language": _language,
    "/done": lambda door, _body, _key: door.touch(DoneTouched),
    "/not-now": lambda door, _body, _key: door.touch(NotNowTouched),
    "/change": lambda door, _body, _key: door.touch(ChangeTouched),
}


class _Server(ThreadingHTTPServer):
    """A server with a bounded number of calls at once."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], door: Door) -> None:
        self.door = door
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(address, _Call)

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
        log.debug("a call at the door broke off")


class _Call(BaseHTTPRequestHandler):
    """One call: checked, read, answered, and the connection closed."""

    server: _Server
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
        return route(door, self._body(), self.headers.get("Idempotency-Key"))

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
