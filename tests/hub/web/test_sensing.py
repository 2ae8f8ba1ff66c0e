"""What sensors tell by HTTP: by their own password, in their own store, and never a crash."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, settings

from hub.core.sensing import MOST_TELLINGS, Sensor, secret_of
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Left, LineId
from hub.telling import SensorDoor, Telling
from hub.web.guard import BoundedBody, SameOrigin
from hub.web.sensing import MOST_AT_ONCE, sensing_router
from shared.errors import ArchiveError
from shared.places import SensorId, StoreId
from tests.fakes.metrics import FakeMetrics
from tests.fakes.sensors import FakeSensors
from tests.fakes.tellings import FakeTellings
from tests.hub.web.fitting import fits

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
CENTRO, SUR, LINE = StoreId("centro-012"), StoreId("sur-003"), LineId("line-1")
SECRET, OTHER = "s" * 40, "g" * 40
NOW = 1_763_812_800_000
COUNTS, PASSINGS, TICKETS = (
    f"/api/v1/stores/{CENTRO}/{kind}" for kind in ("counts", "passings", "tickets")
)


class Scene:
    """An application with one sensor in each of two stores."""

    def __init__(self) -> None:
        self.now, self.kept, self.metrics = NOW, FakeTellings(), FakeMetrics()
        self.book = FakeSensors(
            Sensor(SensorId("door-1"), CENTRO, secret_of(SECRET), 1),
            Sensor(SensorId("gate-1"), SUR, secret_of(OTHER), 1),
        )
        telling = Telling(self.kept, self.clock)
        door = SensorDoor(self.book, telling, self.metrics, self.clock)
        self.app = FastAPI(openapi_url="/openapi.json")
        self.app.include_router(sensing_router(door))
        self.app.add_middleware(SameOrigin, public_url="http://testserver")
        self.app.add_middleware(BoundedBody)

    def clock(self) -> int:
        """A second passes at each look, so that nobody is too quick."""
        self.now += 1_000
        return self.now

    def post(
        self,
        path: str,
        body: object,
        secret: str | None = SECRET,
        address: str = "192.0.2.7",
        **headers: str,
    ) -> tuple[int, dict[str, object]]:
        """Send a body (bytes as they are, else as JSON); what came back."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"content-type": "application/json", **headers}
        if secret is not None:
            told["authorization"] = f"Bearer {secret}"
        answer = self.send("POST", path, told, content, address)
        self.headers = answer.headers
        problem = answer.headers["content-type"].startswith("text/plain")
        return answer.status_code, {} if problem else answer.json()

    def send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        content: bytes = b"",
        address: str = "::1",
    ) -> Response:
        """One request from this address."""

        async def sent() -> Response:
            way = ASGITransport(self.app, raise_app_exceptions=True, client=(address, 5))
            async with AsyncClient(transport=way, base_url="http://testserver") as client:
                return await client.request(method, path, content=content, headers=headers)

        return asyncio.run(sent())


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_each_kind_is_taken(scene: Scene) -> None:
    at = NOW - 5
    for path, body in (
        (COUNTS, {"line": "line-1", "number": 7, "at": at}),
        (PASSINGS, {"line": "line-1", "way": "entered", "at": at}),
        (PASSINGS, {"line": "line-1", "way": "left", "at": at}),
        (TICKETS, {"line": "line-1", "ticket": "A1", "step": "drew", "at": at}),
        (TICKETS, {"line": "line-1", "ticket": "A1", "step": "called", "at": at}),
    ):
        assert scene.post(path, body) == (202, {"taken": 1})
    facts = [Counted(at, LINE, 7), Entered(at, LINE), Left(at, LINE),
             Drew(at, LINE, "A1"), Called(at, LINE, "A1")]  # fmt: skip
    assert [one.fact for one in scene.kept.waiting] == facts
    assert {one.store_id for one in scene.kept.waiting} == {CENTRO}


@pytest.mark.parametrize("kind", ["count", "passing", "ticket"])
def test_the_examples_of_the_manual_are_taken_as_they_are(scene: Scene, kind: str) -> None:
    body = (EXAMPLES / f"{kind}.json").read_bytes()
    assert scene.post(f"/api/v1/stores/{CENTRO}/{kind}s", body) == (202, {"taken": 1})


