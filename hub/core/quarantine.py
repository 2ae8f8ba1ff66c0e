"""Where what cannot be read or does not belong is kept: visible, counted, and bounded.

A row is kept once, however often the same thing comes: its fingerprint is the same. A kiosk has
room for MOST_ROWS rows, all strangers together for as many, so that nobody can fill the disk. What
finds no room is not lost: a record is then not taken, and so stays at its kiosk.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.places import KioskId, StoreId

MOST_ROWS = 1_000
"""A kiosk that owes more riddles than this needs somebody to come, not more room."""

LONGEST_PAYLOAD = 64 * 1024
"""Bytes kept of each: every record fits, and a kiosk's rows stay under 64 MB."""

LONGEST_DETAIL = 500
"""Characters of the explanation."""

CLONING = frozenset({"chain", "cloned"})
"""Problems by which a kiosk with a certificate is held: another device may have its outbox."""

HINTS = {
    "chain": "The outbox was restored, edited or damaged: see “semblante-hub quarantine”.",
    "cloned": "Two cards hold the same outbox: make a new image for one of them.",
    "fault": "The hub failed on this message: report it, with the quarantined bytes.",
    "held": "Two devices claim to be this kiosk: “semblante-hub certificate release”.",
    "foreign_store": "Enrol the kiosk in this store, or correct the store in its settings.",
    "quarantine": "This kiosk's quarantine is full: look at it and clear it, then it goes on.",
    "unknown_kiosk": "Enrol this kiosk: “semblante-hub kiosk enrol”.",
}
"""What to do about each problem that a receipt may carry."""


@dataclass(frozen=True, slots=True)
class Captive:
    """One thing in quarantine. A record has its epoch and seq, a whole message has none.

    `source` is the topic it came by. `store_id` and `kiosk_id` are None where nobody enrolled
    sent it.
    """

    source: str
    code: str
    detail: str
    payload: bytes
    store_id: StoreId | None = None
    kiosk_id: KioskId | None = None
    epoch: str | None = None
    seq: int | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same thing from the same kiosk."""
        head = f"{self.source}\n{self.epoch or ''}\n{self.seq or ''}\n"
        return hashlib.sha256(head.encode("utf-8", "replace") + self.payload).hexdigest()

    @property
    def excerpt(self) -> bytes:
        """What is kept of the payload."""
        return self.payload[:LONGEST_PAYLOAD]


def told(fault: object) -> str:
    """An explanation that every database can keep: bounded, no NUL, no half characters."""
    text = str(fault)[:LONGEST_DETAIL].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")
