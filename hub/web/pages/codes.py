"""Join codes for chosen points of a store, on sheets to be printed; each is shown this once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Final, Protocol

import segno
from fastapi import APIRouter, Depends, Form, Request, Response

from hub.core.hours import find_zone
from hub.core.identity import others_at
from hub.core.ports import Point, Store
from hub.core.roles import Right
from hub.web.auth import KiosksStore, OwnForm, Session, having
from hub.web.parts import Parts, parts_of
from hub.web.shell import show, words_for
from shared.errors import DeviceError, EnrolmentError, PlaceError
from shared.places import KioskId, PointId, StoreId, kiosk_id

MOST_AT_ONCE: Final = 100
"""Points of a large store; more would be a form that nobody meant."""

Ticked = Annotated[list[str], Form(default_factory=list, max_length=MOST_AT_ONCE)]


class Issued(Protocol):
    """A new join code: `text` for people, `qr` what the square holds, `until` when it ends (ms)."""

    @property
    def text(self) -> str:
        """In groups of five."""

    @property
    def qr(self) -> str:
        """The lines of a settings file."""

    @property
    def url(self) -> str:
        """Where the device asks."""

    @property
    def until(self) -> int:
        """When it ends."""


class Codes(Protocol):
    """What makes join codes."""

    def issue(self, store: StoreId, point: PointId, kiosk: KioskId, by: str) -> Issued:
        """A new one; raises EnrolmentError, and DeviceError where there is no authority."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One code on the sheet."""

    point: str
    kiosk: str
    text: str
    url: str
    picture: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What was ticked and typed, what is wrong with it, and who stands at points of it already."""

    names: Mapping[str, str] = field(default_factory=dict)
    points: frozenset[str] = frozenset()
    fault: str | None = None
    beside: Mapping[str, Sequence[str]] = field(default_factory=dict)


NO_WISH: Final = Wish()


def codes_pages(codes: Codes) -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.COMMAND))])

    @router.get("/stores/{store_id}/codes")
    def choose(request: Request, session: Session, store: KiosksStore) -> Response:
        """For which points?"""
        return _choose(request, session, store)

    @router.post("/stores/{store_id}/codes")
    def make(
        request: Request,
        session: OwnForm,
        store: KiosksStore,
        point: Ticked,
        at: Ticked,
        kiosk: Ticked,
        two: Ticked,
    ) -> Response:
        """Make them, and show them this once; `kiosk` are the names at the points `at`, `two` the
        points where a kiosk stands and another one shall stand beside it."""
        names = {one: name.strip() for one, name in zip(at, kiosk, strict=False)}
        wish = Wish(names, frozenset(point))
        points = parts_of(request).places.points(store)
        chosen = [(one, names.get(one.point_id, "")) for one in points if one.point_id in point]
        if not chosen:
            fault = words_for(request, session).gettext("Tick at least one point.")
            return _choose(request, session, store, replace(wish, fault=fault))
        beside = _beside(parts_of(request), store, chosen)
        if not beside.keys() <= set(two):
            return _choose(request, session, store, replace(wish, beside=beside))
        its = _store(parts_of(request), store)
        slips, faults = _issued(codes, its, chosen, session.user.name)
        context = {"store": its, "codes": slips, "faults": faults}
        return show(request, session, "kiosks/sheet.html", context, here="kiosks", store=store)

    return router


def _issued(
    codes: Codes, store: Store, chosen: Sequence[tuple[Point, str]], by: str
) -> tuple[list[Slip], list[str]]:
    """The slips, and what kept others from being made."""
    slips, faults = [], []
    for point, name in chosen:
        try:
            issued = codes.issue(store.store_id, point.point_id, kiosk_id(name), by)
        except (EnrolmentError, DeviceError, PlaceError) as fault:
            faults.append(f"{point.name}: {fault}. {fault.hint}")
        else:
            slips.append(slip_of(issued, store, point, name))
    return slips, faults


def slip_of(issued: Issued, store: Store, point: Point, kiosk: str) -> Slip:
    """What stands on the sheet; M mends a finger's breadth of dirt."""
    picture = segno.make(issued.qr, error="m").svg_data_uri(border=2)
    until = datetime.fromtimestamp(issued.until / 1_000, find_zone(store.zone))
    return Slip(point.name, kiosk, issued.text, issued.url, picture, until)


def _beside(
    parts: Parts, store: StoreId, chosen: Sequence[tuple[Point, str]]
) -> dict[str, tuple[KioskId, ...]]:
    """The points at which others stand already."""
    kiosks = parts.places.kiosks()
    found = {
        point.point_id: others_at(kiosks, store, point.point_id, name) for point, name in chosen
    }
    return {point: others for point, others in found.items() if others}


def _choose(request: Request, session: Session, store: StoreId, wish: Wish = NO_WISH) -> Response:
    """The form; with a wish as it was said, and what is to be thought about before it is done."""
    parts = parts_of(request)
    kiosks = parts.places.kiosks()
    rows = []
    for point in parts.places.points(store):
        stands = others_at(kiosks, store, point.point_id, "")
        usual = stands[0] if stands else f"{store}-{point.point_id}"[:32]
        rows.append((point, wish.names.get(point.point_id, usual), stands))
    context = {"store": _store(parts, store), "rows": rows, "wish": wish}
    status = 200 if wish.fault is None else 400
    page = "kiosks/codes.html"
    return show(request, session, page, context, here="kiosks", store=store, status=status)


def _store(parts: Parts, store: StoreId) -> Store:
    return next(each for each in parts.places.stores() if each.store_id == store)
