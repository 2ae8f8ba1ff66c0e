"""Four weeks of what kiosks would have sent, as the very messages that they would have sent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kiosk.core.misuse import BURST
from shared.deliveries import Batch, chain_on, chain_start
from shared.moments import Moment
from shared.places import KioskId, PointId
from shared.questions import Questionnaire
from shared.records import Record
from shared.sales import Sale, SaleSource
from shared.topics import Channel, Topic
from shared.visits import Input, Outcome, Visit
from shared.wire import encode_batch, encode_record
from tests.demo.stores import CLOSES, OPENS, DemoStore, sales_an_hour, shopper
from tests.demo.talkers import SHARE, Talker

Message = tuple[Topic, bytes]

DAYS = 28
_BATCH = 100

_RECENT = timedelta(seconds=90)
"""What would have happened meanwhile is left to the kiosks that run."""

_PLAYED_WITH = 0.0015
"""Answers amid the touches of a child that waits with its parents."""


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
    place: Register,
    now: datetime,
    seed: int,
    asked: Questionnaire,
    days: int,
    sold: list[int],
) -> Iterator[Message]:
    """All messages of the kiosk at this register from so many days ago until `now`.

    When something was sold (ms since 1970, UTC) is added to `sold`.
    """
    rng = random.Random(f"{seed}/{place.store.store_id}/{place.point}")
    kiosk = place.store.kiosk_at(place.point)
    sender = Sender(kiosk, rng.randbytes(8).hex())
    topic = Topic(place.store.store_id, kiosk, Channel.RECORDS)
    records = Past(place, now, rng, asked, sold).records(days)
    while together := list(islice(records, _BATCH)):
        yield topic, sender.batch(together)


class Register(NamedTuple):
    """One of the demo's registers."""

    store: DemoStore
    point: PointId


class Past:
    """What happened at one register."""

    def __init__(
        self,
        place: Register,
        now: datetime,
        rng: random.Random,
        asked: Questionnaire,
        sold: list[int],
    ) -> None:
        self._store, self._point = place
        self._now, self._rng, self._asked = now, rng, asked
        self._sold = sold

    def records(self, days: int) -> Iterator[Record]:
        """From the first opening hour, so many days ago, until a little before now."""
        today = self._now.astimezone(ZoneInfo(self._store.zone)).date()
        for back in range(days, -1, -1):
            for hour in range(OPENS, CLOSES):
                yield from self._hour(today - timedelta(days=back), hour)

    def _hour(self, day: date, hour: int) -> Iterator[Record]:
        begins = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(self._store.zone))
        sales = sales_an_hour(hour, day.weekday())
        for at in sorted(self._rng.sample(range(3600), round(sales * self._rng.uniform(0.8, 1.2)))):
            when = begins.astimezone(UTC) + timedelta(seconds=at)
            if when > self._now - _RECENT:
                return
            yield from self._sale_and_visit(when, hour)

    def _sale_and_visit(self, when: datetime, hour: int) -> Iterator[Record]:
        boot_id = f"{when.toordinal():032x}"
        sold = _moment(when, 0)
        self._sold.append(sold.wall)
        sale = Sale(self._rng.randbytes(16).hex(), self._point, boot_id, sold, SaleSource.RECEIPT)
        yield sale
        somebody = shopper(self._rng, self._store, self._point, hour)
        face = somebody.face
        ignored = Outcome.SKIPPED if somebody.skips else Outcome.TIMED_OUT
        answered = None if face is None else _moment(when, self._rng.randint(1_200, 9_000))
        yield Visit(
            point_id=self._point,
            boot_id=boot_id,
            asked=_moment(when, 40),
            outcome=ignored if face is None else Outcome.ANSWERED,
            language="es",
            question_version=1,
            reasons_version=1,
            input=Input.NONE if face is None else Input.TOUCH,
            face=face,
            reason=somebody.reason,
            answered=answered,
            sale=sale.id,
            sale_at=sold,
            suspect=BURST if face and self._rng.random() < _PLAYED_WITH else None,
        )
        if face and self._rng.random() < SHARE:
            talker = Talker(self._point, boot_id, _moment(when, 12_000), face)
            yield talker.answers(self._asked, self._rng)


def _moment(when: datetime, later_ms: int) -> Moment:
    wall = round(when.timestamp() * 1000) + later_ms
    return Moment(wall, wall % 86_400_000, synced=True)
