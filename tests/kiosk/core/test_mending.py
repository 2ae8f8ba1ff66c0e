"""What the chain proves of spoiled rows, and what it cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.mending import LONGEST_SEARCHED, Row, is_whole, looked_over
from shared.deliveries import Batch, chain_on

BEFORE = b"b" * 16


def chained(bodies: list[bytes], before: bytes = BEFORE) -> list[Row]:
    rows: list[Row] = []
    for seq, body in enumerate(bodies, 1):
        before = chain_on(before, body)
        rows.append(Row(seq, body, before))
    return rows


def turned(value: bytes, bit: int) -> bytes:
    """One bit of it is another."""
    bit %= len(value) * 8
    return value[: bit // 8] + bytes((value[bit // 8] ^ 1 << bit % 8,)) + value[bit // 8 + 1 :]


BODIES = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=5)


@settings(deadline=None)
@given(BODIES, st.data())
def test_one_bit_that_turned_anywhere_is_turned_back(
    bodies: list[bytes], data: st.DataObject
) -> None:
    rows = chained(bodies)
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(("body", "chain", "before")))
    bit = data.draw(st.integers(0, 10_000))
    spoiled, before = list(rows), BEFORE
    if column == "before":
        before = turned(BEFORE, bit)
    else:
        row = rows[place]
        spoiled[place] = (
            replace(row, body=turned(row.body, bit))
            if column == "body"
            else replace(row, chain=turned(row.chain, bit))
        )
    found = looked_over(before, spoiled)
    assert (found.before, list(found.rows), found.spoiled) == (BEFORE, rows, frozenset())


@settings(deadline=None)
@given(BODIES, st.data())
def test_a_body_that_is_past_mending_spoils_no_other(
    bodies: list[bytes], data: st.DataObject
) -> None:
    rows = chained(bodies)
    place = data.draw(st.integers(0, len(rows) - 1))
    rubbish = replace(rows[place], body=rows[place].body + b"rubbish")
    found = looked_over(BEFORE, [*rows[:place], rubbish, *rows[place + 1 :]])
    assert found.spoiled == {rubbish.seq}
    assert [row for row in found.rows if row.seq != rubbish.seq] == [
        row for row in rows if row.seq != rubbish.seq
    ]
    assert found.rows[place].chain == rows[place].chain


def test_a_chain_value_that_is_rubbish_is_told_from_a_body_by_the_next_row() -> None:
    rows = chained([b"one", b"two", b"three"])
    found = looked_over(BEFORE, [rows[0], replace(rows[1], chain=b"?" * 16), rows[2]])
    assert (list(found.rows), found.spoiled) == (rows, frozenset())


def test_a_spoiled_chain_value_that_others_went_on_from_stands_and_costs_its_own_record() -> None:
    first = chained([b"one"])[0]
    forked = replace(first, chain=turned(first.chain, 3))
    rest = [replace(row, seq=row.seq + 1) for row in chained([b"two", b"three"], forked.chain)]
    found = looked_over(BEFORE, [forked, *rest])
    assert list(found.rows) == [forked, *rest]
    assert found.spoiled == {1}


def test_a_long_body_is_not_searched() -> None:
    rows = chained([b"x" * (LONGEST_SEARCHED + 1), b"two"])
    spoiled = replace(rows[0], body=turned(rows[0].body, 9))
    assert looked_over(BEFORE, [spoiled, rows[1]]).spoiled == {1}


def test_nothing_read_is_nothing_found() -> None:
    assert looked_over(BEFORE, []).rows == ()


@pytest.mark.parametrize(("body", "whole"), [(b"{}", True), (b"{ }", False)])
def test_a_batch_is_whole_when_its_chain_value_is_that_of_its_bodies(
    body: bytes, whole: bool
) -> None:
    chain = chain_on(BEFORE, b"{}").hex()
    assert is_whole(Batch("e0" * 8, 1, 1, BEFORE.hex(), chain, (body,))) is whole
