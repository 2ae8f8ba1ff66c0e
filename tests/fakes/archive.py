"""The hub's archive in memory."""

from __future__ import annotations

import copy
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hub.adapters.entering import MOST_GAPS, MOST_NOTICES
from hub.core.hours import find_zone
from hub.core.ledger import Ledger
from hub.core.placing import Anchorage
from hub.core.ports import (
    MOST_TOLD,
    Boot,
    Directory,
    Doubtful,
    Entries,
    Hub,
    Kiosk,
    LedgerKey,
    Lost,
    Point,
    RecordRow,
    ResponseRow,
    Store,
    WalkKey,
)
from hub.core.quarantine import MOST_ROWS, Captive
from hub.core.tallying import Counted, Counts, add
from shared.deliveries import Refusal
from shared.errors import EnrolmentError, LedgerMoved, LinkUsed
from shared.places import KioskId, PointId, StoreId, kiosk_id, point_id, store_id


@dataclass(slots=True)
class Held:
    """A captive in the quarantine."""

    captive: Captive
    times: int = 1
    told: bool = False


@dataclass(slots=True)
class Memory:
    """Everything that a database would hold."""

    stores: dict[StoreId, Store] = field(default_factory=dict)
    points: dict[tuple[StoreId, PointId], Point] = field(default_factory=dict)
    kiosks: dict[KioskId, Kiosk] = field(default_factory=dict)
    ledgers: dict[LedgerKey, tuple[int, Ledger]] = field(default_factory=dict)
    records: dict[tuple[StoreId, int, int], RecordRow] = field(default_factory=dict)
    counts: dict[StoreId, Counts] = field(default_factory=dict)
    anchors: dict[Boot, list[Anchorage]] = field(default_factory=dict)
    doubtful: dict[Boot, set[tuple[int, int]]] = field(default_factory=dict)
    losses: dict[tuple[StoreId, int, int], tuple[int, list[str]]] = field(default_factory=dict)
    suspects: dict[tuple[StoreId, int, int], str] = field(default_factory=dict)
    counted: dict[StoreId, Counted] = field(default_factory=dict)
    quarantine: dict[str, Held] = field(default_factory=dict)
    responses: dict[tuple[StoreId, int, int], ResponseRow] = field(default_factory=dict)
    walks: dict[WalkKey, bool] = field(default_factory=dict)


