"""What the site is built from, and how an endpoint reaches it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from fastapi import Request

from hub.accounts import Accounts
from hub.core.cautioning import Mask
from hub.core.deciding import SuspectBook
from hub.core.fleet import FleetArchive
from hub.core.pictures import Pictures
from hub.core.ports import Kiosk, Point, Store
from hub.core.programme import Programmes
from hub.core.queue_views import QueueBook
from hub.core.roles import Viewer
from hub.core.troubles import Attention, Trouble
from hub.core.waiting.facts import LineId
from hub.core.waiting.joins import ScoreBook
from hub.core.waiting.layout import Layouts
from hub.questionnaires import Questionnaires
from hub.reports import Reports
from hub.web.live import Live
from hub.web.phoning import PhonePages
from hub.web.renderer import Renderer
from hub.whatifs import WhatIfs
from shared.places import StoreId


class Stores(Protocol):
    """Which stores there are."""

    def stores(self) -> Sequence[Store]:
        """All stores, by name."""


class Places(Stores, Protocol):
    """Which stores, points and kiosks there are."""

    def points(self, store: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand."""

    def points_of(self, stores: Collection[StoreId]) -> Mapping[StoreId, Sequence[Point]]:
        """The points of each of these stores, as they stand; without those that have none."""

    def kiosks(self) -> Sequence[Kiosk]:
        """All kiosks, by store and name."""


class Troubles(Protocol):
    """Where troubles are looked for."""

    def look(self, stores: Collection[StoreId] | None = None) -> Attention:
        """What needs somebody in these stores; None is all, and what strangers sent."""

    def of_broker(self) -> Sequence[Trouble]:
        """What is wrong with the broker's rights, or not known of them."""


class Typing(Protocol):
    """Takes what somebody counted and typed."""

    def typed(self, store: StoreId, line: LineId, number: int, user: str) -> None:
        """So many wait in a line now; raises TellingsFull where nobody listens."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that endpoints use; `public_url` is the address that people type."""

    accounts: Accounts
    places: Places
    fleet: FleetArchive
    troubles: Troubles
    programmes: Programmes
    questionnaires: Questionnaires
    pictures: Pictures
    mask: Mask
    suspects: SuspectBook
    layouts: Layouts
    queues: QueueBook
    typing: Typing
    scores: ScoreBook
    whatifs: WhatIfs
    reports: Reports
    live: Live
    renderer: Renderer
    phones: PhonePages
    now: Callable[[], int]
    public_url: str

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    def has_store(self, store: StoreId) -> bool:
        """Whether there is such a store."""
        return any(known.store_id == store for known in self.places.stores())

    def seen_by(self, viewer: Viewer) -> list[Store]:
        """The stores that this user may see, by name."""
        return [store for store in self.places.stores() if viewer.sees(store.store_id)]


def parts_of(request: Request) -> Parts:
    """The parts of the site that answers this request."""
    return cast(Parts, request.app.state.parts)
