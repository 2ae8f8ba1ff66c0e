"""Join codes for chosen points of a store, on sheets to be printed; each is shown this once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Protocol

import segno
from fastapi import APIRouter, Depends, Form, Request, Response

from hub.core.hours import find_zone
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
    ) -> Response:
        """Make them, and show them this once; `kiosk` are the names at the points `at`."""
        names = dict(zip(at, kiosk, strict=False))
        points = parts_of(request).places.points(store)
        chosen = [(one, names.get(one.point_id, "")) for one in points if one.point_id in point]
        if not chosen:
            fault = words_for(request, session).gettext("Tick at least one point.")
            return _choose(request, session, store, fault)
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
            issued = codes.issue(store.store_id, point.point_id, kiosk_id(name.strip()), by)
        except (EnrolmentError, DeviceError, PlaceError) as fault:
            faults.append(f"{point.name}: {fault}. {fault.hint}")
        else:
            slips.append(slip_of(issued, store, point, name.strip()))
    return slips, faults


def slip_of(issued: Issued, store: Store, point: Point, kiosk: str) -> Slip:
    """What stands on the sheet; M mends a finger's breadth of dirt."""
    picture = segno.make(issued.qr, error="m").svg_data_uri(border=2)
    until = datetime.fromtimestamp(issued.until / 1_000, find_zone(store.zone))
    return Slip(point.name, kiosk, issued.text, issued.url, picture, until)


def _choose(
    request: Request, session: Session, store: StoreId, fault: str | None = None
) -> Response:
    parts = parts_of(request)
    stands = {
        each.point_id: each.kiosk_id
        for each in parts.places.kiosks()
        if each.store_id == store and each.retired_at is None and each.point_id is not None
    }
    rows = [
        (
            point,
            stands.get(point.point_id) or f"{store}-{point.point_id}"[:32],
            stands.get(point.point_id),
        )
        for point in parts.places.points(store)
    ]
    context = {"store": _store(parts, store), "rows": rows, "fault": fault}
    status = 200 if fault is None else 400
    page = "kiosks/codes.html"
    return show(request, session, page, context, here="kiosks", store=store, status=status)


def _store(parts: Parts, store: StoreId) -> Store:
    return next(each for each in parts.places.stores() if each.store_id == store)
