"""How records travel and how the hub says that it has them: batch, chain and receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from shared.errors import WordError
from shared.moments import check_hex, check_instant
from shared.places import KioskId

CHAIN_BYTES = 16
"""128 bits: nobody finds a second history with the same value, and it is cheap to keep per row."""

MOST_RECORDS = 500
"""Records in one batch that a hub accepts; kiosks send about 100."""

LAST_SEQ = 2**63 - 1


def chain_start(kiosk: KioskId, epoch: str) -> bytes:
    """The chain value before the first record of an epoch."""
    return hashlib.sha256(f"semblante/1/{kiosk}/{epoch}".encode()).digest()[:CHAIN_BYTES]


def chain_on(value: bytes, record: bytes) -> bytes:
    """The chain value after one more record, given as the very bytes that travel."""
    return chain_over(value, (record,))


def chain_over(value: bytes, records: Iterable[bytes]) -> bytes:
    """The chain value after all these records, in this order."""
    for record in records:
        value = hashlib.sha256(value + record).digest()[:CHAIN_BYTES]
    return value


def check_epoch(text: str) -> str:
    """Return `text` if it is an epoch: 16 lower-case hexadecimal digits; raise WordError."""
    return check_hex(text, 16, "epoch")


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records of one epoch: the record at place i has the seq `first + i`.

    `oldest` is the lowest seq that the kiosk still holds: what lies below it and never arrived is
    a proved loss. `before` is the chain value (hex) before the first record of this batch, `chain`
    the value after its last. `records` are the bytes of each record, exactly as chained.
    `refused_seen` is the highest refused seq that the kiosk has taken note of.
    """

    epoch: str
    oldest: int
    first: int
    before: str
    chain: str
    records: tuple[bytes, ...]
    refused_seen: int = 0

    def __post_init__(self) -> None:
        check_epoch(self.epoch)
        check_hex(self.before, 2 * CHAIN_BYTES, "chain value")
        check_hex(self.chain, 2 * CHAIN_BYTES, "chain value")
        if not 1 <= self.oldest <= self.first <= self.last <= LAST_SEQ:
            raise WordError(f"a batch from {self.first} with the oldest at {self.oldest}")
        if len(self.records) > MOST_RECORDS:
            raise WordError(f"{len(self.records)} records in one batch")
        if not 0 <= self.refused_seen <= LAST_SEQ:
            raise WordError(f"{self.refused_seen} is no seq")

    @property
    def last(self) -> int:
        """The seq of the last record; `first - 1` where there is none, which is no batch."""
        return self.first + len(self.records) - 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that is in quarantine at the hub; the kiosk may forget it all the same."""

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hub → kiosk, after the hub's commit: “I hold `epoch` up to `upto`, with this chain value”.

    `at` is the hub's time (ms since 1970, UTC). `problem` is a code where the hub cannot go on
    with this kiosk at all (see docs/protocol.md), with a `hint`; then nothing may be forgotten.
    """

    hub: str
    generation: int
    epoch: str
    upto: int
    chain: str
    at: int
    refused: tuple[Refusal, ...] = ()
    problem: str | None = None
    hint: str | None = None

    def __post_init__(self) -> None:
        check_epoch(self.epoch)
        check_hex(self.chain, 2 * CHAIN_BYTES, "chain value")
        check_instant(self.at, "a receipt")
        if not (0 <= self.upto <= LAST_SEQ and 1 <= self.generation <= LAST_SEQ):
            raise WordError(f"a receipt up to {self.upto} of generation {self.generation}")
