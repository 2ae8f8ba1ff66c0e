"""Bytes of a till, of the same till at a wrong speed, and of no till."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.learning_streams import (
    Sort,
    ends_itself,
    is_request,
    parity_of,
    seven_bits,
    sort_of,
)
from kiosk.core.lesson import SPEEDS
from tests.kiosk.core.tills_papers import (
    BREAD,
    MILK,
    foreign,
    foreign_five,
    heard_at,
    spanish,
    with_even_parity,
)

RECEIPT = foreign((BREAD, MILK))[60:]  # of a long one nothing more is learnt


@pytest.mark.parametrize("sent", SPEEDS)
@pytest.mark.parametrize("read", SPEEDS[:3])
def test_a_receipt_is_readable_at_its_own_speed_and_at_no_other(sent: int, read: int) -> None:
    heard = heard_at(RECEIPT, sent, read)
    right = sent == read
    assert (heard == RECEIPT) is right
    assert (sort_of(heard) is Sort.TEXT) is right
    if not right and parity_of(heard):  # where the eighth bits agree by chance
        assert sort_of(seven_bits(heard)) is not Sort.TEXT


@pytest.mark.parametrize("data", [*spanish(), *foreign_five(), b"SALE 1 OK\r\n"])
def test_text_is_text(data: bytes) -> None:
    assert sort_of(data) is Sort.TEXT


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_wide_letters_are_text(encoding: str) -> None:
    receipt = "永旺超市\n收银员 12\n牛奶 3.50\n合计 13.50\n谢谢惠顾\n"
    assert sort_of(receipt.encode(encoding)) is Sort.TEXT


@pytest.mark.parametrize("data", [b"\x1bp\x00\x19\xfa", b"\x1b@", b"\xff\x00\xfe", b"\r\n\n", b""])
def test_a_kick_or_a_plug_is_nothing(data: bytes) -> None:
    assert sort_of(data) is Sort.NOTHING


def test_a_picture_is_a_picture() -> None:
    assert sort_of(b"\x1dv0\x00\x02\x00\x02\x00" + b"AbcD") is Sort.PICTURE


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=200, max_size=400))
def test_parity_is_seen_only_where_it_is_a_parity(data: bytes) -> None:
    seven = seven_bits(data)
    if any(byte.bit_count() % 2 for byte in seven):
        assert parity_of(with_even_parity(seven)) in {"even", "mark"}
        assert seven_bits(with_even_parity(seven)) == seven
    assert parity_of(seven) is None


def test_a_print_ends_itself_with_a_cut_and_not_with_a_picture_of_one() -> None:
    assert ends_itself(RECEIPT)
    assert ends_itself(b"TOTAL\n\x0c")
    assert not ends_itself(RECEIPT + b"ANNA")
    assert not ends_itself(b"TOTAL\n\x1dv0\x00\x03\x00\x01\x00\x1dV\x00")


def test_a_request_for_the_state_is_known() -> None:
    assert is_request(b"\x10\x04\x01")
    assert not is_request(b"TOTAL")
