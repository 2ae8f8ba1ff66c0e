"""Joining by HTTP: what a device is answered, by which status and code, and never a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, settings

from hub.core.guessing import MOST_WRONG
from hub.core.refusals import refused
from hub.identity import NOTHING, Said
from hub.web.guard import BoundedBody, SameOrigin
from hub.web.joining import joining_router
from shared.errors import DeviceError
from shared.joining import Joined, write_code
from shared.wire import decode
from tests.hub.test_identity import HERE, K1, Scene
from tests.hub.web.fitting import fits
from tests.parts.databases import migrated_sqlite
from tests.parts.devices import Device


class Web:
    """The scene, reached by HTTP."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.app = FastAPI(openapi_url="/openapi.json")
        self.app.include_router(joining_router(scene.identity))
        self.app.add_middleware(SameOrigin, public_url="http://testserver")
        self.app.add_middleware(BoundedBody)

    def ask(self, method: str, path: str, **words: Any) -> Response:
        """One request, from the store."""

        async def send() -> Response:
            transport = ASGITransport(self.app, client=(HERE, 1))
            async with AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, f"/api/v1/{path}", **words)

        return asyncio.run(send())

    def join(self, code: str, device: Device, **more: str) -> Response:
        """Ask to join."""
        wish = {"code": code, "csr": device.request(), **more}
        return self.ask("POST", "join", json=wish)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        yield Web(Scene(engine, tmp_path / "authority"))


def test_a_device_learns_whom_to_trust_joins_and_renews(web: Web) -> None:
    roots = web.ask("GET", "authority")
    assert roots.headers["content-type"].startswith("application/x-pem-file")
    assert roots.text == web.scene.authority.trusted()
    old, new = Device(), Device()
    answer = web.join(web.scene.code(), old, store="centro", point="caja-1", kiosk="kiosk-1")
    assert answer.status_code == 200
    joined = decode(Joined, answer.content)
    assert (joined.kiosk_id, joined.authority) == (K1, roots.text)
    asked = new.request()
    wish = {"certificate": joined.certificate, "csr": asked, "proof": old.prove(asked)}
    renewed = web.ask("POST", "renew", json=wish)
    assert decode(Joined, renewed.content).certificate != joined.certificate


def test_a_refusal_is_a_problem_with_code_and_hint(web: Web) -> None:
    code = web.scene.code()
    web.join(code, Device())
    answer = web.join(code, Device())
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    told = answer.json()
    assert told["code"] == "used"
    assert "another device" in told["detail"]
    assert told["hint"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"code": "nonsense", "csr": "x"}, 422),
        ({"code": "x"}, 422),
        ({"code": 7, "csr": "x"}, 422),
        ({"code": "x" * 101, "csr": "x"}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_read_is_422(web: Web, wish: Any, status: int) -> None:
    assert web.ask("POST", "join", json=wish).status_code == status


def test_who_guesses_is_told_when_to_come_again(web: Web) -> None:
    for number in range(MOST_WRONG):
        web.join(f"nonsense-{number}", Device())
    answer = web.join(web.scene.code(), Device())
    assert (answer.status_code, answer.json()["code"]) == (429, "busy")
    assert int(answer.headers["retry-after"]) > 0


def test_a_hub_without_an_authority_says_so(web: Web, tmp_path: Path) -> None:
    scene = web.scene
    scene.authority.keyring.folder = tmp_path / "nowhere"
    for answer in (web.ask("GET", "authority"), web.join(write_code(bytes(16)), Device())):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_authority")


class Strict:
    """Lets nobody in."""

    def join(self, text: str, request: str, address: str, said: Said = NOTHING) -> Joined:
        raise refused("unknown" if request else "busy")

    def renew(self, certificate: str, request: str, proof: str, address: str) -> Joined:
        raise refused("proof" if proof else "late")

    def trusted(self) -> str:
        raise DeviceError("none", code="no_authority")


_app = FastAPI(openapi_url="/openapi.json")
_app.include_router(joining_router(Strict()))
api = schemathesis.openapi.from_asgi("/openapi.json", _app)


@api.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_fits_the_openapi_document(case: Any) -> None:
    fits(case)
