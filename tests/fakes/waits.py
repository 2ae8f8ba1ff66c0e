"""The queue's book in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hub.core.waiting.book import Memory, Rows
from hub.core.waiting.posting import Plot
from shared.errors import ArchiveError
from shared.places import StoreId


class FakeWaits:
    """Knows the plots it was given; `broken` makes every method fail."""

    def __init__(self, *plots: Plot) -> None:
        self.known = list(plots)
        self.before: dict[StoreId, Memory] = {}
        self.written = Rows()
        self.kept: dict[StoreId, tuple[str, int]] = {}
        self.broken: Exception | None = None

    def plots(self) -> Collection[Plot]:
        self._check()
        return list(self.known)

    def memories(self, stores: Collection[StoreId]) -> Mapping[StoreId, Memory]:
        self._check()
        return {store: self.before.get(store, Memory()) for store in stores}

    def write(self, rows: Rows) -> None:
        self._check()
        self.written.absorb(rows)

    def keep(self, lessons: Mapping[StoreId, str], at: int) -> None:
        self._check()
        self.kept |= {store: (body, at) for store, body in lessons.items()}

    def away(self) -> None:
        """From now on every method says that the database is away."""
        self.broken = ArchiveError("the database is away")

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken
