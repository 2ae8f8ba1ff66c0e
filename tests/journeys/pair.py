"""A real outbox and a real hub with a fake wire between them: what left is what must arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.core.hearing import Message
from hub.core.ports import Point, Store
from hub.core.tallying import COLUMNS
from hub.intake import Intake
from kiosk.adapters.outbox import SqliteOutbox
from shared.deliveries import Batch, Receipt
from shared.moments import Moment
from shared.places import KioskId, PointId, StoreId
from shared.records import Record
from shared.sales import Sale, SaleSource
from shared.topics import Channel, Topic
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import encode_batch

STORE = StoreId("centro")
POINT = PointId("caja-1")
KIOSK = KioskId("k-1")
BOOT = "b0" * 16
NOON = 1_763_812_800_000
"""2025-11-22T12:00:00Z."""


def moment(second: int = 0, *, synced: bool = True) -> Moment:
    """So many seconds after noon, by a clock that is right."""
    return Moment(NOON + second * 1000, 100_000 + second * 1000, synced)


def visit(second: int = 0, face: Face = Face.HAPPY, **changes: Any) -> Visit:
    """An answered visit."""
    fields: dict[str, Any] = {
        "asked": moment(second),
        "answered": moment(second + 2),
        "outcome": Outcome.ANSWERED,
        "face": face,
        "input": Input.TOUCH,
    }
    return Visit(
        point_id=POINT,
        boot_id=BOOT,
        language="es",
        question_version=1,
        reasons_version=1,
        **(fields | changes),
    )


def sale(second: int = 0, **changes: Any) -> Sale:
    """A sale."""
    return replace(
        Sale(f"{second:032x}", POINT, BOOT, moment(second), SaleSource.RECEIPT), **changes
    )


@dataclass
class Pair:
    """One kiosk's outbox and one hub; `send` is the wire."""

    engine: Engine
    folder: Path
    kiosk: KioskId = KIOSK
    now: int = NOON + 3_600_000
    outbox: SqliteOutbox = field(init=False)
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.archive = SqlArchive(self.engine)
        for store in (STORE, StoreId("norte")):
            self.archive.add_store(Store(store, store.title(), "Europe/Madrid"), self.now)
            self.archive.add_point(Point(store, POINT, "Caja 1"))
        self.archive.enrol_kiosk(KIOSK, STORE, self.now)
        self.intake = Intake(self.archive)
        self.outbox = SqliteOutbox(self.folder / "outbox.db", self.kiosk)

    def keep(self, records: Iterable[Record]) -> None:
        """Seal these records at the kiosk."""
        for record in records:
            if isinstance(record, Visit):
                self.outbox.keep_open(record)
                self.outbox.seal(record)
            else:
                self.outbox.add(record)

    def batch(self, first: int = 1, most: int = 100) -> Batch:
        """What the outbox would send from `first`."""
        batch = self.outbox.batch_from(first, most)
        assert batch is not None
        return batch

    def send(self, *batches: Batch, store: StoreId = STORE) -> Receipt:
        """Deliver batches in one transaction; returns the receipt for this kiosk."""
        topic = str(Topic(store, self.kiosk, Channel.RECORDS))
        messages = [Message(topic, encode_batch(batch)) for batch in batches]
        (receipt,) = (receipt for _, receipt in self.intake.take(messages, self.now))
        return receipt

    def deliver(self) -> Receipt:
        """Send what there is, and let the kiosk forget what the receipt covers."""
        receipt = self.send(self.batch(self.outbox.held().oldest))
        self.outbox.forget(receipt)
        return receipt

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Look into the hub's database."""
        with reading(self.engine) as db:
            return [tuple(row) for row in db.execute(text(query))]

    def tally(self) -> dict[str, int]:
        """All counts of the store that are not 0."""
        names = COLUMNS
        sums = ", ".join(f"sum({name})" for name in names)
        (row,) = self.rows(f"SELECT {sums} FROM tallies WHERE store_id = '{STORE}'")
        return {name: int(count) for name, count in zip(names, row, strict=True) if count}

    def quarantined(self) -> list[str]:
        """The codes in quarantine."""
        return [
            code for (code,) in self.rows("SELECT code FROM quarantine ORDER BY first_at, code")
        ]
