"""The page Kiosks: which kiosks are there, how they are, and that nothing is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fastapi import APIRouter, Depends, Request, Response

from hub.core.fleet import FleetView
from hub.core.hours import find_zone
from hub.core.ports import Store
from hub.core.roles import Right
from hub.web.auth import KiosksStore, KiosksViewer, Session, having
from hub.web.live import Subject
from hub.web.parts import Parts, parts_of
from hub.web.shell import show
from hub.web.streams import stream_of
from shared.notices import Presence
from shared.places import PointId, StoreId

CALM_MS = 10_000
"""The live page moves every ten seconds: often enough for a van, too seldom to follow a till."""


@dataclass(frozen=True, slots=True)
class KioskRow:
    """One kiosk as the page shows it."""

    view: FleetView
    point_name: str
    seen: datetime | None

    @property
    def state(self) -> str:
        """`online`, `offline`, or `never` for one that has not spoken yet."""
        return "never" if self.view.presence is None else self.view.presence.value


@dataclass(frozen=True, slots=True)
class StoreKiosks:
    """The kiosks of one store; the sums are of those that spoke."""

    store: Store
    rows: tuple[KioskRow, ...]

    @property
    def online(self) -> int:
        """How many are connected."""
        return sum(row.view.presence is Presence.ONLINE for row in self.rows)

    @property
    def unsent(self) -> int:
        """How many records they still hold."""
        return sum(row.view.unsent or 0 for row in self.rows)

    @property
    def lost(self) -> int:
        """How many records are known to be gone."""
        return sum(row.view.lost for row in self.rows)

    @property
    def held(self) -> int:
        """How many records the hub has settled."""
        return sum(row.view.held for row in self.rows)


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.KIOSKS))])
    router.add_api_route("/kiosks", every_kiosk_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/kiosks", kiosks_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/kiosks/live", kiosks_stream, methods=["GET"])
    return router


def every_kiosk_page(request: Request, session: Session, viewer: KiosksViewer) -> Response:
    """All kiosks of all stores within reach."""
    parts = parts_of(request)
    reach = [store.store_id for store in parts.seen_by(viewer)]
    return show(
        request, session, "kiosks.html", {**_context(parts, reach), "version": None}, here="kiosks"
    )


def kiosks_page(request: Request, session: Session, store: KiosksStore) -> Response:
    """The kiosks of one store."""
    parts = parts_of(request)
    return show(
        request,
        session,
        "kiosks.html",
        {"version": KiosksSource(parts).version(store), **_context(parts, [store])},
        here="kiosks",
        store=store,
    )


def kiosks_stream(
    request: Request, session: Session, store: KiosksStore, version: str = ""
) -> Response:
    """The kiosks of one store, as they come and go."""
    return stream_of(request, session, Subject("kiosks", store), Right.KIOSKS, version)


class KiosksSource:
    """Kiosks as a live page."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def version(self, store: StoreId) -> str:
        """The ten seconds that it is, and who is away."""
        views = self._parts.fleet.views([store])
        away = ",".join(v.kiosk_id for v in views if v.presence is not Presence.ONLINE)
        return f"{self._parts.now() // CALM_MS}.{away}"

    def draw(self, store: StoreId, language: str) -> Mapping[str, str]:
        """The list."""
        context = _context(self._parts, [store])
        text = self._parts.renderer.render(language, "kiosks/list.html", **context)
        return {"part-kiosks": text}


def _context(parts: Parts, stores: Collection[StoreId]) -> dict[str, object]:
    known = {store.store_id: store for store in parts.places.stores()}
    views = sorted(parts.fleet.views(stores), key=lambda view: (view.store_id, view.kiosk_id))
    groups = [
        _group(parts, known[store_id], list(rows))
        for store_id, rows in groupby(views, key=lambda view: view.store_id)
        if store_id in known
    ]
    return {"groups": groups, "now": parts.now()}


def _group(parts: Parts, store: Store, views: Sequence[FleetView]) -> StoreKiosks:
    points = parts.places.points(store.store_id)
    names = {point.point_id: point.name for point in points}
    places = {point.point_id: place for place, point in enumerate(points)}
    zone = find_zone(store.zone)

    def row(view: FleetView) -> KioskRow:
        seen = view.last_seen
        at = None if seen is None else datetime.fromtimestamp(seen / 1000, zone)
        return KioskRow(view, names.get(view.point_id or PointId(""), ""), at)

    def order(view: FleetView) -> tuple[int, str]:
        return places.get(view.point_id or PointId(""), len(places)), view.kiosk_id

    return StoreKiosks(store, tuple(row(view) for view in sorted(views, key=order)))
