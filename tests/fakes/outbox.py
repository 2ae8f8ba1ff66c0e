"""An outbox in memory, with the chain and the receipts of the real one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from kiosk.core.losing import loss_of
from kiosk.core.mending import Row, is_whole, looked_over
from kiosk.core.ports import WALK, Held
from shared.deliveries import MOST_RECORDS, Batch, Receipt, chain_on, chain_start
from shared.errors import NotKept, ReceiptError
from shared.places import KioskId
from shared.questionnaires import Response
from shared.records import LossCause, Record
from shared.visits import Visit
from shared.wire import LONGEST_MESSAGE, encode_record


class FakeOutbox:
    """Port `Outbox`; while `broken`, nothing can be written, and while `dead` nothing read either.

    `records` are all that were ever given a seq.
    """

    def __init__(
        self, kiosk: KioskId, epoch: str = "e0" * 8, keep_ms: int = 7 * 24 * 3_600_000
    ) -> None:
        self.records: list[Record] = []
        self.broken = self.dead = False
        self.on_spoil: Callable[[], None] = lambda: None
        self._epoch = epoch
        self._open: Visit | None = None
        self._rows: dict[int, Row] = {}
        self._last = 0
        self._forgotten = 0
        self._start = self._chain = chain_start(kiosk, epoch)
        self._received = self._again = 0
        self._keep_ms = keep_ms
        self._marks: dict[int, int] = {}
        self._refused_seen = 0
        self._connection = 0
        self._hub: tuple[str, int] | None = None
        self._documents: dict[str, bytes] = {}
        self._lock = threading.RLock()

    def keep_open(self, visit: Visit) -> None:
        with self._lock:
            self._check_card()
            self._open = visit

    def open_visit(self) -> Visit | None:
        return self._open

    def seal(self, visit: Visit) -> None:
        with self._lock:
            self.add(visit)
            self._open = None

    def add(self, record: Record) -> None:
        with self._lock:
            self._check_card()
            body = encode_record(record)
            self._look(self._last, 1)
            row = Row(self._last + 1, body, chain_on(self._chain_at(self._last), body))
            self._last += 1
            self._rows[self._last] = row
            self.records.append(record)
            if isinstance(record, Response):
                self._documents.pop(WALK, None)

    def batch_from(self, seq: int, most: int) -> Batch | None:
        with self._lock:
            if self.dead:
                raise NotKept("the card is dead")
            while most:
                first = max(seq, self._forgotten + 1)
                last = min(self._last, first + min(most, MOST_RECORDS) - 1)
                rows = self._fitting(first, last)
                batch = self._batch(first, rows) if rows else None
                if batch is None or is_whole(batch):
                    return batch
                self._check_card()
                sound = self._mend(first, len(rows))
                most = most if sound is None else sound
            return None

    def forget(self, receipt: Receipt) -> int:
        with self._lock:
            self._check_card()
            if receipt.problem is not None:
                return 0
            if receipt.epoch != self._epoch or receipt.upto > self._last:
                raise ReceiptError("a receipt for records that never were")
            if self._is_of_an_older_life(receipt):
                return 0
            known = receipt.upto >= self._forgotten or receipt.upto == 0
            if known and self._chain_at(receipt.upto).hex() != receipt.chain:
                self._look(receipt.upto, 1)
            if known and self._chain_at(receipt.upto).hex() != receipt.chain:
                raise ReceiptError("a receipt of another chain")
            before = self._received_upto()
            if receipt.upto >= before:
                return self._forget(receipt, before)
            if self._hub is not None and self._hub != (receipt.hub, receipt.generation):
                self._owe_again(receipt, before, known)
            return 0

    def held(self) -> Held:
        with self._lock:
            if self.dead:
                raise NotKept("the card is dead")
            first, last = self._forgotten + 1, self._last
            received = self._received_upto()
            return Held(
                self._epoch, first, last, self._refused_seen, self._connection, received,
                self._again,
            )  # fmt: skip

    def row(self, seq: int) -> Row:
        """As it lies there."""
        return self._rows[seq]

    def spoil(self, seq: int, **columns: bytes) -> None:
        """As if bits turned in the row of that seq: its `body`, or its `chain`."""
        with self._lock:
            self._rows[seq] = replace(self._rows[seq], **columns)  # type: ignore[arg-type]

    def next_connection(self) -> int:
        with self._lock:
            self._check_card()
            self._connection += 1
            return self._connection

    def remember(self, name: str, value: bytes) -> None:
        with self._lock:
            self._check_card()
            self._documents[name] = value

    def recall(self, name: str) -> bytes | None:
        return self._documents.get(name)

    def close(self) -> None:
        pass

    def _forget(self, receipt: Receipt, before: int) -> int:
        noted = [one.seq for one in receipt.refused if one.seq <= receipt.upto]
        self._refused_seen = max([self._refused_seen, *noted])
        if receipt.upto > before:
            self._received = receipt.upto
            self._hub = (receipt.hub, receipt.generation)
            self._marks[receipt.at // 3_600_000] = receipt.upto
            self._delete_the_old((receipt.at - self._keep_ms) // 3_600_000)
        return receipt.upto - before

    def _owe_again(self, receipt: Receipt, before: int, known: bool) -> None:
        upto = max(receipt.upto, self._forgotten)
        if upto == before:
            return
        self._again = max(self._again, before)
        self._received = upto
        if known and receipt.upto:
            self._hub = (receipt.hub, receipt.generation)
        self._marks = {hour: mark for hour, mark in self._marks.items() if mark <= upto}

    def _delete_the_old(self, before: int) -> None:
        aged = {hour: upto for hour, upto in self._marks.items() if hour <= before}
        upto = min(max(aged.values(), default=0), self._forgotten + 2_000)
        if upto > self._forgotten:
            self._drop_upto(upto)
        self._marks = {
            hour: mark for hour, mark in self._marks.items() if hour not in aged or mark > upto
        }

    def _drop_upto(self, upto: int) -> None:
        self._chain = self._chain_at(upto)
        for seq in [seq for seq in self._rows if seq <= upto]:
            del self._rows[seq]
        self._forgotten = upto

    def _received_upto(self) -> int:
        return max(self._received, self._forgotten)

    def _is_of_an_older_life(self, receipt: Receipt) -> bool:
        known = self._hub
        return known is not None and known[0] == receipt.hub and receipt.generation < known[1]

    def _batch(self, first: int, rows: list[Row]) -> Batch:
        return Batch(
            self._epoch,
            self._forgotten + 1,
            first,
            self._chain_at(first - 1).hex(),
            rows[-1].chain.hex(),
            tuple(row.body for row in rows),
            self._refused_seen,
        )

    def _mend(self, first: int, most: int) -> int | None:
        """How many from `first` on are sound; None where the first were dropped."""
        spoiled = self._look(first, most)
        run = 0
        while first + run in spoiled:
            run += 1
        if not run or first != self._received_upto() + 1:
            return next((seq - first for seq in sorted(spoiled)), most)
        self._drop_upto(first + run - 1)
        self.add(loss_of(first, [None] * run, LossCause.DAMAGED))
        self.on_spoil()
        return None

    def _look(self, first: int, most: int) -> set[int]:
        """Mend what can be mended, and say what cannot."""
        seqs = range(first, min(first + most, self._last) + 1)
        if not set(seqs) <= self._rows.keys():
            return set()
        findings = looked_over(self._chain_at(first - 1), [self._rows[seq] for seq in seqs])
        if first - 1 in self._rows:
            self._rows[first - 1] = replace(self._rows[first - 1], chain=findings.before)
        elif first - 1 == self._forgotten:
            self._chain = findings.before
        self._rows.update({row.seq: row for row in findings.rows})
        return {seq for seq in findings.spoiled if seq < first + most}

    def _fitting(self, first: int, last: int) -> list[Row]:
        rows: list[Row] = []
        room = LONGEST_MESSAGE // 2
        for seq in range(first, last + 1):
            room -= len(self._rows[seq].body) + 1
            if rows and room < 0:
                break
            rows.append(self._rows[seq])
        return rows

    def _chain_at(self, seq: int) -> bytes:
        if seq in self._rows:
            return self._rows[seq].chain
        return self._chain if seq == self._forgotten else self._start

    def _check_card(self) -> None:
        if self.broken or self.dead:
            raise NotKept("the card is broken")
