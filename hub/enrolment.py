"""Stores, points, kiosks and sensors: how they come to the hub, and how they leave it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.fleet import Remainder
from hub.core.ports import Enrolment, Kiosk, Point, Store
from hub.core.programme import Programmes
from hub.core.sensing import Sensor, SensorBook, secret_of
from shared.errors import EnrolmentError
from shared.places import KioskId, PointId, SensorId, StoreId, kiosk_id, sensor_id

_FIRST_EMPTY = (
    "Let it run, connected, until it has sent everything; or say “--force”: "
    "then what it holds stays on its card, and is counted nowhere."
)


class BrokerUsers(Protocol):
    """Who may connect to the broker."""

    def enrol(self, kiosk: KioskId, store: StoreId) -> str:
        """Give the kiosk a new password, and let it write for this store alone."""

    def enrol_sensor(self, sensor: SensorId, store: StoreId, password: str) -> None:
        """Let the sensor connect with this password, and tell of this store alone."""

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
class Admitted:
    """A sensor that may tell of its store's lines, and by which password; it is told once."""

    sensor_id: SensorId
    store_id: StoreId
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
        """Take no more from a kiosk, and let it in no more; twice is as once.

        Raises EnrolmentError where it may still hold answers that nobody has counted, unless
        forced: then they stay on its card.
        """
        left = None
        if not self.is_retired(kiosk):
            left = self._words.remainder(kiosk)
            if left is not None and left.why is not None and not force:
                raise EnrolmentError(f"{kiosk} {left.why}", hint=_FIRST_EMPTY)
            self._enrolment.retire_kiosk(kiosk, self._now_ms())
        self._users.remove(kiosk)  # also where an interruption came before it
        return Retired(left, self._users.reload())

    def is_retired(self, kiosk: KioskId) -> bool:
        """Whether it once took part, and does no more."""
        known = self._enrolment.kiosks()
        return any(one.kiosk_id == kiosk and one.retired_at is not None for one in known)

    def stores(self) -> list[tuple[Store, list[Point]]]:
        """All stores with their points."""
        stores = self._enrolment.stores()
        points = self._enrolment.points_of([store.store_id for store in stores])
        return [(store, list(points.get(store.store_id, ()))) for store in stores]

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


class SensorRegistry:
    """Writes down which sensors may tell of which store, and gives each its key."""

    def __init__(self, book: SensorBook, users: BrokerUsers, now_ms: Callable[[], int]) -> None:
        self._book, self._users, self._now_ms = book, users, now_ms

    def add(self, sensor: SensorId, store: StoreId) -> Admitted:
        """Let a sensor tell, with a new password; the same again ends the old one.

        Raises EnrolmentError where there is no such store, or the name is somebody else's.
        """
        password = secrets.token_hex(20)
        self._book.add(Sensor(sensor_id(sensor), store, secret_of(password), self._now_ms()))
        self._users.enrol_sensor(sensor, store, password)
        return Admitted(sensor, store, password, self._users.reload())

    def remove(self, sensor: SensorId) -> bool:
        """Let it tell no more; False where a broker that runs elsewhere must still be told."""
        self._book.remove(sensor, self._now_ms())
        self._users.remove(sensor)
        return self._users.reload()

    def sensors(self) -> Sequence[Sensor]:
        """All that may tell, by name."""
        return self._book.sensors()
