"""Results in memory: responses as they are handed over, and what was told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hub.core.hours import Hours
from hub.core.ports import Store
from hub.core.results import HELD, WAITING, Closing, Key, Known, Place, Standing, Stored, Sums, Told
from shared.places import StoreId
from shared.questionnaires import Response


class FakeResults:
    """What a database would keep."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = {store.store_id: store for store in stores}
        self._rows: dict[Key, dict[Place, tuple[Stored, int, int, bool]]] = {}
        self._kept: dict[tuple[Key, int], Sums] = {}
        self._told: dict[Key, list[Told]] = {}
        self._last: dict[Key, int] = {}

    def add(self, store: StoreId, response: Response) -> None:
        """A response came in."""
        key = Key(store, response.questionnaire, response.version)
        rows = self._rows.setdefault(key, {})
        day = Hours(self._stores[store].zone).hour_of(response.begun.wall).day
        one = Stored(1, len(rows) + 1, response)
        rows[one.place] = one, day, 0, False

    def stores(self) -> Iterable[Store]:
        return self._stores.values()

    def open_days(self, known: Known) -> Mapping[Key, frozenset[int]]:
        days = {
            key: frozenset(day for _, day, week, _ in rows.values() if not week)
            for key, rows in self._rows.items()
        }
        return {key: found for key, found in days.items() if found and key[1:] in known}

    def last_week(self, key: Key) -> int:
        return self._last.get(key, 0)

    def fresh(self, key: Key, until: int) -> list[Stored]:
        return [one for one, day, week, _ in self._rows[key].values() if not week and day <= until]

    def kept(self, key: Key, which: int) -> Sums:
        return self._kept.get((key, which), {})

    def close(self, key: Key, week: int, closing: Closing, fit: Mapping[Place, bool]) -> None:
        for one, fits in fit.items():
            self._rows[key][one] = *self._rows[key][one][:2], week, fits
        self._kept[key, HELD], self._kept[key, WAITING] = closing.held, closing.waiting
        told = self._told.setdefault(key, [])
        told += [Told(key.store_id, week, line, one) for line, one in closing.told.items()]
        self._last[key] = week

    def told(self, questionnaire: str, version: int, stores: Iterable[StoreId]) -> list[Told]:
        keys = [Key(store, questionnaire, version) for store in stores]
        return [one for key in keys for one in self._told.get(key, [])]

    def texts(self, key: Key, question: str, first: int, last: int) -> list[str]:
        found = [
            one.response.answers.get(question)
            for one, _, week, fit in self._rows[key].values()
            if first <= week <= last and fit
        ]
        return [answer for answer in found if isinstance(answer, str)]

    def standings(self, stores: Iterable[StoreId], known: Known) -> list[Standing]:
        wanted = set(stores)
        return [
            Standing(
                key,
                sum(bool(week) and fit for _, _, week, fit in rows.values()),
                sum(not week for _, _, week, _ in rows.values()),
                sum(bool(week) and not fit for _, _, week, fit in rows.values()),
            )
            for key, rows in sorted(self._rows.items())
            if key.store_id in wanted and key[1:] in known
        ]
