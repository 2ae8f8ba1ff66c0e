"""The JSON API under /api/v1: the same figures as the dashboard, for programs.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Any, Final, Protocol

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from hub.core.fleet import FleetView
from hub.core.listing import Group, Row
from hub.core.ports import Store
from hub.core.roles import Right, Viewer
from hub.exports import MOST_ROWS, Exports, Format
from hub.reports import Reports
from hub.web.problems import endpoints
from hub.web.ranges import read_range
from hub.web.schemas import KioskOut, LedgerOut, PointOut, StoreOut, TallyOut
from shared.errors import WordError
from shared.places import StoreId

PREFIX: Final = "/api/v1"
NAME: Final = r"^[a-z0-9][a-z0-9-]{0,31}$"

HOURS_A_DAY: Final = 25
POINTS_A_STORE: Final = 20
"""For judging beforehand how long an export would become."""

StoreInPath = Annotated[str, Path(pattern=NAME, description="the store's identifier")]
StoreInQuery = Annotated[
    str | None, Query(pattern=NAME, description="only this store; without it all that you may see")
]
StoresInQuery = Annotated[
    list[Annotated[str, Query(pattern=NAME)]] | None,
    Query(max_length=100, description="only these stores; without it all that you may see"),
]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=40,
        description=(
            "The first local date (`YYYY-MM-DD`, in each store's own time zone), or for hours an "
            "instant with an explicit offset (`2026-11-19T17:00:00+01:00`): then the trading hours "
            "that begin at or after it. Without it: 28 days. At most 400 days (31 for "
            "`point_hour`)."
        ),
    ),
]
To = Annotated[
    str | None,
    Query(
        max_length=40,
        description=(
            "The last local date, included, in each store's own time zone; or, if `from` is an "
            "instant, an instant with an explicit offset: trading hours that begin before it. "
            "Without it: today by the store's clocks. Later days are empty."
        ),
    ),
]
Grouped = Annotated[
    Group,
    Query(
        description=(
            "What a row is the sum of. `hour`: a trading hour, between equal local date, hour and "
            "UTC offset, so a repeated hour is two rows. `day`: a local date (23 to 25 hours). "
            "`hour_of_day`: 0 to 23 by the store's clocks, over all the dates. `point`: each point "
            "over all the dates. `point_hour`: each point and trading hour, of days that are over. "
            "`total`: all in one row."
        )
    ),
]


class Fleet(Protocol):
    """How the kiosks are."""

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        """The kiosks of these stores (None: all)."""


def api_router(
    reports: Reports,
    exports: Exports,
    fleet: Fleet,
    who: Callable[..., Viewer],
    now: Callable[[], int],
    note: Callable[[str, str, str, str], None],
) -> APIRouter:
    """The API; `who` is the dependency that gives the signed-in user, `now` the time (ms, UTC),
    and `note` writes into the audit log who did what to what, and how."""

    def identify(request: Request, viewer: Annotated[Viewer, Depends(who)]) -> None:
        request.state.viewer = viewer

    router = endpoints(PREFIX, identify)
    api = Api(reports, exports, fleet, now, note)
    for path, endpoint in (
        ("/stores", api.stores),
        ("/stores/{store_id}", api.store),
        ("/stores/{store_id}/points", api.points),
        ("/stores/{store_id}/tallies", api.tallies),
        ("/stores/{store_id}/index", api.index),
        ("/index", api.indices),
        ("/kiosks", api.kiosks),
        ("/ledger", api.ledger),
    ):
        router.add_api_route(path, endpoint, methods=["GET"])
    router.add_api_route(
        "/export.{format}", api.export, methods=["GET"], response_class=Response, responses=_FILES
    )
    return router


class Api:
    """The endpoints; each says first what the viewer must be allowed."""

    def __init__(
        self,
        reports: Reports,
        exports: Exports,
        fleet: Fleet,
        now: Callable[[], int],
        note: Callable[[str, str, str, str], None],
    ) -> None:
        self._reports, self._exports, self._fleet = reports, exports, fleet
        self._now, self._note = now, note

    def stores(self, request: Request) -> list[StoreOut]:
        """The stores that you may see."""
        return [self._store_out(store) for store in self._seen_by(_viewer(request))]

    def store(self, request: Request, store_id: StoreInPath) -> StoreOut:
        """One store."""
        return self._store_out(self._reached(_viewer(request), store_id))

    def points(self, request: Request, store_id: StoreInPath) -> list[PointOut]:
        """The points of a store (registers, entrances …) in the order in which they stand."""
        store = self._reached(_viewer(request), store_id)
        return [PointOut.of(point) for point in self._reports.figures.points(store.store_id)]

    def tallies(
        self,
        request: Request,
        store_id: StoreInPath,
        since: From = None,
        to: To = None,
        group: Grouped = Group.DAY,
    ) -> list[TallyOut]:
        """Exact counts with index, interval and n; today in the steps that the dashboard shows."""
        store = self._reached(_allowed(request, Right.ANSWERS), store_id)
        return [TallyOut.of(row) for row in self._rows(store, since, to, group)]

    def index(
        self, request: Request, store_id: StoreInPath, since: From = None, to: To = None
    ) -> TallyOut:
        """The index of a store over some local dates, with interval, n and what it is made of."""
        store = self._reached(_allowed(request, Right.ANSWERS), store_id)
        return TallyOut.of(self._rows(store, since, to, Group.TOTAL)[0])

    def indices(self, request: Request, since: From = None, to: To = None) -> list[TallyOut]:
        """The index of every store that you may see, in fixed order: not a ranking."""
        stores = self._seen_by(_allowed(request, Right.ANSWERS))
        found = [self._rows(store, since, to, Group.TOTAL)[0] for store in stores]
        return [TallyOut.of(row) for row in found]

    def kiosks(self, request: Request, store_id: StoreInQuery = None) -> list[KioskOut]:
        """The kiosks by their own last word."""
        viewer = _allowed(request, Right.KIOSKS)
        zones = {store.store_id: store.zone for store in self._chosen(viewer, store_id)}
        return [KioskOut.of(view, zones[view.store_id]) for view in self._fleet.views(list(zones))]

    def ledger(self, request: Request, store_id: StoreInQuery = None) -> list[LedgerOut]:
        """What became of every record of each kiosk: received, missing, refused, still unsent."""
        viewer = _allowed(request, Right.KIOSKS)
        chosen = [store.store_id for store in self._chosen(viewer, store_id)]
        return [LedgerOut.of(view) for view in self._fleet.views(chosen)]

    def export(
        self,
        request: Request,
        format: Format,  # noqa: A002 - the word in the address
        store_id: StoresInQuery = None,
        since: From = None,
        to: To = None,
        group: Grouped = Group.DAY,
    ) -> Response:
        """The same tallies as a file: coarse time (hours), nothing under the floor."""
        viewer = _allowed(request, Right.ANSWERS)
        chosen = store_id and sorted(set(store_id))
        stores = [self._reached(viewer, name) for name in chosen] if chosen else None
        stores = self._seen_by(viewer) if stores is None else stores
        self._check_size(stores, since, to, group)
        rows = [row for store in stores for row in self._rows(store, since, to, group)]
        names = {
            (point.store_id, point.point_id): point.name
            for store in stores
            for point in self._reports.figures.points(store.store_id)
        }
        disposition = {"content-disposition": f'attachment; filename="semblante.{format.value}"'}
        content = self._exports.file(format, rows, names)
        what = _told(len(rows), group, since, to, stores)
        self._note(viewer.name, "figures exported", format.value, what)  # or there is no file
        return Response(content, media_type=format.media_type, headers=disposition)

    def _rows(self, store: Store, since: str | None, to: str | None, group: Group) -> list[Row]:
        now = self._now()
        asked = read_range(since, to, group, self._reports.hours_of(store), now)
        rows = self._reports.rows(store, now, asked.days, group)
        return [row for row in rows if asked.holds(row)]

    def _check_size(
        self, stores: Sequence[Store], since: str | None, to: str | None, group: Group
    ) -> None:
        rows = 0
        for store in stores:
            asked = read_range(since, to, group, self._reports.hours_of(store), self._now())
            rows += asked.days.count * _ROWS_A_DAY[group]
        if rows > MOST_ROWS:
            raise WordError(f"up to {rows} rows: ask for fewer stores or days ({MOST_ROWS} rows)")

    def _store_out(self, store: Store) -> StoreOut:
        return StoreOut.of(store, self._reports.hours_of(store).hour_of(self._now()).day)

    def _seen_by(self, viewer: Viewer) -> list[Store]:
        return [store for store in self._reports.figures.stores() if viewer.sees(store.store_id)]

    def _chosen(self, viewer: Viewer, store_id: str | None) -> list[Store]:
        return self._seen_by(viewer) if store_id is None else [self._reached(viewer, store_id)]

    def _reached(self, viewer: Viewer, store_id: str) -> Store:
        """The store; one that the viewer may not see is answered as if there were none."""
        for store in self._seen_by(viewer):
            if store.store_id == store_id:
                return store
        raise HTTPException(404, "there is no such store")


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


def _allowed(request: Request, right: Right) -> Viewer:
    viewer = _viewer(request)
    if not viewer.may(right):
        raise HTTPException(403, f"your role has no right to see {right.value}")
    return viewer


def _told(
    rows: int, group: Group, since: str | None, to: str | None, stores: Sequence[Store]
) -> str:
    """What was exported, for the audit log: never what is in it. The stores may be cut off."""
    asked = " ".join(f"{word} {text}" for word, text in (("from", since), ("to", to)) if text)
    if not stores:
        return "no store"  # and so nobody has read whether the range is one
    names = ", ".join(store.store_id for store in stores)
    return f"{rows} rows by {group}, {asked or '28 days'}, {len(stores)} stores: {names}"


_ROWS_A_DAY: Final[Mapping[Group, int]] = {
    Group.HOUR: HOURS_A_DAY,
    Group.DAY: 1,
    Group.HOUR_OF_DAY: 1,
    Group.POINT: 1,
    Group.POINT_HOUR: HOURS_A_DAY * POINTS_A_STORE,
    Group.TOTAL: 1,
}

_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the file",
        "content": {kind.media_type.split(";")[0]: {} for kind in Format},
    }
}
