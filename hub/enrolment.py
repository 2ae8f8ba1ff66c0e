"""Stores, points and kiosks: how they come to the hub, and how a kiosk leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hub.core.fleet import Remainder
from hub.core.ports import Enrolment, Kiosk, Point, Store
from hub.core.programme import Programmes
from shared.errors import EnrolmentError
from shared.places import KioskId, PointId, StoreId, kiosk_id

_FIRST_EMPTY = (
    "Let it run, connected, until it has sent everything; or say “--force”: "
    "then what it holds stays on its card, and is counted nowhere."
)


class BrokerUsers(Protocol):
    """Who may connect to the broker."""

    def enrol(self, kiosk: KioskId, store: StoreId) -> str:
        """Give the kiosk a new password, and let it write for this store alone."""

    def remove(self, user: str) -> None:
        """Let this user connect no more, and write nothing."""

    def reload(self) -> bool:
        """Tell a running broker; False where none runs from here."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What goes onto the kiosk; `broker_told` says whether the password already works."""

    store: Store
    point: Point
    kiosk_id: KioskId
    password: str
    broker_told: bool


@dataclass(frozen=True, slots=True)
class Retired:
    """What became of a kiosk: `left` is what it may still hold, as far as anybody here knows."""

    left: Remainder | None
    broker_told: bool


class LastWords(Protocol):
    """What kiosks said last."""

    def remainder(self, kiosk: KioskId) -> Remainder | None:
        """What it may still hold; None where it never spoke."""


class Registry:
    """Writes down who belongs where, gives each store something to ask, and each kiosk its key."""

    def __init__(
        self,
        enrolment: Enrolment,
        programmes: Programmes,
        users: BrokerUsers,
        words: LastWords,
        now_ms: Callable[[], int],
    ) -> None:
        self._enrolment, self._programmes, self._users = enrolment, programmes, users
        self._words, self._now_ms = words, now_ms

    def add_store(self, store: Store) -> None:
        """Make or change a store; its kiosks learn a new name."""
        self._enrolment.add_store(store, self._now_ms())
        self._renew_programme(store.store_id)

    def add_point(self, point: Point) -> None:
        """Make or change a point; its kiosk learns a new name."""
        self._enrolment.add_point(point)
        self._renew_programme(point.store_id)

    def enrol(self, kiosk: KioskId, store_id: StoreId, point_id: PointId) -> Enrolled:
        """Let a kiosk take part, standing at this point, with a new password.

        The same again gives another password; another point moves the kiosk there from now on.
        Raises EnrolmentError where store or point are not known, or the kiosk is of another store.
        """
        store, point = self._find(store_id, point_id)
        self._enrolment.enrol_kiosk(kiosk_id(kiosk), store_id, self._now_ms())
        if self._stands_at(kiosk) != point_id:
            self._enrolment.assign(kiosk, point_id, self._now_ms())
            self._renew_programme(store_id)
        password = self._users.enrol(kiosk, store_id)
        return Enrolled(store, point, kiosk, password, self._users.reload())

    def retire(self, kiosk: KioskId, *, force: bool = False) -> Retired:
        """Take no more from a kiosk, and let it in no more.

        Raises EnrolmentError where it may still hold answers that nobody has counted, unless
        forced: then they stay on its card.
        """
        left = self._words.remainder(kiosk)
        if left is not None and left.why is not None and not force:
            raise EnrolmentError(f"{kiosk} {left.why}", hint=_FIRST_EMPTY)
        self._enrolment.retire_kiosk(kiosk, self._now_ms())
        self._users.remove(kiosk)
        return Retired(left, self._users.reload())

    def stores(self) -> list[tuple[Store, list[Point]]]:
        """All stores with their points."""
        stores = self._enrolment.stores()
        return [(store, list(self._enrolment.points(store.store_id))) for store in stores]

    def kiosks(self) -> list[Kiosk]:
        """All kiosks that take part."""
        return [kiosk for kiosk in self._enrolment.kiosks() if kiosk.retired_at is None]

    def _find(self, store_id: StoreId, point_id: PointId) -> tuple[Store, Point]:
        for store, points in self.stores():
            for point in points:
                if (store.store_id, point.point_id) == (store_id, point_id):
                    return store, point
        hint = "See “semblante-hub store list”; add it with “store add” and “point add”."
        raise EnrolmentError(f"there is no point {point_id} in a store {store_id}", hint=hint)

    def _stands_at(self, kiosk_id: KioskId) -> PointId | None:
        places = {kiosk.kiosk_id: kiosk.point_id for kiosk in self.kiosks()}
        return places.get(kiosk_id)

    def _renew_programme(self, store_id: StoreId) -> None:
        """Give the programme a higher serial, so that every kiosk takes the names as they are."""
        self._programmes.change(store_id, lambda programme: programme, self._now_ms())