@pytest.mark.assertion("SEM-SEN-001")
def test_many_at_once_without_a_clock_are_so_many(scene: Scene) -> None:
    many = [{"line": "line-1", "way": "entered"}] * MOST_AT_ONCE
    assert scene.post(PASSINGS, many) == (202, {"taken": MOST_AT_ONCE})
    assert len({one.fact for one in scene.kept.waiting}) == MOST_AT_ONCE


@pytest.mark.assertion("SEM-SEN-002")
@pytest.mark.parametrize("number", [-3, 10**9, 2**53])
def test_nonsense_that_can_be_read_goes_to_the_gate(scene: Scene, number: int) -> None:
    body = {"line": "nowhere", "number": number, "at": -number}
    assert scene.post(COUNTS, body)[0] == 202
    assert scene.kept.waiting[0].fact == Counted(-number, LineId("nowhere"), number)


COUNT = {"line": "line-1", "number": 7}


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        (COUNTS, None),
        (COUNTS, ""),
        (COUNTS, "guess"),
        (COUNTS, OTHER),
        (COUNTS, secret_of(SECRET)),
        (COUNTS, SECRET + " "),
        (COUNTS.replace(CENTRO, SUR), SECRET),
        (COUNTS.replace(CENTRO, "nowhere"), SECRET),
    ],
)
@pytest.mark.assertion("SEM-SEN-003")
def test_who_is_no_sensor_of_this_store_tells_nothing(
    scene: Scene, path: str, secret: str | None
) -> None:
    status, problem = scene.post(path, COUNT, secret)
    if secret == SECRET + " ":  # white space around a header is nobody's
        assert status == 202
        return
    assert (status, scene.headers["www-authenticate"]) == (401, "Bearer")
    assert problem["title"] == "Unauthorized"
    assert scene.kept.waiting == []


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
def test_another_way_of_signing_in_is_none(scene: Scene, scheme: str) -> None:
    assert scene.post(COUNTS, COUNT, None, authorization=f"{scheme} {SECRET}")[0] == 401


def test_a_removed_sensor_is_told_401_and_soon_429(scene: Scene) -> None:
    scene.book.remove(SensorId("door-1"), 5)
    assert scene.post(COUNTS, COUNT)[0] == 401
    status, problem = scene.post(COUNTS, COUNT)
    assert status == 429
    assert 1 <= int(scene.headers["retry-after"]) <= 60
    assert SECRET not in str(problem)


@pytest.mark.parametrize("network", ["2001:db8:1:2", "2001:db8:1:3"])
def test_a_guesser_has_one_try_for_a_whole_network_of_ipv6(scene: Scene, network: str) -> None:
    scene.clock = lambda: NOW  # type: ignore[method-assign]
    for number in range(40):
        scene.now = NOW
        scene.post(COUNTS, COUNT, f"guess-{number}", f"2001:db8:1:2::{number:x}")
    status, _ = scene.post(COUNTS, COUNT, SECRET, f"{network}::9999")
    assert status == (429 if network.endswith("2") else 202)


def test_too_many_words_that_nobody_hears_are_told_429_and_none_is_taken(scene: Scene) -> None:
    assert scene.post(COUNTS, [COUNT] * 50)[0] == 202
    scene.kept.waiting *= MOST_TELLINGS // 50
    status, problem = scene.post(COUNTS, COUNT)
    assert (status, "intake" in str(problem["detail"])) == (429, True)
    assert int(scene.headers["retry-after"]) > 0
    assert len(scene.kept.waiting) == MOST_TELLINGS


def test_a_database_that_is_away_is_told_503(scene: Scene) -> None:
    def away(*_: object) -> list[Sensor]:
        raise ArchiveError("no such table: sensors")

    scene.book.sensors = away  # type: ignore[assignment,method-assign]
    status, problem = scene.post(COUNTS, COUNT)
    assert (status, "no such table" in str(problem)) == (503, False)


