"""A kiosk in memory: it seals records, sends batches, and believes receipts as a real one does."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.core.hearing import Message
from shared.deliveries import Batch, Receipt, chain_on, chain_start
from shared.moments import Moment
from shared.places import KioskId, PointId
from shared.records import Anchor, AnchorCause, Record
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import encode_batch, encode_record

NOON = 1_764_000_000_000 + 3 * 86_400_000
"""Some time in November 2025."""

BOOT = "b" * 32


FIRST = KioskId("k-1")


@dataclass(slots=True)
class FakeKiosk:
    """One epoch of one kiosk; `bodies[i]` has the seq i + 1, `chain[i]` stands after seq i."""

    kiosk_id: KioskId = FIRST
    store: str = "centro"
    epoch: str = "0123456789abcdef"
    bodies: list[bytes] = field(default_factory=list)
    oldest: int = 1
    next: int = 1
    refused_seen: int = 0
    chain: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chain = [chain_start(self.kiosk_id, self.epoch)]

    @property
    def last(self) -> int:
        """The highest seq given."""
        return len(self.bodies)

    def seal(self, *records: Record | bytes) -> None:
        """Give each the next seq."""
        for record in records:
            body = record if isinstance(record, bytes) else encode_record(record)
            self.bodies.append(body)
            self.chain.append(chain_on(self.chain[-1], body))

    def batch(self, first: int, last: int) -> Batch:
        """The batch of these seqs."""
        return Batch(
            epoch=self.epoch,
            oldest=self.oldest,
            first=first,
            before=self.chain[first - 1].hex(),
            chain=self.chain[last].hex(),
            records=tuple(self.bodies[first - 1 : last]),
            refused_seen=self.refused_seen,
        )

    def message(self, first: int = 1, last: int | None = None, store: str | None = None) -> Message:
        """The message of these seqs, as the broker hands it over."""
        topic = f"semblante/v1/{store or self.store}/{self.kiosk_id}/records"
        batch = self.batch(first, self.last if last is None else last)
        return Message(topic, encode_batch(batch))

    def hear(self, receipt: Receipt) -> None:
        """Forget what it covers and go on from there, if it is true."""
        assert receipt.epoch == self.epoch
        if receipt.problem is None:
            assert bytes.fromhex(receipt.chain) == self.chain[receipt.upto]
            self.oldest = max(self.oldest, receipt.upto + 1)
            seen = [refusal.seq for refusal in receipt.refused]
            self.refused_seen = max([self.refused_seen, *seen])
            self.next = max(receipt.upto + 1, self.oldest)

    def drop(self, upto: int) -> None:
        """Lose what is held up to this seq, as at the quota."""
        self.oldest = max(self.oldest, upto + 1)


def moment(at: int = NOON, boot: int = 1_000_000, synced: bool = True) -> Moment:
    """A moment with a believed clock, if not said otherwise."""
    return Moment(at, boot, synced)


def visit(
    at: Moment | None = None,
    point: str = "caja-1",
    face: Face | None = Face.HAPPY,
    reason: str | None = None,
    outcome: Outcome = Outcome.ANSWERED,
    boot_id: str = BOOT,
    suspect: str | None = None,
) -> Visit:
    """A visit that counts at this moment; without a face it was not answered."""
    asked = at or moment()
    if face is None and outcome is Outcome.ANSWERED:
        outcome = Outcome.TIMED_OUT
    return Visit(
        point_id=PointId(point),
        boot_id=boot_id,
        asked=asked,
        outcome=outcome,
        language="es",
        question_version=1,
        reasons_version=1,
        input=Input.NONE if face is None else Input.TOUCH,
        face=face,
        reason=reason if face is not None else None,
        answered=None if face is None else asked,
        suspect=suspect if face is not None else None,
    )


def sale(at: Moment | None = None, point: str = "caja-1", number: int = 1) -> Sale:
    """A sale at this moment."""
    return Sale(f"{number:032x}", PointId(point), BOOT, at or moment(), SaleSource.RECEIPT)


def anchor(boot: int, true: int, boot_id: str = BOOT) -> Anchor:
    """An anchor: at boot time `boot` it was `true`."""
    return Anchor(boot_id, boot, true, true, AnchorCause.SYNCHRONISED)
