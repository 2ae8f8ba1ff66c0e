"""The page about the API says what the OpenAPI document says, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI

from hub.core.deciding import Decision, Suspects
from hub.core.figures import Days
from hub.core.fleet import FleetView
from hub.core.listing import Group
from hub.core.ports import Kiosk, Point, Store
from hub.core.roles import Role, Viewer
from hub.core.troubles import Attention, Trouble
from hub.core.waiting.alarming import Kind
from hub.core.waiting.choosing import Because, Method
from hub.core.waiting.doubting import Doubt
from hub.core.waiting.joins import ScoreBook
from hub.core.waiting.layout import Layouts
from hub.core.waiting.noticing import Withdrawn
from hub.core.waiting.trusting import Fault
from hub.exports import Exports, Format
from hub.identity import Identity
from hub.questionnaires import Questionnaires
from hub.reports import Reports
from hub.results import Results
from hub.telling import MOST_REQUESTS, SensorDoor
from hub.web.api import api_router
from hub.web.bundles import Files, bundles_router
from hub.web.by_wait import by_wait_router
from hub.web.diagnoses import Taking, diagnoses_router
from hub.web.joining import joining_router
from hub.web.questionnaires import questionnaires_router
from hub.web.queue_api import queue_router
from hub.web.ranges import MOST_DAYS, MOST_DAYS_OF_CELLS, USUAL_DAYS
from hub.web.recovery import recovery_router
from hub.web.results import results_router
from hub.web.sensing import MOST_AT_ONCE, sensing_router
from hub.web.suspects import suspects_router
from shared.places import StoreId
from tests.fakes.queue_readings import FakeQueueBook
from tests.fakes.readings import FakeFigures

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()


class NoFleet:
    """Nothing is asked of it."""

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        return []


class NoPlaces:
    """There is no store."""

    def stores(self) -> Sequence[Store]:
        return []

    def points(self, store: StoreId) -> Sequence[Point]:
        return []

    def points_of(self, stores: Collection[StoreId]) -> Mapping[StoreId, Sequence[Point]]:
        return {}

    def kiosks(self) -> Sequence[Kiosk]:
        return []


class NoTroubles:
    """All is well."""

    def look(self, stores: Collection[StoreId] | None = None) -> Attention:
        return Attention((), None)

    def of_broker(self) -> Sequence[Trouble]:
        return []


class NoSuspects:
    """Nobody is doubted."""

    def suspects(self, store: Store, days: Days) -> list[Suspects]:
        return []

    def decide(self, store: Store, decision: Decision) -> int:
        return 0


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = FastAPI()
    viewer = Viewer(1, "ana", Role.ANALYST, "es")
    reports = Reports(FakeFigures())
    note = lambda *_: None  # noqa: E731
    app.include_router(api_router(reports, Exports(), NoFleet(), lambda: viewer, lambda: 0, note))
    app.include_router(recovery_router(NoTroubles(), lambda: viewer))
    app.include_router(questionnaires_router(cast(Questionnaires, None), lambda: viewer))
    app.include_router(results_router(cast(Results, None), NoPlaces(), lambda: viewer, note))
    app.include_router(suspects_router(NoSuspects(), reports, lambda: viewer, lambda: 0))
    app.include_router(sensing_router(cast(SensorDoor, None)))
    app.include_router(joining_router(cast(Identity, None)))
    app.include_router(diagnoses_router(cast(Taking, None)))
    app.include_router(bundles_router(cast(Files, None)))
    queue = queue_router(
        cast(Layouts, None), FakeQueueBook(), NoPlaces(), lambda: viewer, lambda: 0
    )
    app.include_router(queue)
    app.include_router(by_wait_router(cast(ScoreBook, None), NoPlaces(), lambda: viewer))
    return app.openapi()


def test_every_endpoint_is_on_the_page_and_nothing_else(document: dict[str, Any]) -> None:
    real = {
        f"{method.upper()} {path}" for path, ways in document["paths"].items() for method in ways
    }
    assert set(re.findall(r"^\| `((?:GET|POST) [^`]+)` \|", PAGE, re.MULTILINE)) == real


def test_every_endpoint_says_in_a_sentence_what_it_answers(document: dict[str, Any]) -> None:
    for ways in document["paths"].values():
        for endpoint in ways.values():
            assert endpoint["description"].endswith(".")
            nobody_signs_in = {"401"} if "identity" in endpoint["tags"] else set()
            told = {"401", "403", "404", "422", "503"} - nobody_signs_in
            if "bundles" in endpoint["tags"]:
                told = {"404", "422"}  # a file that is open to everybody
            assert told <= set(endpoint["responses"])


def test_every_parameter_says_how_it_treats_time_zones(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/stores/{store_id}/tallies"]["get"]["parameters"]
    said = {each["name"]: each.get("description", "") for each in parameters}
    assert set(said) == {"store_id", "from", "to", "group"}
    assert all("time zone" in said[name] and "offset" in said[name] for name in ("from", "to"))
    assert "store's clocks" in said["group"]


def test_every_word_about_the_queue_is_on_the_page() -> None:
    part = PAGE.partition("## The queue")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([a-z_]+)`", part.partition("| Field | Words |")[2]))
    words = {
        str(word) for kind in (Withdrawn, Method, Because, Doubt, Fault, Kind) for word in kind
    }
    assert told - {"withdrawn", "method", "because", "what", "kind"} == words


def test_what_sensors_may_send_at_once_is_on_the_page() -> None:
    assert f"up to {MOST_AT_ONCE} of them" in PAGE
    assert f"{MOST_REQUESTS} requests a second" in PAGE


@pytest.mark.parametrize("word", [*Group, *Format])
def test_every_grouping_and_format_is_on_the_page(word: str) -> None:
    assert f"`{word}`" in PAGE


def test_the_bounds_on_the_page_are_those_of_the_program() -> None:
    assert f"the {USUAL_DAYS} days that end today" in PAGE
    assert f"At most {MOST_DAYS} days at a time, {MOST_DAYS_OF_CELLS} for `point_hour`" in PAGE
