"""Prints of made-up tills: of other tongues and habits than those of `tests/demo/paper.py`."""

from __future__ import annotations

import random
from collections.abc import Sequence

from kiosk.core.learnt import Capture, Kind
from tests.demo import paper

KINDS = (Kind.SALE, Kind.SALE, Kind.SALE, Kind.COPY, Kind.REFUND)
APART_MS = 20_000


def prints(datas: Sequence[bytes], kinds: Sequence[Kind] = KINDS, step: int = 0) -> list[Capture]:
    """One after the other; `step`: in pieces of so many bytes."""
    found = []
    for number, (kind, data) in enumerate(zip(kinds, datas, strict=True)):
        at, size = (number + 1) * APART_MS, step or max(len(data), 1)
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        found.append(Capture(kind, tuple((at + i, piece) for i, piece in enumerate(pieces))))
    return found


def spanish(seed: int = 1) -> list[bytes]:
    """A till that all default rules suit."""
    chance = random.Random(seed)
    sales = [paper.sale(number, chance) for number in (1, 2, 3)]
    return [*sales, paper.sale(3, chance, copied=True), paper.refund(4, chance)]


CUT = b"\n\n\n\x1dVA\x10"


def foreign(
    rows: Sequence[tuple[str, int]], *, head: str = "", foot: str = "DEKUJEME", end: bytes = CUT
) -> bytes:
    """A till whose words no default rule knows."""
    total = sum(cents for _, cents in rows)
    lines = ["OBCHOD U LIPY", "IC 12345678", *([head] if head else [])]
    lines += [f"{name:<20}{paper.euros(cents):>9}" for name, cents in rows]
    lines += [
        f"{'CELKEM Kc':<20}{paper.euros(total):>9}",
        f"{'HOTOVOST':<20}{'900,00':>9}",
        "",
        foot,
    ]
    return "\n".join(lines).encode() + end


BREAD, MILK, BEER, RUM = ("CHLEB", 2_000), ("MLEKO", 3_050), ("PIVO", 2_190), ("RUM", 30_000)


def foreign_five(copy: str = "** OPIS **", refund: str = "VRATKA", end: bytes = CUT) -> list[bytes]:
    """Five prints of it, with these headings."""
    back = (RUM[0], -RUM[1])
    sales = [foreign(rows, end=end) for rows in ((BREAD, MILK), (BEER, BREAD), (RUM, BEER))]
    return [
        *sales,
        foreign((RUM, BEER), head=copy, end=end),
        foreign((back,), head=refund, end=end),
    ]


def with_even_parity(data: bytes) -> bytes:
    """As a port of eight bits hears a line of seven with even parity."""
    return bytes(byte | (byte.bit_count() % 2) << 7 for byte in data)


def heard_at(data: bytes, sent: int, read: int) -> bytes:
    """What a port set to `read` baud makes of bytes sent at `sent`: eight bits, one stop bit."""
    line = [1] * 10
    for byte in data:
        line += [0, *((byte >> bit) & 1 for bit in range(8)), 1]
    line += [1] * 10

    def level(at: float) -> int:
        place = int(at * sent)
        return line[place] if place < len(line) else 1

    heard, at, step, ends = bytearray(), 0.0, 1 / read, len(line) / sent
    while at < ends:
        if level(at):  # waiting for a start bit, looking 16 times a bit
            at += step / 16
            continue
        bits = [level(at + step * (1.5 + bit)) for bit in range(8)]
        heard.append(sum(bit << place for place, bit in enumerate(bits)))
        at += 9.5 * step
    return bytes(heard)