def deep(depth: int) -> bytes:
    return b'{"line": "line-1", "number": ' + b"[" * depth + b"]" * depth + b"}"


HOSTILE = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"line": "\xff", "number": 7}',
    "null": b"null",
    "a number": b"7",
    "a text": b'"line-1"',
    "NaN": b'{"line": "line-1", "number": NaN}',
    "infinity": b'{"line": "line-1", "number": -Infinity}',
    "1e400": b'{"line": "line-1", "number": 1e400}',
    "a fraction": b'{"line": "line-1", "number": 1.5}',
    "a whole fraction": b'{"line": "line-1", "number": 7.0}',
    "a boolean": b'{"line": "line-1", "number": true}',
    "a text for a number": b'{"line": "line-1", "number": "7"}',
    "beyond measure": b'{"line": "line-1", "number": 9007199254740993}',
    "400 digits": b'{"line": "line-1", "number": ' + b"9" * 400 + b"}",
    "5,000 digits": b'{"line": "line-1", "number": ' + b"9" * 5_000 + b"}",
    "a time beyond measure": b'{"line": "line-1", "number": 7, "at": 1e30}',
    "no line": b'{"number": 7}',
    "a path": b'{"line": "../line", "number": 7}',
    "a wildcard": b'{"line": "+", "number": 7}',
    "a long name": b'{"line": "' + b"x" * 50_000 + b'", "number": 7}',
    "an empty list": b"[]",
    "a list in a list": b'[[{"line": "line-1", "number": 7}]]',
    "one too many": json.dumps([COUNT] * (MOST_AT_ONCE + 1)).encode(),
    "one wrong among many": json.dumps([COUNT] * 9 + [{"line": "line-1"}]).encode(),
    "a way for a count": b'{"line": "line-1", "way": "entered"}',
    "deep": deep(500),
    "deeper": deep(30_000),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_are_refused_whole(scene: Scene, body: bytes) -> None:
    for path in (COUNTS, PASSINGS, TICKETS):
        if body == HOSTILE["a way for a count"] and path == PASSINGS:
            continue
        status, problem = scene.post(path, body)
        assert status in (400, 422), problem
        assert problem["status"] == status
        assert len(str(problem["detail"])) <= 500
    assert scene.kept.waiting == []
    assert scene.post(COUNTS, COUNT)[0] == 202


@pytest.mark.parametrize("ticket", ["", "A" * 33, "A\n1", "\u202e1A", "\x00"])
def test_a_ticket_that_cannot_be_printed_is_refused(scene: Scene, ticket: str) -> None:
    body = {"line": "line-1", "ticket": ticket, "step": "drew"}
    assert scene.post(TICKETS, body)[0] == 422
    assert scene.kept.waiting == []


def test_a_million_words_are_not_even_read(scene: Scene) -> None:
    status, _ = scene.post(COUNTS, json.dumps([COUNT] * 1_000_000).encode())
    assert (status, scene.kept.waiting) == (413, [])


def test_nobody_learns_what_is_wrong_with_a_body_without_a_password(scene: Scene) -> None:
    assert scene.post(COUNTS, {"line": 1}, None)[0] == 401


def test_a_page_of_another_site_tells_nothing(scene: Scene) -> None:
    status, _ = scene.post(COUNTS, COUNT, origin="https://evil.example")
    assert (status, scene.kept.waiting) == (403, [])


@pytest.mark.parametrize("path", ["", "/index", "/tallies", "/points"])
def test_a_sensor_reads_nothing(scene: Scene, path: str) -> None:
    known = {"authorization": f"Bearer {SECRET}"}
    assert scene.send("GET", f"/api/v1/stores/{CENTRO}{path}", known).status_code == 404
    assert scene.send("GET", COUNTS, known).status_code == 405


api = schemathesis.openapi.from_asgi("/openapi.json", Scene().app)


@api.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_fits_the_openapi_document(case: Any) -> None:
    if "store_id" in (case.path_parameters or {}):
        case.path_parameters["store_id"] = CENTRO
    fits(case, headers={"Authorization": f"Bearer {SECRET}"})
