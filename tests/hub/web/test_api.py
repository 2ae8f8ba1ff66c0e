"""The API: what it answers, to whom, and what it says to nonsense."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import httpx
import pandas as pd
import pytest
import schemathesis
from fastapi import FastAPI, HTTPException, Request
from hypothesis import HealthCheck, settings
from openpyxl import load_workbook
from schemathesis.checks import CHECKS

from hub.core.fleet import FleetView
from hub.core.hours import Hours, day_after
from hub.core.ports import Point, Store
from hub.core.roles import Role, Viewer
from hub.core.satisfaction import Tally
from hub.exports import Exports
from hub.reports import Reports
from hub.web.api import api_router
from shared.errors import ArchiveError
from shared.notices import Presence
from shared.places import KioskId, PointId, StoreId
from tests.fakes.readings import FakeFigures

STORE, FOREIGN = StoreId("centro-012"), StoreId("sur-001")
CAJA_1, CAJA_2 = PointId("caja-1"), PointId("caja-2")
ZONE = Hours("Europe/Madrid")
TODAY = 20261119
NOW = int(datetime.fromisoformat("2026-11-19T20:30:00+01:00").timestamp() * 1000)
GOOD = Tally(sales=60, sad=2, neutral=4, happy=14, skipped=10, timed_out=30)
EVIL = '=HYPERLINK("http://evil","x")'


class FakeFleet:
    """Two kiosks, in two stores."""

    def views(self, stores: Iterable[StoreId] | None = None) -> Sequence[FleetView]:
        every = [kiosk(STORE, "k-1", CAJA_1), kiosk(FOREIGN, "k-2", None)]
        return [view for view in every if stores is None or view.store_id in stores]


def kiosk(store: StoreId, name: str, point: PointId | None) -> FleetView:
    return FleetView(
        store_id=store,
        kiosk_id=KioskId(name),
        point_id=point,
        presence=Presence.ONLINE if point else None,
        last_seen=NOW if point else None,
        version="0.1.0" if point else None,
        unsent=3 if point else None,
        held=41207,
        lost=0,
        refused=2,
        alarms=("clock",) if point else (),
        synced=None,
        settings_serial=None,
    )


@pytest.fixture(scope="module")
def figures() -> FakeFigures:
    fake = FakeFigures([Store(STORE, EVIL, "Europe/Madrid"), Store(FOREIGN, "Sur", "Asia/Tokyo")])
    fake.standing = [Point(STORE, CAJA_1, "Caja ñ"), Point(STORE, CAJA_2, "@Caja 2", position=1)]
    for back in range(29):
        for hour in ZONE.hours_of_day(day_after(TODAY, -back)):
            if 9 <= hour.hour_of_day < 21:
                fake.count(STORE, CAJA_1, hour.start, GOOD)
                fake.count(STORE, CAJA_2, hour.start, GOOD)
    for at, happy in ((8, 1), (21, 9)):  # one answer before opening, nine after closing
        begins = datetime.fromisoformat(f"2026-11-18T{at:02d}:00:00+01:00").timestamp()
        fake.count(STORE, CAJA_1, int(begins * 1000), Tally(happy=happy))
    fake.count(FOREIGN, PointId("door"), ZONE.day_bounds(20261110)[0], GOOD)
    return fake


def application(figures: FakeFigures, notes: list[tuple[str, ...]]) -> FastAPI:
    """The API alone; the header `role` says who is asking; what it notes is in `notes`."""

    def who(request: Request) -> Viewer:
        role = request.headers.get("role", "store_manager")
        if role == "nobody":
            raise HTTPException(401, "sign in")
        return Viewer(1, "ana", Role(role), "es", frozenset({STORE}))

    app = FastAPI()

    def note(*words: str) -> None:
        notes.append(words)

    app.include_router(api_router(Reports(figures), Exports(), FakeFleet(), who, lambda: NOW, note))
    return app


class Client:
    """Asks the application without a network; what it raises is raised here."""

    def __init__(self, figures: FakeFigures) -> None:
        self.notes: list[tuple[str, ...]] = []
        self._transport = httpx.ASGITransport(application(figures, self.notes))

    def get(self, url: str, **request: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://hub") as http:
                return await http.get(url, **request)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def client(figures: FakeFigures) -> Client:
    return Client(figures)


def get(client: Client, path: str, role: str = "store_manager", **query: Any) -> httpx.Response:
    if "since" in query:
        query["from"] = query.pop("since")
    return client.get(f"/api/v1{path}", params=query, headers={"role": role})


def rows(client: Client, **query: Any) -> list[dict[str, Any]]:
    answer = get(client, f"/stores/{STORE}/tallies", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_manager_sees_the_own_stores_and_an_analyst_all(client: Client) -> None:
    assert [store["store_id"] for store in get(client, "/stores").json()] == [STORE]
    every = get(client, "/stores", role="analyst").json()
    assert [(store["store_id"], store["today"]) for store in every] == [
        (STORE, "2026-11-19"),
        (FOREIGN, "2026-11-20"),  # in Tokyo it is tomorrow
    ]


@pytest.mark.parametrize("path", ["", "/points", "/tallies", "/index"])
def test_a_foreign_store_is_answered_like_one_that_does_not_exist(
    client: Client, path: str
) -> None:
    foreign, missing = (get(client, f"/stores/{name}{path}") for name in (FOREIGN, "nowhere"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert foreign.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/kiosks", "/ledger", "/export.csv"])
def test_a_foreign_store_in_the_query_is_answered_the_same(client: Client, path: str) -> None:
    assert get(client, path, store_id=FOREIGN).status_code == 404
    assert get(client, path, store_id=STORE).status_code == 200


@pytest.mark.parametrize(
    "path", [f"/stores/{STORE}/tallies", f"/stores/{STORE}/index", "/index", "/export.csv"]
)
def test_a_technician_sees_kiosks_and_never_an_answer(client: Client, path: str) -> None:
    refused = get(client, path, role="technician")
    assert (refused.status_code, refused.json()["status"]) == (403, 403)
    assert get(client, "/kiosks", role="technician").status_code == 200


def test_nobody_gets_anything(client: Client) -> None:
    for path in ("/stores", "/kiosks", "/index", f"/stores/{STORE}/tallies", "/export.xlsx"):
        assert get(client, path, role="nobody").status_code == 401


def test_points_come_as_they_stand(client: Client) -> None:
    found = get(client, f"/stores/{STORE}/points").json()
    assert [(point["point_id"], point["kind"]) for point in found] == [
        (CAJA_1, "register"),
        (CAJA_2, "register"),
    ]


def test_an_hour_tells_utc_local_time_and_zone(client: Client) -> None:
    row = rows(client, since="2026-11-17", to="2026-11-17", group="hour")[0]
    assert (row["begins_utc"], row["begins_local"], row["zone"]) == (
        "2026-11-17T08:00:00Z",
        "2026-11-17T09:00:00+01:00",
        "Europe/Madrid",
    )
    assert (row["date"], row["hour_of_day"], row["ends_utc"]) == (
        "2026-11-17",
        9,
        "2026-11-17T09:00:00Z",
    )
    assert row["counts"]["answered"] == row["index"]["n"] == 40
    assert row["response"]["value"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("group", ["hour", "day", "hour_of_day", "point", "point_hour", "total"])
def test_every_grouping_counts_the_same_answers(client: Client, group: str) -> None:
    found = rows(client, since="2026-11-01", to="2026-11-17", group=group)
    assert sum(row["counts"]["answered"] for row in found) == 17 * 12 * 40
    assert not any(row["hidden"] for row in found)


def test_the_index_is_the_total_with_its_interval(client: Client) -> None:
    found = get(client, f"/stores/{STORE}/index", since="2026-11-01", to="2026-11-17").json()
    assert found["index"]["n"] == 17 * 12 * 40
    assert found["index"]["low"] < found["index"]["value"] < found["index"]["high"]
    every = get(client, "/index", role="analyst", since="2026-11-01", to="2026-11-17").json()
    assert every[0] == found
    assert every[1]["index"]["n"] == 20


def test_instants_choose_the_hours_that_begin_between_them(client: Client) -> None:
    by_offset = rows(
        client, since="2026-11-17T10:30:00+01:00", to="2026-11-17T13:00:00+01:00", group="hour"
    )
    assert [row["hour_of_day"] for row in by_offset] == [11, 12]
    assert by_offset == rows(
        client, since="2026-11-17T09:30Z", to="2026-11-17T12:00Z", group="hour"
    )


def test_the_same_cells_are_hidden_whatever_range_is_asked(client: Client) -> None:
    day = rows(client, since="2026-11-18", to="2026-11-18", group="hour")
    week = [row for row in rows(client, group="hour") if row["date"] == "2026-11-18"]
    part = rows(client, since="2026-11-18T09:00+01:00", to="2026-11-18T11:00+01:00", group="hour")
    hidden = [row["hour_of_day"] for row in day if row["hidden"]]
    assert day == week
    assert hidden == [8]
    assert part == [row for row in day if row["hour_of_day"] in (9, 10)]
    assert all(
        row["counts"] is row["index"] is row["response"] is None for row in day if row["hidden"]
    )


def test_a_days_cells_by_point_and_hour_are_hidden_with_their_hour(client: Client) -> None:
    found = rows(client, since="2026-11-18", to="2026-11-18", group="point_hour")
    hidden = {(row["point_id"], row["hour_of_day"]) for row in found if row["hidden"]}
    assert hidden == {(CAJA_1, 8)}


def test_today_is_the_published_step_and_cells_of_points_wait_for_tomorrow(
    client: Client,
) -> None:
    today = rows(client, since="2026-11-19", to="2026-11-19", group="hour")
    assert sum(row["counts"]["answered"] for row in today) == 12 * 40
    assert rows(client, since="2026-11-19", to="2026-11-19", group="point_hour") == []
    assert rows(client, since="2026-11-20", to="2026-11-28", group="hour") == []


def test_without_a_range_it_is_the_last_28_days(client: Client) -> None:
    found = rows(client)
    assert (found[0]["date"], found[-1]["date"], len(found)) == ("2026-10-23", "2026-11-19", 28)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "2026-11-19T17:00:00", "to": "2026-11-19T18:00:00", "group": "hour"}, "offset"),
        ({"since": "2026-11-19T17:00Z", "to": "2026-11-19T18:00Z"}, "whole local dates"),
        ({"since": "2026-11-19T17:00Z", "group": "hour"}, "both"),
        ({"since": "2026-11-19T17:00Z", "to": "2026-11-19T17:00Z", "group": "hour"}, "before"),
        ({"since": "2026-02-30"}, "no date"),
        ({"since": "20260101"}, "no date"),
        ({"since": "1970-01-01"}, "no date"),
        ({"since": "2026-11-02", "to": "2026-11-01"}, "days"),
        ({"since": "2025-01-01", "to": "2026-11-01"}, "1 to 400"),
        ({"since": "2020-01-01", "to": "2099-11-01"}, "days"),
        ({"since": "2026-09-01", "to": "2026-11-01", "group": "point_hour"}, "1 to 31"),
        ({"since": "2026-11-19T17:00:00+99:00", "to": "2026-11-19T18:00Z", "group": "hour"}, "no"),
        ({"group": "cashier"}, "group"),
        ({"since": "x" * 41}, "from"),
        ({"since": "NaN", "to": "\x00"}, "no date"),
    ],
)
def test_nonsense_is_answered_422_with_what_is_wrong(
    client: Client, query: dict[str, str], said: str
) -> None:
    answer = get(client, f"/stores/{STORE}/tallies", **query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert said in answer.json()["detail"]
    assert len(answer.content) < 1000


def test_a_blank_where_nobody_wrote_percent_2b_is_read_as_plus(client: Client) -> None:
    query = "group=hour&from=2026-11-17T10:00+01:00&to=2026-11-17T12:00+01:00"
    found = client.get(f"/api/v1/stores/{STORE}/tallies?{query}").json()
    assert [row["hour_of_day"] for row in found] == [10, 11]


def test_kiosks_and_ledger_say_how_each_kiosk_is(client: Client) -> None:
    kiosks, ledger = get(client, "/kiosks").json(), get(client, "/ledger").json()
    assert (kiosks[0]["presence"], kiosks[0]["unsent"]) == ("online", 3)
    assert kiosks[0]["last_seen_local"] == "2026-11-19T20:30:00+01:00"
    assert (ledger[0]["held"], ledger[0]["received"]) == (41207, 41205)
    assert (ledger[0]["missing"], ledger[0]["lost"], ledger[0]["refused"]) == (0, 0, 2)
    strangers = get(client, "/kiosks", role="analyst").json()
    assert (strangers[1]["presence"], strangers[1]["last_seen_utc"]) == (None, None)


def test_a_csv_file_runs_nothing_in_a_spreadsheet(client: Client) -> None:
    answer = get(client, "/export.csv", group="point", since="2026-11-01", to="2026-11-17")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="semblante.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["point_name"] for row in found] == ["Caja ñ", "'@Caja 2"]
    assert {row["store_name"] for row in found} == {"'" + EVIL}
    assert [int(row["answered"]) for row in found] == [17 * 12 * 20] * 2


def test_an_xlsx_file_has_no_formula(client: Client) -> None:
    answer = get(client, "/export.xlsx", group="hour", since="2026-11-18", to="2026-11-18")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 100
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_parquet_file_keeps_its_types_and_hides_what_the_api_hides(client: Client) -> None:
    answer = get(client, "/export.parquet", group="hour", since="2026-11-18", to="2026-11-18")
    frame = pd.read_parquet(io.BytesIO(answer.content))
    shown = rows(client, group="hour", since="2026-11-18", to="2026-11-18")
    assert str(frame["answered"].dtype) == "Int64"
    assert list(frame["hidden"]) == [row["hidden"] for row in shown]
    assert frame.loc[frame["hidden"], ["answered", "sales", "index"]].isna().all(axis=None)
    assert frame["store_name"].iloc[0] == EVIL  # no spreadsheet opens it: the very name


def test_an_empty_export_is_a_file_with_its_heads(client: Client) -> None:
    for kind in ("csv", "xlsx", "parquet"):
        answer = get(client, f"/export.{kind}", since="2020-01-01", to="2020-01-02")
        assert answer.status_code == 200
        assert answer.content


def test_an_export_is_noted_with_who_and_what_and_never_what_is_in_it(
    figures: FakeFigures,
) -> None:
    client = Client(figures)
    answer = get(client, "/export.csv", group="point", since="2026-11-01", to="2026-11-17")
    assert answer.text.count("\n") == 1 + 2
    days = len(pd.read_parquet(io.BytesIO(get(client, "/export.parquet", role="analyst").content)))
    exported = ("ana", "figures exported")
    assert client.notes == [
        (*exported, "csv", f"2 rows by point, from 2026-11-01 to 2026-11-17, 1 stores: {STORE}"),
        (*exported, "parquet", f"{days} rows by day, 28 days, 2 stores: {STORE}, {FOREIGN}"),
    ]


def test_what_was_not_exported_is_not_noted(figures: FakeFigures) -> None:
    client = Client(figures)
    get(client, "/export.csv", role="technician")
    get(client, "/export.csv", store_id=FOREIGN)
    get(client, "/export.csv", since="yesterday")
    get(client, f"/stores/{STORE}/tallies")
    assert client.notes == []


def test_an_export_that_would_be_too_long_is_refused_beforehand(figures: FakeFigures) -> None:
    many = FakeFigures([Store(StoreId(f"s-{n}"), "S", "UTC") for n in range(50)])
    query = {"group": "hour", "since": "2025-11-01", "to": "2026-11-01"}
    answer = get(Client(many), "/export.csv", role="analyst", **query)
    assert answer.status_code == 422
    assert "fewer" in answer.json()["detail"]


def test_a_database_that_is_away_is_told_as_503(figures: FakeFigures) -> None:
    broken = FakeFigures(figures.places)

    def away() -> Sequence[Store]:
        raise ArchiveError("no such table: stores")

    broken.stores = away  # type: ignore[method-assign]
    answer = get(Client(broken), "/stores")
    assert answer.status_code == 503
    assert "no such table" not in answer.text


def small_history() -> FakeFigures:
    fake = FakeFigures([Store(STORE, "Centro", "Europe/Madrid")], [Point(STORE, CAJA_1, "Caja 1")])
    fake.count(STORE, CAJA_1, ZONE.day_bounds(20261110)[0], GOOD)
    return fake


api = schemathesis.openapi.from_asgi("/openapi.json", application(small_history(), []))


@api.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_fits_the_openapi_document(case: Any) -> None:
    case.call_and_validate(checks=CHECKS.get_by_names(KEPT))


KEPT = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
]
