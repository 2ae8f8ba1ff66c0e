"""The kiosk's durable memory in one SQLite file: kept before thanked, until received and longer."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kiosk.adapters import outbox_mending, outbox_receiving, outbox_rows
from kiosk.adapters.outbox_file import (
    engine_for,
    is_at_limit,
    is_unsure,
    move_aside,
    open_sound,
    set_aside_from,
)
from kiosk.adapters.outbox_tables import about, documents, open_visit
from kiosk.core.ports import WALK, Held
from shared.deliveries import MOST_RECORDS, Batch, Receipt, chain_start
from shared.errors import NotKept, OutboxDamaged, OutboxError, WireError
from shared.places import KioskId
from shared.questionnaires import Response
from shared.records import Record
from shared.visits import Visit
from shared.wire import decode_record, encode_record

log = structlog.get_logger(__name__)

QUOTA: Final = 200_000
"""Records: more than half a year of a busy register without any hub."""

BYTES_EACH: Final = 1_024
"""Twice what a visit takes with its chain value: the file's bound where long responses are many."""

PAGE: Final = 4_096

FREES_PAGES: Final = 100
"""Records: fewer, dropped where the file may not grow, might not empty a single page."""

KEEP_MS: Final = 7 * 24 * 3_600_000
"""A hub's backup is seldom older than a week, and a week of a busy register is 10 MB."""

T = TypeVar("T")


def _nothing() -> None:
    """Nobody listens yet."""


