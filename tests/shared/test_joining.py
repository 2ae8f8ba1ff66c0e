"""A join code survives being read aloud, and is known for wrong before anybody is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import JoinRefused, WordError
from shared.joining import Joined, SigningKey, certificate_name, read_code, write_code
from shared.places import KioskId, PointId, StoreId
from shared.wire import decode, encode

codes = st.binary(min_size=16, max_size=16)
KEY = SigningKey("00" * 8, "ab" * 32)
JOINED = Joined(
    StoreId("centro"), PointId("caja-1"), KioskId("k-1"), "PEM", "PEM", (KEY,), "hub.example", 8883
)


@given(codes)
def test_a_code_is_read_as_it_was_written(code: bytes) -> None:
    text = write_code(code)
    assert read_code(text) == code
    assert len(text) == 32
    assert read_code(text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code


@given(codes, st.integers(0, 26), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_noticed(code: bytes, at: int, letter: str) -> None:
    plain = write_code(code).replace("-", "")
    wrong = plain[:at] + letter + plain[at + 1 :]
    if wrong == plain:
        return
    with pytest.raises(JoinRefused) as refused:
        read_code(wrong)
    assert refused.value.code == "typo"


@pytest.mark.parametrize("text", ["", "-", "A" * 26, "Z" * 27, "\N{SNOWMAN}" * 27, "0" * 10_000])
def test_rubbish_is_no_code(text: str) -> None:
    with pytest.raises(JoinRefused):
        read_code(text)


def test_a_certificate_names_store_and_kiosk() -> None:
    assert certificate_name(StoreId("centro"), KioskId("k-1")) == "centro/k-1"


def test_what_joins_travels_whole() -> None:
    assert decode(Joined, encode(JOINED)) == JOINED


def test_a_join_that_cannot_be_is_refused() -> None:
    for wrong in ({"signing_keys": ()}, {"broker_port": 0}, {"kiosk_id": KioskId("a/b")}):
        with pytest.raises(WordError):
            replace(JOINED, **wrong)
