"""By what a version on trial proves itself, and when it may begin anew without a shopper seeing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.core.updating import LONGEST_TRIAL_MS, Proof

GRACE_MS: Final = 8 * 60_000
"""For so long a kiosk tries to reach its hub before its network is judged: a switch of the store
that was switched off with the kiosk takes three minutes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a running version has to show for itself, `ran` ms after its start."""

    ran: int
    drawn: bool  # a page stood on the glass
    written: bool  # the outbox kept something
    receipt: bool  # the hub's receipt fitted
    answering: bool  # something answers at the broker's address, whatever it says


def proof_of(evidence: Evidence) -> Proof | None:
    """What it has proved itself by, if it has.

    Offline counts only where nothing answers at all: a version whose own line to the hub is broken
    looks offline to itself, and a bare connection tells the two apart.
    """
    if not (evidence.drawn and evidence.written):
        return None
    if evidence.receipt:
        return Proof.RECEIPT
    if evidence.ran >= GRACE_MS and not evidence.answering:
        return Proof.OFFLINE
    return None


def is_over(ran: int) -> bool:
    """Whether a version that has not proved itself should begin anew, and be judged."""
    return ran >= LONGEST_TRIAL_MS