class SqliteOutbox:
    """Port `Outbox`. One connection, one lock: a commit is the slow part, and SQLite has one."""

    def __init__(
        self, path: Path, kiosk: KioskId, *, quota: int = QUOTA, keep_ms: int = KEEP_MS
    ) -> None:
        """`keep_ms` is for how long what was received is kept; raises OutboxError."""
        self.set_aside: Path | None = None  # where a damaged or foreign file went
        self.on_damage: Callable[[], None] = _nothing  # told of it, from whichever thread met it
        self.on_spoil: Callable[[], None] = _nothing  # … that a record was past mending
        self._path = path
        self._kiosk = kiosk
        self._quota = quota
        self._keep_ms = keep_ms
        self._chunk = max(2, quota // 100)  # two make room for the notice and the record
        self._engine: Engine = engine_for(path, quota * BYTES_EACH // PAGE + 64)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._closed = False
        self._tried: tuple[Record, bytes] | None = (
            None  # appended by this transaction, and its chain
        )
        # The last one whose commit failed, and the chain values that prove that it stands.
        self._doubted: tuple[Record, tuple[bytes, ...]] | None = None
        with self._lock:
            try:
                self._connection = self._open()
            except (OSError, SQLAlchemyError) as fault:
                raise OutboxError(f"{path} cannot be opened: {fault}") from fault

    @property
    def damaged(self) -> bool:
        """Whether records were set aside, now or earlier, and nobody has taken the file away."""
        return any(set_aside_from(self._path))

    def keep_open(self, visit: Visit) -> None:
        """Make this the open visit; it replaces what was open."""
        body = encode_record(visit)
        row = upsert(open_visit).values(id=1, body=body)
        kept = row.on_conflict_do_update(index_elements=["id"], set_={"body": body})
        self._write(lambda connection: connection.execute(kept))

    def open_visit(self) -> Visit | None:
        """The visit that was open when the kiosk stopped, if any."""
        body = self._read(lambda connection: connection.execute(select(open_visit.c.body)).scalar())
        if body is None:
            return None
        try:
            found = decode_record(body)
        except WireError as fault:
            log.error("open_visit_unreadable", why=str(fault)[:200])
            return None
        return found if isinstance(found, Visit) else None

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq and forget the open one, in one transaction."""
        self._write(partial(self._seal, visit))

    def add(self, record: Record) -> None:
        """Give any other record its seq."""
        self._write(partial(self._add, record))

    def batch_from(self, seq: int, most: int) -> Batch | None:
        """Up to `most` records beginning at `seq` (or at the oldest held, if later), else None."""
        most = min(most, MOST_RECORDS)
        while most:
            batch, whole = self._read(partial(outbox_rows.batch, seq, most))
            if batch is None or whole:
                return batch
            sound, dropped = self._write(partial(self._mend, batch.first, len(batch.records)))
            if dropped:
                self.on_spoil()
            else:
                most = sound
        return None

    def forget(self, receipt: Receipt) -> int:
        """Owe no more what the receipt covers, note its refusals; return how many those were."""
        if receipt.problem is not None:
            return 0
        return self._write(partial(outbox_receiving.receive, receipt, self._keep_ms))

    def held(self) -> Held:
        """What is there now."""
        return self._read(outbox_rows.held)

    def next_connection(self) -> int:
        """A number that rises with every call in this epoch, also across restarts."""
        return self._write(outbox_rows.next_connection)

    def remember(self, name: str, value: bytes) -> None:
        """Keep a small document under a name."""
        row = upsert(documents).values(name=name, body=value)
        kept = row.on_conflict_do_update(index_elements=["name"], set_={"body": value})
        self._write(lambda connection: connection.execute(kept))

    def recall(self, name: str) -> bytes | None:
        """The document of that name, if there is one."""
        wanted = select(documents.c.body).where(documents.c.name == name)
        return self._read(lambda connection: connection.execute(wanted).scalar())

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with self._lock:
            self._closed = True
            self._drop_connection()

    # Transactions

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._lock:
            try:
                return self._transact("BEGIN IMMEDIATE", work)
            except DBAPIError as fault:
                if not is_at_limit(fault, self._connection):
                    raise self._failure(fault) from fault
            except SQLAlchemyError as fault:
                raise self._failure(fault) from fault
            try:
                return self._transact("BEGIN IMMEDIATE", partial(self._with_room, work))
            except SQLAlchemyError as fault:
                raise self._failure(fault) from fault

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._lock:
            try:
                # Not IMMEDIATE: a card that has turned read-only can still be read out.
                return self._transact("BEGIN", work)
            except SQLAlchemyError as fault:
                raise self._failure(fault) from fault

    def _transact(self, begin: str, work: Callable[[Connection], T]) -> T:
        self._tried = None
        connection = self._connection = self._connection or self._reopened()
        with connection.begin():
            connection.exec_driver_sql(begin)
            return work(connection)

    def _reopened(self) -> Connection:
        try:
            return self._open()
        except (OutboxError, OSError) as fault:
            raise NotKept(f"{self._path} cannot be opened again: {fault}") from fault

    def _failure(self, fault: SQLAlchemyError) -> NotKept:
        if self._tried is not None:
            record, chain = self._tried
            self._doubted = record, (chain,)
        if not isinstance(fault, DBAPIError) or is_unsure(fault):
            # After a failed fsync the pages in memory prove nothing: begin again from the file.
            self._drop_connection()
        cause = fault.orig if isinstance(fault, DBAPIError) else fault
        return NotKept(f"{self._path}: {cause}")

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    # Opening

    def _open(self) -> Connection:
        if self._closed:
            raise NotKept(f"{self._path} is closed")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # what shoppers answered is for nobody else on this machine
        try:
            connection = open_sound(self._engine, self._path)
        except OutboxDamaged as fault:
            self._set_aside("damaged", str(fault))
            connection = open_sound(self._engine, self._path)
        found = connection.execute(select(about)).one_or_none()
        connection.rollback()
        if found is not None and found.kiosk_id != self._kiosk:
            connection.close()
            self._set_aside(f"of-{found.kiosk_id}", "the file belongs to another kiosk")
            return self._open()
        if found is None:
            self._begin_epoch(connection)
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            outbox_mending.look_at_tip(connection)
        return connection

    def _set_aside(self, word: str, why: str) -> None:
        self.set_aside = move_aside(self._path, word)
        log.error("outbox_set_aside", why=why, file=self.set_aside.name, hint=OutboxDamaged.hint)
        self.on_damage()

    def _begin_epoch(self, connection: Connection) -> None:
        epoch = secrets.token_hex(8)
        start = chain_start(self._kiosk, epoch)
        row = {"id": 1, "kiosk_id": self._kiosk, "epoch": epoch, "forgotten": 0, "chain": start}
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(insert(about), row)
        log.info("outbox_begun", epoch=epoch)

    # Within a transaction

    def _seal(self, visit: Visit, connection: Connection) -> None:
        self._append(visit, connection)
        connection.execute(delete(open_visit))

    def _add(self, record: Record, connection: Connection) -> None:
        self._append(record, connection)
        if isinstance(record, Response):
            connection.execute(delete(documents).where(documents.c.name == WALK))

    def _append(self, record: Record, connection: Connection) -> None:
        if self._stands(record, connection):
            return
        outbox_mending.look_at_tip(connection)
        now = outbox_rows.held(connection)
        if now.last - now.oldest + 1 >= self._quota:
            outbox_rows.make_room_for_one(self._chunk, connection)
        self._tried = record, outbox_rows.append(record, connection)

    def _stands(self, record: Record, connection: Connection) -> bool:
        """Whether a commit that failed kept it all the same.

        After an fsync that failed, what it should have kept lies in the log, and is found there
        when the file is opened again: tried once more, it would be counted twice.
        """
        if self._doubted is None or self._doubted[0] != record:
            return False
        return outbox_rows.tip_chain(connection) in self._doubted[1]

    def _mend(self, seq: int, most: int, connection: Connection) -> tuple[int, int]:
        doubted, before = self._doubted, outbox_rows.tip_chain(connection)
        done = outbox_mending.mend(seq, most, connection)
        if doubted is not None and before in doubted[1]:  # the notice stands on it, if it is kept
            self._doubted = doubted[0], (*doubted[1], outbox_rows.tip_chain(connection))
        return done

    def _with_room(self, work: Callable[[Connection], T], connection: Connection) -> T:
        outbox_rows.make_room(max(self._chunk, FREES_PAGES), connection)
        return work(connection)
