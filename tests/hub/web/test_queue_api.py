"""The queue for programs: the same as on the page, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from httpx import Client
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.layouts import SqlLayouts
from hub.adapters.queue_readings import SqlQueueBook
from hub.core.roles import Role, Viewer
from hub.web.live import Live
from hub.web.queue_api import queue_router
from tests.fakes.reports import MIDNIGHT
from tests.hub.web.building import CENTRO, NORTE, NOW
from tests.hub.web.waits import LINE, lay_out, seed_rest, seed_waits
from tests.parts.web import listening, serving

URL = f"/api/v1/stores/{CENTRO}/queue"


@contextmanager
def asked_by(engine: Engine, viewer: Viewer) -> Iterator[Client]:
    """The endpoint, really served, to this user."""
    layouts, book, places = SqlLayouts(engine), SqlQueueBook(engine), SqlArchive(engine)
    app = FastAPI()
    app.include_router(queue_router(layouts, book, places, lambda: viewer, lambda: NOW))
    with listening() as (listener, url), serving(app, Live(), listener), Client(base_url=url) as it:
        yield it


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[Client]:
    """A manager of one store asks."""
    lay_out(engine, CENTRO)
    seed_waits(engine, CENTRO, MIDNIGHT, NOW)
    seed_rest(engine, CENTRO, MIDNIGHT)
    viewer = Viewer(1, "ana", Role.STORE_MANAGER, "es", frozenset({CENTRO, NORTE}))
    with asked_by(engine, viewer) as client:
        yield client


def test_now_is_told_with_percentiles_and_times_of_both_kinds(client: Client) -> None:
    found = client.get(URL).json()
    assert (found["watched"], found["zone"], found["date"]) == (True, "Europe/Madrid", "2026-11-19")
    (line,) = found["lines"]
    assert (line["line_id"], line["name"], len(line["registers"])) == (LINE, "Line 1", 6)
    told = line["told"]
    assert told["at_utc"] == "2026-11-19T18:25:00Z"
    assert told["at_local"] == "2026-11-19T19:25:00+01:00"
    assert told["p10"] < told["p50"] < told["p90"]
    assert told["minutes"] == 2


def test_the_day_has_its_stretches_its_registers_and_alerts(client: Client) -> None:
    found = client.get(URL).json()
    assert len(found["day"]) == 126  # from nine to 19:25 and its first minute
    assert {one["withdrawn"] for one in found["day"]} == {None, "wide"}
    first = next(one for one in found["open"] if one["point_id"] == "caja-6")
    assert first["begins_utc"] == "2026-11-19T16:00:00Z"
    assert [one["ends_utc"] is None for one in found["alerts"]] == [True, True, False]
    assert {one["what"] for one in found["doubts"]} == {"counter_stuck", "late", "unknown_line"}


def test_rightness_is_of_the_day_and_of_four_weeks(client: Client) -> None:
    day, weeks = client.get(URL).json()["rights"]
    assert (day["days"], weeks["days"], day["line_id"]) == (1, 28, LINE)
    assert day["within_minute"]["whole"] == day["told"] < day["known"] == 555
    low, mean, high = (day["over_minutes"][name] for name in ("low", "value", "high"))
    assert low < mean < high
    assert weeks["known"] == 18_834


def test_an_earlier_day_and_one_to_come(client: Client) -> None:
    earlier = client.get(f"{URL}?date=2026-11-18").json()
    assert (earlier["day"], earlier["date"]) == ([], "2026-11-18")
    assert earlier["rights"][0]["known"] > 500
    assert client.get(f"{URL}?date=2027-01-01").json()["date"] == "2026-11-19"


def test_what_is_no_date_is_told_how_to_be_asked(client: Client) -> None:
    answer = client.get(f"{URL}?date=yesterday")
    assert answer.status_code == 422
    assert "write YYYY-MM-DD" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("store", "why"),
    [
        (NORTE, "no lines laid out"),
        ("puerto-003", "no such store"),
        ("nowhere", "no such store"),
    ],
)
def test_stores_without_lines_and_those_of_others_are_not_found(
    client: Client, store: str, why: str
) -> None:
    answer = client.get(f"/api/v1/stores/{store}/queue")
    assert answer.status_code == 404
    assert why in answer.json()["detail"]


def test_who_may_not_see_answers_sees_no_queue(engine: Engine) -> None:
    viewer = Viewer(2, "tec", Role.TECHNICIAN, "es", frozenset({CENTRO}))
    with asked_by(engine, viewer) as client:
        assert client.get(URL).status_code == 403
