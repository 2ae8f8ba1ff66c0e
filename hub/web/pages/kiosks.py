"""The page Kiosks: which kiosks are there, how they are, and that nothing is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.core.awaiting import Awaited
from hub.core.choosing import Placed, Sort, State, Wish, chosen, needs_somebody, wish_of
from hub.core.fleet import FleetView
from hub.core.hours import DAY_MS, find_zone
from hub.core.ports import Store
from hub.core.roles import Right
from hub.web.auth import KiosksStore, KiosksViewer, Session, having
from hub.web.device_words import DeviceWords
from hub.web.live import Subject
from hub.web.pages.recovery import moment
from hub.web.parts import Parts, parts_of
from hub.web.shell import show, words_for
from hub.web.streams import stream_of
from hub.web.wording import Words
from shared.notices import Presence
from shared.places import PointId, StoreId

CALM_MS = 10_000
"""The live page moves every ten seconds: often enough for a van, too seldom to follow a till."""

Asked = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class KioskRow:
    """One kiosk as the page shows it."""

    view: FleetView
    point_name: str
    store_name: str
    seen: datetime | None
    certificate_days: int | None

    @property
    def state(self) -> str:
        """`online`, `offline`, or `never` for one that has not spoken yet."""
        return "never" if self.view.presence is None else self.view.presence.value

    @property
    def key(self) -> str:
        """Its name in forms and addresses."""
        return f"{self.view.store_id}/{self.view.kiosk_id}"


@dataclass(frozen=True, slots=True)
class StoreKiosks:
    """The kiosks of one store, or (without one) of all; the sums are of those that spoke."""

    store: Store | None
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


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """A point whose kiosk has not come, or came and was turned away at `at`."""

    awaited: Awaited
    point_name: str
    store_name: str
    at: datetime


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.KIOSKS))])
    router.add_api_route("/kiosks", every_kiosk_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/kiosks", kiosks_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/kiosks/live", kiosks_stream, methods=["GET"])
    return router


def asked(
    q: Asked = "", state: Asked = "", version: Asked = "", store: Asked = "", sort: Asked = ""
) -> Wish:
    """What of them is to be shown, by the address."""
    return wish_of(q, state, version, store, sort)


Wished = Annotated[Wish, Depends(asked)]


def every_kiosk_page(
    request: Request, session: Session, viewer: KiosksViewer, wish: Wished
) -> Response:
    """All kiosks of all stores within reach."""
    parts = parts_of(request)
    reach = [store.store_id for store in parts.seen_by(viewer)]
    context = _page(request, session, reach, wish) | {"version": None, "stream": False}
    return show(request, session, "kiosks.html", context, here="kiosks")


def kiosks_page(request: Request, session: Session, store: KiosksStore, wish: Wished) -> Response:
    """The kiosks of one store; it moves by itself where everything is shown as it stands."""
    version = KiosksSource(parts_of(request)).version(store)  # first: the page may be newer
    context = _page(request, session, [store], wish)
    context |= {"version": version, "stream": wish.is_plain}
    return show(request, session, "kiosks.html", context, here="kiosks", store=store)


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
        renderer = self._parts.renderer
        context = _context(self._parts, [store], Wish(), renderer.words[language])
        return {"part-kiosks": renderer.render(language, "kiosks/list.html", **context)}


def _page(
    request: Request, session: Session, stores: Collection[StoreId], wish: Wish
) -> dict[str, object]:
    parts, viewer = parts_of(request), session.user.viewer
    context = _context(parts, stores, wish, words_for(request, session))
    return context | {
        "broker": [(one, moment(one.last_at)) for one in parts.troubles.of_broker()],
        "may_command": viewer.may(Right.COMMAND),
        "states": list(State),
        "sorts": list(Sort),
    }


def _context(
    parts: Parts, stores: Collection[StoreId], wish: Wish, words: Words
) -> dict[str, object]:
    known = {store.store_id: store for store in parts.places.stores()}
    every = _placed(parts, known, stores)
    found = chosen(every, wish)
    return {
        "groups": _groups(known, found, wish, parts.now()),
        "now": parts.now(),
        "wish": wish,
        "say": DeviceWords(words),
        "every": len(every),
        "shown": len(found),
        "versions": sorted({one.view.version for one in every if one.view.version}),
        "awaited": _awaited(parts, known, stores) if wish.is_plain else (),
        "needy": sum(needs_somebody(one.view) for one in every),
        "where": _where(wish),
    }


def _awaited(
    parts: Parts, known: Mapping[StoreId, Store], stores: Collection[StoreId]
) -> list[AwaitedRow]:
    awaited = parts.fleet.awaited(stores, parts.now())
    points = parts.places.points_of({one.store_id for one in awaited})
    rows = []
    for one in awaited:
        if store := known.get(one.store_id):
            names = {point.point_id: point.name for point in points.get(one.store_id, ())}
            at = datetime.fromtimestamp(one.at / 1_000, find_zone(store.zone))
            rows.append(AwaitedRow(one, names.get(one.point_id, one.point_id), store.name, at))
    return rows


def _where(wish: Wish) -> str:
    """The wish as it stands in an address, but for its order."""
    named = {
        "q": wish.text,
        "state": wish.state.value,
        "version": wish.version,
        "store": wish.store,
    }
    return urlencode({name: value for name, value in named.items() if value})


def _placed(
    parts: Parts, known: Mapping[StoreId, Store], stores: Collection[StoreId]
) -> list[Placed]:
    views = [view for view in parts.fleet.views(stores) if view.store_id in known]
    points_of = parts.places.points_of({view.store_id for view in views})
    placed: list[Placed] = []
    for store, theirs in groupby(views, key=lambda view: view.store_id):
        points = {
            point.point_id: (place, point.name)
            for place, point in enumerate(points_of.get(store, ()))
        }
        for view in theirs:
            place, name = points.get(view.point_id or PointId(""), (len(points), ""))
            placed.append(Placed(view, known[store].name, name, place))
    return placed


def _groups(
    known: Mapping[StoreId, Store], found: Sequence[Placed], wish: Wish, now: int
) -> list[StoreKiosks]:
    zones = {store: find_zone(each.zone) for store, each in known.items()}

    def row(one: Placed) -> KioskRow:
        view, seen = one.view, one.view.last_seen
        at = None if seen is None else datetime.fromtimestamp(seen / 1000, zones[view.store_id])
        return KioskRow(view, one.point_name, one.store_name, at, days_left(view, now))

    rows = [row(one) for one in found]
    if wish.sort is not Sort.PLACE:
        return [StoreKiosks(None, tuple(rows))] if rows else []
    by_store = groupby(rows, key=lambda each: each.view.store_id)
    return [StoreKiosks(known[store], tuple(theirs)) for store, theirs in by_store]


def days_left(view: FleetView, now: int) -> int | None:
    """Days until its certificate ends; below nought where it has."""
    until = None if view.health is None else view.health.certificate_until
    return None if until is None else (until - now) // DAY_MS
