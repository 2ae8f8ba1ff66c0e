from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
from fastapi import FastAPI

from hub.core.health import Health
from hub.web.health import health_router

WELL = Health(("intake", "web"), "0.1.0", True, True, 0.1234567, 3, {"intake": True})


def get(health: Health, path: str) -> httpx.Response:
    app = FastAPI()
    app.include_router(health_router(lambda: health, lambda: b"semblante_receipts_total 1.0\n"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_a_hub_that_is_well_says_so_to_anybody() -> None:
    answer = get(WELL, "/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "well": True,
        "roles": ["intake", "web"],
        "version": "0.1.0",
        "database": True,
        "broker": True,
        "standing_by": False,
        "lag_seconds": 0.123,
        "waiting": 3,
        "threads": {"intake": True},
    }


def test_a_hub_that_is_ill_answers_503_with_what_is_wrong() -> None:
    answer = get(replace(WELL, database=False), "/healthz")
    assert answer.status_code == 503
    assert (answer.json()["well"], answer.json()["database"]) == (False, False)


def test_metrics_are_served_as_prometheus_reads_them() -> None:
    answer = get(WELL, "/metrics")
    assert answer.text == "semblante_receipts_total 1.0\n"
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_neither_stands_in_the_api_document() -> None:
    app = FastAPI()
    app.include_router(health_router(lambda: WELL, lambda: b""))
    assert app.openapi()["paths"] == {}
