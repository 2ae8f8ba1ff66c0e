"""Somebody who has taken over the broker speaks as the hub: forged receipts, old ones, others'.

Laws of this page
1. What was forged is known by its digest: it must never reach the courier of any kiosk, and each
   that a kiosk heard must be among the forgeries that it counted.
2. What is old was true once: within one life of a kiosk no serial goes back.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.deliveries import Receipt
from shared.errors import WireError
from shared.signing import read_signed, write_signed
from shared.topics import Channel, Topic
from shared.wire import decode, encode
from tests.drills.seats import Seat, notes_in
from tests.drills.witness import digest_of, serial_of

FAR = 4_000_000_000_000
"""A `not_after` in 2096 (ms)."""


@dataclass
class Impostor:
    """Has heard every receipt that the broker keeps, and none of the hub's keys."""

    loot: dict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    forged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By kiosk, the digests of what the hub never said to it."""
    replayed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    said: Counter[str] = field(default_factory=Counter)
    _key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def overhear(self, kiosk: str, payload: bytes) -> None:
        """A receipt of the hub's, as the broker hands it out."""
        if serial_of(payload):
            self.loot[kiosk][serial_of(payload)] = payload

    def words(self, seat: Seat, dice: random.Random) -> Iterator[tuple[str, bytes]]:
        """What can be made of it for this kiosk: each with what it is."""
        ours = self.loot.get(seat.kiosk, {})
        if not ours:
            return
        newest = ours[max(ours)]
        believed = read_signed(newest)
        try:
            receipt = decode(Receipt, believed.body)
        except WireError:
            return
        more = encode(replace(receipt, upto=receipt.upto + dice.choice((1, 2, 5, 10_000))))
        yield "without a signature", more
        yield "under another body", write_signed(replace(believed, body=more))
        later = replace(believed, serial=believed.serial + 1, not_after=FAR, body=more)
        signature = self._key.sign(later.to_sign(_topic(seat)))
        yield "with a wrong signature", write_signed(replace(later, signature=signature))
        yield from self._others(seat, dice)
        if len(ours) > 1:
            yield "with an older serial", ours[sorted(ours)[-2]]

    def _others(self, seat: Seat, dice: random.Random) -> Iterator[tuple[str, bytes]]:
        others = sorted(name for name in self.loot if name != seat.kiosk)
        if others:
            theirs = self.loot[dice.choice(others)]
            yield "another kiosk's", theirs[max(theirs)]

    def told(self, seat: Seat, what: str, payload: bytes) -> None:
        """It was handed to the broker."""
        self.said[what] += 1
        book = self.replayed if what == "with an older serial" else self.forged
        book[seat.kiosk].add(digest_of(payload))


@dataclass
class Heard:
    """What kiosks did with it, by their notes."""

    refused: int = 0
    passed_over: int = 0
    wrong: list[str] = field(default_factory=list)


def heard_by(seats: Iterable[Seat], impostor: Impostor) -> Heard:
    """How all of it was met."""
    found = Heard()
    for seat in seats:
        highest: dict[int, int] = {}
        for note in notes_in(seat.notes):
            if "heard" in note:
                _judge(found, impostor, seat, note, highest)
    return found


def _judge(
    found: Heard, impostor: Impostor, seat: Seat, note: dict[str, object], highest: dict[int, int]
) -> None:
    digest, serial, pid = str(note["heard"]), int(str(note["serial"])), int(str(note["pid"]))
    if digest in impostor.forged[seat.kiosk]:
        found.refused += not note["passed"]
        if note["passed"]:
            found.wrong.append(f"{seat.name} believed a receipt that the hub never said to it")
    elif note["passed"]:
        if serial < highest.get(pid, 0):
            found.wrong.append(f"{seat.name} believed a receipt older than one it had heard")
        highest[pid] = max(serial, highest.get(pid, 0))
    elif digest in impostor.replayed[seat.kiosk]:
        found.passed_over += 1


def was_lied_to(seat: Seat, impostor: Impostor) -> bool:
    """Whether the process that runs now heard a forgery, and so must tell of it."""
    process = seat.program._process
    return process is not None and any(
        note["pid"] == process.pid and note["heard"] in impostor.forged[seat.kiosk]
        for note in notes_in(seat.notes)
        if "heard" in note
    )


def _topic(seat: Seat) -> str:
    return str(Topic(seat.store, seat.kiosk, Channel.RECEIPT))
