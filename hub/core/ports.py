"""What intake and enrolment ask of the hub's database; the adapter and the fake are `archive`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from hub.core.ledger import Ledger
from hub.core.placing import Anchorage
from hub.core.quarantine import Captive
from hub.core.tallying import Counted, Counts
from shared.deliveries import Refusal
from shared.places import KioskId, PointId, StoreId


@dataclass(frozen=True, slots=True)
class Hub:
    """Who this hub is; `generation` rises at every restore from a backup."""

    hub_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Store:
    """A store; `zone` is an IANA name, `opens` and `closes` are local hours of the day."""

    store_id: StoreId
    name: str
    zone: str
    opens: int = 9
    closes: int = 21


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a store where people are asked; `position` orders them as they stand."""

    store_id: StoreId
    point_id: PointId
    name: str
    kind: str = "register"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An enrolled kiosk, and the point at which it stands now."""

    kiosk_id: KioskId
    store_id: StoreId
    enrolled_at: int
    point_id: PointId | None = None
    retired_at: int | None = None


class LedgerKey(NamedTuple):
    """Whose ledger: one epoch of one kiosk in one store."""

    store_id: StoreId
    kiosk_id: KioskId
    epoch: str


class Boot(NamedTuple):
    """One start of one kiosk."""

    store_id: StoreId
    kiosk_id: KioskId
    boot_id: str


class WalkKey(NamedTuple):
    """Which link a walk on a phone began with: its kiosk, minute and nonce (hexadecimal)."""

    kiosk_id: KioskId
    minute: int
    nonce: str


class ResponseRow(NamedTuple):
    """A row of `responses`: what stands beside the record of a response."""

    store_id: StoreId
    ledger: int
    seq: int
    questionnaire: str
    version: int
    day: int
    point_id: PointId
    language: str
    input: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What must be known of the kiosks heard: their stores, and those stores' zones and points."""

    hub: Hub
    stores: Mapping[KioskId, StoreId]
    zones: Mapping[StoreId, str]
    points: Mapping[StoreId, frozenset[PointId]]
    held: frozenset[KioskId] = frozenset()  # nothing of theirs is taken until somebody decides


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A stored record that a later anchor may move; `hour` is where it counts now, if anywhere."""

    ledger: int
    seq: int
    received_at: int
    hour: int | None
    body: bytes


RecordRow = tuple[StoreId, int, int, int, int | None, bytes]
"""A row of `records`: store, ledger, seq, received_at, hour, body; bare, because they are many."""


@dataclass(frozen=True, slots=True)
class Advance:
    """A ledger's step; it is refused where the ledger no longer stands at `held_before`."""

    key: LedgerKey
    held_before: int
    after: Ledger


@dataclass(frozen=True, slots=True)
class Lost:
    """A proved loss, or (with `notice`, JSON) what a loss notice says of such a range."""

    store_id: StoreId
    ledger: int
    first: int
    last: int
    notice: str | None = None


@dataclass(slots=True)
class Entries:
    """Everything that one transaction writes."""

    at: int
    records: list[RecordRow] = field(default_factory=list)
    counts: dict[StoreId, Counts] = field(default_factory=dict)
    advances: list[Advance] = field(default_factory=list)
    anchors: list[tuple[Boot, Anchorage]] = field(default_factory=list)
    doubtful: list[tuple[Boot, int, int]] = field(default_factory=list)  # ledger and seq
    settled: list[tuple[Boot, int, int]] = field(default_factory=list)
    moved: list[tuple[StoreId, int, int, int]] = field(default_factory=list)  # ledger, seq, hour
    suspects: list[tuple[StoreId, int, int, str]] = field(default_factory=list)  # ledger, seq, code
    losses: list[Lost] = field(default_factory=list)
    notices: list[Lost] = field(default_factory=list)
    captives: list[Captive] = field(default_factory=list)
    noted: list[tuple[LedgerKey, int]] = field(default_factory=list)  # refusals seen up to
    responses: list[ResponseRow] = field(default_factory=list)
    redated: list[tuple[StoreId, int, int, int]] = field(default_factory=list)  # ledger, seq, day
    ended: list[WalkKey] = field(default_factory=list)


class Page(Protocol):
    """One transaction of the archive. Any method may raise ArchiveError."""

    def directory(self, kiosks: Collection[KioskId]) -> Directory:
        """What is known of these kiosks; those that are not enrolled, or retired, are left out."""

    def ledgers(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, tuple[int, Ledger]]:
        """The ledgers that exist, each with its short number."""

    def open_ledger(self, key: LedgerKey, ledger: Ledger, at: int) -> int:
        """Make a ledger and return its number; raises LedgerMoved where somebody just did."""

    def bodies(self, store: StoreId, ledger: int, first: int, last: int) -> dict[int, bytes]:
        """The stored records of a ledger from `first` to `last`, by seq."""

    def anchors(self, boots: Collection[Boot]) -> dict[Boot, list[Anchorage]]:
        """The anchors of these boots, in rising order."""

    def doubtful(self, boot: Boot) -> Iterable[Doubtful]:
        """The stored records of a boot that a later anchor may move."""

    def counted(self, stores: Collection[StoreId]) -> dict[StoreId, Counted]:
        """The days and codes of which it was decided that their suspects count."""

    def room(self, kiosk: KioskId | None) -> int:
        """How many more rows the quarantine has room for, for this kiosk or for all strangers."""

    def write(self, entries: Entries) -> None:
        """Write everything; captives beyond the room are counted where they are known, else left.

        Raises LedgerMoved where a ledger is not where an advance believes it to be, and LinkUsed
        where a walk that should end has ended already.
        """

    def refusals(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, list[Refusal]]:
        """The lowest refused seqs of each that its kiosk has not noted yet, at most MOST_TOLD."""


MOST_TOLD = 500
"""Refusals in one receipt: about 20 kB; the rest follow when these were noted."""


class Archive(Protocol):
    """The hub's durable memory."""

    def page(self) -> AbstractContextManager[Page]:
        """One transaction: committed on disk when the block ends, undone when it raises."""


class Enrolment(Protocol):
    """Stores, points and kiosks. Every method raises ArchiveError where the database fails."""

    def add_store(self, store: Store, at: int) -> None:
        """Make or change a store; raises EnrolmentError for another zone: its hours are counted."""

    def add_point(self, point: Point) -> None:
        """Make or change a point; raises EnrolmentError where there is no such store."""

    def enrol_kiosk(self, kiosk: KioskId, store: StoreId, at: int) -> None:
        """Make it known; the same again does nothing; raises EnrolmentError if of another store."""

    def retire_kiosk(self, kiosk: KioskId, at: int) -> None:
        """Take no more from it; raises EnrolmentError where it is not enrolled."""

    def assign(self, kiosk: KioskId, point: PointId, since: int) -> None:
        """Say where it stands from now on; raises EnrolmentError where either is unknown."""

    def stores(self) -> Sequence[Store]:
        """All stores, by name."""

    def points(self, store: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand."""

    def points_of(self, stores: Collection[StoreId]) -> Mapping[StoreId, Sequence[Point]]:
        """The points of each of these stores, as they stand; without those that have none."""

    def kiosks(self) -> Sequence[Kiosk]:
        """All kiosks, by store and name, with where they stand now."""