class FakeArchive:
    """An archive whose transactions are copies of its memory."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def page(self) -> Iterator[FakePage]:
        with self._one_at_a_time:
            page = FakePage(copy.deepcopy(self.memory))
            yield page
            self.memory = page.memory

    def add_store(self, store: Store, at: int) -> None:
        find_zone(store.zone)
        store_id(store.store_id)
        known = self.memory.stores.get(store.store_id, store)
        if known.zone != store.zone:
            raise EnrolmentError(f"{store.store_id} is counted by the hours of {known.zone}")
        self.memory.stores[store.store_id] = store

    def add_point(self, point: Point) -> None:
        self._find_store(point.store_id)
        point_id(point.point_id)
        self.memory.points[point.store_id, point.point_id] = point

    def enrol_kiosk(self, kiosk: KioskId, store: StoreId, at: int) -> None:
        kiosk_id(kiosk)
        self._find_store(store)
        known = self.memory.kiosks.setdefault(kiosk, Kiosk(kiosk, store, at))
        if known.store_id != store or known.retired_at is not None:
            raise EnrolmentError(f"{kiosk} is already enrolled in {known.store_id}, or retired")

    def retire_kiosk(self, kiosk: KioskId, at: int) -> None:
        known = self._find_kiosk(kiosk)
        self.memory.kiosks[kiosk] = replace(known, retired_at=at, point_id=None)

    def assign(self, kiosk: KioskId, point: PointId, since: int) -> None:
        known = self._find_kiosk(kiosk)
        if (known.store_id, point) not in self.memory.points:
            raise EnrolmentError(f"{known.store_id} has no point {point}")
        self.memory.kiosks[kiosk] = replace(known, point_id=point)

    def stores(self) -> Sequence[Store]:
        return sorted(self.memory.stores.values(), key=lambda one: (one.name, one.store_id))

    def points(self, store: StoreId) -> Sequence[Point]:
        here = [point for point in self.memory.points.values() if point.store_id == store]
        return sorted(here, key=lambda one: (one.position, one.point_id))

    def points_of(self, stores: Collection[StoreId]) -> Mapping[StoreId, Sequence[Point]]:
        return {store: points for store in stores if (points := self.points(store))}

    def kiosks(self) -> Sequence[Kiosk]:
        return sorted(self.memory.kiosks.values(), key=lambda one: (one.store_id, one.kiosk_id))

    def _find_store(self, store: StoreId) -> None:
        if store not in self.memory.stores:
            raise EnrolmentError(f"there is no store {store}")

    def _find_kiosk(self, kiosk: KioskId) -> Kiosk:
        known = self.memory.kiosks.get(kiosk)
        if known is None or known.retired_at is not None:
            raise EnrolmentError(f"there is no kiosk {kiosk}")
        return known


class FakePage:
    """A transaction on a copy."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def directory(self, kiosks: Collection[KioskId]) -> Directory:
        here = [one for one in self.memory.kiosks.values() if one.kiosk_id in kiosks]
        stores = {one.kiosk_id: one.store_id for one in here if one.retired_at is None}
        theirs = set(stores.values())
        return Directory(
            hub=Hub("h" * 32, 1),
            stores=stores,
            zones={store: self.memory.stores[store].zone for store in theirs},
            points={
                store: frozenset(point for home, point in self.memory.points if home == store)
                for store in theirs
            },
        )

    def ledgers(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, tuple[int, Ledger]]:
        return {key: self.memory.ledgers[key] for key in keys if key in self.memory.ledgers}

    def open_ledger(self, key: LedgerKey, ledger: Ledger, at: int) -> int:
        if key in self.memory.ledgers:
            raise LedgerMoved("it was just made")
        number = len(self.memory.ledgers) + 1
        self.memory.ledgers[key] = (number, ledger)
        return number

    def bodies(self, store: StoreId, ledger: int, first: int, last: int) -> dict[int, bytes]:
        return {
            row[2]: row[5]
            for key, row in self.memory.records.items()
            if key[:2] == (store, ledger) and first <= key[2] <= last
        }

    def anchors(self, boots: Collection[Boot]) -> dict[Boot, list[Anchorage]]:
        known = self.memory.anchors
        return {boot: list(known[boot]) for boot in boots if boot in known}

    def doubtful(self, boot: Boot) -> Iterable[Doubtful]:
        for ledger, seq in sorted(self.memory.doubtful.get(boot, ())):
            _, _, _, received_at, hour, body = self.memory.records[boot.store_id, ledger, seq]
            yield Doubtful(ledger, seq, received_at, hour, body)

    def counted(self, stores: Collection[StoreId]) -> dict[StoreId, Counted]:
        return {
            store: self.memory.counted[store] for store in stores if store in self.memory.counted
        }

    def room(self, kiosk: KioskId | None) -> int:
        theirs = [one for one in self.memory.quarantine.values() if one.captive.kiosk_id == kiosk]
        return MOST_ROWS - len(theirs)

    def refusals(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, list[Refusal]]:
        return {
            key: sorted(
                [
                    Refusal(one.captive.seq, one.captive.code)
                    for one in self.memory.quarantine.values()
                    if one.captive.seq is not None and _of(one.captive, key) and not one.told
                ],
                key=lambda refusal: refusal.seq,
            )[:MOST_TOLD]
            for key in keys
        }

    def write(self, entries: Entries) -> None:
        self._advance(entries)
        self._respond(entries)
        self._place(entries)
        for store, counts in entries.counts.items():
            add(self.memory.counts.setdefault(store, {}), counts)
        for lost in entries.losses:
            self.memory.losses[lost.store_id, lost.ledger, lost.first] = (lost.last, [])
        for notice in entries.notices:
            self._attach(notice)
        self._capture(entries)

    def _advance(self, entries: Entries) -> None:
        for advance in entries.advances:
            number, ledger = self.memory.ledgers[advance.key]
            if ledger.held != advance.held_before:
                raise LedgerMoved("it is not where it was")
            self.memory.ledgers[advance.key] = (number, advance.after)

    def _place(self, entries: Entries) -> None:
        memory = self.memory
        for row in entries.records:
            assert memory.records.setdefault(row[:3], row) is row
        for store, number, seq, hour in entries.moved:
            old = memory.records[store, number, seq]
            memory.records[store, number, seq] = (*old[:4], hour, old[5])
        for store, number, seq, code in entries.suspects:
            memory.suspects[store, number, seq] = code
        for boot, found in entries.anchors:
            memory.anchors.setdefault(boot, []).append(found)
        for boot, number, seq in entries.doubtful:
            memory.doubtful.setdefault(boot, set()).add((number, seq))
        for boot, number, seq in entries.settled:
            memory.doubtful[boot].remove((number, seq))

    def _respond(self, entries: Entries) -> None:
        for key in entries.ended:
            if self.memory.walks.get(key) is not True:
                raise LinkUsed("it was answered already")
            self.memory.walks[key] = False
        for row in entries.responses:
            assert self.memory.responses.setdefault(row[:3], row) is row
        for store, number, seq, day in entries.redated:
            place = store, number, seq
            self.memory.responses[place] = self.memory.responses[place]._replace(day=day)

    def _attach(self, notice: Lost) -> None:
        touched = [
            notices
            for (store, ledger, first), (last, notices) in sorted(self.memory.losses.items())
            if (store, ledger) == (notice.store_id, notice.ledger)
            and first <= notice.last
            and last >= notice.first
        ]
        for notices in touched[:MOST_GAPS]:
            if notice.notice and len(notices) < MOST_NOTICES:
                notices.append(notice.notice)

    def _capture(self, entries: Entries) -> None:
        for key, seen in entries.noted:
            for one in self.memory.quarantine.values():
                if one.captive.seq is not None and _of(one.captive, key):
                    one.told = one.told or one.captive.seq <= seen
        for captive in sorted(entries.captives, key=lambda one: one.seq is None):
            known = self.memory.quarantine.get(captive.fingerprint)
            if known is not None:
                known.times += 1
            elif captive.seq is not None or self.room(captive.kiosk_id) > 0:
                kept = replace(captive, payload=captive.excerpt)
                self.memory.quarantine[captive.fingerprint] = Held(kept)


def _of(captive: Captive, key: LedgerKey) -> bool:
    return (captive.kiosk_id, captive.epoch) == (key.kiosk_id, key.epoch)
