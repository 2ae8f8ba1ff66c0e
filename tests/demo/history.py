"""Four weeks of what kiosks would have sent, as the very messages that they would have sent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from shared.deliveries import Batch, chain_on, chain_start
from shared.moments import Moment
from shared.places import KioskId, PointId
from shared.records import Record
from shared.sales import Sale, SaleSource
from shared.topics import Channel, Topic
from shared.visits import Input, Outcome, Visit
from shared.wire import encode_batch, encode_record
from tests.demo.stores import CLOSES, OPENS, DemoStore, sales_an_hour, shopper

Message = tuple[Topic, bytes]

DAYS = 28
_BATCH = 100


class Sender:
    """One kiosk's side of the protocol, without a disk: seqs, chain and batches."""

    def __init__(self, kiosk: KioskId, epoch: str) -> None:
        self.epoch = epoch
        self._next = 1
        self._chain = chain_start(kiosk, epoch)

    @property
    def last(self) -> int:
        """The seq of the last record that was put into a batch."""
        return self._next - 1

    def batch(self, records: list[Record]) -> bytes:
        """The next batch with these records, as bytes."""
        return self.pack(tuple(encode_record(record) for record in records))

    def pack(self, parts: tuple[bytes, ...]) -> bytes:
        """The next batch with these records, each as its bytes."""
        first, before = self._next, self._chain
        for part in parts:
            self._chain = chain_on(self._chain, part)
        self._next += len(parts)
        batch = Batch(self.epoch, first, first, before.hex(), self._chain.hex(), parts)
        return encode_batch(batch)


def history(
    store: DemoStore, point: PointId, now: datetime, seed: int, days: int = DAYS
) -> Iterator[Message]:
    """All messages of the kiosk at this point from so many days ago until `now`."""
    rng = random.Random(f"{seed}/{store.store_id}/{point}")
    kiosk = store.kiosk_at(point)
    sender = Sender(kiosk, rng.randbytes(8).hex())
    topic = Topic(store.store_id, kiosk, Channel.RECORDS)
    records = _records(store, point, now, rng, days)
    while together := list(islice(records, _BATCH)):
        yield topic, sender.batch(together)


def _records(
    store: DemoStore, point: PointId, now: datetime, rng: random.Random, days: int
) -> Iterator[Record]:
    zone = ZoneInfo(store.zone)
    today = now.astimezone(zone).date()
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        for hour in range(OPENS, CLOSES):
            yield from _hour(store, point, day, hour, now, rng)


def _hour(
    store: DemoStore, point: PointId, day: date, hour: int, now: datetime, rng: random.Random
) -> Iterator[Record]:
    begins = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(store.zone))
    sales = sales_an_hour(hour, day.weekday())
    for at in sorted(rng.sample(range(3600), round(sales * rng.uniform(0.8, 1.2)))):
        when = begins.astimezone(UTC) + timedelta(seconds=at)
        if when > now - timedelta(seconds=90):
            return
        yield from _sale_and_visit(store, point, when, hour, rng)


def _sale_and_visit(
    store: DemoStore, point: PointId, when: datetime, hour: int, rng: random.Random
) -> Iterator[Record]:
    boot_id = f"{when.toordinal():032x}"
    wall = round(when.timestamp() * 1000)
    sold = _moment(wall)
    sale = Sale(rng.randbytes(16).hex(), point, boot_id, sold, SaleSource.RECEIPT)
    yield sale
    somebody = shopper(rng, store, point, hour)
    answered = somebody.face is not None
    ignored = Outcome.SKIPPED if somebody.skips else Outcome.TIMED_OUT
    yield Visit(
        point_id=point,
        boot_id=boot_id,
        asked=_moment(wall + 40),
        outcome=Outcome.ANSWERED if answered else ignored,
        language="es",
        question_version=1,
        reasons_version=1,
        input=Input.TOUCH if answered else Input.NONE,
        face=somebody.face,
        reason=somebody.reason,
        answered=_moment(wall + rng.randint(1200, 9000)) if answered else None,
        sale=sale.id,
        sale_at=sold,
    )


def _moment(wall: int) -> Moment:
    return Moment(wall, wall % 86_400_000, synced=True)
