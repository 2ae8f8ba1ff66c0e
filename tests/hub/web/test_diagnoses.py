"""Diagnostic files by HTTP: taken, refused with a sentence, bounded; and taken away by people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import HealthCheck, settings

from hub.core.refusals import refused
from hub.web.diagnoses import diagnoses_router
from hub.web.guard import BoundedBody, SameOrigin
from shared.commands import LONGEST_DIAGNOSIS, diagnosis_to_sign
from tests.hub.test_diagnoses import Desk
from tests.hub.test_identity import HERE
from tests.hub.web.fitting import fits
from tests.parts.databases import migrated_sqlite


class Web:
    """The desk, reached by HTTP."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.app = FastAPI(openapi_url="/openapi.json")
        self.app.include_router(diagnoses_router(desk.desk))
        self.app.add_middleware(SameOrigin, public_url="http://testserver")
        self.app.add_middleware(BoundedBody)

    def ask(self, **words: Any) -> Response:
        async def send() -> Response:
            transport = ASGITransport(self.app, client=(HERE, 1))
            async with AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.post("/api/v1/diagnoses", **words)

        return asyncio.run(send())

    def send(self, command: str, document: str, other: dict[str, object] | None = None) -> Response:
        wish = {
            "certificate": self.desk.joined.certificate,
            "command": command,
            "document": document,
            "proof": self.desk.device.prove_said(diagnosis_to_sign(command, document)),
        }
        return self.ask(json=wish | (other or {}))


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        yield Web(Desk(engine, tmp_path / "authority"))


def test_a_file_is_taken_and_a_refusal_says_what_to_do(web: Web) -> None:
    command = web.desk.asks()
    assert web.send(command, '{"a": 1}').status_code == 204
    assert web.desk.kept() == [command]
    answer = web.send("ab" * 8, '{"a": 1}')
    assert (answer.status_code, answer.json()["code"]) == (403, "unasked")
    assert answer.json()["hint"]
    assert web.send(command, "[]").json()["code"] == "diagnosis"


def test_the_largest_is_taken_whatever_letters_it_is_of_and_no_larger(web: Web) -> None:
    command = web.desk.asks()
    frame = '{"a":[]}'
    quotes = '"",' * ((LONGEST_DIAGNOSIS - len(frame)) // 6) + '""'
    assert web.send(command, f'{{"a":[{quotes}]}}').status_code == 204
    longest = json.dumps({"a": "x" * (LONGEST_DIAGNOSIS - 9)})
    assert web.send(command, longest).status_code == 204
    assert web.send(command, longest + " " * 10).status_code == 422
    assert web.send(command, "{}", {"more": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize(
    "other",
    [
        {"command": "AB" * 8}, {"command": "../../etc"}, {"command": 7}, {"document": {}},
        {"document": None}, {"proof": "x" * 201}, {"certificate": "x" * 9_000},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_422(web: Web, other: dict[str, object]) -> None:
    assert web.send(web.desk.asks(), "{}", other).status_code == 422
    assert web.desk.kept() == []


class Strict:
    """Takes nothing."""

    def take(
        self, certificate: str, command: str, document: str, proof: str, address: str
    ) -> object:
        raise refused("unasked" if document else "busy")


_app = FastAPI(openapi_url="/openapi.json")
_app.include_router(diagnoses_router(Strict()))
api = schemathesis.openapi.from_asgi("/openapi.json", _app)


@api.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_fits_the_openapi_document(case: Any) -> None:
    fits(case)
