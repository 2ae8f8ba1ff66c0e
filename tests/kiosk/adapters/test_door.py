"""The local HTTP call: what it tells, and what it refuses."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.adapters.calls import MOST_AT_ONCE, MOST_BODY
from kiosk.adapters.door import KEYS_REMEMBERED, Door
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
from kiosk.core.tills import DoorSettings
from shared.errors import HardwareError
from shared.sales import SaleSource
from shared.visits import Face, Input
from tests.fakes.clock import FakeClock
from tests.kiosk.adapters.collecting import Collected

TOKEN = "0123456789abcdef"


@contextmanager
def opened(posted: Collected[Event], *, drills: bool = False) -> Iterator[Door]:
    door = Door(DoorSettings(TOKEN, port=0, drills=drills), clock=FakeClock(), post=posted)
    door.start()
    try:
        yield door
    finally:
        door.close()


@pytest.fixture
def posted() -> Collected[Event]:
    return Collected()


@pytest.fixture
def door(posted: Collected[Event]) -> Iterator[Door]:
    with opened(posted) as one:
        yield one


@pytest.fixture
def drill_door(posted: Collected[Event]) -> Iterator[Door]:
    with opened(posted, drills=True) as one:
        yield one


def call(
    door: Door,
    path: str,
    body: Any = None,
    *,
    method: str = "POST",
    token: str = TOKEN,
    **more: str,
) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    headers = {"Authorization": f"Bearer {token}"}
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    try:
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_a_call_is_a_sale(door: Door, posted: Collected[Event]) -> None:
    status, answer = call(door, "/sale")
    (sale,) = posted.first(1)
    assert status == 200
    assert sale == SaleSeen(FakeClock().now(), answer["sale"], SaleSource.HTTP)


def test_a_call_that_is_repeated_with_its_key_is_the_same_sale(
    door: Door, posted: Collected[Event]
) -> None:
    first = call(door, "/sale", Idempotency_Key="ticket 12")
    assert call(door, "/sale", {}, Idempotency_Key="ticket 12") == first
    assert call(door, "/sale", Idempotency_Key="ticket 13") != first
    assert len(posted.all) == 2


def test_keys_are_not_remembered_for_ever(door: Door, posted: Collected[Event]) -> None:
    for number in range(KEYS_REMEMBERED + 1):
        call(door, "/sale", Idempotency_Key=str(number))
    assert len(door._keys) == KEYS_REMEMBERED
    assert "0" not in door._keys


@pytest.mark.parametrize("token", ["", "x", TOKEN + "0", TOKEN.upper(), "0123456789abcdeñ"])
def test_without_the_token_nothing_is_believed(
    token: str, door: Door, posted: Collected[Event]
) -> None:
    assert call(door, "/sale", token=token.encode().decode("latin-1"))[0] == 401
    assert posted.all == []


def test_nothing_but_a_sale_is_heard_where_drills_are_off(
    door: Door, posted: Collected[Event]
) -> None:
    for path in ("/touch", "/reason", "/done", "/not-now", "/change", "/language", "/", "/sale/"):
        assert call(door, path, {"face": "happy"})[0] == 404
    assert posted.all == []


def test_health_needs_no_token(door: Door) -> None:
    assert call(door, "/health", method="GET", token="") == (200, {"open": True})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_told_which_one_is_right(
    method: str, door: Door, posted: Collected[Event]
) -> None:
    assert call(door, "/sale", method=method)[0] == 405
    assert call(door, "/nowhere", method=method)[0] == 404
    assert posted.all == []


def test_health_is_asked_and_not_told(door: Door) -> None:
    assert call(door, "/health")[0] == 405
    assert call(door, "/health", method="PUT")[0] == 405


def test_a_drill_can_touch_everything(drill_door: Door, posted: Collected[Event]) -> None:
    now = FakeClock().now()
    assert call(drill_door, "/touch", {"face": "happy"})[0] == 200
    assert call(drill_door, "/reason", {"reason": "staff"})[0] == 200
    assert call(drill_door, "/language", {"language": "en"})[0] == 200
    for path in ("/change", "/done", "/not-now"):
        assert call(drill_door, path)[0] == 200
    assert posted.first(6) == [
        FaceTouched(now, Face.HAPPY, Input.TOUCH, now),
        ReasonTouched(now, "staff"),
        LanguageTouched(now, "en"),
        ChangeTouched(now),
        DoneTouched(now),
        NotNowTouched(now),
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/touch", {}, 422),
        ("/touch", {"face": "angry"}, 422),
        ("/touch", {"face": ["happy"]}, 422),
        ("/reason", {"reason": 7}, 422),
        ("/reason", {"reason": "Not A Code!"}, 422),
        ("/reason", {}, 422),
        ("/language", {"language": "\0"}, 422),
        ("/sale", {"total": 12.5}, 422),
        ("/sale", b"{", 400),
        ("/sale", b"[]", 400),
        ("/sale", b"NaN", 400),
        ("/sale", b"\xff\xfe", 400),
        ("/sale", b"[" * MOST_BODY, 400),
        ("/sale", b" " * (MOST_BODY + 1), 413),
        ("/sale", b"x" * 60_000, 413),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    path: str, body: Any, status: int, drill_door: Door, posted: Collected[Event]
) -> None:
    answered, told = call(drill_door, path, body)
    assert answered == status
    assert told["fault"]
    assert posted.all == []


def test_a_flood_is_cut_off_and_the_door_stays_open(door: Door, posted: Collected[Event]) -> None:
    with suppress(OSError):  # whether the refusal or the cut comes first
        assert call(door, "/sale", b"x" * 5_000_000)[0] == 413
    assert posted.all == []
    assert call(door, "/sale")[0] == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: 1e3", b"400"),
        (b"Content-Length: " + b"9" * 400, b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Idempotency-Key: " + b"k" * 300, b"400"),
        (b"Idempotency-Key:", b"400"),
    ],
)
def test_a_head_that_lies_is_refused(
    head: bytes, status: bytes, door: Door, posted: Collected[Event]
) -> None:
    whole = b"POST /sale HTTP/1.1\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n" + head
    assert status in raw(door, whole + b"\r\n\r\n").split(b"\r\n")[0]
    assert posted.all == []


def test_a_body_that_breaks_off_is_no_sale(door: Door, posted: Collected[Event]) -> None:
    head = b"POST /sale HTTP/1.1\r\nAuthorization: Bearer " + TOKEN.encode()
    answer = raw(door, head + b"\r\nContent-Length: 2\r\n\r\n", hang_up=True)
    assert b" 400 " in answer
    assert posted.all == []


def raw(door: Door, data: bytes, *, hang_up: bool = False) -> bytes:
    """What comes back for these bytes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as line:
        line.sendall(data)
        if hang_up:
            line.shutdown(socket.SHUT_WR)
        while part := line.recv(4_096):
            answer += part
    return answer


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200))
def test_no_bytes_are_a_sale_or_the_end(door: Door, posted: Collected[Event], data: bytes) -> None:
    raw(door, data + b"\r\n\r\n", hang_up=True)
    assert posted.all == []
    assert call(door, "/health", method="GET")[0] == 200


def test_callers_who_say_nothing_do_not_lock_it_for_ever(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door._server.RequestHandlerClass, "timeout", 0.2)
    silent = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(MOST_AT_ONCE + 2)]
    ends = time.monotonic() + 10
    while True:
        try:
            assert call(door, "/health", method="GET")[0] == 200
            break
        except (ConnectionError, http.client.HTTPException):  # turned away while it is full
            assert time.monotonic() < ends
    for line in silent:
        line.close()


def test_an_address_that_is_taken_is_a_hardware_error(door: Door) -> None:
    taken = DoorSettings(TOKEN, port=door.port)
    with pytest.raises(HardwareError, match="cannot be opened"):
        Door(taken, clock=FakeClock(), post=print)


def test_it_stops_within_a_second_and_twice(posted: Collected[Event]) -> None:
    with opened(posted) as door:
        began = time.monotonic()
        door.close()
        door.close()
        assert time.monotonic() - began < 1
    Door(DoorSettings(TOKEN, port=0), clock=FakeClock(), post=posted).close()
