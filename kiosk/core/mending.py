"""What the chain says of rows that are read again: sound, mended, or past mending.

A chain value proves its record and all before it, 128 bits wide; so one bit that turned on a card
is found by trying each, and nothing else can pass for it.

Laws
1. What the chain proves is never changed, and what is given back as mended, the chain proves.
2. A chain value stands where the next row goes on from it: it is what the hub has, or will have.
3. Where a row is past mending, the rows after it go on from its chain value. (Where that is rubbish
   too, nothing proves the next row, and it is past mending with it.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Final

from shared.deliveries import Batch, chain_on, chain_over

LONGEST_SEARCHED: Final = 2_048
"""Bytes, four times a visit: a Pi tries their bits in 0.2 s; for the longest it takes minutes."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it lies on the card, and the chain value after it."""

    seq: int
    body: bytes
    chain: bytes


@dataclass(frozen=True, slots=True)
class Findings:
    """The chain value before the first row and the rows, mended; and which are past mending."""

    before: bytes
    rows: tuple[Row, ...]
    spoiled: frozenset[int]


def is_whole(batch: Batch) -> bool:
    """Whether its chain value is that of all its bodies: the cheap look before it is sent."""
    return chain_over(bytes.fromhex(batch.before), batch.records) == bytes.fromhex(batch.chain)


def looked_over(before: bytes, rows: Sequence[Row]) -> Findings:
    """Mend what can be mended in rows with consecutive seqs; `before` is what lies before them."""
    start = value = _true_start(before, rows)
    mended: list[Row] = []
    spoiled: set[int] = set()
    for row, beyond in zip_longest(rows, rows[1:]):
        after = _true_value(value, row, beyond)
        body = _true_body(value, row.body, after)
        if body is None:
            spoiled.add(row.seq)
        mended.append(replace(row, body=row.body if body is None else body, chain=after))
        value = after
    return Findings(start, tuple(mended), frozenset(spoiled))


def _true_start(before: bytes, rows: Sequence[Row]) -> bytes:
    """Nothing here proves it but the first row, which it may be that is spoiled."""
    if not rows:
        return before
    trials = chain((before,), _one_bit_off(before))  # nearly always the first one
    proved = (one for one in trials if chain_on(one, rows[0].body) == rows[0].chain)
    return next(proved, before)


def _true_value(before: bytes, row: Row, beyond: Row | None) -> bytes:
    computed = chain_on(before, row.body)
    if computed == row.chain:
        return computed
    if beyond is not None:
        trials = (row.chain, computed, *_one_bit_off(row.chain))
        proved = [one for one in trials if chain_on(one, beyond.body) == beyond.chain]
        if proved:
            return proved[0]
    # Two values of different bytes differ in some 64 bits: one bit apart, they are the same value.
    return computed if computed in _one_bit_off(row.chain) else row.chain


def _true_body(before: bytes, body: bytes, after: bytes) -> bytes | None:
    if chain_on(before, body) == after:
        return body
    if len(body) > LONGEST_SEARCHED:
        return None
    return next((one for one in _one_bit_off(body) if chain_on(before, one) == after), None)


def _one_bit_off(value: bytes) -> Iterator[bytes]:
    for place, byte in enumerate(value):
        for bit in range(8):
            yield b"%b%c%b" % (value[:place], byte ^ 1 << bit, value[place + 1 :])
