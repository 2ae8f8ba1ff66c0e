"""The local HTTP call: a till program on this network tells a sale; drills may touch the screen.

Laws of this page
1. Nothing is believed without the token, and the token is compared in constant time.
2. A call that is repeated with the same Idempotency-Key is the same sale.
"""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import structlog
import uuid6

from kiosk.adapters.calls import POLL_SECONDS, Answer, CallServer, Refused
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

KEYS_REMEMBERED: Final = 256
"""A till repeats a call within seconds; this is hours of sales."""

LONGEST_KEY: Final = 200

STOP_SECONDS: Final = 1.0


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
            self._server = CallServer((settings.host, settings.port), self)
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
        log.info("door_open", host=self._settings.host, port=self.port)

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

    def route(self, path: str) -> Answer | None:
        """Who answers this path; the drills' only where drills are on."""
        if path == "/sale":
            return self._sale
        drill = _DRILLS.get(path) if self._settings.drills else None
        return None if drill is None else partial(drill, self)

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


Drill = Callable[[Door, Mapping[str, Any], str | None], dict[str, Any]]


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


_DRILLS: Final[Mapping[str, Drill]] = {
    "/touch": _face,
    "/reason": _reason,
    "/language": _language,
    "/done": lambda door, _body, _key: door.touch(DoneTouched),
    "/not-now": lambda door, _body, _key: door.touch(NotNowTouched),
    "/change": lambda door, _body, _key: door.touch(ChangeTouched),
}
