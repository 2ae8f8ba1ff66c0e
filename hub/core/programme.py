"""What kiosks ask: a store's programme, and what of it one point is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from hub.core.accounts import Note
from hub.core.ports import Point, Store
from shared.notices import KioskSettings, Phone
from shared.places import KioskId, StoreId

Change = Callable[[KioskSettings], KioskSettings]
"""What becomes of a programme, but for its serial and the versions of its words."""

OpenHours = tuple[int, int]
"""Local hours from which and until which a store is open; past midnight the second is lower."""


class Programmes(Protocol):
    """What the hub's database keeps of it. Every method may raise ArchiveError."""

    def programme(self, store_id: StoreId) -> KioskSettings | None:
        """The programme of a store, with the highest serial; None where it never had one."""

    def add_programme(self, store_id: StoreId, programme: KioskSettings, at: int) -> None:
        """Make this the programme of the store."""

    def change(
        self,
        store_id: StoreId,
        change: Change,
        at: int,
        note: Note | None = None,
        hours: OpenHours | None = None,
    ) -> int:
        """Let a programme be what `change` makes of the newest, with a higher serial; returns it.

        Nobody else changes it between. What it has to begin with is the default programme. With
        `hours` the store has these from now on.
        """

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        """Every kiosk that stands somewhere, with the serial of its current settings."""

    def settings_of(self, store_id: StoreId) -> Mapping[KioskId, KioskSettings]:
        """The current settings of each kiosk of a store."""


def for_point(
    programme: KioskSettings, store: Store, point: Point, phone: Phone | None = None
) -> KioskSettings:
    """What the kiosk at this point is told; where there is no till, the question always stands.

    Its glass sleeps by the hours of the store, in its zone. A store that is open past midnight
    has no hours of a day: there it never sleeps.
    """
    opens, closes = (store.opens, store.closes) if store.opens < store.closes else (0, 24)
    return replace(
        programme,
        store_name=store.name,
        point_name=point.name,
        always_on=programme.always_on or point.kind != "register",
        keeping=replace(programme.keeping, zone=store.zone, opens=opens, closes=closes),
        phone=phone if programme.questionnaire is not None else None,
    )


def next_serial(last: int | None, now_ms: int) -> int:
    """A serial above the last one, and above those of every other store's past.

    A kiosk keeps the highest serial it ever saw, and a kiosk may be moved to another store: hence
    the time, of which later is always higher.
    """
    return now_ms if last is None else max(last + 1, now_ms)
