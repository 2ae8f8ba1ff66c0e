"""What a batch means to a ledger: which records are new, which are gone, and what disagrees.

One ledger stands for one epoch of one kiosk. `held` is the seq up to which every record is stored,
refused or proved lost; `chain` is the kiosk's chain value there. A batch carries the seqs `first`
to `last`, the chain value before and after them, and `oldest`, the lowest seq still at the kiosk.

    first ≤ held, last ≤ held                      duplicate     nothing is new; the bytes must be
                                                                 those that are stored
    first ≤ held < last                            overlap       from held + 1 on is new, if the
                                                                 chain passes through the ledger's
    first = held + 1                               next          all is new, if `before` is the
                                                                 ledger's chain
    first = oldest > held + 1                      proved loss   held + 1 … oldest − 1 are gone; all
                                                                 is new, and the chain begins again
    first > held + 1, first > oldest or            pending       nothing is taken: the receipt says
      oldest ≤ held + 1                                          where to go on

Laws
1. `held` never falls, and rises only over records taken here or below a kiosk's `oldest`.
2. Nothing is taken whose chain was not computed here over the very bytes that came.
3. An epoch begins at `chain_start`, unless its beginning is a proved loss.
4. Whatever of one honest kiosk's batches is doubled, delayed, reordered, cut or lost on the way: a
   kiosk that goes on from where the receipts say ends with `held` at its last seq and each of its
   records taken once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.deliveries import Batch, chain_over, chain_start
from shared.places import KioskId


@dataclass(frozen=True, slots=True)
class Ledger:
    """How far one epoch of one kiosk has come."""

    held: int
    chain: bytes
    lost: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with one batch.

    `records` are new and begin at the seq `start`. `lost` is the first and last seq of a proved
    loss. `problem` is a code where the batch goes to quarantine; then `after` is what it was.
    `compare` is the range of seqs whose stored bytes must equal those of the batch.
    """

    after: Ledger
    start: int = 0
    records: tuple[bytes, ...] = ()
    lost: tuple[int, int] | None = None
    compare: tuple[int, int] | None = None
    problem: str | None = None


def new_ledger(kiosk: KioskId, epoch: str) -> Ledger:
    """The ledger of an epoch that never spoke."""
    return Ledger(held=0, chain=chain_start(kiosk, epoch))


def judge(state: Ledger | None, batch: Batch, kiosk: KioskId) -> Verdict:
    """Say what this batch means to this ledger (None: an epoch that never spoke)."""
    ledger = new_ledger(kiosk, batch.epoch) if state is None else state
    known = min(max(ledger.held + 1 - batch.first, 0), len(batch.records))
    passed, end = _chain_values(batch, known)
    if end != bytes.fromhex(batch.chain):
        return Verdict(ledger, problem="chain")
    if batch.last <= ledger.held:
        return _duplicate(ledger, batch, end)
    if batch.first > ledger.held + 1:
        return _after_a_gap(ledger, batch, end)
    if passed != ledger.chain:
        return Verdict(ledger, problem="chain")
    return _taken(ledger, batch, end, known)


def same_bytes(batch: Batch, stored: Mapping[int, bytes]) -> bool:
    """Whether the batch says what is stored; a seq that is not stored was refused or lost."""
    return all(
        stored.get(seq, record) == record
        for seq, record in enumerate(batch.records, start=batch.first)
    )


def _chain_values(batch: Batch, known: int) -> tuple[bytes, bytes]:
    """The chain after the first `known` records and after the last."""
    passed = chain_over(bytes.fromhex(batch.before), batch.records[:known])
    return passed, chain_over(passed, batch.records[known:])


def _duplicate(ledger: Ledger, batch: Batch, end: bytes) -> Verdict:
    # At `held` itself the chain proves every record of the batch; below it the bytes must.
    if batch.last == ledger.held and end == ledger.chain:
        return Verdict(ledger)
    disagrees = "chain" if batch.last == ledger.held else None
    return Verdict(ledger, compare=(batch.first, batch.last), problem=disagrees)


def _after_a_gap(ledger: Ledger, batch: Batch, end: bytes) -> Verdict:
    if not batch.first == batch.oldest > ledger.held + 1:
        return Verdict(ledger)
    lost = (ledger.held + 1, batch.oldest - 1)
    return _taken(ledger, batch, end, known=0, lost=lost)


def _taken(
    ledger: Ledger, batch: Batch, end: bytes, known: int, lost: tuple[int, int] | None = None
) -> Verdict:
    gone = 0 if lost is None else lost[1] - lost[0] + 1
    after = Ledger(batch.last, end, ledger.lost + gone, ledger.refused)
    return Verdict(after, batch.first + known, batch.records[known:], lost)
