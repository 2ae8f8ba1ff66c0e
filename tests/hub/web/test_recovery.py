"""GET /api/v1/recovery, alone and without a database."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import httpx
import pytest
from fastapi import FastAPI

from hub.core.restoring import Story
from hub.core.roles import Role, Viewer
from hub.core.troubles import Attention, Kind, Trouble
from hub.web.recovery import recovery_router
from shared.places import KioskId, StoreId

CENTRO = StoreId("centro")


class Troubles:
    """One of each sort; remembers for which stores it was asked."""

    def __init__(self, story: Story | None) -> None:
        self.asked: list[Collection[StoreId] | None] = []
        self._story = story

    def look(self, stores: Collection[StoreId] | None = None) -> Attention:
        self.asked.append(stores)
        storage = Trouble(Kind.ALARM, "storage", 1, CENTRO, KioskId("k-1"), 1_763_812_800_000)
        return Attention((storage, Trouble(Kind.QUARANTINE, "unknown_kiosk", 3)), self._story)

    def of_broker(self) -> list[Trouble]:
        return []


def ask(troubles: Troubles, role: Role) -> dict[str, object]:
    app = FastAPI()
    viewer = Viewer(1, "ana", role, "es", frozenset({CENTRO}))
    app.include_router(recovery_router(troubles, lambda: viewer))

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.get("/api/v1/recovery")

    answer = asyncio.run(get())
    assert answer.status_code == 200
    return dict(answer.json())


def test_each_trouble_says_where_it_is_and_what_to_do() -> None:
    body = ask(Troubles(None), Role.TECHNICIAN)
    assert body["restore"] is None
    alarm, stranger = body["troubles"]  # type: ignore[misc]
    assert "card" in alarm.pop("hint")  # type: ignore[has-type]
    assert alarm == {  # type: ignore[has-type]
        "kind": "alarm",
        "code": "storage",
        "count": 1,
        "store_id": "centro",
        "kiosk_id": "k-1",
        "last_utc": "2025-11-22T12:00:00Z",
    }
    assert (stranger["kiosk_id"], stranger["count"]) == (None, 3)  # type: ignore[has-type]


def test_a_restore_is_told_in_numbers() -> None:
    story = Story(1_763_812_800_000, None, came=200, missing=3, awaited=4, unheard=1)
    assert ask(Troubles(story), Role.ANALYST)["restore"] == {
        "at_utc": "2025-11-22T12:00:00Z",
        "until_utc": None,
        "came_again": 200,
        "missing": 3,
        "awaited": 4,
        "unheard": 1,
    }


@pytest.mark.parametrize("role", Role)
def test_who_has_only_some_stores_is_told_of_those_alone(role: Role) -> None:
    troubles = Troubles(None)
    ask(troubles, role)
    assert troubles.asked == [None if role.every_store else frozenset({CENTRO})]
