"""A hub in memory, written from docs/protocol.md and shared.wire alone: it takes and receipts."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.deliveries import Batch, Receipt, Refusal, chain_on, chain_start
from shared.errors import Unreadable
from shared.places import KioskId
from shared.records import Record
from shared.wire import decode_batch, decode_record, encode


@dataclass
class FakeLedger:
    """What the hub holds of one epoch."""

    chain: bytes
    held: int = 0
    records: dict[int, Record] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    lost: int = 0
    repeated: int = 0


@dataclass
class FakeHub:
    """Takes the batches of one kiosk; `ledgers` by epoch."""

    kiosk: KioskId
    at: int = 1_760_000_000_000
    generation: int = 1
    ledgers: dict[str, FakeLedger] = field(default_factory=dict)

    def take(self, payload: bytes) -> bytes:
        """Read a batch, enter what is new, and answer with the receipt."""
        batch = decode_batch(payload)
        fresh = FakeLedger(chain_start(self.kiosk, batch.epoch))
        ledger = self.ledgers.setdefault(batch.epoch, fresh)
        self._pass_losses(ledger, batch)
        problem = self._enter(ledger, batch)
        return encode(self.receipt(batch.epoch, batch.refused_seen, problem))

    def receipt(self, epoch: str, refused_seen: int = 0, problem: str | None = None) -> Receipt:
        """What the hub would say about this epoch now."""
        ledger = self.ledgers[epoch]
        refused = sorted((seq, code) for seq, code in ledger.refused.items() if seq > refused_seen)
        return Receipt(
            "hub-1",
            self.generation,
            epoch,
            ledger.held,
            ledger.chain.hex(),
            self.at,
            tuple(Refusal(seq, code) for seq, code in refused),
            problem,
        )

    @property
    def records(self) -> list[Record]:
        """Every record held, in order, of the only epoch."""
        (ledger,) = self.ledgers.values()
        return [ledger.records[seq] for seq in sorted(ledger.records)]

    def _pass_losses(self, ledger: FakeLedger, batch: Batch) -> None:
        if batch.oldest > ledger.held + 1 and batch.first == batch.oldest:
            ledger.lost += batch.oldest - 1 - ledger.held
            ledger.held, ledger.chain = batch.oldest - 1, bytes.fromhex(batch.before)

    def _enter(self, ledger: FakeLedger, batch: Batch) -> str | None:
        if batch.first > ledger.held + 1:
            return None
        new = [
            (seq, raw) for seq, raw in enumerate(batch.records, batch.first) if seq > ledger.held
        ]
        ledger.repeated += len(batch.records) - len(new)
        if not new:
            return None
        chain = ledger.chain
        for _, raw in new:
            chain = chain_on(chain, raw)
        if chain.hex() != batch.chain:
            return "chain"
        for seq, raw in new:
            self._keep(ledger, seq, raw)
        ledger.held, ledger.chain = batch.last, chain
        return None

    def _keep(self, ledger: FakeLedger, seq: int, raw: bytes) -> None:
        try:
            ledger.records[seq] = decode_record(raw)
        except Unreadable as fault:
            ledger.refused[seq] = fault.code
