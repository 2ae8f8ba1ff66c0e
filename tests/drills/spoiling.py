"""Turns bits in a record on a kiosk's card, as worn flash does, and remembers what it was."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Container
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A record in which bits turned, as it was before."""

    kiosk: str
    epoch: str
    seq: int
    body: bytes
    bits: int

    @property
    def is_past_mending(self) -> bool:
        """One bit is turned back by the chain."""
        return self.bits > 1


def spoil(
    outbox: Path, dice: random.Random, bits: int, harmed: Container[tuple[str, int]]
) -> Spoiled | None:
    """Turn bits of one record of a kiosk that is down, if it has any: of one that waits, if any.

    `harmed` are epoch and seq of those that were struck before; a notice of a loss is left alone.
    """
    with closing(sqlite3.connect(outbox)) as file, file:
        kiosk, epoch, received = file.execute(
            "SELECT kiosk_id, epoch, max(received, forgotten) FROM about"
        ).fetchone()
        words = "SELECT seq, body FROM records ORDER BY seq > ? DESC, seq DESC LIMIT 40"
        found = [
            (seq, body)
            for seq, body in file.execute(words, (received,))
            if (epoch, seq) not in harmed and not body.startswith(b'{"loss"')
        ]
        waiting = [row for row in found if row[0] > received]
        if not found:
            return None
        seq, body = dice.choice(waiting or found)
        turned = int.from_bytes(body, "big")
        for place in dice.sample(range(len(body) * 8), bits):
            turned ^= 1 << place
        row = turned.to_bytes(len(body), "big"), seq
        file.execute("UPDATE records SET body = ? WHERE seq = ?", row)
    return Spoiled(kiosk, epoch, seq, body, bits)
