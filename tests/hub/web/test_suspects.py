"""GET …/suspects: what was set aside, for who may see answers."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from hub.core.deciding import Decision, Suspects
from hub.core.figures import Days
from hub.core.ports import Store
from hub.core.roles import Role, Viewer
from hub.reports import Reports
from hub.web.suspects import suspects_router
from shared.places import StoreId
from tests.fakes.readings import FakeFigures

NOON = 1_764_241_200_000
STORE = Store(StoreId("centro"), "Centro", "Europe/Madrid")


class OneDay:
    """Five of one day, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[Days] = []

    def suspects(self, store: Store, days: Days) -> list[Suspects]:
        self.asked.append(days)
        decision = Decision(20251127, "burst", True, NOON, "ana")
        return [Suspects(20251127, "burst", 5, decision), Suspects(20251126, "haste", 2)]

    def decide(self, store: Store, decision: Decision) -> int:
        raise AssertionError


def ask(role: Role, book: OneDay, path: str) -> httpx.Response:
    viewer = Viewer(1, "ana", role, "es", frozenset({STORE.store_id}))
    app, reports = FastAPI(), Reports(FakeFigures(places=[STORE]))
    app.include_router(suspects_router(book, reports, lambda: viewer, lambda: NOON))

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.get(f"/api/v1/stores/{path}")

    return asyncio.run(get())


def test_they_are_told_by_day_and_why_and_never_by_face() -> None:
    book = OneDay()
    answer = ask(Role.STORE_MANAGER, book, "centro/suspects?from=2025-11-01&to=2025-11-27")
    assert answer.json() == [
        {
            "date": "2025-11-27",
            "code": "burst",
            "answers": 5,
            "counted": True,
            "decided_utc": "2025-11-27T11:00:00Z",
        },
        {
            "date": "2025-11-26",
            "code": "haste",
            "answers": 2,
            "counted": False,
            "decided_utc": None,
        },
    ]
    assert book.asked == [Days(20251101, 20251127)]


@pytest.mark.parametrize(
    ("role", "store", "status"),
    [
        (Role.TECHNICIAN, "centro", 403),
        (Role.STORE_MANAGER, "norte", 404),
        (Role.ANALYST, "nowhere", 404),
    ],
)
def test_who_may_not_see_answers_and_foreign_stores_are_refused(
    role: Role, store: str, status: int
) -> None:
    assert ask(role, OneDay(), f"{store}/suspects").status_code == status
