"""Looks once a minute at every kiosk, and notes what ails it and what no longer does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from hub.core.ailing import Case, Sick, is_open, judged, order_of
from hub.core.fleet import FleetArchive, FleetView, KioskKey
from hub.core.ports import Store


class Ward(Protocol):
    """What ails kiosks, in the hub's database. Every method may raise ArchiveError."""

    def all(self) -> Mapping[KioskKey, Sequence[Sick]]:
        """What ails whom."""

    def keep(
        self, changed: Mapping[KioskKey, tuple[Sequence[Sick], Sequence[Sick]]], at: int
    ) -> None:
        """Let it be what it became, given as before and after."""


class Infirmary:
    """Its `look` belongs to one process at a time: a job of every minute."""

    def __init__(
        self, fleet: FleetArchive, ward: Ward, stores: Callable[[], Collection[Store]]
    ) -> None:
        self._fleet, self._ward, self._stores = fleet, ward, stores

    def look(self, now: int) -> None:
        """Judge everybody."""
        views, before = self._fleet.views(), self._ward.all()
        stores = {store.store_id: is_open(store, now) for store in self._stores()}
        newest = newest_of(views)
        changed: dict[KioskKey, tuple[Sequence[Sick], Sequence[Sick]]] = {
            who: (sick, ()) for who, sick in before.items()
        }  # whoever is retired ails no more
        for view in views:
            who = KioskKey(view.store_id, view.kiosk_id)
            sick = before.get(who, ())
            after = judged(_case(view, now, stores.get(view.store_id, True), newest), sick)
            changed.pop(who, None)
            if tuple(sick) != after:
                changed[who] = (sick, after)
        if changed:
            self._ward.keep(changed, now)


def newest_of(views: Collection[FleetView]) -> str:
    """The highest version that any kiosk runs."""
    return max((view.version for view in views if view.version), key=order_of, default="")


def _case(view: FleetView, now: int, open_now: bool, newest: str) -> Case:
    return Case(now, view.presence, view.synced, view.version, view.health, open_now, newest)
